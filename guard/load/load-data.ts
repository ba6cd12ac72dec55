/** Guard's own readers of data: that of `cfn-guard validate` and that of `cfn-guard test`, version 3.1.1. */
import { ReadError, readYaml } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { TEST_DIALECT } from './test-dialect.js';
import { VALIDATE_DIALECT } from './validate-dialect.js';

/** A document of Guard data, or why it could not be read. */
export type LoadedData =
  | {
      readonly ok: true;
      readonly value: Value;
      /** Zero-based place of the value at a `/`-joined path. */
      locate(path: string): { line: number; column: number };
    }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a data file as `cfn-guard validate` does.
 *
 * @param text - The file's characters.
 * @param name - Its name, for messages.
 */
export function loadData(text: string, name: string): LoadedData {
  if (text.trim() === '') return { ok: false, message: `Unable to parse a template from data file: ${name} is empty` };
  try {
    const value = readYaml(text, VALIDATE_DIALECT);
    if (value === undefined) return { ok: false, message: `${name} holds no document` };
    return { ok: true, value, locate: () => ({ line: 0, column: 0 }) };
  } catch (error) {
    if (error instanceof ReadError) return { ok: false, message: error.message };
    throw error;
  }
}

/** Reads a test input, or the text given to `json_parse`, as `cfn-guard test` does. */
export function loadTestData(
  text: string,
): { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: readYaml(text, TEST_DIALECT) ?? null };
  } catch (error) {
    if (error instanceof ReadError) return { ok: false, message: error.message };
    throw error;
  }
}
