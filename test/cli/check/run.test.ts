/** Runs in this process, the schema lint off. */
import { readFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckFlags } from '../../../cli/check/settings.js';
import type { Contents } from './support.js';
import { BAD, check, folderOf, GOOD, removeFolders, reportOf } from './support.js';

afterEach(removeFolders);

const OPEN =
  'Parameters: {Key: {Type: String}}\nResources:\n  Volume:\n    Type: AWS::EC2::Volume\n    Properties: {Encrypted: !Ref Key}\n';
const WARNING = 'rule W { Resources.* exists }';

interface Outcome {
  readonly exitCode: number;
  readonly statuses: Readonly<Record<string, string>>;
}

async function outcome(
  contents: Contents,
  paths: readonly string[] = ['.'],
  flags: Partial<CheckFlags> = {},
): Promise<Outcome> {
  const ran = await check(folderOf(contents), paths, flags);
  return {
    exitCode: ran.exitCode,
    statuses: Object.fromEntries(reportOf(ran).files.map(({ path, status }) => [path, status])),
  };
}

describe('exit codes', () => {
  it('0: nothing to mend', async () => {
    expect(await outcome({ 'a.yaml': GOOD })).toStrictEqual({ exitCode: 0, statuses: { 'a.yaml': 'PASS' } });
  });

  it('1: a finding, in whatever file', async () => {
    expect(await outcome({ 'a.yaml': GOOD, 'b.yaml': BAD })).toStrictEqual({
      exitCode: 1,
      statuses: { 'a.yaml': 'PASS', 'b.yaml': 'FAIL' },
    });
  });

  it('2: a file that cannot be read, and the others are checked', async () => {
    expect(await outcome({ 'a.yaml': GOOD, 'b.yaml': 'Resources: [', 'c.yaml': BAD })).toStrictEqual({
      exitCode: 2,
      statuses: { 'a.yaml': 'PASS', 'b.yaml': 'NOT_EVALUATED', 'c.yaml': 'FAIL' },
    });
  });

  it('3: a verdict is open; 0 when that is allowed', async () => {
    const contents = { 'a.yaml': OPEN };
    expect(await outcome(contents)).toStrictEqual({ exitCode: 3, statuses: { 'a.yaml': 'NOT_EVALUATED' } });
    expect((await outcome(contents, ['.'], { allowIncomplete: true })).exitCode).toBe(0);
    expect(await outcome(contents, ['.'], { parameters: ['Key=true'] })).toStrictEqual({
      exitCode: 0,
      statuses: { 'a.yaml': 'PASS' },
    });
    expect((await outcome(contents, ['.'], { parameters: ['Key=false'] })).exitCode).toBe(1);
  });

  it('1 before 3, 2 before 1', async () => {
    expect((await outcome({ 'a.yaml': OPEN, 'b.yaml': BAD })).exitCode).toBe(1);
    expect((await outcome({ 'a.yaml': OPEN, 'b.yaml': BAD, 'c.yaml': 'Resources: [' })).exitCode).toBe(2);
  });

  it('an unreadable file is never accepted as incomplete', async () => {
    const { exitCode, stderr } = await check(folderOf({ 'a.yaml': 'Resources: [' }), ['.'], {
      allowIncomplete: true,
      failOn: 'never',
    });
    expect([exitCode, stderr.includes('--allow-incomplete')]).toStrictEqual([2, false]);
    const strict = await check(folderOf({ 'a.yaml': 'Resources: [' }), ['.']);
    expect(strict.stderr).not.toContain('--allow-incomplete');
  });

  it.each([
    ['error', 0],
    ['warning', 0],
    ['info', 1],
    ['never', 0],
  ] as const)('--fail-on %s with a finding of severity info: %i', async (failOn, exitCode) => {
    const bucket = `Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: data-classification, Value: internal}]
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: alias/data}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: 's3:*'
            Resource: [!GetAtt Bucket.Arn, !Sub '\${Bucket.Arn}/*']
            Condition: {Bool: {'aws:SecureTransport': 'false'}}
`;
    const flags = { pack: ['encryption'], failOn };
    const ran = await check(folderOf({ 'a.yaml': bucket }), ['a.yaml'], flags);
    expect(reportOf(ran).findings.map(({ severity, ruleId }) => `${severity} ${ruleId}`)).toStrictEqual([
      'info s3-bucket-kms-bucket-key',
    ]);
    expect(ran.exitCode).toBe(exitCode);
  });

  it('--fail-on never lets no finding fail', async () => {
    expect((await outcome({ 'a.yaml': BAD }, ['.'], { failOn: 'never' })).exitCode).toBe(0);
  });
});

describe('what is skipped in a folder', () => {
  const contents: Contents = {
    'template.yaml': GOOD,
    'list.yaml': '- Resources: {}\n',
    'scalar.yml': 'text',
    'package.json': '{"name": "x"}',
    'resources-null.json': '{"Resources": null}',
    'k8s.yaml': 'a: 1\n---\nb: 2\n',
    'broken.json': '{"a": ',
    'empty.yaml': '',
    'binary.template': new Uint8Array([0, 1, 2, 255]),
  };

  it('parses without `Resources`, or neither parses nor looks like a template', async () => {
    const ran = await check(folderOf(contents), ['.'], { listSkipped: true });
    expect(ran.exitCode).toBe(0);
    expect(reportOf(ran).files.map(({ path }) => path)).toStrictEqual(['template.yaml']);
    expect(ran.stderr).toBe(
      [
        'skipped binary.template: no template, and no text',
        'skipped broken.json: neither JSON nor YAML, and no template',
        'skipped empty.yaml: neither JSON nor YAML, and no template',
        'skipped k8s.yaml: neither JSON nor YAML, and no template',
        'skipped list.yaml: no `Resources` map',
        'skipped package.json: no `Resources` map',
        'skipped resources-null.json: no `Resources` map',
        'skipped scalar.yml: no `Resources` map',
        '',
      ].join('\n'),
    );
  });

  it('is counted when it is not listed', async () => {
    expect((await check(folderOf(contents), ['.'])).stderr).toBe('8 paths were skipped; --list-skipped names them\n');
    expect((await check(folderOf({ 'a.yaml': GOOD, 'b.json': '{}' }), ['.'])).stderr).toBe(
      '1 path was skipped; --list-skipped names it\n',
    );
  });

  it('is an error when it is named', async () => {
    const names = Object.keys(contents).filter((name) => name !== 'template.yaml');
    const folder = folderOf(contents);
    for (const name of names) {
      const ran = await check(folder, ['template.yaml', name]);
      expect([name, ran.exitCode, reportOf(ran).files.length]).toStrictEqual([name, 2, 2]);
    }
  });

  it.each([
    ['AWSTemplateFormatVersion: 2010-09-09\nResources: [', 'TPL1001'],
    ['{"Resources": {', 'TPL1001'],
    ['Resources: {}\n---\na: 1\n', 'TPL1003'],
    ['Resources: {}\nResources: {}\n', 'TPL1002'],
    [Buffer.from('AWSTemplateFormatVersion: x\nResources: {}', 'utf16le'), 'TPL1009'],
  ])('is not what was meant as a template and cannot be read: %j', async (content, code) => {
    const ran = await check(folderOf({ 'a.yaml': content, 'b.yaml': GOOD }), ['.']);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(`error[${code}]`);
    expect(reportOf(ran).notEvaluated.map(({ path, ruleId }) => `${path} ${ruleId}`)).toStrictEqual([`a.yaml ${code}`]);
  });

  it('is a large file without a template in it, and no other', async () => {
    const folder = folderOf({ 'data.json': '{"a": 1}', 'huge.json': '{"Resources": {}}', 'b.yaml': GOOD });
    truncateSync(join(folder, 'data.json'), 60 << 20);
    expect((await check(folder, ['.', 'b.yaml'])).stderr).not.toContain('data.json');
    truncateSync(join(folder, 'huge.json'), 60 << 20);
    const ran = await check(folder, ['.'], { listSkipped: true });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain('`huge.json` is not read: it has 60 MiB, more than 50 MiB');
    expect(ran.stderr).toContain('skipped data.json');
  });

  it('is what the configuration excludes, unless it is named', async () => {
    const folder = folderOf({
      'stackade.yaml': "exclude: ['out', '**/*.bad.yaml']",
      'a.yaml': GOOD,
      'out/b.yaml': BAD,
      'x/c.bad.yaml': BAD,
    });
    const ran = await check(folder, ['.'], { listSkipped: true });
    expect([ran.exitCode, reportOf(ran).files.map(({ path }) => path)]).toStrictEqual([0, ['a.yaml']]);
    expect(ran.stderr).toBe(
      'skipped out: excluded\nskipped stackade.yaml: no `Resources` map\nskipped x/c.bad.yaml: excluded\n',
    );
    expect((await check(folder, ['x/c.bad.yaml'])).exitCode).toBe(1);
  });
});

describe('nothing checked', () => {
  it.each<[string, Contents, readonly string[]]>([
    ['an empty folder', {}, []],
    ['a folder without templates', { 'd/package.json': '{}' }, ['d']],
    ['a file that does not exist', {}, ['missing.yaml']],
  ])('%s: exit code 2', async (_, contents, paths) => {
    const ran = await check(folderOf(contents), paths);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr.match(/^error\[/gm)).toHaveLength(1);
    expect(reportOf(ran).files).toStrictEqual([]);
  });
});

describe('one bad file', () => {
  it('is told once, on standard error, and counted in the report', async () => {
    const ran = await check(folderOf({ 'b.yaml': 'Resources:\n  A: [\n' }), ['b.yaml', 'missing.yaml']);
    expect(ran.stderr.match(/^error\[/gm)).toHaveLength(2);
    const { files, notEvaluated, findings } = reportOf(ran);
    expect(files).toStrictEqual([{ path: 'b.yaml', status: 'NOT_EVALUATED', rules: {} }]);
    expect(findings).toStrictEqual([]);
    expect(
      notEvaluated.map(({ path, ruleId, location }) => [path, ruleId, location?.file, location?.line]),
    ).toStrictEqual([
      ['b.yaml', 'TPL1001', 'b.yaml', 3],
      ['missing.yaml', 'CLI1001', undefined, undefined],
    ]);
  });

  it.each([
    [
      'conditions',
      'Conditions: {A: !Condition B, B: !Not [!Condition A]}\nResources: {X: {Type: "AWS::SNS::Topic", Condition: A}}\n',
      'TPL3007',
    ],
    [
      'references',
      'Resources:\n  A: {Type: "AWS::SNS::Topic", Properties: {TopicName: !Ref B}}\n  B: {Type: "AWS::SNS::Topic", Properties: {TopicName: !Ref A}}\n',
      'TPL3008',
    ],
  ])('with a circle of %s is invalid', async (_, text, code) => {
    const ran = await check(folderOf({ 'a.yaml': text }), ['a.yaml'], { failOn: 'never', allowIncomplete: true });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(new RegExp(`^a\\.yaml:\\d+:\\d+: ${code}: .* depend on each other: .*\\n$`));
    expect(reportOf(ran).findings.map(({ ruleId }) => ruleId)).toContain(code);
  });

  it('with null in it is invalid, however it is written', async () => {
    const text = 'Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: ~}\n    Metadata:\n';
    const ran = await check(folderOf({ 'a.yaml': text }), ['.'], { failOn: 'never', allowIncomplete: true });
    expect(ran.exitCode).toBe(2);
    const said = 'is null, and CloudFormation takes no null in a template';
    expect(ran.stderr).toBe(
      `a.yaml:4:29: TPL3022: \`TopicName\` ${said}\na.yaml:5:14: TPL3022: \`Metadata\` ${said}\n`,
    );
  });

  it('with the key of the parameters is not checked: it could take their place', async () => {
    const text = `StackadeParameters:\n  cmkClasses: []\n${BAD}`;
    const ran = await check(folderOf({ 'a.yaml': text }), ['.']);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain('error[CLI1005]: the template has the key `StackadeParameters`');
    expect(ran.stderr).toContain('a.yaml:1:1');
    expect(reportOf(ran).files).toStrictEqual([{ path: 'a.yaml', status: 'NOT_EVALUATED', rules: {} }]);
  });

  it('cannot print control sequences', async () => {
    const name = 'a\u001b[31m.yaml';
    const folder = folderOf({ [name]: OPEN, 'b\u001b[2J.yaml': 'a: 1' });
    const ran = await check(folder, ['.'], { listSkipped: true });
    expect(ran.stderr).not.toContain('\u001b');
    expect(ran.stderr).toContain('skipped b\\u001b[2J.yaml');
    expect((await check(folder, [`missing\u001b[2J`])).stderr).not.toContain('\u001b');
  });
});

describe('rules', () => {
  it('come from the foundation pack when none is named', async () => {
    const { files } = reportOf(await check(folderOf({ 'a.yaml': BAD }), ['.']));
    const rules = Object.keys(files[0]!.rules);
    expect(rules).toContain('sns-topic-encrypted');
    expect(rules.filter((id) => id.startsWith('tagging-'))).toStrictEqual([]);
  });

  it("may be the user's own, under their Guard names, beside those of packs", async () => {
    const folder = folderOf({
      'a.yaml': GOOD,
      'own/x.guard': 'rule NAMED { Resources.*.Properties.TopicName exists }\n',
      'own/y.ruleset': WARNING,
    });
    const both = reportOf(await check(folder, ['a.yaml'], { rules: ['own'] }));
    expect(both.findings.map(({ ruleId, severity, docs }) => [ruleId, severity, docs])).toStrictEqual([
      ['NAMED', 'error', ''],
    ]);
    expect(both.files[0]!.rules).toMatchObject({ NAMED: 'FAIL', W: 'PASS', 'sns-topic-encrypted': 'PASS' });
    const alone = reportOf(await check(folder, ['a.yaml'], { rules: ['own/x.guard'], pack: ['none'] }));
    expect(alone.files[0]!.rules).toStrictEqual({ NAMED: 'FAIL' });
  });

  it.each<[string, Partial<CheckFlags>, string]>([
    [
      'an unknown pack',
      { pack: ['foundatoin'] },
      'error[CLI2001]: there is no pack `foundatoin`\n  help: did you mean `foundation`? There are ',
    ],
    ['two unknown packs', { pack: ['x', 'tagging', 'none'] }, 'error[CLI2001]: there is no pack `none`'],
    [
      'a rule file that does not parse',
      { rules: ['broken.guard'] },
      'error[GRD2003]: rule `R` is not closed\n  --> broken.guard:2:1',
    ],
    ['a missing rule file', { rules: ['missing.guard'] }, 'error[CLI1001]: `missing.guard` cannot be read'],
    [
      'a folder without rule files',
      { rules: ['empty'] },
      'error[CLI2005]: there is no rule to check with: `empty` holds no Guard file',
    ],
    ['a binary rule file', { rules: ['binary.guard'] }, 'error[TPL1009]'],
    ['no rule at all', { pack: ['none'] }, 'error[CLI2005]: there is no rule to check with: no pack is chosen'],
  ])('refuses %s', async (_, flags, message) => {
    const folder = folderOf({
      'a.yaml': BAD,
      'broken.guard': 'rule R { a exists\n',
      empty: null,
      'binary.guard': new Uint8Array([0]),
    });
    const ran = await check(folder, ['a.yaml'], flags);
    expect([ran.exitCode, ran.stdout]).toStrictEqual([2, '']);
    expect(ran.stderr).toContain(message);
  });

  it('whose regular expression tries for ever are not evaluated', async () => {
    const folder = folderOf({
      'a.yaml': `Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: ${'a'.repeat(64)}}\n`,
      'slow.guard': 'rule SLOW { Resources.*.Properties.TopicName == /^(?=(a|a)+$)(a|a)+b$/ }\n',
    });
    const ran = await check(folder, ['a.yaml'], { rules: ['slow.guard'], pack: ['none'] });
    expect(ran.exitCode).toBe(3);
    expect(reportOf(ran).files[0]!.rules).toStrictEqual({ SLOW: 'NOT_EVALUATED' });
    expect(ran.stderr).toMatch(
      /^1 verdict is NOT EVALUATED \(--allow-incomplete accepts that\), such as SLOW on a\.yaml: .*slow\.guard/,
    );
  });

  it('take their parameters from the configuration', async () => {
    const key =
      'Resources:\n  Key:\n    Type: AWS::KMS::Key\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties: {EnableKeyRotation: true, PendingWindowInDays: 20}\n';
    const run = async (config: string): Promise<string | undefined> => {
      const ran = await check(folderOf({ 'a.yaml': key, 'stackade.yaml': config }), ['a.yaml'], {
        pack: ['encryption'],
      });
      return reportOf(ran).files[0]!.rules['kms-key-deletion-window'];
    };
    expect(await run('')).toBe('PASS');
    expect(await run('ruleParameters: { minPendingDays: 30 }')).toBe('FAIL');
  });
});

it('tells of parameters that no template declares', async () => {
  const ran = await check(folderOf({ 'a.yaml': OPEN }), ['.'], { parameters: ['Key=true', 'Kye=true'] });
  expect(ran.stderr).toBe('parameter Kye is declared by no template that was checked\n');
});

it('reads Region and account', async () => {
  const text =
    'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      KmsMasterKeyId: alias/x\n      TopicName: !Sub "${AWS::Region}.${AWS::AccountId}"\n';
  const folder = folderOf({
    'a.yaml': text,
    'own.guard': "rule NAME { Resources.*.Properties.TopicName == 'eu-west-1.111122223333' }",
  });
  const flags = { rules: ['own.guard'], pack: ['none'] };
  expect((await check(folder, ['a.yaml'], { ...flags, region: 'eu-west-1', account: '111122223333' })).exitCode).toBe(
    0,
  );
  expect((await check(folder, ['a.yaml'], { ...flags, region: 'eu-west-2', account: '111122223333' })).exitCode).toBe(
    1,
  );
  expect((await check(folder, ['a.yaml'], { ...flags, region: 'eu-west-1' })).exitCode).toBe(3);
});

describe('output', () => {
  it('goes to a file, whole, and nowhere else', async () => {
    const folder = folderOf({ 'a.yaml': BAD });
    const ran = await check(folder, ['a.yaml'], { outputFile: 'report.json' });
    expect([ran.exitCode, ran.stdout, readdirSync(folder).sort()]).toStrictEqual([1, '', ['a.yaml', 'report.json']]);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({
      version: 1,
      summary: { errors: 1 },
    });
  });

  it('has colours where they are wanted, never in a file', async () => {
    const folder = folderOf({ 'a.yaml': BAD });
    const force = { FORCE_COLOR: '1' };
    expect((await check(folder, ['a.yaml'], { format: 'pretty' }, force)).stdout).toContain('\u001b[');
    expect((await check(folder, ['a.yaml'], { format: 'pretty' })).stdout).not.toContain('\u001b');
    await check(folder, ['a.yaml'], { format: 'pretty', outputFile: 'out.txt' }, force);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).not.toContain('\u001b');
  });

  it('is refused before the work when the file cannot be written', async () => {
    const ran = await check(folderOf({ 'a.yaml': BAD }), ['a.yaml'], { outputFile: 'no/such/folder/x' });
    expect([ran.exitCode, ran.stdout]).toStrictEqual([2, '']);
    expect(ran.stderr).toContain('error[CLI2004]: `no/such/folder/x` cannot be written: its folder does not exist');
  });

  it('adds the job summary of GitHub for its format only', async () => {
    const folder = folderOf({ 'a.yaml': BAD, 'summary.md': 'before\n' });
    const env = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const summary = (): string => readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8');
    await check(folder, ['a.yaml'], { format: 'json' }, env);
    expect(summary()).toBe('before\n');
    const ran = await check(folder, ['a.yaml'], { format: 'github' }, env);
    expect(ran.stdout).toContain('::error file=a.yaml,line=2');
    expect(summary()).toMatch(/^before\n## stackade\n/);
    const lost = await check(
      folder,
      ['a.yaml'],
      { format: 'github' },
      { GITHUB_STEP_SUMMARY: join(folder, 'no/file') },
    );
    expect([lost.exitCode, lost.stderr]).toStrictEqual([
      1,
      `the job summary \`${folder}/no/file\` cannot be written: it does not exist\n`,
    ]);
  });

  it.each(['pretty', 'json', 'sarif', 'junit', 'github', 'markdown'] as const)(
    '%s says when nothing was checked',
    async (format) => {
      const { stdout } = await check(folderOf({}), ['.'], { format });
      expect(stdout).toMatch(format === 'json' ? /"files": \[\]/ : /nothing was checked/i);
    },
  );
});

it('--format html prints one page, and keeps the exit code', async () => {
  const ran = await check(folderOf({ 'a.yaml': BAD }), ['.'], { format: 'html' });
  expect([ran.exitCode, ran.stdout.slice(0, 15)]).toStrictEqual([1, '<!doctype html>']);
  expect(ran.stdout).toContain('a.yaml');
});
