/** From options to an exit code. */
import { diffTemplates } from '../../analyzers/diff/index.js';
import { badOption } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { readSettings } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { commitsOf, gitTree, splitRef } from './git.js';
import { printJson, printMarkdown, printPretty, printRequests } from './report.js';
import type { Report } from './report.js';
import { readSides } from './sides.js';
import { fileTree } from './trees.js';
import type { Tree } from './trees.js';

/** Options as the command line gives them. */
export interface DiffFlags {
  readonly git?: string;
  readonly parameters?: readonly string[];
  readonly parameterFile?: readonly string[];
  readonly region?: string;
  readonly account?: string;
  readonly config?: string;
  readonly environment?: string;
  readonly failOn: 'broadened' | 'never';
  readonly allowIncomplete?: true;
  readonly format: 'pretty' | 'json' | 'markdown';
  readonly outputFile?: string;
  readonly requests?: string;
}

/** Runs the command. @returns The exit code; what the user can mend has been told then. */
export async function main(
  older: string,
  newer: string | undefined,
  flags: DiffFlags,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    return await diff(older, newer, flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

async function diff(older: string, newer: string | undefined, flags: DiffFlags, terminal: Terminal): Promise<number> {
  const { cwd } = terminal;
  const { parameters, parameterFile, region, account, config, environment } = flags;
  const settings = await readSettings(
    [],
    {
      ...(parameters && { parameters }),
      ...(parameterFile && { parameterFile }),
      ...(region !== undefined && { region }),
      ...(account !== undefined && { account }),
      ...(config !== undefined && { config }),
      ...(environment !== undefined && { environment }),
      ...{ lint: false, format: 'pretty' },
    },
    cwd,
  );
  const output = flags.outputFile === undefined ? null : openOutputFile(flags.outputFile, cwd);
  const requests = flags.requests === undefined ? null : openOutputFile(flags.requests, cwd);
  const [one, other] = treesOf(older, newer, flags.git, cwd);
  const deployment = { parameters: settings.parameters, region: settings.region, accountId: settings.account };
  const sides = readSides(one, other, deployment);
  const found = diffTemplates(sides.old.stacks, sides.new.stacks, deployment);
  const report: Report = {
    old: one.name,
    new: other.name,
    ...found,
    locate: ({ side, stack, path }) => sides[side].sources.get(stack)?.locationOf(path) ?? null,
  };
  const print = { pretty: printPretty, json: printJson, markdown: printMarkdown }[flags.format];
  const text = print(report);
  requests?.write(printRequests(report));
  if (output === null) terminal.print(text);
  else output.write(text);
  if (flags.failOn === 'never') return CLEAN;
  const has = (verdict: string): boolean => found.changes.some((change) => change.verdict === verdict);
  if (has('BROADENED')) return FINDINGS;
  return has('NOT_EVALUATED') && flags.allowIncomplete !== true && !settings.allowIncomplete ? INCOMPLETE : CLEAN;
}

/** What is compared, old and new. */
function treesOf(
  older: string,
  newer: string | undefined,
  refs: string | undefined,
  cwd: string,
): readonly [Tree, Tree] {
  if (refs !== undefined) {
    if (newer !== undefined) {
      throw new InputError([badOption('--git', 'goes with one path', 'write `--git OLD..NEW PATH`')]);
    }
    const [from, to] = commitsOf(refs, cwd);
    return [gitTree(from, older, cwd), gitTree(to, older, cwd)];
  }
  if (newer === undefined) {
    throw new InputError([
      badOption('diff', 'has nothing to compare with', 'name an old and a new template or folder, or use --git'),
    ]);
  }
  if (older === '-' && newer === '-') {
    throw new InputError([badOption('diff', 'cannot read both sides from standard input')]);
  }
  const treeOf = (argument: string): Tree => {
    const ref = splitRef(argument, cwd);
    if (ref === null) return fileTree(argument, cwd);
    const tree = gitTree(ref.ref, ref.path, cwd);
    if (tree.kind !== 'missing') return tree;
    const help = 'check the path; with --git a template may be on one side only';
    throw new InputError([badOption('git', `the commit has no \`${tree.name}\``, help)]);
  };
  return [treeOf(older), treeOf(newer)];
}
