/** Reads CloudFormation templates, JSON and YAML, into plain values. */
import type { Diagnostic, Location, SourceRange } from '../../findings/index.js';
import type { Path, Value } from '../values.js';
import { CLOUDFORMATION_DIALECT } from './cloudformation.js';
import * as diagnostics from './diagnostics.js';
import { readJson } from './json.js';
import { Positions } from './positions.js';
import { markYaml, ReadError, readYaml } from './yaml/index.js';
import type { Duplicate, Mark } from './yaml/index.js';

/** A template as it was read. Places are computed at the first question about one. */
export interface TemplateSource {
  readonly file: string;
  readonly text: string;
  /** Short intrinsic forms in their long form; aliases and merge keys replaced by what they stand for. */
  readonly value: Value;
  /**
   * Where the value at a path is written; `undefined` when the document has no such value. What came through an alias
   * or a merge stands where its anchor is.
   */
  rangeOf(path: Path): SourceRange | undefined;
  /** Where the last key of a path is written; `undefined` for elements of lists, for the root, and for what is not there. */
  keyRangeOf(path: Path): SourceRange | undefined;
  /**
   * The place of the value at a path, or of its key.
   *
   * @param which - `@default` the value.
   * @returns Of the nearest ancestor that the document has when the path leads nowhere; its `pointer` says which.
   */
  locationOf(path: Path, which?: 'value' | 'key'): Location;
}

/**
 * Reads one template, JSON or YAML 1.1, as CloudFormation reads it.
 *
 * @param text - The file's characters, a byte order mark included.
 * @param file - Its name, for places and messages.
 * @returns The source; or `null` with one diagnostic or more, never an exception, when the text is not a template's.
 *   The root may be any value: whether it is a template at all is for the caller to say.
 */
export function readTemplate(
  text: string,
  file: string,
): { readonly source: TemplateSource | null; readonly diagnostics: readonly Diagnostic[] } {
  const json = looksLikeJson(text) ? attemptJson(text) : null;
  if (json !== null && !(json instanceof ReadError)) {
    if (json.duplicates.length > 0) return refused(duplicateKeys(file, readJson(text, true).duplicates));
    return { source: source(file, text, json.value, () => readJson(text, true).mark), diagnostics: [] };
  }
  try {
    const value = readYaml(text, CLOUDFORMATION_DIALECT);
    if (value === undefined) return refused([diagnostics.emptyTemplate({ file, start: 0, end: 0 })]);
    const marks = (): Mark => markYaml(text, CLOUDFORMATION_DIALECT).mark;
    return { source: source(file, text, value, marks), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    if (error.fault === 'duplicateKey') {
      return refused(duplicateKeys(file, markYaml(text, CLOUDFORMATION_DIALECT).duplicates));
    }
    // What starts with a quoted key was meant as JSON, so the fault that the JSON reader found is the one to tell.
    const meant = json !== null && /^\ufeff?\s*\{\s*"/.test(text) ? json : error;
    return refused([diagnosticOf(meant, file, text)]);
  }
}

/**
 * Reads a JSON document that is no template, such as a policy.
 *
 * @param text - A byte order mark may come first.
 * @param file - Its name, for places and messages.
 * @returns The source; or `null` with one diagnostic or more, never an exception, when the text is not JSON or writes a
 *   key of one map twice.
 */
export function readJsonSource(
  text: string,
  file: string,
): { readonly source: TemplateSource | null; readonly diagnostics: readonly Diagnostic[] } {
  const json = attemptJson(text);
  if (json instanceof ReadError) return refused([diagnosticOf(json, file, text)]);
  if (json.duplicates.length > 0) return refused(duplicateKeys(file, readJson(text, true).duplicates));
  return { source: source(file, text, json.value, () => readJson(text, true).mark), diagnostics: [] };
}

/** How many repeated keys of one file are told. */
const MAX_DUPLICATES = 100;

function refused(found: readonly Diagnostic[]): { source: null; diagnostics: readonly Diagnostic[] } {
  return { source: null, diagnostics: found };
}

/** Whether the first character that is no blank opens a map or a list. */
function looksLikeJson(text: string): boolean {
  return /^\ufeff?[ \t\r\n]*[{[]/.test(text);
}

function attemptJson(text: string): ReturnType<typeof readJson> | ReadError {
  try {
    return readJson(text, false);
  } catch (error) {
    if (error instanceof ReadError) return error;
    throw error;
  }
}

function source(file: string, text: string, value: Value, marks: () => Mark): TemplateSource {
  const positions = new Positions(file, text, marks);
  return {
    file,
    text,
    value,
    rangeOf: (path) => positions.rangeOf(path),
    keyRangeOf: (path) => positions.keyRangeOf(path),
    locationOf: (path, which) => positions.locationOf(path, which),
  };
}

function duplicateKeys(file: string, duplicates: readonly Duplicate[]): readonly Diagnostic[] {
  return duplicates.slice(0, MAX_DUPLICATES).map(({ key, start, end, first }) => {
    const place = { file, start, end };
    const other = first === null ? place : { file, start: first.keyStart, end: first.keyEnd };
    return diagnostics.duplicateKey(key, place, other);
  });
}

function diagnosticOf(error: ReadError, file: string, text: string): Diagnostic {
  const location = { file, start: error.offset, end: Math.min(error.offset + 1, text.length) };
  switch (error.fault) {
    case 'documents':
      return diagnostics.severalDocuments({ file, start: error.offset, end: error.offset + 3 });
    case 'alias':
      return diagnostics.unknownAnchor(error.message, location);
    case 'expansion':
      return diagnostics.tooManyValues(error.message, location);
    case 'depth':
      return diagnostics.tooDeep(error.message, location);
    case 'key':
      return diagnostics.keyNotText(location);
    case 'character':
    case 'duplicateKey':
    case 'syntax':
      return diagnostics.syntaxError(error.message, location);
  }
}
