/**
 * Runs a composite action as the runner of GitHub does: the `run` text of each step by bash, with the variables of its `env`,
 * whose expressions alone are evaluated. GitHub Docs, "Metadata syntax reference" and "Workflow commands for GitHub Actions".
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toFiles } from './programs.js';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id: string;
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function readAction(path: string): Action {
  return parse(readFileSync(path, 'utf8')) as Action;
}

export interface ActionRun {
  /** Of the step that failed, or of the last one. */
  readonly exitCode: number | null;
  /** Ids of the steps that ran. */
  readonly steps: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The job summary. */
  readonly summary: string;
}

export interface Surroundings {
  /** A folder for the workspace, the folder of the runner and its files. */
  readonly folder: string;
  readonly actionPath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @param inputs - As `with` gives them; the others have their defaults. */
export function runAction(
  action: Action,
  inputs: Readonly<Record<string, string>>,
  { folder, actionPath, env }: Surroundings,
): ActionRun {
  const [workspace, temporary] = [join(folder, 'workspace'), join(folder, 'runner')];
  for (const each of [workspace, temporary]) mkdirSync(each, { recursive: true });
  const summary = join(temporary, 'summary.md');
  writeFileSync(summary, '');
  const known: Record<string, string> = { 'github.action_path': actionPath };
  for (const [name, { default: usual }] of Object.entries(action.inputs)) known[`inputs.${name}`] = usual;
  for (const [name, value] of Object.entries(inputs)) known[`inputs.${name}`] = value;
  const ran: string[] = [];
  const streams = toFiles(temporary);
  let exitCode: number | null = 0;
  for (const { id, run, env: variables } of action.runs.steps) {
    const [script, output] = [join(temporary, `${id}.sh`), join(temporary, `${id}.output`)];
    writeFileSync(script, run);
    writeFileSync(output, '');
    const given = Object.entries(variables).map(([name, text]) => [name, evaluated(text, known)] as const);
    // "Workflow syntax for GitHub Actions", `jobs.<job_id>.steps[*].shell`: what `shell: bash` runs.
    const child = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: workspace,
      ...streams.options,
      env: {
        ...env,
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: temporary,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...Object.fromEntries(given),
      },
    });
    ran.push(id);
    for (const [name, value] of outputsIn(readFileSync(output, 'utf8'))) known[`steps.${id}.outputs.${name}`] = value;
    ({ status: exitCode } = child);
    if (exitCode !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value, known)]);
  return {
    exitCode,
    steps: ran,
    ...streams.read(),
    outputs: Object.fromEntries(outputs) as Record<string, string>,
    summary: readFileSync(summary, 'utf8'),
  };
}

/** What no step has said is empty. */
function evaluated(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ *([a-z_.-]+) *\}\}/g, (_, name: string) => known[name] ?? '');
}

/** `name=value` lines; a value of several lines stands between delimiters. */
function outputsIn(text: string): readonly (readonly [string, string])[] {
  const outputs: (readonly [string, string])[] = [];
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines.shift()!;
    const [, name, delimiter] = /^([^=]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined) {
      outputs.push([
        name,
        lines
          .splice(0, lines.indexOf(delimiter!) + 1)
          .slice(0, -1)
          .join('\n'),
      ]);
    } else if (line !== '') outputs.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  }
  return outputs;
}
