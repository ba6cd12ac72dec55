/** Reading inputs of IAM Access Analyzer: what is missing or has another form is refused as AWS does. */
import { ServiceError } from '../errors.js';
import type { Input } from '../service.js';
import type { Criterion, Filter } from './data.js';

/** `ValidationException` (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidationException.html). */
export function invalid(name: string, message: string): ServiceError {
  return new ServiceError('ValidationException', `${name}: ${message}`, 400, {
    reason: 'fieldValidationFailed',
    fieldList: [{ name, message }],
  });
}

/** `ValidationException` of something that is right in itself and not possible. */
export function notPossible(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400, { reason: 'other' });
}

export function notFound(resourceType: string, resourceId: string): ServiceError {
  const message = `The specified ${resourceType} ${resourceId} could not be found`;
  return new ServiceError('ResourceNotFoundException', message, 404, { resourceId, resourceType });
}

export function conflict(resourceType: string, resourceId: string): ServiceError {
  const message = `The ${resourceType} ${resourceId} already exists`;
  return new ServiceError('ConflictException', message, 409, { resourceId, resourceType });
}

export function overQuota(resourceType: string, resourceId: string, message: string): ServiceError {
  return new ServiceError('ServiceQuotaExceededException', message, 402, { resourceId, resourceType });
}

export const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/;

export function optionalText(input: Input, key: string): string | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(key, 'must be a string');
  return value;
}

export function text(input: Input, key: string, pattern?: RegExp): string {
  const value = optionalText(input, key);
  if (value === undefined) throw invalid(key, 'must not be null');
  if (pattern?.test(value) === false) throw invalid(key, `must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}

export function word<T extends string>(input: Input, key: string, allowed: readonly T[]): T {
  const value = text(input, key);
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw invalid(key, `must satisfy enum value set: [${allowed.join(', ')}]`);
  return found;
}

export function optionalWord<T extends string>(input: Input, key: string, allowed: readonly T[]): T | undefined {
  return optionalText(input, key) === undefined ? undefined : word(input, key, allowed);
}

export function texts(input: Input, key: string): readonly string[] | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (!isList) throw invalid(key, 'must be a list of strings');
  return value;
}

function mapOf(value: unknown, key: string): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(key, 'must be a map');
  return value as Input;
}

export function optionalMap(input: Input, key: string): Input | undefined {
  return input[key] === undefined || input[key] === null ? undefined : mapOf(input[key], key);
}

/** Tags, a map of texts. */
export function tags(input: Input): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const [key, value] of Object.entries(optionalMap(input, 'tags') ?? {})) {
    if (typeof value !== 'string' || value.length > 256) throw invalid('tags', `the value of ${key} is no tag value`);
    if (key.length === 0 || key.length > 128 || key.toLowerCase().startsWith('aws:')) {
      throw invalid('tags', `${key} is no tag key`);
    }
    read.set(key, value);
  }
  if (read.size > 50) throw invalid('tags', 'must have no more than 50 entries');
  return read;
}

/** Values that a criterion may have: "Access Analyzer quotas" of the IAM User Guide. */
const MOST_VALUES = 20;

const FILTER_KEY =
  /^(?:id|resource|resourceType|resourceOwnerAccount|isPublic|findingType|status|error|createdAt|updatedAt|analyzedAt|resourceControlPolicyRestriction|serviceControlPolicyRestriction|accessType|principalType|principalOwnerAccount|principal\.\w+|condition\..+)$/;

/**
 * A filter (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html). Values are not
 * looked at.
 */
export function filterOf(value: unknown, key = 'filter'): Filter {
  const filter: Record<string, Criterion> = {};
  for (const [name, each] of Object.entries(mapOf(value, key))) {
    if (!FILTER_KEY.test(name)) throw invalid(key, `${name} is no filter key`);
    const given = mapOf(each, `${key}.${name}`);
    const { exists } = given;
    if (exists !== undefined && typeof exists !== 'boolean') {
      throw invalid(`${key}.${name}.exists`, 'must be a Boolean');
    }
    const lists = (['eq', 'neq', 'contains'] as const).flatMap((operator) => {
      const values = texts(given, operator);
      if (values === undefined) return [];
      if (values.length === 0 || values.length > MOST_VALUES) {
        throw invalid(`${key}.${name}.${operator}`, `must have 1 to ${MOST_VALUES} values`);
      }
      return [[operator, values] as const];
    });
    if (lists.length === 0 && exists === undefined) throw invalid(`${key}.${name}`, 'must name an operator');
    filter[name] = { ...Object.fromEntries(lists), ...(exists !== undefined && { exists }) };
  }
  return filter;
}

/** Most entries of a page; who asks for more gets as many. */
const PAGE = 100;

/** The number of entries that a page may have. */
export function pageSize(input: Input): number {
  const given = input['maxResults'];
  if (given === undefined || given === null) return PAGE;
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1) throw invalid('maxResults', 'must be a positive number');
  return Math.min(number, PAGE);
}

/**
 * One page of a list that may change between two pages: a token knows the last entry that was given.
 *
 * @param what - The question: a token is good for the one that it was given for.
 * @param idOf - Tells entries apart.
 */
export function page<T>(
  input: Input,
  what: string,
  items: readonly T[],
  idOf: (item: T) => string,
): { readonly items: readonly T[]; readonly rest: { readonly nextToken?: string } } {
  const most = pageSize(input);
  const start = startOf(optionalText(input, 'nextToken'), what, items, idOf);
  const end = start + most;
  const shown = items.slice(start, end);
  if (end >= items.length) return { items: shown, rest: {} };
  const token = Buffer.from(JSON.stringify([what, end, idOf(items[end - 1]!)])).toString('base64url');
  return { items: shown, rest: { nextToken: token } };
}

function startOf<T>(token: string | undefined, what: string, items: readonly T[], idOf: (item: T) => string): number {
  if (token === undefined) return 0;
  try {
    const [of, offset, last] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [unknown, unknown, unknown];
    if (of === what && typeof offset === 'number') {
      const before = items[offset - 1];
      if (before !== undefined && idOf(before) === last) return offset;
      const index = items.findIndex((item) => idOf(item) === last);
      return index < 0 ? Math.min(offset, items.length) : index + 1;
    }
  } catch {
    // Not one of ours.
  }
  throw invalid('nextToken', 'the token is not valid');
}
