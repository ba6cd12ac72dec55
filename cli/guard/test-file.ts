/** Files of tests: lists of inputs with the statuses expected of rules. */
import { loadTestFile, otherKey, printJson } from '../../guard/index.js';
import { get, isList, isMap, keysOf, type Value, type ValueMap } from '../../template/index.js';
import { readText } from './files.js';

/** One input with what is expected of it. */
export interface TestSpec {
  readonly name: string | null;
  readonly input: Value;
  /** Whether a map of the input has a key that is no text: no rule can be evaluated on it. */
  readonly hasOtherKeys: boolean;
  /** Rule name to the word for its status, as written. */
  readonly expectations: ReadonlyMap<string, string>;
}

/** A file is no file of tests. */
export class TestFileError extends Error {}

/** No document at all: blanks, comments and document marks. */
const NOTHING = /^(?:\s|#.*|---(?=\s))*$/;

/** The text of a scalar: where text is expected, a number or boolean counts as what is written. */
function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return isList(value) || isMap(value) ? undefined : printJson(value);
}

/**
 * Reads a file of tests, in YAML or JSON.
 *
 * @throws TestFileError when it is not a list of `{name, input, expectations: {rules}}`; `name` may be left out.
 */
export function readTestFile(path: string): readonly TestSpec[] {
  const fail = (reason: string): never => {
    throw new TestFileError(`Parser Error when parsing \`Unable to process data in file ${path}, Error ${reason}\``);
  };
  const text = readText(path);
  if (NOTHING.test(text)) return [];
  const loaded = loadTestFile(text);
  if (!loaded.ok) return fail(loaded.message);
  if (!isList(loaded.value)) return fail('expected a list of tests');
  return loaded.value.map((test, index) => {
    const at = `test ${index + 1}: `;
    if (!isMap(test)) return fail(`${at}expected a map`);
    const named = get(test, 'name') ?? null;
    const name = named === null ? null : textOf(named);
    if (name === undefined) return fail(`${at}\`name\` is no text`);
    const input = get(test, 'input');
    if (input === undefined) return fail(`${at}missing field \`input\``);
    return {
      name,
      input,
      hasOtherKeys: hasOtherKeys(input),
      expectations: expectationsOf(test, (reason) => fail(at + reason)),
    };
  });
}

function expectationsOf(test: ValueMap, fail: (reason: string) => never): ReadonlyMap<string, string> {
  const expectations = get(test, 'expectations');
  if (expectations === undefined) return fail('missing field `expectations`');
  const rules = isMap(expectations) ? get(expectations, 'rules') : undefined;
  if (rules === undefined || !isMap(rules)) return fail('`expectations` has no map `rules`');
  return new Map(
    keysOf(rules).map((name) => {
      const word = textOf(rules[name]!);
      return word === undefined ? fail(`the status of rule \`${name}\` is no text`) : [otherKey(name) ?? name, word];
    }),
  );
}

function hasOtherKeys(value: Value): boolean {
  if (isList(value)) return value.some(hasOtherKeys);
  return isMap(value) && keysOf(value).some((key) => otherKey(key) !== null || hasOtherKeys(value[key]!));
}
