/** Inputs of AWS CloudFormation: what is missing or has another form is refused as AWS does. */
import { ServiceError } from '../errors.js';
import type { Input } from '../service.js';

export type { Input };

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** As AWS names the member in messages. */
function named(key: string): string {
  return `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
}

function broken(key: string, value: string, constraint: string): ServiceError {
  const shown = value === 'null' ? value : `'${value.length > 200 ? `${value.slice(0, 200)}...` : value}'`;
  return validationError(
    `1 validation error detected: Value ${shown} at '${named(key)}' failed to satisfy constraint: ${constraint}`,
  );
}

/** What a text has to be like. */
export interface TextForm {
  readonly pattern?: RegExp;
  readonly least?: number;
  readonly most?: number;
  readonly oneOf?: readonly string[];
}

/** A text that may be left out. @throws ServiceError when it has another form. */
export function optional(input: Input, key: string, form: TextForm = {}): string | undefined {
  const value = input[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw broken(key, 'null', 'Member must be a text');
  if (form.least !== undefined && value.length < form.least) {
    throw broken(key, value, `Member must have length greater than or equal to ${form.least}`);
  }
  if (form.most !== undefined && value.length > form.most) {
    throw broken(key, value, `Member must have length less than or equal to ${form.most}`);
  }
  if (form.pattern?.test(value) === false) {
    throw broken(key, value, `Member must satisfy regular expression pattern: ${form.pattern.source}`);
  }
  if (form.oneOf?.includes(value) === false) {
    throw broken(key, value, `Member must satisfy enum value set: [${form.oneOf.join(', ')}]`);
  }
  return value;
}

/** A text. @throws ServiceError when it is missing or has another form. */
export function text(input: Input, key: string, form: TextForm = {}): string {
  const value = optional(input, key, form);
  if (value === undefined || value === '') throw broken(key, 'null', 'Member must not be null');
  return value;
}

/** One of a set of words that may be left out. */
export function optionalWord<T extends string>(input: Input, key: string, words: readonly T[]): T | undefined {
  return optional(input, key, { oneOf: words }) as T | undefined;
}

/** Texts; empty when there are none. */
export function texts(input: Input, key: string, form: TextForm & { readonly items?: number } = {}): readonly string[] {
  const value = input[key];
  // An empty list is written as an empty text.
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value)) throw broken(key, 'null', 'Member must be a list');
  const all = value as readonly unknown[];
  if (form.items !== undefined && all.length > form.items) {
    throw broken(key, 'null', `Member must have length less than or equal to ${form.items}`);
  }
  return all.map((each) => text({ [key]: each }, key, form));
}

/** Structures of a list; empty when there are none. */
export function structures(
  input: Input,
  key: string,
  { least, most }: { readonly least?: number; readonly most?: number } = {},
): readonly Input[] {
  const value = input[key];
  if (value === undefined || value === '') {
    if (least === undefined) return [];
    throw broken(
      key,
      'null',
      value === undefined ? 'Member must not be null' : `Member must have length greater than or equal to ${least}`,
    );
  }
  if (!Array.isArray(value)) throw broken(key, 'null', 'Member must be a list');
  if (most !== undefined && value.length > most) {
    throw broken(key, 'null', `Member must have length less than or equal to ${most}`);
  }
  return (value as readonly unknown[]).map((each) => {
    if (!isStructure(each)) throw broken(key, 'null', 'Member must be a structure');
    return each;
  });
}

/** A structure that may be left out. */
export function structure(input: Input, key: string): Input | undefined {
  const value = input[key];
  if (value === undefined || value === '') return undefined;
  if (!isStructure(value)) throw broken(key, 'null', 'Member must be a structure');
  return value;
}

function isStructure(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a member is given, be it empty. */
export function has(input: Input, key: string): boolean {
  return Object.hasOwn(input, key);
}

export function flag(input: Input, key: string): boolean | undefined {
  const value = optional(input, key);
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw broken(key, value, 'Member must be a boolean');
  return value === 'true';
}

export function integer(input: Input, key: string, least = 0, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = optional(input, key);
  if (value === undefined) return undefined;
  const number = /^-?[0-9]+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw broken(key, value, 'Member must be a number');
  if (number < least) throw broken(key, value, `Member must have value greater than or equal to ${least}`);
  if (number > most) throw broken(key, value, `Member must have value less than or equal to ${most}`);
  return number;
}

/** Tags, of a list of `Key` and `Value`. */
export function tagsOf(input: Input): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const each of structures(input, 'Tags')) {
    const key = text(each, 'Key', { most: 128 });
    if (key.toLowerCase().startsWith('aws:')) {
      throw validationError('aws: prefixed tag key names are not allowed for external use.');
    }
    tags.set(key, optional(each, 'Value', { most: 256 }) ?? '');
  }
  if (tags.size > 50) throw broken('Tags', 'null', 'Member must have length less than or equal to 50');
  return tags;
}

/**
 * One page of a list.
 *
 * @param what - Operation and filter: a token is good for the list that it was given for.
 */
export function page<T>(
  input: Input,
  what: string,
  items: readonly T[],
  most = 100,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const size = integer(input, 'MaxResults', 1, 100) ?? most;
  const token = optional(input, 'NextToken');
  const start = token === undefined ? 0 : offsetOf(token, what);
  const end = start + size;
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
  throw validationError('Invalid NextToken.');
}
