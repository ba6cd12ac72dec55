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
import type { Gate, LeftOut, LoadedSchema, SchemaSet } from '../../hooks/gate/index.js';
import { compileGlob } from '../../rules/index.js';
import { badOption, unwritable } from '../check/diagnostics.js';
import { openOutputFile, type OutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { collect } from '../subcommands.js';
import { holdsSnapshot, openGate, openWholeSnapshot, readOverlays } from './files.js';
import type { SnapshotFolder } from './files.js';
import { describeTypes, FROM_AWS, isFromAws } from './online.js';
import { typesClient } from './types-client.js';
import type { TypesReader } from './types-client.js';

/** Options as the command line gives them. */
export interface BuildFlags {
  readonly types?: readonly string[];
  readonly out: string;
  readonly overlay?: readonly string[];
  readonly editorSchema?: string;
  readonly typeList?: string;
  readonly format: string;
  readonly online?: true;
  readonly region?: string;
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
    .option(
      '--online',
      'ask AWS for the schemas: its patterns, ranges and lists, and types of this account (DescribeType)',
    )
    .option('--region <region>', 'with --online: the Region that is asked (default: that of the environment)')
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action(async (flags: BuildFlags) => {
      process.exitCode = flags.online === true ? await gateBuildOnline(flags) : gateBuild(flags);
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

/**
 * Runs the command with the schemas that AWS has.
 *
 * @param client - Asks AWS. `@default` the SDK.
 * @returns The exit code; what the user can mend has been told then.
 */
export async function gateBuildOnline(
  flags: BuildFlags,
  terminal: Terminal = processTerminal(),
  client: () => Promise<TypesReader> = () => typesClient(flags.region === undefined ? {} : { region: flags.region }),
): Promise<number> {
  try {
    const before = opened(flags, terminal.cwd);
    const types = chooseTypes(flags.types, before, true);
    const { set, leftOut, region } = await describeTypes(types, client);
    write(flags, terminal, before, set, { region, leftOut });
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function build(flags: BuildFlags, terminal: Terminal): void {
  if (flags.region !== undefined) {
    throw new InputError([badOption('--region', 'is asked with --online only', 'leave it out, or add --online')]);
  }
  const before = opened(flags, terminal.cwd);
  write(flags, terminal, before, catalogueSet(chooseTypes(flags.types, before, false)), null);
}

function opened({ out }: BuildFlags, cwd: string): SnapshotFolder | undefined {
  return holdsSnapshot(out, cwd) ? openWholeSnapshot(out, cwd) : undefined;
}

/** Where schemas come from that AWS gave. */
interface FromAws {
  readonly region: string;
  /** What AWS says and the schemas do not hold, by type. */
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>;
}

/** Nothing is written before everything is known to be right. */
function write(
  flags: BuildFlags,
  terminal: Terminal,
  before: SnapshotFolder | undefined,
  set: SchemaSet,
  online: FromAws | null,
): void {
  const { cwd } = terminal;
  const { types } = set;
  const files = snapshotFiles(set, before?.manifest);
  const gate = openGate(joined(set, before?.set), readOverlays(flags.overlay ?? [], cwd), terminal);
  const outputs = [flags.editorSchema, flags.typeList].map((name) =>
    name === undefined ? null : openOutputFile(name, cwd),
  );
  const written = writeFiles(flags.out, files, cwd);
  const [editor, list] = outputs;
  editor?.write(`${JSON.stringify(editorSchema(gate), null, 2)}\n`);
  list?.write(`${JSON.stringify(typeList(gate), null, 2)}\n`);
  terminal.print(
    flags.format === 'json' ? asJson(gate, types, flags.out, online) : asText(gate, types, flags.out, written, online),
  );
}

/**
 * The names that patterns fit.
 *
 * @param online - AWS is asked for types that the catalogue does not have.
 * @throws InputError when one of them fits none.
 */
function chooseTypes(
  patterns: readonly string[] | undefined,
  before: SnapshotFolder | undefined,
  online: boolean,
): readonly string[] {
  if (patterns === undefined) {
    if (before === undefined) {
      throw new InputError([
        badOption('--types', 'names no type, and the folder holds no snapshot', 'name types such as AWS::S3::Bucket'),
      ]);
    }
    if (online) return before.set.types;
    // A type that AWS has withdrawn, and one whose schema AWS gave with more than is known here, stay as they are.
    return before.set.types.filter((type) => resourceType(type) !== undefined && !isFromAws(before.set, type));
  }
  const chosen = new Set<string>();
  const problems = patterns.flatMap((pattern) => {
    const matches = compileGlob(pattern);
    const found = pattern.includes('*')
      ? resourceTypeNames().filter(matches)
      : resourceType(pattern) === undefined && !(online && TYPE_NAME.test(pattern))
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

const TYPE_NAME = /^[A-Za-z0-9]+(?:::[A-Za-z0-9]+){2,3}$/;

/** The types as they will be in the folder. */
function joined(now: SchemaSet, before: SchemaSet | undefined): SchemaSet {
  return {
    types: [...new Set([...now.types, ...(before?.types ?? [])])].sort(),
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

function asJson(gate: Gate, types: readonly string[], out: string, online: FromAws | null): string {
  const told = freeForms(gate, types).map((each) =>
    online === null ? each : { ...each, leftOut: online.leftOut.get(each.type) ?? [] },
  );
  const source = online === null ? CATALOGUE_SOURCE : { database: FROM_AWS, region: online.region };
  return `${JSON.stringify({ version: 1, source, out, types: told }, null, 2)}\n`;
}

function asText(gate: Gate, types: readonly string[], out: string, written: number, online: FromAws | null): string {
  const { database, version, date } = CATALOGUE_SOURCE;
  const many = written === 1 ? '1 schema' : `${written} schemas`;
  const from =
    online === null
      ? `as AWS had the types on ${date} (${database} ${version})`
      : `as AWS has the types now in ${visible(online.region)}`;
  const lines = [`${many} in ${visible(out)}, ${from}.`];
  const open = freeForms(gate, types).filter(({ freeForm }) => freeForm.length > 0);
  if (open.length > 0) lines.push('', 'Free-form values are refused until an overlay allows them:');
  for (const { type, freeForm } of open) {
    lines.push(`  ${type}`);
    for (const { path, kind } of freeForm) lines.push(`    ${path}${kind === 'map' ? '  (a map)' : ''}`);
  }
  const left = [...(online?.leftOut ?? [])].filter(([, parts]) => parts.length > 0);
  if (left.length > 0) lines.push('', 'AWS also says this, which the gate does not hold; CloudFormation does:');
  for (const [type, parts] of left) {
    lines.push(`  ${visible(type)}`);
    for (const { pointer, what } of parts) {
      lines.push(`    ${visible(pointer === '' ? '/' : pointer)}  ${visible(what)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
