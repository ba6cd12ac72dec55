/**
 * How often generated input is tried: few times in each run of the tests, many times with `STACKADE_FULL=1`. Hunts that go
 * on for minutes are in test/fuzz/.
 */
export const isFull = process.env['STACKADE_FULL'] !== undefined;

export const runs = <Amount>(few: Amount, many: Amount): Amount => (isFull ? many : few);
