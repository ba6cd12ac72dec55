/** Snapshots and overlays as files. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import type { Diagnostic } from '../../findings/index.js';
import {
  buildGate,
  MANIFEST_NAME,
  OVERLAY_SCHEMA,
  readManifest,
  snapshotSet,
  unusableSchema,
  unusableSnapshot,
} from '../../hooks/gate/index.js';
import type { Gate, Manifest, Overlay, SchemaSet } from '../../hooks/gate/index.js';
import { readTemplate } from '../../template/index.js';
import { discover, shownPath } from '../check/discover.js';
import { plainJson } from '../check/plain.js';
import { readFileText } from '../check/read-file.js';
import { schemaProblems } from '../check/schema-problems.js';
import { tellDiagnostics } from '../check/tell.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';

/** A snapshot on disk. */
export interface SnapshotFolder {
  readonly set: SchemaSet;
  readonly manifest: Manifest;
  /** What is wrong with the schemas that were asked for so far. */
  readonly faults: readonly Diagnostic[];
}

/**
 * Opens a snapshot. A schema is read when its type is first asked for.
 *
 * @throws InputError when the folder holds none.
 */
export function openSnapshot(folder: string, cwd: string): SnapshotFolder {
  const name = shownPath(join(folder, MANIFEST_NAME), cwd);
  const { text, diagnostic } = readFileText(resolve(cwd, folder, MANIFEST_NAME), name);
  if (text === null) throw new InputError([unusableSnapshot(shownPath(folder, cwd), diagnostic.message)]);
  const read = readManifest(text);
  if ('problem' in read) throw new InputError([unusableSnapshot(name, read.problem)]);
  const faults: Diagnostic[] = [];
  const inner = snapshotSet(read.manifest, (file) => {
    const answer = readFileText(resolve(cwd, folder, file), shownPath(join(folder, file), cwd));
    return answer.text === null ? { problem: answer.diagnostic.message } : { text: answer.text };
  });
  const seen = new Set<string>();
  const set: SchemaSet = {
    types: inner.types,
    load: (type) => {
      const loaded = inner.load(type);
      if (loaded !== undefined && 'problem' in loaded && !seen.has(type)) {
        seen.add(type);
        faults.push(unusableSchema(type, loaded.problem));
      }
      return loaded;
    },
  };
  return { set, manifest: read.manifest, faults };
}

/** Every schema of a snapshot, read. @throws InputError when one of them cannot be used. */
export function openWholeSnapshot(folder: string, cwd: string): SnapshotFolder {
  const snapshot = openSnapshot(folder, cwd);
  for (const type of snapshot.set.types) snapshot.set.load(type);
  if (snapshot.faults.length > 0) throw new InputError(snapshot.faults);
  return snapshot;
}

/** Overlays with their texts by name. */
export interface OverlayFiles {
  readonly overlays: readonly Overlay[];
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads overlay files.
 *
 * @param paths - Files; or folders, of which every YAML and JSON file is one.
 * @throws InputError that names file, line and column of each fault.
 */
export function readOverlays(paths: readonly string[], cwd: string): OverlayFiles {
  const overlays: Overlay[] = [];
  const sources = new Map<string, string>();
  if (paths.length === 0) return { overlays, sources };
  const problems: Diagnostic[] = [];
  const extensions = ['.yaml', '.yml', '.json'];
  const found = discover(paths, { cwd, extensions });
  problems.push(...found.problems.map(({ diagnostic }) => diagnostic));
  if (found.files.length === 0 && problems.length === 0) {
    problems.push(unusableSnapshot(paths.join(', '), 'the folder holds no overlay'));
  }
  const validate = new Ajv({ allErrors: true, verbose: true, strictTypes: false }).compile(OVERLAY_SCHEMA);
  for (const { source: path, path: name } of found.files) {
    const { text, diagnostic } = readFileText(path, name);
    if (text === null) {
      problems.push(diagnostic);
      continue;
    }
    sources.set(name, text);
    const { source, diagnostics } = readTemplate(text, name);
    if (source === null) {
      problems.push(...diagnostics);
      continue;
    }
    const content = plainJson(source.value);
    if (validate(content)) overlays.push({ content: content, source });
    else problems.push(...schemaProblems(validate.errors ?? [], source, 'the overlay'));
  }
  if (problems.length > 0) throw new InputError(problems, sources);
  return { overlays, sources };
}

/** Builds a gate; warnings are told. @throws InputError when an overlay is wrong. */
export function openGate(set: SchemaSet, { overlays, sources }: OverlayFiles, terminal: Terminal): Gate {
  const { gate, diagnostics } = buildGate(set, overlays);
  if (gate === null) {
    throw new InputError(
      diagnostics.filter(({ severity }) => severity === 'error'),
      sources,
    );
  }
  tellDiagnostics(diagnostics, sources, terminal);
  return gate;
}

/** Whether a folder holds a snapshot. */
export function holdsSnapshot(folder: string, cwd: string): boolean {
  return existsSync(resolve(cwd, folder, MANIFEST_NAME));
}
