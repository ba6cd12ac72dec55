/** Reads a waiver file. Loaded only when there is one: the schema compiler takes longer than a small check. */
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { interpretWaivers, WAIVER_SCHEMA } from '../../rules/index.js';
import type { WaivableNames, WaiverFile } from '../../rules/index.js';
import { readTemplate } from '../../template/index.js';
import { InputError } from '../input-error.js';
import { shownPath } from './discover.js';
import { plainJson } from './plain.js';
import { readFileText } from './read-file.js';
import { rangeAt, schemaProblems } from './schema-problems.js';

/** A waiver file with its text by its name. */
export interface ReadWaivers {
  readonly file: WaiverFile;
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads and checks a waiver file, YAML or JSON.
 *
 * @throws InputError that names file, line and column of each fault.
 */
export function readWaivers(path: string, cwd: string, names: WaivableNames): ReadWaivers {
  const name = shownPath(path, cwd);
  const { text, diagnostic } = readFileText(resolve(cwd, path), name);
  if (text === null) throw new InputError([diagnostic]);
  const sources = new Map([[name, text]]);
  const { source, diagnostics } = readTemplate(text, name);
  if (source === null) {
    const help = 'write `version: 1` and `waivers: []` into it, or name another file';
    throw new InputError(
      diagnostics.map((each) => (each.code === 'TPL1008' ? { ...each, help } : each)),
      sources,
    );
  }
  const content = plainJson(source.value);
  const validate = new Ajv({ allErrors: true, verbose: true, strictTypes: false }).compile(WAIVER_SCHEMA);
  if (!validate(content)) {
    throw new InputError(schemaProblems(validate.errors ?? [], source, 'the waiver file'), sources);
  }
  const read = interpretWaivers(content, names, (at) => rangeAt(source, at, 'value'));
  if (read.file === null) throw new InputError(read.diagnostics, sources);
  return { file: read.file, sources };
}
