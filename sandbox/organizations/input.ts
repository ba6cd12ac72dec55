/** Reading inputs of AWS Organizations: what is missing or has another form is refused as AWS does. */
import { ServiceError } from '../errors.js';
import { POLICY_TYPES } from './data.js';

/** The input of an operation, as the protocol gives it. */
export type Input = Readonly<Record<string, unknown>>;

/** Forms of ids (https://docs.aws.amazon.com/organizations/latest/APIReference/API_Types.html). */
const FORMS = {
  policy: /^p-[0-9a-zA-Z_]{8,128}$/,
  root: /^r-[0-9a-z]{4,32}$/,
  parent: /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  child: /^(?:\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  unit: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
  target: /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  account: /^\d{12}$/,
  taggable: /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128})$/,
} as const;

export function invalid(reason: string, message: string): ServiceError {
  return new ServiceError('InvalidInputException', message, 400, { Reason: reason });
}

/** A text. @throws ServiceError when it is missing, no text, or too long. */
export function text(input: Input, key: string, most = 1_000_000, least = 1): string {
  const value = input[key];
  if (typeof value !== 'string') throw invalid('INPUT_REQUIRED', `You must provide a value for ${key}.`);
  if (value.length < least) throw invalid('MIN_LENGTH_EXCEEDED', `${key} is shorter than ${least} characters.`);
  if (value.length > most) throw invalid('MAX_LENGTH_EXCEEDED', `${key} is longer than ${most} characters.`);
  return value;
}

/** A text that may be left out. */
export function optionalText(input: Input, key: string, most: number, least = 0): string | undefined {
  return input[key] === undefined || input[key] === null ? undefined : text(input, key, most, least);
}

/** An id. */
export function id(input: Input, key: string, form: keyof typeof FORMS): string {
  const value = text(input, key);
  if (!FORMS[form].test(value)) {
    throw invalid(
      form === 'policy' ? 'INVALID_SYNTAX_POLICY_ID' : 'INVALID_PATTERN',
      `You specified an invalid value for ${key}: ${value}.`,
    );
  }
  return value;
}

/** A type of policy. */
export function policyType(input: Input, key: string): string {
  const value = text(input, key);
  if (!(POLICY_TYPES as readonly string[]).includes(value)) {
    throw invalid('INVALID_ENUM_POLICY_TYPE', `You specified an invalid policy type: ${value}.`);
  }
  return value;
}

/** Tags, of a list of `Key` and `Value`. */
export function tags(input: Input): ReadonlyMap<string, string> {
  const list = input['Tags'] ?? [];
  const read = new Map<string, string>();
  if (!Array.isArray(list)) throw invalid('INVALID_LIST_MEMBER', 'Tags must be a list.');
  for (const each of list as readonly unknown[]) {
    const map = (each ?? {}) as Input;
    const key = text(map, 'Key', 128);
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalid('INVALID_SYSTEM_TAGS_PARAMETER', 'You specified a tag key that is a system tag.');
    }
    if (read.has(key)) throw invalid('DUPLICATE_TAG_KEY', `Tag keys must be unique: ${key}.`);
    read.set(key, text(map, 'Value', 256, 0));
  }
  return read;
}

const PAGE = 20;

/**
 * One page of a list.
 *
 * @param what - Operation and filter: a token is good for the list that it was given for.
 */
export function page<T>(
  input: Input,
  what: string,
  items: readonly T[],
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const most = input['MaxResults'] ?? PAGE;
  if (typeof most !== 'number' || !Number.isInteger(most)) {
    throw invalid('INVALID_PATTERN', 'MaxResults must be a number.');
  }
  if (most < 1) throw invalid('MIN_VALUE_EXCEEDED', 'MaxResults is less than 1.');
  if (most > PAGE) throw invalid('MAX_VALUE_EXCEEDED', `MaxResults is more than ${PAGE}.`);
  const token = optionalText(input, 'NextToken', 100_000);
  const start = token === undefined ? 0 : offsetOf(token, what);
  const end = start + most;
  return {
    items: items.slice(start, end),
    ...(end < items.length && { NextToken: Buffer.from(JSON.stringify([what, end])).toString('base64') }),
  };
}

function offsetOf(token: string, what: string): number {
  try {
    const [of, offset] = JSON.parse(Buffer.from(token, 'base64').toString()) as [unknown, unknown];
    if (of === what && typeof offset === 'number') return offset;
  } catch {
    // Not one of ours.
  }
  throw invalid('INVALID_NEXT_TOKEN', 'You provided an invalid NextToken.');
}
