/** Three-valued logic (Kleene): `and` is the least, `or` the greatest, `not` is {@link not}. Numbers, because they are quick. */

export const FALSE = 0;
/** Hangs on a key that is neither given nor known to be absent. */
export const UNKNOWN = 1;
export const TRUE = 2;

export type Ternary = typeof FALSE | typeof UNKNOWN | typeof TRUE;

export const not = (value: Ternary): Ternary => (TRUE - value) as Ternary;
