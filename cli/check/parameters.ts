/** Values of template parameters: `--parameters` and the shapes of parameter files. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { get, isList, isMap, keysOf, readTemplate } from '../../template/index.js';
import type { Path, TemplateSource, Value } from '../../template/index.js';
import { InputError } from '../input-error.js';
import { badOption, badParameterFile } from './diagnostics.js';
import { readFileText } from './read-file.js';
import { shownPath } from './discover.js';
import { resolve } from 'node:path';

/** Parameter name → text, or the items of a list. */
export type ParameterValues = Readonly<Record<string, string | readonly string[]>>;

/** `Name=value` texts. @throws InputError when one is none. */
export function parseAssignments(assignments: readonly string[]): ParameterValues {
  const values = new Map<string, string>();
  const problems: Diagnostic[] = [];
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    if (equals > 0) values.set(assignment.slice(0, equals), assignment.slice(equals + 1));
    else {
      problems.push(badOption('--parameters', `\`${assignment}\` is not of the form Name=value`, 'write Name=value'));
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return Object.fromEntries(values);
}

/**
 * Reads a parameter file, JSON or YAML: a map from name to value, such a map under `Parameters` (as CodePipeline has it),
 * a list of `ParameterKey` and `ParameterValue` (as `aws cloudformation create-stack --parameters` has it), or a list of
 * `Name=value` texts (as `aws cloudformation deploy --parameter-overrides` has it).
 *
 * @throws InputError when it cannot be read or has another shape.
 */
export function readParameterFile(path: string, cwd: string): ParameterValues {
  const name = shownPath(path, cwd);
  const { text, diagnostic } = readFileText(resolve(cwd, path), name);
  if (text === null) throw new InputError([diagnostic]);
  const { source, diagnostics } = readTemplate(text, name);
  if (source === null) throw new InputError(diagnostics, new Map([[name, text]]));
  return new ParameterReader(source).read();
}

/**
 * The text of a value as it is written, so that `007` and `1.0` keep their digits; the items of a list.
 *
 * @returns `undefined` for a value that no parameter can have.
 */
export function parameterText(
  source: TemplateSource,
  path: Path,
  value: Value,
): string | readonly string[] | undefined {
  if (typeof value === 'string') return value;
  if (isList(value)) {
    const items = value.map((item, index) => parameterText(source, [...path, index], item));
    return items.every((item) => typeof item === 'string') ? items : undefined;
  }
  if (value === null || isMap(value)) return undefined;
  const range = source.rangeOf(path);
  return range === undefined ? undefined : source.text.slice(range.start, range.end);
}

class ParameterReader {
  private readonly values = new Map<string, string | readonly string[]>();
  private readonly problems: Diagnostic[] = [];

  constructor(private readonly source: TemplateSource) {}

  read(): ParameterValues {
    const { value } = this.source;
    if (isMap(value)) {
      const inner = get(value, 'Parameters');
      if (isMap(inner)) this.map(['Parameters'], inner);
      else this.map([], value);
    } else if (isList(value)) {
      value.forEach((entry, index) => {
        this.entry([index], entry);
      });
    } else this.problem('a parameter file holds a map or a list', []);
    if (this.problems.length > 0) throw new InputError(this.problems, new Map([[this.source.file, this.source.text]]));
    return Object.fromEntries(this.values);
  }

  private map(path: Path, map: Value & object): void {
    if (!isMap(map)) return;
    for (const key of keysOf(map)) this.set(key, [...path, key], map[key]!);
  }

  private entry(path: Path, entry: Value): void {
    if (typeof entry === 'string' && entry.indexOf('=') > 0) {
      const equals = entry.indexOf('=');
      this.values.set(entry.slice(0, equals), entry.slice(equals + 1));
      return;
    }
    const key = isMap(entry) ? get(entry, 'ParameterKey') : undefined;
    if (!isMap(entry) || typeof key !== 'string') {
      this.problem('an entry of a parameter file must be `Name=value` or have a `ParameterKey`', path);
      return;
    }
    const value = get(entry, 'ParameterValue');
    if (value !== undefined) this.set(key, [...path, 'ParameterValue'], value);
    // The value of the deployed stack is not known here, so the parameter has none.
    else if (get(entry, 'UsePreviousValue') !== true) {
      this.problem(`parameter \`${key}\` has no \`ParameterValue\``, path);
    }
  }

  private set(name: string, path: Path, value: Value): void {
    const text = parameterText(this.source, path, value);
    if (text === undefined) {
      this.problem(`the value of parameter \`${name}\` must be text, a number or a list of these`, path);
    } else this.values.set(name, text);
  }

  private problem(message: string, path: Path): void {
    const nowhere: SourceRange = { file: this.source.file, start: 0, end: 0 };
    this.problems.push(badParameterFile(message, this.source.rangeOf(path) ?? nowhere));
  }
}
