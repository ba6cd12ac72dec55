/** `stackade gate build`: a snapshot of resource types, and what comes out of it together with overlays. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { nearestTypeName, resourceType, resourceTypeNames } from '../../catalogue/index.js';
import { visible } from '../../findings/index.js';
import {
  CATALOGUE_SOURCE,
  catalogueSet,
  editorSchema,
  freeFormPaths,
  MANIFEST_NAME,
  pathText,
  snapshotFiles,
  typeList,
} from '../../hooks/gate/index.js';
import type { Gate, LoadedSchema, Manifest, SchemaSet } from '../../hooks/gate/index.js';
import { compileGlob } from '../../rules/index.js';
import { badOption, unwritable } from '../check/diagnostics.js';
import { openOutputFile, type OutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { collect } from './command.js';
import { holdsSnapshot, openGate, openWholeSnapshot, readOverlays } from './files.js';

/** Options as the command line gives them. */
export interface BuildFlags {
  readonly types?: readonly string[];
  readonly out: string;
  readonly overlay?: readonly string[];
  readonly editorSchema?: string;
  readonly typeList?: string;
  readonly format: string;
}

/** Adds `build` to `gate`. Sets the exit code: 0, 2 for bad input. */
export function registerBuild(parent: Command): void {
  parent
    .command('build')
    .description('takes a snapshot of resource types: what AWS has today is approved, what comes later is not')
    .option('--types <types...>', 'resource types, `*` for any part of a name (default: the types of the snapshot)')
    .requiredOption('--out <folder>', 'the folder of the snapshot; other types that it holds stay as they are')
    .option('--overlay <path>', 'overlay file, or folder of such files; may be given several times', collect)
    .option('--editor-schema <file>', 'write a JSON Schema of templates, for editors')
    .option('--type-list <file>', 'write the approved and the forbidden types, for a service control policy')
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action((flags: BuildFlags) => {
      process.exitCode = gateBuild(flags);
    });
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export function gateBuild(flags: BuildFlags, terminal: Terminal = processTerminal()): number {
  try {
    build(flags, terminal);
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function build(flags: BuildFlags, terminal: Terminal): void {
  const { cwd } = terminal;
  const before = holdsSnapshot(flags.out, cwd) ? openWholeSnapshot(flags.out, cwd) : undefined;
  const types = chooseTypes(flags.types, before?.manifest);
  const files = snapshotFiles(types, before?.manifest);
  const gate = openGate(joined(types, before?.set), readOverlays(flags.overlay ?? [], cwd), terminal);
  const outputs = [flags.editorSchema, flags.typeList].map((name) =>
    name === undefined ? null : openOutputFile(name, cwd),
  );
  const written = writeFiles(flags.out, files, cwd);
  const [editor, list] = outputs;
  editor?.write(`${JSON.stringify(editorSchema(gate), null, 2)}\n`);
  list?.write(`${JSON.stringify(typeList(gate), null, 2)}\n`);
  terminal.print(flags.format === 'json' ? asJson(gate, types, flags.out) : asText(gate, types, flags.out, written));
}

/** The names that patterns fit. @throws InputError when one of them fits none. */
function chooseTypes(patterns: readonly string[] | undefined, before: Manifest | undefined): readonly string[] {
  if (patterns === undefined) {
    if (before === undefined) {
      throw new InputError([
        badOption('--types', 'names no type, and the folder holds no snapshot', 'name types such as AWS::S3::Bucket'),
      ]);
    }
    // A type that AWS has withdrawn stays as it is.
    return Object.keys(before.types).filter((type) => resourceType(type) !== undefined);
  }
  const chosen = new Set<string>();
  const problems = patterns.flatMap((pattern) => {
    const matches = compileGlob(pattern);
    const found = pattern.includes('*')
      ? resourceTypeNames().filter(matches)
      : resourceType(pattern) === undefined
        ? []
        : [pattern];
    for (const name of found) chosen.add(name);
    if (found.length > 0) return [];
    const nearest = nearestTypeName(pattern);
    const guess =
      nearest === undefined
        ? 'a type of your own belongs into an overlay, with its `schema`'
        : `did you mean ${nearest}?`;
    return [badOption('--types', `there is no resource type \`${pattern}\``, guess)];
  });
  if (problems.length > 0) throw new InputError(problems);
  return [...chosen].sort();
}

/** The types as they will be in the folder. */
function joined(types: readonly string[], before: SchemaSet | undefined): SchemaSet {
  const now = catalogueSet(types);
  return {
    types: [...new Set([...types, ...(before?.types ?? [])])].sort(),
    load: (type): LoadedSchema | undefined => now.load(type) ?? before?.load(type),
  };
}

/** Writes what has changed; the list of the snapshot last, so that it never names what is not there. */
function writeFiles(folder: string, files: ReadonlyMap<string, string>, cwd: string): number {
  try {
    mkdirSync(resolve(cwd, folder), { recursive: true });
  } catch (error) {
    throw new InputError([unwritable(folder, error)]);
  }
  const opened: (readonly [OutputFile, string])[] = [...files]
    .sort(([a], [b]) => Number(a === MANIFEST_NAME) - Number(b === MANIFEST_NAME))
    .map(([name, text]) => [openOutputFile(join(folder, name), cwd), text]);
  for (const [file, text] of opened) file.write(text);
  return opened.length - 1;
}

interface FreeForm {
  readonly type: string;
  readonly freeForm: readonly { readonly path: string; readonly kind: string }[];
}

/** The values that stay refused because they may hold anything. */
function freeForms(gate: Gate, types: readonly string[]): readonly FreeForm[] {
  return types.map((type) => {
    const schema = gate.schemaOf(type);
    const places = schema === null ? [] : freeFormPaths(schema);
    return { type, freeForm: places.map(({ path, kind }) => ({ path: pathText(path), kind })) };
  });
}

function asJson(gate: Gate, types: readonly string[], out: string): string {
  return `${JSON.stringify({ version: 1, source: CATALOGUE_SOURCE, out, types: freeForms(gate, types) }, null, 2)}\n`;
}

function asText(gate: Gate, types: readonly string[], out: string, written: number): string {
  const { database, version, date } = CATALOGUE_SOURCE;
  const many = written === 1 ? '1 schema' : `${written} schemas`;
  const lines = [`${many} in ${visible(out)}, as AWS had the types on ${date} (${database} ${version}).`];
  const open = freeForms(gate, types).filter(({ freeForm }) => freeForm.length > 0);
  if (open.length > 0) lines.push('', 'Free-form values are refused until an overlay allows them:');
  for (const { type, freeForm } of open) {
    lines.push(`  ${type}`);
    for (const { path, kind } of freeForm) lines.push(`    ${path}${kind === 'map' ? '  (a map)' : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
