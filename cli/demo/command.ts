/** `stackade demo`: what Stackade does for an organization, in a sandbox. */
import type { Command } from 'commander';
import { openOutputFile, type OutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { makeScanners, scan } from './scan.js';
import { Stage, StoryError } from './stage.js';
import * as story from './story.js';

/** Adds `demo`. Exit code: 0 when everything went as told, 1 when something did not, 2 when the report cannot be
 * written. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('shows on an embedded organization what Stackade does: hooks, guardrails, tenants, revocation')
    .option('--report <file>', 'write the report of the scan to a file (HTML)')
    .action(async ({ report }: { readonly report?: string }) => {
      process.exitCode = await runDemo(process.argv[1] ?? '', processTerminal(), report);
    });
}

/**
 * @param main - The file of the built command.
 * @param report - File for the report of the scan.
 * @returns The exit code.
 */
export async function runDemo(main: string, terminal: Terminal, report?: string): Promise<number> {
  let output: OutputFile | undefined;
  try {
    output = report === undefined ? undefined : openOutputFile(report, terminal.cwd);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, new Map(), terminal);
    return BAD_INPUT;
  }
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const stage = await Stage.open(main, terminal);
  try {
    const cast = await story.begin(stage);
    await makeScanners(stage, cast);
    await story.rollOutHooks(stage, cast);
    await story.watch(stage, cast);
    await story.applyGuardrails(stage, cast);
    await story.developersTry(stage, cast);
    await story.tamper(stage, cast);
    await story.joinUnit(stage, cast);
    await story.tenants(stage, cast);
    await story.revoke(stage, cast);
    await scan(stage, cast, output);
    terminal.print('\nEach line came from a request that the sandbox answered; nothing of it is left.\n');
    return CLEAN;
  } catch (error) {
    if (!(error instanceof StoryError)) throw error;
    terminal.tell(`the demo did not go as it should: ${error.message}\n`);
    return FINDINGS;
  } finally {
    await stage.close();
  }
}
