/** The built-in functions (cfn-guard 3.1.1, measured). `now` and `parse_epoch` came later. */
import { Float } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import {
  CharValue,
  EvaluationError,
  FLOAT,
  INT,
  asGuardValue,
  isGuardList,
  isGuardMap,
  kindOf,
  typeName,
} from '../operators/index.js';
import type { GuardValue } from '../operators/index.js';
import { compileRegex } from '../regex/index.js';
import { decimalDigits } from '../syntax/index.js';
import { percentDecoded, substringOfBytes } from './text.js';

/** The results of one argument; `undefined` stands for an unresolved result. */
export type Argument = readonly (GuardValue | undefined)[];

/** One result, and the index of the result of the first argument that it was made from; -1 for none. */
export interface FunctionResult {
  readonly value: GuardValue;
  readonly from: number;
}

/** The reader that `json_parse` uses: YAML 1.2, as test inputs are read. */
export type TextLoader = (
  text: string,
) => { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

const ARITIES: ReadonlyMap<string, number> = new Map([
  ['count', 1],
  ['json_parse', 1],
  ['to_upper', 1],
  ['to_lower', 1],
  ['url_decode', 1],
  ['parse_int', 1],
  ['parse_float', 1],
  ['parse_string', 1],
  ['parse_boolean', 1],
  ['parse_char', 1],
  ['join', 2],
  ['substring', 3],
  ['regex_replace', 3],
]);

/** Names of all functions. */
export const FUNCTION_NAMES: readonly string[] = [...ARITIES.keys()];

/** Checks name and argument count, which `cfn-guard` 3.1.1 does when a call is evaluated. @throws EvaluationError */
export function checkCall(name: string, count: number, offset?: number): void {
  const arity = ARITIES.get(name);
  if (arity === undefined) throw new EvaluationError(`no such function named ${name} exists`, 'parse', offset);
  if (arity !== count) {
    const detail = `${name} function requires ${arity} arguments be passed, but received ${count}`;
    throw new EvaluationError(detail, 'parse', offset);
  }
}

type Convert = (value: GuardValue) => GuardValue | undefined;

/** The results of a function that looks at one value at a time; what it does not take is dropped. */
function each(argument: Argument, convert: Convert): FunctionResult[] {
  return argument.flatMap((value, from) => {
    const result = value === undefined ? undefined : convert(value);
    return result === undefined ? [] : [{ value: result, from }];
  });
}

function ofStrings(convert: (text: string) => GuardValue | undefined): Convert {
  return (value) => (typeof value === 'string' ? convert(value) : undefined);
}

/** A float as a value. */
function floatValue(number: number): GuardValue {
  return Number.isInteger(number) ? new Float(number) : number;
}

function numberOf(value: GuardValue): number {
  return value instanceof Float ? value.value : Number(value);
}

function intValue(value: bigint): GuardValue {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const MOST_INT = 2n ** 63n - 1n;
const LEAST_INT = -(2n ** 63n);

function parseInteger(value: GuardValue): GuardValue | undefined {
  if (typeof value === 'string') {
    const parsed = /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : MOST_INT + 1n;
    if (parsed > MOST_INT || parsed < LEAST_INT) throw unconverted('a string', value, 'an integer');
    return intValue(parsed);
  }
  if (value instanceof CharValue) return digit(value, 'an integer');
  if (kindOf(value) === INT) return value;
  if (kindOf(value) !== FLOAT) return undefined;
  const number = numberOf(value);
  if (Number.isNaN(number)) return 0;
  if (number >= 2 ** 63) return MOST_INT;
  return number <= -(2 ** 63) ? LEAST_INT : intValue(BigInt(Math.trunc(number)));
}

const FLOAT_TEXT = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(inf|infinity|nan))$/i;

function parseFloating(value: GuardValue): GuardValue | undefined {
  if (typeof value === 'string') {
    const match = FLOAT_TEXT.exec(value);
    if (match === null) throw unconverted('a string', value, 'a float');
    if (match[1] === undefined) return floatValue(Number(value));
    if (match[1].toLowerCase() === 'nan') return NaN;
    return value.startsWith('-') ? -Infinity : Infinity;
  }
  if (value instanceof CharValue) return floatValue(digit(value, 'a float'));
  return kindOf(value) === INT || kindOf(value) === FLOAT ? floatValue(numberOf(value)) : undefined;
}

function digit({ char }: CharValue, target: string): number {
  if (!/^\d$/.test(char)) throw unconverted('a character', char, target);
  return Number(char);
}

function parseBoolean(value: GuardValue): GuardValue | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  if (word !== 'true' && word !== 'false') throw unconverted('a string', value, 'a boolean');
  return word === 'true';
}

function parseText(value: GuardValue): GuardValue | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof CharValue) return value.char;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return String(value);
  if (kindOf(value) !== FLOAT) return undefined;
  const number = numberOf(value);
  return Object.is(number, -0) ? '-0' : decimalDigits(number);
}

function parseChar(value: GuardValue): GuardValue | undefined {
  if (value instanceof CharValue) return value.char;
  if (typeof value === 'string') {
    if (value === '') return undefined;
    if (value.length > 1 || value > '\x7f') throw unconverted('an string', value, 'a char');
    return new CharValue(value);
  }
  if (kindOf(value) !== INT) return undefined;
  const number = Number(value);
  if (number < 0 || number > 9) throw unconverted('an int', String(number), 'a char');
  return new CharValue(String(number));
}

function unconverted(kind: string, text: string, target: string): EvaluationError {
  return new EvaluationError(`failed to convert ${kind}: ${text} into ${target}`, 'parse');
}

const ORDINALS = ['first', 'second', 'third'];

/** The first result of an argument that must be there. */
function single(name: string, args: readonly Argument[], index: number, wanted: string): GuardValue {
  const value = args[index]![0];
  if (value === undefined) {
    // cfn-guard 3.1.1 crashes when the argument has no result at all.
    throw new EvaluationError(`${name} function requires the ${ORDINALS[index]!} argument to be ${wanted}`, 'parse');
  }
  return value;
}

function text(name: string, args: readonly Argument[], index: number): string {
  const value = single(name, args, index, 'a string');
  if (typeof value === 'string') return value;
  throw new EvaluationError(`${name} function requires the ${ORDINALS[index]!} argument to be a string`, 'parse');
}

/** A bound of `substring`, cut to 16 bits as the reference cuts it. */
function bound(args: readonly Argument[], index: number): number {
  const value = single('substring', args, index, 'a number');
  if (kindOf(value) === INT) return Number(BigInt.asUintN(16, BigInt(value as number | bigint)));
  if (kindOf(value) === FLOAT) return Math.min(Math.max(Math.trunc(numberOf(value)) || 0, 0), 65_535);
  const detail = `substring function requires the ${ORDINALS[index]!} argument to be a number`;
  throw new EvaluationError(detail, 'parse');
}

function regexReplace(args: readonly Argument[]): FunctionResult[] {
  const pattern = text('regex_replace', args, 1);
  const replacement = text('regex_replace', args, 2);
  return each(
    args[0]!,
    ofStrings((value) => {
      const compiled = compileRegex(pattern);
      if (!compiled.ok) throw new EvaluationError(compiled.message, 'regex');
      return compiled.regex.replaceMatches(value, replacement);
    }),
  );
}

function join(args: readonly Argument[]): FunctionResult[] {
  const separator = args[1]![0];
  const glue = separator instanceof CharValue ? separator.char : separator;
  if (typeof glue !== 'string') {
    const detail = 'join function requires the second argument to be either a char or string';
    throw new EvaluationError(detail, 'parse');
  }
  const parts = args[0]!.map((value) => {
    if (value === undefined) throw new EvaluationError('Joining unresolved values is not allowed');
    if (typeof value !== 'string') throw new EvaluationError(`Joining non string values ${shown(value)}`);
    return value;
  });
  return [{ value: parts.join(glue), from: parts.length === 0 ? -1 : 0 }];
}

function shown(value: GuardValue): string {
  if (isGuardMap(value)) return 'of a map';
  if (isGuardList(value)) return 'of a list';
  const text = parseText(value);
  return typeof text === 'string' ? text : typeName(value);
}

function count(argument: Argument): FunctionResult[] {
  const value = argument.filter((result) => result !== undefined).length;
  return [{ value, from: argument.length === 0 ? -1 : 0 }];
}

function jsonParse(argument: Argument, load: TextLoader): FunctionResult[] {
  return each(
    argument,
    ofStrings((value) => {
      const loaded = load(value);
      if (!loaded.ok) throw new EvaluationError(loaded.message, 'parse');
      return asGuardValue(loaded.value);
    }),
  );
}

/**
 * Calls a built-in function.
 *
 * @param args - The results of each argument.
 * @param load - Reads the texts given to `json_parse`.
 * @returns The results; inputs that cannot be converted have none.
 * @throws EvaluationError for an unknown name, a wrong number of arguments and hard input errors; RegexBudgetError when
 *   the pattern of `regex_replace` gives up.
 */
export function callFunction(name: string, args: readonly Argument[], load: TextLoader): FunctionResult[] {
  checkCall(name, args.length);
  const values = args[0]!;
  switch (name) {
    case 'count':
      return count(values);
    case 'json_parse':
      return jsonParse(values, load);
    case 'regex_replace':
      return regexReplace(args);
    case 'join':
      return join(args);
    case 'substring': {
      const from = bound(args, 1);
      const to = bound(args, 2);
      return each(
        values,
        ofStrings((value) => substringOfBytes(value, from, to)),
      );
    }
    case 'to_upper':
      return each(
        values,
        ofStrings((value) => value.toUpperCase()),
      );
    case 'to_lower':
      return each(
        values,
        ofStrings((value) => value.toLowerCase()),
      );
    case 'url_decode':
      return each(values, ofStrings(percentDecoded));
    case 'parse_int':
      return each(values, parseInteger);
    case 'parse_float':
      return each(values, parseFloating);
    case 'parse_string':
      return each(values, parseText);
    case 'parse_boolean':
      return each(values, parseBoolean);
    default:
      return each(values, parseChar);
  }
}
