/** Reading inputs of query services: what is missing or has another form is refused as AWS does. */
import { ServiceError } from './errors.js';
import type { Input } from './service.js';

/** `ValidationError`, as services word it. */
export function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** The refusal of a value: what was given, where, and which constraint it fails. */
export function unsatisfied(value: string | null, key: string, constraint: string): ServiceError {
  const member = key.charAt(0).toLowerCase() + key.slice(1);
  const given = value === null ? 'null ' : `'${value}' `;
  return validation(
    `1 validation error detected: Value ${given}at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/** What a text must be like. */
export interface TextForm {
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: RegExp;
}

/** A text that may be left out. @throws ServiceError when it has another form. */
export function optionalText(input: Input, key: string, form: TextForm = {}): string | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw unsatisfied(null, key, 'be a string');
  const { least = 0, most = Number.MAX_SAFE_INTEGER, pattern } = form;
  if (value.length < least) throw unsatisfied(value, key, `have length greater than or equal to ${least}`);
  if (value.length > most) throw unsatisfied(value, key, `have length less than or equal to ${most}`);
  if (pattern?.test(value) === false) {
    throw unsatisfied(value, key, `satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`);
  }
  return value;
}

/** A text. @throws ServiceError when it is missing or has another form. */
export function text(input: Input, key: string, form: TextForm = {}): string {
  const value = optionalText(input, key, form);
  if (value === undefined) throw unsatisfied(null, key, 'not be null');
  return value;
}

/** A whole number that may be left out. */
export function optionalNumber(input: Input, key: string, least: number, most: number): number | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
  if (!Number.isInteger(number)) throw unsatisfied(null, key, 'be a number');
  if (number < least) throw unsatisfied(String(number), key, `have value greater than or equal to ${least}`);
  if (number > most) throw unsatisfied(String(number), key, `have value less than or equal to ${most}`);
  return number;
}

/** A truth value; `undefined` when it is left out. */
export function optionalBoolean(input: Input, key: string): boolean | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw unsatisfied(null, key, 'be a boolean');
}

/** A list; empty when it is left out, or given empty. */
export function list(input: Input, key: string): readonly unknown[] {
  const value = input[key];
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value)) throw unsatisfied(null, key, 'be a list');
  return value as readonly unknown[];
}

export function texts(input: Input, key: string): readonly string[] {
  return list(input, key).map((each) => {
    if (typeof each !== 'string') throw unsatisfied(null, key, 'be a list of strings');
    return each;
  });
}

/** Lists of structures. */
export function inputs(input: Input, key: string): readonly Input[] {
  return list(input, key).map((each) => {
    if (typeof each !== 'object' || each === null) throw unsatisfied(null, key, 'be a list of structures');
    return each as Input;
  });
}

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Tags, of a list of `Key` and `Value`. Keys that differ in case only are the same for IAM.
 *
 * @param fault - The code of what is wrong with keys: STS has another one than IAM.
 */
export function tagList(input: Input, key = 'Tags', most = 50, fault = 'InvalidInput'): ReadonlyMap<string, string> {
  const given = inputs(input, key);
  if (given.length > most) throw unsatisfied(null, key, `have length less than or equal to ${most}`);
  const read = new Map<string, string>();
  const seen = new Set<string>();
  for (const each of given) {
    const name = text(each, 'Key', { least: 1, most: 128, pattern: TAG_TEXT });
    if (name.toLowerCase().startsWith('aws:')) {
      throw new ServiceError(fault, 'Tag keys starting with "aws:" are reserved for system use.');
    }
    if (seen.has(name.toLowerCase())) {
      throw new ServiceError(fault, 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(name.toLowerCase());
    read.set(name, text(each, 'Value', { most: 256, pattern: TAG_TEXT }));
  }
  return read;
}

/** A time as query services write it. */
export const timeText = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** An input with a list that may be empty, but not missing. */
export function given(input: Input, key: string): Input {
  if (input[key] === undefined) throw unsatisfied(null, key, 'not be null');
  return input;
}
