/** `stackade scan attestations`: a file of attestations to begin with. It attests nothing. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UNCHECKED_CONTROLS } from '../../analyzers/scan/index.js';
import type { Control } from '../../rules/index.js';
import { badOption } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { controlsOf } from './org-selection.js';

export interface ScanAttestationsFlags {
  readonly controls?: readonly string[];
  readonly outputFile?: string;
}

/** Adds `attestations` to `stackade scan`. */
export function registerScanAttestations(parent: Command): void {
  parent
    .command('attestations')
    .description('prints a file of attestations to begin with: every control that can be attested, and none attested')
    .option('--controls <ids...>', 'only these controls')
    .option('--output-file <file>', 'write it to a file, which must not be there')
    .action((flags: ScanAttestationsFlags) => {
      process.exitCode = runScanAttestations(flags, processTerminal());
    });
}

/** @returns The exit code. */
export function runScanAttestations({ controls, outputFile }: ScanAttestationsFlags, terminal: Terminal): number {
  try {
    const library = loadLibrary();
    const chosen = controlsOf(controls, library);
    const attestable = library.controls.filter(({ layers }) => layers.includes('attest'));
    const other = chosen?.find((id) => !attestable.some((control) => control.id === id));
    if (other !== undefined) {
      const help = 'docs/scan-controls.md tells which can be attested';
      throw new InputError([badOption('--controls', `\`${other}\` cannot be attested`, help)]);
    }
    const text = attestationSkeleton(attestable, chosen);
    if (outputFile === undefined) terminal.print(text);
    else {
      // Statements that somebody has signed are not written over.
      if (existsSync(resolve(terminal.cwd, outputFile))) {
        const help = 'name a new file, and copy what is missing from there';
        throw new InputError([badOption('--output-file', `\`${outputFile}\` is there already`, help)]);
      }
      openOutputFile(outputFile, terminal.cwd).write(text);
    }
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/**
 * Writes a file of attestations in which controls are wanted and none is attested. Those that only a person can answer for
 * are wanted; those that a check looks at stand behind `#`, unless they were chosen.
 *
 * @param attestable - Controls that can be attested.
 * @param chosen - Ids of those that are wanted; `null` for the usual ones.
 */
export function attestationSkeleton(
  attestable: readonly Pick<Control, 'id' | 'title'>[],
  chosen: readonly string[] | null,
): string {
  const isWanted = (id: string): boolean => chosen?.includes(id) ?? Object.hasOwn(UNCHECKED_CONTROLS, id);
  const wanted = attestable.filter(({ id }) => isWanted(id));
  const others = chosen === null ? attestable.filter(({ id }) => !isWanted(id)) : [];
  const entry = ({ id, title }: (typeof wanted)[number], mark: string): string[] => {
    const why = UNCHECKED_CONTROLS[id];
    return ['', `  # ${title}.`, ...(why === undefined ? [] : [`  # ${why}`]), `  ${mark}- ${id}`];
  };
  return [
    '# Attestations: dated statements on what nobody can look at, for `stackade scan org --attestations FILE`.',
    '# A control below `controls` is wanted: it is a finding until somebody attests it. Take out what does not concern you.',
    'version: 1',
    wanted.length === 0 ? 'controls: []' : 'controls:',
    ...wanted.flatMap((control) => entry(control, '')),
    ...(others.length === 0 ? [] : ['', '  # Checks look at these; somebody can answer for them as well.']),
    ...others.flatMap((control) => entry(control, '# ')),
    '',
    '# One statement for each control, in place of []:',
    '#   - control: the id of the control',
    '#     statement: what you have looked at, and what you found',
    '#     owner: who answers for it, such as team@example.com',
    "#     date: 'YYYY-MM-DD', the day of the statement",
    "#     expires: 'YYYY-MM-DD', the last day on which it holds",
    'attestations: []',
    '',
  ].join('\n');
}
