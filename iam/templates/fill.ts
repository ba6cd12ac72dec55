/**
 * Puts the values of parameters into what a template writes.
 *
 * A text that is nothing but `{{name}}` becomes the value, in a list each entry of a list; inside a longer text a list
 * makes one text for each entry. An empty list under a negated operator (nothing is exempt) takes the condition away; an
 * empty list anywhere else would make a statement that says something else than was meant, and is a fault.
 */
import { isList, isMap, keysOf } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import type { ParameterValue, WrittenStatement } from './model.js';
import type { ParameterValues } from './parameters/values.js';

/** A template that cannot be filled in: a fault of the library, or of a list that must not be empty here. */
export class FillError extends Error {
  /** @param parameter - Whose value is the reason, where it is a single one. */
  constructor(
    message: string,
    readonly parameter?: string,
  ) {
    super(message);
  }
}

const PLACEHOLDER = /\{\{([A-Za-z][\w.]*)\}\}/;
const ALL_PLACEHOLDERS = new RegExp(PLACEHOLDER, 'g');

/** Names of the parameters that a value mentions. */
export function mentionedIn(value: Value): readonly string[] {
  return [...JSON.stringify(value).matchAll(ALL_PLACEHOLDERS)].map(([, name]) => name!);
}

/** The texts that a written text stands for. */
export function fillText(text: string, values: ParameterValues): readonly string[] {
  const found = PLACEHOLDER.exec(text);
  if (found === null) return [text];
  const value = valueOf(found[1]!, values);
  const before = text.slice(0, found.index);
  const after = fillText(text.slice(found.index + found[0].length), values);
  return [value].flat().flatMap((each) => after.map((rest) => before + each + rest));
}

function valueOf(name: string, values: ParameterValues): ParameterValue {
  if (!Object.hasOwn(values, name)) throw new FillError(`there is no parameter \`${name}\``);
  return values[name]!;
}

/** The one text that a written text stands for. */
function fillSingle(text: string, values: ParameterValues): string {
  const texts = fillText(text, values);
  if (texts.length !== 1) throw new FillError(`\`${text}\` stands for ${texts.length} texts where one belongs`);
  return texts[0]!;
}

/** Texts of a string or list, in order and each once. */
export function fillList(value: Value, values: ParameterValues): readonly string[] {
  const texts = (isList(value) ? value : [value]).map((each) => {
    if (typeof each !== 'string') throw new FillError('a list of a template holds something that is no text');
    return each;
  });
  return [...new Set(texts.flatMap((text) => fillText(text, values)))];
}

/** A text of a template. @throws FillError when it is something else. */
export function textOf(value: Value | undefined): string {
  if (typeof value !== 'string') throw new FillError('a template holds something else where a text belongs');
  return value;
}

/** The statements that the written ones stand for. */
export function fillStatements(written: readonly WrittenStatement[], values: ParameterValues): readonly ValueMap[] {
  return written.flatMap((statement) => {
    const condition = statement['$if'];
    if (typeof condition === 'string' && [valueOf(condition, values)].flat().length === 0) return [];
    const each = statement['$each'];
    if (!isMap(each)) return [fillStatement(statement, values)];
    const [name] = keysOf(each);
    const list = valueOf(textOf(each[name!]), values);
    return [list].flat().map((entry, index) => {
      return fillStatement(statement, { ...values, [name!]: entry, [`${name!}.n`]: String(index + 1) });
    });
  });
}

function fillStatement(written: WrittenStatement, values: ParameterValues): ValueMap {
  const result: Record<string, Value> = {};
  for (const element of keysOf(written)) {
    const value = written[element]!;
    if (element.startsWith('$')) continue;
    if (element === 'Condition') {
      const conditions = fillConditions(value, values);
      if (Object.keys(conditions).length > 0) result[element] = conditions;
    } else if (element === 'Principal' && isMap(value)) {
      result[element] = fillPrincipals(value, values);
    } else if (element === 'Sid' || element === 'Effect' || element === 'Principal') {
      result[element] = fillSingle(textOf(value), values);
    } else {
      const texts = fillList(value, values);
      if (texts.length === 0) throw new FillError(`\`${element}\` of \`${textOf(written['Sid'])}\` is empty`);
      result[element] = texts.length === 1 ? texts[0]! : texts;
    }
  }
  return result;
}

/** Kinds of principals with their texts. An empty list would leave nobody where somebody was meant. */
function fillPrincipals(kinds: ValueMap, values: ParameterValues): ValueMap {
  const result: Record<string, Value> = {};
  for (const kind of keysOf(kinds)) {
    const texts = fillList(kinds[kind]!, values);
    if (texts.length === 0) throw new FillError(`\`Principal\` has no \`${kind}\``);
    result[kind] = texts.length === 1 ? texts[0]! : texts;
  }
  return result;
}

/** Whether the negation of an operator: with no values nothing is excepted, and the condition always holds. */
const NEGATED = /^(?:String|Arn|Numeric|Date)Not|^NotIpAddress/;

/** Whether a condition of a block has no value, so that no request meets it. */
export function asksForNothing(block: Value, values: ParameterValues): boolean {
  if (!isMap(block)) return false;
  return keysOf(block).some((operator) => {
    const keys = block[operator]!;
    if (NEGATED.test(operator) || !isMap(keys)) return false;
    return keysOf(keys).some((key) => fillList(keys[key]!, values).length === 0);
  });
}

/** A condition block with the values put in. */
export function fillConditions(block: Value, values: ParameterValues): ValueMap {
  const result: Record<string, Record<string, Value>> = {};
  if (!isMap(block)) throw new FillError('a condition block is no map');
  for (const operator of keysOf(block)) {
    const keys = block[operator]!;
    if (!isMap(keys)) throw new FillError(`\`${operator}\` holds no map`);
    for (const key of keysOf(keys)) {
      const texts = fillList(keys[key]!, values);
      if (texts.length === 0) {
        if (NEGATED.test(operator)) continue;
        throw new FillError(`\`${operator}\` on \`${key}\` has no value`);
      }
      (result[operator] ??= {})[fillSingle(key, values)] = texts.length === 1 ? texts[0]! : texts;
    }
  }
  return result;
}
