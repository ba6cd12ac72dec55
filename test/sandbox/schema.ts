/** Holds values to the schemas of operations that ship inside the AWS SDK. */

/** A schema as the SDK writes it (`@smithy/types`, static schemas); functions put off what is recursive. */
type Schema = number | 'unit' | readonly unknown[] | (() => Schema);

const SIMPLE = 0;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const ERROR = -3;

/** Bits of the numbers that stand for plain types. */
const KINDS: Readonly<Record<number, (value: unknown) => boolean>> = {
  0: (value) => typeof value === 'string',
  1: (value) => typeof value === 'number',
  2: (value) => typeof value === 'boolean',
  4: (value) => typeof value === 'number',
  5: (value) => typeof value === 'string',
  7: (value) => typeof value === 'number',
};
const LIST_MODIFIER = 0x40;
const MAP_MODIFIER = 0x80;

/** What of a value a schema does not allow: members that it does not have, values of another type. */
export function departures(schema: Schema, value: unknown, path = ''): readonly string[] {
  if (typeof schema === 'function') return departures(schema(), value, path);
  // Operations that answer nothing send an empty map.
  if (schema === 'unit') return JSON.stringify(value) === '{}' ? [] : [`${path} is not empty`];
  if (typeof schema === 'number') return ofNumber(schema, value, path);
  const [kind] = schema;
  // A member's schema with traits of its own.
  if (schema.length === 2) return departures(kind as Schema, value, path);
  switch (kind) {
    case SIMPLE:
      return departures(schema[4] as Schema, value, path);
    case LIST:
      if (!Array.isArray(value)) return [`${path} is no list`];
      return value.flatMap((each, index) => departures(schema[4] as Schema, each, `${path}[${index}]`));
    case MAP:
      return isMap(value)
        ? Object.entries(value).flatMap(([key, each]) => departures(schema[5] as Schema, each, `${path}.${key}`))
        : [`${path} is no map`];
    case STRUCTURE:
    case UNION:
    case ERROR: {
      if (!isMap(value)) return [`${path} is no structure`];
      const names = schema[4] as readonly string[];
      const types = schema[5] as readonly Schema[];
      if (kind === UNION && Object.keys(value).length !== 1) return [`${path} has not one member`];
      const required = names.slice(0, (schema[6] as number | undefined) ?? 0);
      const missing = required.filter((name) => value[name] === undefined);
      const extra = Object.entries(value).flatMap(([key, each]) => {
        const index = names.indexOf(key);
        return index < 0 ? [`${path}.${key} is not in the schema`] : departures(types[index]!, each, `${path}.${key}`);
      });
      return [...missing.map((name) => `${path}.${name} is missing`), ...extra];
    }
    default:
      throw new Error(`a schema of the kind ${String(kind)}`);
  }
}

/** Errors that every service has, without a schema. */
const COMMON = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationException',
]);

/** What of an error its schema does not allow; members that stand in headers are not looked at. */
export function errorDepartures(schema: Schema | undefined, name: string, body: unknown): readonly string[] {
  if (schema === undefined) return COMMON.has(name) ? [] : [`${name} is no error of the service`];
  if (!isMap(body)) return [`${name} is no structure`];
  const { Message: message, ...members } = body;
  const [, , , , names, , required] = schema as readonly unknown[];
  const told: Record<string, unknown> = message === undefined ? members : { message, ...members };
  delete told['__type'];
  const missing = (names as readonly string[])
    .slice(0, (required as number | undefined) ?? 0)
    .filter((each) => told[each] === undefined && told[each.toLowerCase()] === undefined);
  const isCapital = (names as readonly string[]).includes('Message');
  const { message: words, ...rest } = told;
  const shown = isCapital ? { Message: words, ...rest } : told;
  return [...missing.map((each) => `${name}.${each} is missing`), ...departures(schema, shown, name)];
}

function ofNumber(schema: number, value: unknown, path: string): readonly string[] {
  if (schema >= MAP_MODIFIER || schema >= LIST_MODIFIER) {
    if (schema >= MAP_MODIFIER) return isMap(value) ? [] : [`${path} is no map`];
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((each, index) => ofNumber(schema & ~LIST_MODIFIER, each, `${path}[${index}]`));
  }
  const check = KINDS[schema];
  if (check === undefined) throw new Error(`a plain type ${schema}`);
  return check(value) ? [] : [`${path} is ${typeof value}`];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
