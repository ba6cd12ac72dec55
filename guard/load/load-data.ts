/** Guard's own readers of data: that of `cfn-guard validate` and that of `cfn-guard test`, version 3.1.1. */
import { lineCounter } from '../../findings/index.js';
import { markYaml, ReadError, readYaml } from '../../template/index.js';
import type { Dialect, Value } from '../../template/index.js';
import { locator } from './locate.js';
import type { Place } from './locate.js';
import { TEST_DIALECT, TEST_FILE_DIALECT } from './test-dialect.js';
import { VALIDATE_DIALECT } from './validate-dialect.js';

/** A document of Guard data, or why it could not be read. */
export type LoadedData =
  | {
      readonly ok: true;
      readonly value: Value;
      /**
       * The zero-based line and column of the value at a `/`-joined path, as cfn-guard prints them in `[L:1,C:2]`.
       * They are computed at the first question. With a key, the place of that key of the map at the path.
       */
      locate(path: string, key?: string): Place;
    }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a data file as `cfn-guard validate` does: YAML by libyaml's grammar, JSON by the same reader, the first document
 * only.
 *
 * @param text - The file's characters, a byte order mark included.
 * @param name - Its name, for messages.
 * @returns The value; or what is wrong, never an exception. Unlike cfn-guard, which leaves it unread, a text that goes
 *   on after the document without `---` or `...` is refused, as is nesting that the stack does not hold.
 */
export function loadData(text: string, name: string): LoadedData {
  if (text.trim() === '') return { ok: false, message: `Unable to parse a template from data file: ${name} is empty` };
  try {
    const value = readYaml(text, VALIDATE_DIALECT);
    if (value === undefined) return { ok: false, message: `${name}: the file holds no document` };
    let find: ((path: string, key?: string) => Place) | undefined;
    const locate = (path: string, key?: string): Place => {
      find ??= placesOf(text);
      return find(path, key);
    };
    return { ok: true, value, locate };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const { line, column } = lineCounter(text).positionOf(error.offset);
    return { ok: false, message: `${name}:${line}:${column}: ${error.message}` };
  }
}

/** Places need more of the stack than values do: a document that is read without them has all places at its start. */
function placesOf(text: string): (path: string, key?: string) => Place {
  try {
    return locator(text, markYaml(text, VALIDATE_DIALECT).mark);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return () => ({ line: 0, column: 0 });
  }
}

/** A document read without places, or why it could not be read. */
export type LoadedTestData =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/**
 * Reads a test input, or the text given to `json_parse`, as `cfn-guard test` does: YAML with the core schema of 1.2.
 *
 * @returns The value; or what is wrong, never an exception.
 */
export function loadTestData(text: string): LoadedTestData {
  return loadBy(TEST_DIALECT, text);
}

/**
 * Reads a file of tests as `cfn-guard test` does. Keys that are no text are taken; {@link otherKey} tells them.
 *
 * @returns The value; or what is wrong, never an exception.
 */
export function loadTestFile(text: string): LoadedTestData {
  return loadBy(TEST_FILE_DIALECT, text);
}

function loadBy(dialect: Dialect, text: string): LoadedTestData {
  try {
    const value = readYaml(text, dialect);
    return value === undefined ? { ok: false, message: 'the text holds no document' } : { ok: true, value };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const { line, column } = lineCounter(text).positionOf(error.offset);
    return { ok: false, message: `${error.message} at line ${line} column ${column}` };
  }
}
