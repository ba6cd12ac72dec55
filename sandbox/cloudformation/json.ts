/** Properties of resources and configurations: whatever JSON holds. */

export type Json = Readonly<Record<string, unknown>>;

/** A text, or a number or Boolean as text; something else when it is neither. */
export function textOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : otherwise;
}
