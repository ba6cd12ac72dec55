/** Values of templates as JSON, to compare them by. */

/** JSON in which integers that are too long for a number (`bigint`) are texts that no other value has. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));
}
