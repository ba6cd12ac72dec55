/** The command in process: files, folders, cloud assemblies, commits, exit codes and forms. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../../cli/diff/main.js';
import type { DiffFlags } from '../../../cli/diff/main.js';
import { Questions } from '../../../iam/index.js';
import type { Terminal } from '../../../cli/terminal.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackade-diff-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function diff(older: string, newer?: string, flags: Partial<DiffFlags> = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      out += text;
    },
    tell: (text) => {
      err += text;
    },
  };
  const code = await main(older, newer, { failOn: 'broadened', format: 'pretty', ...flags }, terminal);
  return { code, out, err };
}

const group = (cidr: string, more = ''): string =>
  JSON.stringify({
    Resources: {
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: `g${more}`,
          SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: cidr }],
        },
      },
    },
  });
const role = (actions: readonly string[]): string =>
  [
    'Resources:',
    '  Role:',
    '    Type: AWS::IAM::Role',
    '    Properties:',
    '      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}',
    '      Policies:',
    '        - PolicyName: p',
    '          PolicyDocument:',
    '            Version: "2012-10-17"',
    '            Statement:',
    ...actions.map((action) => `              - {Effect: Allow, Action: "${action}", Resource: "*"}`),
  ].join('\n');

describe('two templates', () => {
  it('exits 1 for what is broader, at its line, and 0 the other way round', async () => {
    write('old.yaml', role(['s3:GetObject']));
    write('new.yaml', role(['s3:GetObject', 'sqs:SendMessage']));
    const { code, out } = await diff('old.yaml', 'new.yaml');
    expect(code).toBe(1);
    expect(out).toContain('may newly do `sqs:SendMessage`');
    expect(out).toContain('--> new.yaml:12:17');
    const back = await diff('new.yaml', 'old.yaml');
    expect(back.code).toBe(0);
    expect(back.out).toContain('0 broadened, 0 not evaluated, 1 narrowed.');
    expect((await diff('old.yaml', 'new.yaml', { failOn: 'never' })).code).toBe(0);
  });

  it('exits 3 for what cannot be told, unless that is accepted', async () => {
    write('old.json', group('10.0.0.0/8'));
    write('new.json', group('{{resolve:ssm:range}}'));
    const { code, out } = await diff('old.json', 'new.json');
    expect(code).toBe(3);
    expect(out).toContain('@secret@');
    expect((await diff('old.json', 'new.json', { allowIncomplete: true })).code).toBe(0);
  });

  it('writes requests that the evaluator decides differently', async () => {
    write('old.yaml', role(['s3:GetObject']));
    write('new.yaml', role(['s3:*']));
    await diff('old.yaml', 'new.yaml', { requests: 'requests.jsonl' });
    const questions = new Questions();
    const decisions = readFileSync(join(folder, 'requests.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const reply = questions.take(line, 'requests.jsonl');
        return reply.kind === 'answer' ? `${reply.name!} ${reply.evaluation.decision}` : reply.kind;
      });
    expect(decisions).toStrictEqual(['1 old IMPLICIT_DENY', '1 new ALLOW']);
  });

  it('prints JSON and markdown, and no markup of a template', async () => {
    write('old.yaml', role(['s3:GetObject']));
    write('new.yaml', `${role(['s3:GetObject'])}\n      ManagedPolicyArns: ["arn:aws:iam::aws:policy/<img>|x"]\n`);
    const json = JSON.parse((await diff('old.yaml', 'new.yaml', { format: 'json' })).out) as Record<string, unknown>;
    expect(json).toMatchObject({ version: 1, result: 'BROADENED', summary: { broadened: 1, notEvaluated: 0 } });
    const { out } = await diff('old.yaml', 'new.yaml', { format: 'markdown' });
    expect(out).toContain('## This change broadens what is allowed');
    expect(out.split('\n').filter((line) => line.startsWith('| warning'))).toHaveLength(1);
    expect(out).toContain('\\<img\\>\\|x');
  });
});

describe('bad input', () => {
  it.each<[title: string, older: string, newer: string | undefined, flags: Partial<DiffFlags>, says: string]>([
    ['a file that is not there', 'none.yaml', 'a.json', {}, '`none.yaml` cannot be read'],
    ['a file that is no template', 'text.yaml', 'a.json', {}, 'text.yaml'],
    ['a broken file', 'broken.json', 'a.json', {}, 'broken.json'],
    ['a file and a folder', 'a.json', 'folder', {}, 'a template and a folder'],
    ['one side', 'a.json', undefined, {}, 'has nothing to compare with'],
    ['an empty folder', 'empty', 'empty', {}, 'nothing was checked'],
    ['an option for a commit', '--upload-pack=x:a.json', 'a.json', {}, 'no name of a commit'],
    ['a range without an end', 'a.json', undefined, { git: 'main..' }, 'OLD..NEW'],
    ['an account that is none', 'a.json', 'a.json', { account: '12' }, '12 digits'],
  ])('%s', async (_, older, newer, flags, says) => {
    write('a.json', group('10.0.0.0/8'));
    write('folder/a.json', group('10.0.0.0/8'));
    write('broken.json', '{"Resources": {');
    write('text.yaml', 'just: text');
    mkdirSync(join(folder, 'empty'));
    const { code, out, err } = await diff(older, newer, flags);
    expect([code, out]).toStrictEqual([2, '']);
    expect(err).toContain(says);
  });
});

it('compares folders by their paths', async () => {
  write('old/net/a.json', group('10.0.0.0/8'));
  write('old/b.json', group('0.0.0.0/0'));
  write('new/net/a.json', group('0.0.0.0/0'));
  write('new/b.json', group('0.0.0.0/0', ' in other words'));
  const { code, out } = await diff('old', 'new');
  expect(code).toBe(1);
  expect(out).toContain('--> new/net/a.json:1:');
  expect(out).toContain('1 broadened, 0 not evaluated, 0 narrowed.');
});

it('reads cloud assemblies, and nested stacks with what they are given', async () => {
  const assembly = (side: string, range: string, hash: string): void => {
    const artifacts = {
      App: { type: 'aws:cloudformation:stack', properties: { templateFile: `App.${hash}.json` } },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    };
    write(`${side}/manifest.json`, JSON.stringify({ version: '36.0.0', artifacts }));
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Metadata: { 'aws:asset:path': `inner.${hash}.json` },
      Properties: { TemplateURL: `https://bucket/${hash}`, Parameters: { Range: range } },
    };
    write(`${side}/App.${hash}.json`, JSON.stringify({ Resources: { Inner: nested } }));
    const inner = group('RANGE').replace('"RANGE"', '{"Ref": "Range"}');
    write(
      `${side}/inner.${hash}.json`,
      inner.replace('{"Resources"', '{"Parameters":{"Range":{"Type":"String"}},"Resources"'),
    );
  };
  assembly('old', '10.0.0.0/8', 'aaa');
  assembly('same', '10.0.0.0/8', 'bbb');
  assembly('new', '0.0.0.0/0', 'bbb');
  expect(await diff('old', 'same')).toMatchObject({ code: 0, err: '' });
  const { code, out } = await diff('old', 'new');
  expect(code).toBe(1);
  expect(out).toContain('newly lets in tcp 22');
  expect(out).toContain('new/inner.bbb.json');
});

it('reads commits, and a path that is on one side only', async () => {
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  };
  git('init', '-q');
  write('app/a.json', group('10.0.0.0/8'));
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  write('app/a.json', group('0.0.0.0/0'));
  write('app/sub/b.json', group('10.0.0.0/8'));
  git('add', '.');
  git('commit', '-q', '-m', 'two');
  const whole = await diff('app', undefined, { git: 'HEAD~1..HEAD' });
  expect(whole.code).toBe(1);
  expect(whole.out).toContain('--> HEAD:app/a.json:1:');
  expect(whole.out).toContain('the new group lets in tcp 22, peer 10.0.0.0/8');
  expect((await diff('HEAD~1:app/a.json', 'app/a.json')).code).toBe(1);
  expect((await diff('HEAD:app/a.json', 'app/a.json')).code).toBe(0);
  expect((await diff('app/sub/b.json', undefined, { git: 'HEAD~1..HEAD' })).code).toBe(1);
  expect((await diff('HEAD~1:app/sub/b.json', 'app/sub/b.json')).err).toContain('the commit has no');
  expect((await diff('app', undefined, { git: 'HEAD~1..nowhere' })).err).toContain('no such commit');
});
