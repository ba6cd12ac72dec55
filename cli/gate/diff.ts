/** `stackade gate diff`: two snapshots, or a snapshot and what this version knows. */
import { Option, type Command } from 'commander';
import { resourceType, resourceTypeNames } from '../../catalogue/index.js';
import { visible } from '../../findings/index.js';
import { CATALOGUE_SOURCE, catalogueSet, diffSchemas, pathText, reviewOverlay } from '../../hooks/gate/index.js';
import type { SchemaChange, SchemaSet } from '../../hooks/gate/index.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { openWholeSnapshot } from './files.js';

/** Options as the command line gives them. */
export interface DiffFlags {
  readonly format: string;
  readonly overlayFile?: string;
  readonly outputFile?: string;
}

/** Adds `diff` to `gate`. Sets the exit code: 0, 1 when the newer set approves more, 2 for bad input. */
export function registerDiff(parent: Command): void {
  parent
    .command('diff')
    .description('shows what AWS has added since a snapshot, and what a newer one would approve')
    .argument('<old>', 'folder of a snapshot')
    .argument('[new]', 'folder of another one (default: what this version of stackade knows)')
    .option('--overlay-file <file>', 'write an overlay that refuses what the newer one would approve, for a review')
    .addOption(
      new Option('--format <format>', 'form of the report').choices(['pretty', 'json', 'markdown']).default('pretty'),
    )
    .option('--output-file <file>', 'write the report to a file')
    .action((older: string, newer: string | undefined, flags: DiffFlags) => {
      process.exitCode = gateDiff(older, newer, flags);
    });
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export function gateDiff(
  older: string,
  newer: string | undefined,
  flags: DiffFlags,
  terminal: Terminal = processTerminal(),
): number {
  try {
    return diff(older, newer, flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function diff(older: string, newer: string | undefined, flags: DiffFlags, terminal: Terminal): number {
  const { cwd } = terminal;
  const overlay = flags.overlayFile === undefined ? null : openOutputFile(flags.overlayFile, cwd);
  const output = flags.outputFile === undefined ? null : openOutputFile(flags.outputFile, cwd);
  const before = openWholeSnapshot(older, cwd);
  const after = newer === undefined ? null : openWholeSnapshot(newer, cwd);
  const set = after?.set ?? sinceThen(before.set);
  const changes = diffSchemas(before.set, set).changes.map((change) =>
    // A type that was not asked for stays refused, whatever this version knows.
    after === null && change.kind === 'type' ? { ...change, widens: false } : change,
  );
  const dates = [before.manifest.source.date, (after?.manifest.source ?? CATALOGUE_SOURCE).date] as const;
  const text = print(changes, dates, flags.format);
  overlay?.write(reviewOverlay(diffSchemas(before.set, set, 'every')));
  if (output === null) terminal.print(text);
  else output.write(text);
  return changes.some(({ widens }) => widens) ? FINDINGS : CLEAN;
}

/** The types of a snapshot as they are now, and the other types of their services, which nobody has approved. */
function sinceThen(before: SchemaSet): SchemaSet {
  const serviceOf = (type: string): string => type.split('::').slice(0, 2).join('::');
  const services = new Set(before.types.map(serviceOf));
  const known = catalogueSet(resourceTypeNames().filter((type) => services.has(serviceOf(type))));
  return { types: known.types.filter((type) => resourceType(type) !== undefined), load: (type) => known.load(type) };
}

function print(changes: readonly SchemaChange[], [from, to]: readonly [string, string], format: string): string {
  const widening = changes.filter(({ widens }) => widens);
  if (format === 'json') return `${JSON.stringify({ version: 1, from, to, changes: changes.map(dataOf) }, null, 2)}\n`;
  const summary =
    widening.length === 0
      ? 'A newer snapshot would approve nothing more.'
      : `A newer snapshot would approve ${widening.length} ${widening.length === 1 ? 'thing' : 'things'} more, marked with +.`;
  if (format === 'markdown') return markdown(changes, from, to, summary);
  const lines = [`From ${from} to ${to}`];
  let type = '';
  for (const change of changes.filter((each) => each.kind !== 'type' || each.widens || each.change === 'removed')) {
    if (change.type !== type) lines.push('', visible((type = change.type)));
    lines.push(`  ${change.widens ? '+' : ' '} ${visible(sentence(change))}`);
  }
  const refused = changes.filter((each) => each.kind === 'type' && !each.widens && each.change === 'added');
  if (refused.length > 0) lines.push('', 'Types of the same services that stay refused until somebody builds them:');
  for (const each of refused) lines.push(`    ${visible(each.type)}`);
  return `${[...lines, '', summary].join('\n')}\n`;
}

function dataOf({ path, ...rest }: SchemaChange): object {
  return { ...rest, path: pathText(path) };
}

const WORDS: Readonly<Record<SchemaChange['kind'], string>> = {
  type: 'type',
  property: 'property',
  value: 'values',
  limit: 'limit',
  shape: 'shape',
  required: 'required',
  'free-form': 'free-form',
};

function sentence({ path, kind, change, detail }: SchemaChange): string {
  const where = path.length === 0 ? '' : `${pathText(path)}  `;
  return `${where}${WORDS[kind]} ${change}${detail === '' ? '' : `: ${detail}`}`;
}

function markdown(changes: readonly SchemaChange[], from: string, to: string, summary: string): string {
  const cell = (text: string): string => visible(text).replaceAll('|', '\\|');
  const rows = changes.map(
    ({ type, path, kind, change, detail, widens }) =>
      `| ${widens ? '+' : ''} | ${cell(type)} | ${path.length === 0 ? '' : `\`${cell(pathText(path))}\``} | ${WORDS[kind]} ${change} | ${cell(detail)} |`,
  );
  const table =
    rows.length === 0 ? [] : ['', '| | type | path | change | detail |', '| --- | --- | --- | --- | --- |', ...rows];
  return `${[`# Resource types from ${from} to ${to}`, '', summary, ...table].join('\n')}\n`;
}
