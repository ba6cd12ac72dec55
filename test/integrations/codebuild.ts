/**
 * Runs a build specification as AWS CodeBuild does: in version 0.2 all commands in one shell, phase after phase; a command
 * that fails ends its phase, and with `on-failure: ABORT` the build. AWS CodeBuild User Guide, "Build specification reference".
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { toFiles } from './programs.js';

interface Phase {
  readonly 'on-failure'?: string;
  readonly commands: readonly string[];
}

export interface BuildSpec {
  readonly version: number;
  readonly env?: {
    readonly shell?: string;
    readonly variables?: Readonly<Record<string, string>>;
  };
  readonly phases: Readonly<Record<string, Phase>>;
  readonly reports?: Readonly<
    Record<
      string,
      { readonly files: readonly string[]; readonly 'file-format': string; readonly 'base-directory'?: string }
    >
  >;
  readonly artifacts?: { readonly files: readonly string[] };
}

export function readBuildSpec(text: string): BuildSpec {
  return parse(text) as BuildSpec;
}

/** Phases in the order in which they run; others must not be there. */
const ORDER = ['install', 'pre_build', 'build', 'post_build'];

export interface Build {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param folder - The source; the streams are kept beside it. */
export function runBuild(spec: BuildSpec, folder: string, env: Readonly<Record<string, string>>): Build {
  const unknown = Object.keys(spec.phases).filter((name) => !ORDER.includes(name));
  if (unknown.length > 0) throw new Error(`no phases of CodeBuild: ${unknown.join(', ')}`);
  const phases = ORDER.flatMap((name) => (spec.phases[name] === undefined ? [] : [spec.phases[name]]));
  if (phases.some((phase) => phase['on-failure'] !== 'ABORT')) throw new Error('each phase has to say `ABORT`');
  const script = join(folder, '..', 'build.sh');
  const commands = phases.flatMap((phase) => phase.commands);
  writeFileSync(
    script,
    commands.map((command) => `${command}\nstatus=$?; [ "$status" -eq 0 ] || exit "$status"\n`).join(''),
  );
  const streams = toFiles(join(folder, '..'));
  const { status } = spawnSync(spec.env?.shell ?? 'sh', [script], {
    cwd: folder,
    ...streams.options,
    env: { ...env, ...spec.env?.variables, CODEBUILD_SRC_DIR: folder, ...env },
  });
  return { exitCode: status, ...streams.read() };
}
