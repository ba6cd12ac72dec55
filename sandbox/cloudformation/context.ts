/** Properties as change sets and their hooks show them. */

/** A text of JSON in which every Boolean and number is a text; `null` for what is not there. */
export function contextOf(properties: Readonly<Record<string, unknown>> | null): string | null {
  if (properties === null) return null;
  return JSON.stringify({ Properties: properties }, (_key, value: unknown) =>
    typeof value === 'boolean' || typeof value === 'number' ? String(value) : value,
  );
}
