/** What a run accepts: waivers while files are checked, and a baseline over the report. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Finding, Report } from '../../findings/index.js';
import {
  applyBaseline,
  compileGlob,
  NO_WAIVERS,
  printBaseline,
  readBaseline,
  speaksOf,
  WaiverSession,
} from '../../rules/index.js';
import type { Baseline, Target, WaiverFile } from '../../rules/index.js';
import { readJsonSource } from '../../template/index.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { shownPath } from './discover.js';
import type { FileRun } from './file-run.js';
import { openOutputFile } from './output-file.js';
import { readFileText, STDIN } from './read-file.js';
import type { CheckSettings } from './settings.js';

/** Waivers and baseline of one run. */
export interface Accepted {
  readonly waivers: WaiverSession;
  /** The text of the waiver file, by its name. */
  readonly sources: ReadonlyMap<string, string>;
  /** Applies the baseline, or writes it. */
  finish(report: Report, run: FileRun): Report;
}

/** The rules and controls that a waiver file may name: those that there are, and those of the run. */
export interface Named {
  readonly library: {
    readonly rules: readonly { readonly metadata: { readonly id: string } }[];
    readonly controls: readonly { readonly id: string }[];
  };
  readonly bundle: { readonly rules: readonly { readonly id: string; readonly controls: readonly string[] }[] };
}

/** A code of the schema lint. */
const LINT_CODE = /^[EFWI][0-9]{4}$/;

/**
 * Reads the files that say what is accepted, before anything is checked.
 *
 * @throws InputError when one of them cannot be used.
 */
export async function openAccepted(
  settings: CheckSettings,
  library: Named['library'],
  bundle: Named['bundle'],
  terminal: Terminal,
): Promise<Accepted> {
  const { cwd } = terminal;
  const { account, ou, createBaseline } = settings;
  const { file, sources } = await findWaivers(settings, library, bundle, cwd);
  const waivers = new WaiverSession(file, {
    // The clock is read here, once for the whole run.
    today: new Date().toISOString().slice(0, 10),
    ...(account !== undefined && { account }),
    ...(ou !== undefined && { ou }),
    compileGlob,
    isChecked: (target) => isChecked(target, bundle, settings),
    sources,
  });
  const baseline = settings.baseline === undefined ? null : loadBaseline(settings.baseline, cwd);
  const output = createBaseline === undefined ? null : openOutputFile(createBaseline, cwd);
  const name = shownPath(settings.baseline ?? createBaseline ?? '', cwd);
  const isBarred = (finding: Finding): boolean => file.neverWaivable.some((target) => speaksOf(target, finding));
  const exists = (path: string): boolean => existsSync(resolve(cwd, path));
  return {
    waivers,
    sources,
    finish: (report, run) => {
      const context = { name, texts: run.texts, exists, isBarred };
      if (baseline !== null) return applyBaseline(report, baseline, context);
      if (output === null) return report;
      if (!run.isWhole) {
        terminal.tell('the baseline is not written, because not everything could be checked\n');
        return report;
      }
      const text = printBaseline(report, context);
      output.write(text);
      return applyBaseline(report, parseBaseline(text, name), context);
    },
  };
}

async function findWaivers(
  { waivers }: CheckSettings,
  library: Named['library'],
  bundle: Named['bundle'],
  cwd: string,
): Promise<{ readonly file: WaiverFile; readonly sources: ReadonlyMap<string, string> }> {
  if (waivers === undefined) return { file: NO_WAIVERS, sources: new Map() };
  const { readWaivers } = await import('./waiver-file.js');
  return readWaivers(waivers, cwd, {
    rules: new Set([...library.rules.map(({ metadata }) => metadata.id), ...bundle.rules.map(({ id }) => id)]),
    controls: new Set([...library.controls.map(({ id }) => id), ...bundle.rules.flatMap(({ controls }) => controls)]),
  });
}

function isChecked({ kind, id }: Target, { rules }: Named['bundle'], { lint }: CheckSettings): boolean {
  if (kind === 'control') return rules.some(({ controls }) => controls.includes(id));
  return rules.some((rule) => rule.id === id) || (lint.enabled && LINT_CODE.test(id));
}

function loadBaseline(path: string, cwd: string): Baseline {
  const name = shownPath(path, cwd);
  const { text, diagnostic } = readFileText(path === STDIN ? STDIN : resolve(cwd, path), name);
  if (text === null) throw new InputError([diagnostic]);
  return parseBaseline(text, name);
}

function parseBaseline(text: string, name: string): Baseline {
  const sources = new Map([[name, text]]);
  const { source, diagnostics } = readJsonSource(text, name);
  if (source === null) throw new InputError(diagnostics, sources);
  const read = readBaseline(source);
  if (read.baseline === null) throw new InputError(read.diagnostics, sources);
  return read.baseline;
}
