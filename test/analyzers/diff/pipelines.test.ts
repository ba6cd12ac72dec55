/**
 * The shell of the example pipelines, run with programs that stand for the AWS CLI and for the comparison: what a pipeline
 * hangs on is that it stops, or asks somebody, whenever the comparison does not say that nothing is broader.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { get } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { readBuildSpec } from '../../integrations/codebuild.js';
import { runProgram } from '../../support/programs.js';
import { repositoryRoot } from '../../support/repository.js';
import { valueOf } from './support.js';

const example = (name: string): string => readFileSync(join(repositoryRoot(), 'examples/pipelines', name), 'utf8');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackade-pipeline-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

/** Stands for `npx stackade diff`; what cannot be read (2) leaves no report. */
function comparison(code: number): void {
  program(
    'npx',
    `echo "$*" >> compared\n${code === 2 ? '' : "printf '## Broader\\n\\nmore\\n' > report.md"}\nexit ${code}`,
  );
}

const read = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');

/** Runs a script by the shell that the service takes. */
function shell(words: readonly string[], script: string, variables: Readonly<Record<string, string>>): number | null {
  const given = Object.entries({ ...variables, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` });
  writeFileSync(join(folder, 'script'), script);
  const args = [...given.map(([name, value]) => `${name}=${value}`), ...words, join(folder, 'script')];
  return runProgram('env', args, '', folder).status;
}

describe('CodePipeline', () => {
  const at = (value: Value, ...path: readonly string[]): Value =>
    path.reduce<Value>((below, name) => get(below as ValueMap, name)!, value);
  const text = at(
    valueOf(example('approval-when-broader.yaml')),
    ...['Resources', 'Check', 'Properties', 'Source', 'BuildSpec'],
  );
  const spec = readBuildSpec(text as string);

  /** All commands in one shell; one that fails ends the build. */
  function build(answer: string): number | null {
    program('aws', `echo "$*" >> calls\ncase "$1" in cloudformation) ${answer};; esac`);
    const commands = spec.phases['build']!.commands.map((command) => `${command}\n[ $? -eq 0 ] || exit 1\n`);
    return shell(['sh'], `${commands.join('')}echo "$RESULT: $MESSAGE" > exported\n`, {
      ...{ CODEBUILD_BUILD_ID: 'check:1', STACK_NAME: 'app', TEMPLATE: 'template.json' },
      TOPIC: 'arn:aws:sns:eu-central-1:111122223333:approvals',
    });
  }
  const deployed = `echo '{"TemplateBody":{"Resources":{"Q":{}}}}'`;

  it.each([
    [0, 'SAME', false],
    [1, 'BROADER', true],
    [3, 'BROADER', true],
  ])('tells what code %i means, and asks when it must', (code, result, isTold) => {
    comparison(code);
    expect(build(deployed)).toBe(0);
    expect(read('exported')).toBe(`${result}: Broader\n`);
    expect(read('calls').includes('sns publish')).toBe(isTold);
    expect(JSON.parse(read('deployed.template'))).toStrictEqual({ Resources: { Q: {} } });
    expect(read('compared')).toContain('stackade diff deployed.template template.json');
  });

  it.each([2, 127])('fails when the comparison ends with %i', (code) => {
    comparison(code);
    expect(build(deployed)).not.toBe(0);
    expect(read('exported')).toBe('');
  });

  it('takes a stack that is not there for an empty one', () => {
    comparison(1);
    expect(build(`echo 'Stack with id app does not exist' >&2; exit 254`)).toBe(0);
    expect(JSON.parse(read('deployed.template'))).toStrictEqual({ Resources: {} });
  });

  it('takes no other error for that', () => {
    comparison(0);
    expect(build(`echo 'An error occurred (AccessDenied)' >&2; exit 254`)).not.toBe(0);
    expect(read('compared')).toBe('');
  });

  it('compares templates in YAML', () => {
    comparison(0);
    expect(build(String.raw`printf '%s' '{"TemplateBody":"Resources:\n  Q: {}\n"}'`)).toBe(0);
    expect(read('deployed.template')).toBe('Resources:\n  Q: {}\n');
  });
});

describe('GitHub', () => {
  interface Job {
    readonly if?: string;
    readonly needs?: string;
    readonly environment?: string;
    readonly outputs?: Readonly<Record<string, string>>;
    readonly steps: readonly { readonly id?: string; readonly run?: string }[];
  }
  const { jobs } = parse(example('github-actions.yml')) as { readonly jobs: Readonly<Record<string, Job>> };
  const step = jobs['compare']!.steps.find(({ id }) => id === 'diff')!.run!;

  /** `bash -e`, as for steps that name no shell. */
  const compare = (): number | null =>
    shell(['bash', '-e'], step, { BASE: 'a', HEAD: 'b', GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'output' });

  it.each([0, 1, 3])('hands on code %i', (code) => {
    comparison(code);
    expect(compare()).toBe(0);
    expect(read('output')).toBe(`code=${code}\n`);
    expect(read('summary')).toContain('## Broader');
    expect(read('compared')).toContain('--git a..b');
  });

  it.each([2, 127])('fails when the comparison ends with %i', (code) => {
    comparison(code);
    expect(compare()).not.toBe(0);
  });

  it('asks unless nothing is broader', () => {
    const { if: when, needs, environment } = jobs['approval']!;
    expect({ when, needs, environment, outputs: jobs['compare']!.outputs }).toStrictEqual({
      ...{ when: "needs.compare.outputs.code != '0'", needs: 'compare', environment: 'security-review' },
      outputs: { code: '${{ steps.diff.outputs.code }}' },
    });
  });
});
