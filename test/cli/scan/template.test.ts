/** `stackade scan template` from its words to its exit code. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanTemplates } from '../../../cli/scan/template-run.js';
import type { ScanTemplateFlags } from '../../../cli/scan/template-flags.js';
import type { Terminal } from '../../../cli/terminal.js';
import type { Report } from '../../../findings/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackade-scan-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

async function run(paths: readonly string[], flags: Partial<ScanTemplateFlags> = {}): Promise<Ran> {
  let [out, talk] = ['', ''];
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      out += text;
    },
    tell: (text) => {
      talk += text;
    },
  };
  const code = await scanTemplates(paths, { failOn: 'warning', format: 'json', ...flags }, terminal);
  return { code, out, talk };
}

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
/** Policies and descriptions are read from where the process is. */
const writeFar = (name: string, text: string): string => join(folder, write(name, text));

const template = (principal: string, action = 's3:GetObject'): string => `Parameters:
  Reader: { Type: String }
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: orders
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: ${principal}
            Action: ${action}
            Resource: arn:aws:s3:::orders/*
`;
const GOOD = template("{ AWS: 'arn:aws:iam::111122223333:role/reader' }");
const BAD = template("'*'");
const OPEN = template('{ AWS: !Ref Reader }');

const reportOf = ({ out }: Ran): Report => JSON.parse(out) as Report;
const rulesOf = (ran: Ran): readonly string[] => reportOf(ran).findings.map(({ ruleId }) => ruleId);

describe('exit codes', () => {
  it.each<[string, string, number, Partial<ScanTemplateFlags>]>([
    ['clean', GOOD, 0, {}],
    ['findings', BAD, 1, {}],
    ['findings that do not count', BAD, 0, { failOn: 'never' }],
    ['not evaluated', OPEN, 3, {}],
    ['not evaluated, and accepted', OPEN, 0, { allowIncomplete: true }],
    ['not evaluated, and given', OPEN, 0, { parameters: ['Reader=arn:aws:iam::111122223333:root'] }],
    ['given, and everybody', OPEN, 1, { parameters: ['Reader=*'] }],
    ['no template', 'just: yaml\n', 2, {}],
    ['nothing that can be read', 'Resources: [\n', 2, {}],
  ])('%s', async (_, text, code, flags) => {
    const ran = await run([write('t.yaml', text)], flags);
    expect(ran.code).toBe(code);
    if (code === 2) expect(ran.talk).not.toBe('');
  });

  it('nested stacks are scanned with what the templates around them give, once for each', async () => {
    const stack = (url: string, who: string): string =>
      `{ Type: AWS::CloudFormation::Stack, Properties: { ${url}, Parameters: { Who: ${who} } } }`;
    mkdirSync(join(folder, 'cdk.out'));
    const asset = "Type: AWS::CloudFormation::Stack, Metadata: { 'aws:asset:path': child.template.json }";
    write('cdk.out/manifest.json', '{ "version": "36.0.0", "artifacts": {} }');
    write(
      'cdk.out/app.template.json',
      `Resources:
  One: ${stack('TemplateURL: child.template.json', '"111122223333"')}
  Two: { ${asset}, Properties: { TemplateURL: !Sub 'https://\${AWS::Region}/x', Parameters: { Who: '*' } } }
`,
    );
    write(
      'cdk.out/child.template.json',
      template('{ AWS: !Ref Who }').replace('Parameters:', "Parameters:\n  Who: { Type: String, Default: '*' }"),
    );
    const { code, out } = await run(['cdk.out']);
    const { findings } = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(findings.map(({ ruleId, location }) => `${location.file} ${ruleId}`)).toStrictEqual([
      'cdk.out/child.template.json policy-no-public-access',
    ]);
    // What another stack gives is known to nobody, and the Default is not used then.
    write(
      'cdk.out/app.template.json',
      `Resources:\n  One: ${stack('TemplateURL: ./child.template.json', '!ImportValue Who')}\n`,
    );
    expect((await run(['cdk.out'])).code).toBe(3);
    expect((await run(['cdk.out/child.template.json'])).code).toBe(1);
  });

  it('what a parent gives counts before what the command gives, and no stack is left out', async () => {
    const child = template('{ AWS: !Ref Who }').replace('Parameters:', 'Parameters:\n  Who: { Type: String }');
    write('child.yaml', child);
    const stacks = (count: number, last: string): string =>
      Array.from({ length: count }, (_, index) => {
        const who = index === count - 1 ? last : `'${String(111_122_220_000 + index)}'`;
        return `  S${index}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml, Parameters: { Who: ${who} } } }\n`;
      }).join('');
    const app = (count: number, last: string): string => write('app.yaml', `Resources:\n${stacks(count, last)}`);
    const who = (account: string): Partial<ScanTemplateFlags> => ({ parameters: [`Who=${account}`] });
    expect((await run([app(1, "'*'"), 'child.yaml'], who('111122223333'))).code).toBe(1);
    expect((await run([app(1, "'111122223333'"), 'child.yaml'], who('*'))).code).toBe(0);
    expect((await run([app(16, "'*'"), 'child.yaml'])).code).toBe(1);
    // More than are followed: what they are given is open.
    expect((await run([app(17, "'*'"), 'child.yaml'])).code).toBe(3);
  });

  it('a template that cannot be read does not keep the others from being scanned', async () => {
    mkdirSync(join(folder, 'more'));
    write('a.yaml', 'Resources: [\n');
    write('more/b.yaml', BAD);
    const ran = await run(['.']);
    expect(ran.code).toBe(2);
    expect(rulesOf(ran)).toStrictEqual(['policy-no-public-access']);
  });
});

it.each(['pretty', 'json', 'sarif', 'junit', 'github', 'markdown'] as const)(
  'the format %s names rule and line',
  async (format) => {
    const { out } = await run([write('t.yaml', BAD)], { format });
    expect(out).toContain('policy-no-public-access');
    expect(out).toContain('t.yaml');
    expect(out).toContain('11');
  },
);

it('the report goes to a file when it is asked for', async () => {
  const { out } = await run([write('t.yaml', BAD)], { outputFile: 'report.json' });
  expect(out).toBe('');
  expect((JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report).findings).toHaveLength(1);
});

describe('what is asked', () => {
  it('actions that nobody is to have; a path behind them is a path', async () => {
    const path = write('t.yaml', template("{ AWS: '111122223333' }", 's3:DeleteObject'));
    const ran = await run([], { accessNotGranted: ['s3:Delete*', path] });
    expect(rulesOf(ran)).toStrictEqual(['policy-access-not-granted']);
  });

  it('references, by their kind or by what they say', async () => {
    const path = write('t.yaml', template("{ AWS: '111122223333' }"));
    const statement = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:GetObject', Resource: '*' };
    const wide = writeFar('wide.json', JSON.stringify({ Version: '2012-10-17', Statement: statement }));
    const narrow = writeFar(
      'narrow.json',
      JSON.stringify({ Version: '2012-10-17', Statement: { ...statement, Resource: 'arn:aws:s3:::bills/*' } }),
    );
    expect(await run([path], { reference: [wide] })).toMatchObject({ code: 0 });
    expect(rulesOf(await run([path], { reference: [narrow] }))).toStrictEqual(['policy-no-new-access']);
    expect(rulesOf(await run([path], { reference: [`resource=${narrow}`] }))).toStrictEqual(['policy-no-new-access']);
    expect(await run([path], { reference: [`trust=${narrow}`] })).toMatchObject({ code: 2 });
  });

  it('accounts outside of the organization', async () => {
    const path = write('t.yaml', GOOD);
    const config = (id: string): string =>
      writeFar(
        'org.yaml',
        `version: 1
organization: { id: o-abcdefghij, managementAccount: '${id}', homeRegion: eu-west-1 }
root: { accounts: [{ id: '${id}', name: management }] }
`,
      );
    const own = await run([path], { config: config('111122223333') });
    expect({ code: own.code, talk: own.talk }).toStrictEqual({ code: 0, talk: '' });
    expect(rulesOf(await run([path], { config: config('999988887777') }))).toStrictEqual(['policy-no-external-access']);
    expect(await run([path], { account: '999988887777', trustedAccount: ['111122223333'] })).toMatchObject({ code: 0 });
    expect(await run([path], { account: '999988887777' })).toMatchObject({ code: 1 });
  });
});

it.each<[string, Partial<ScanTemplateFlags>, string]>([
  ['an action that there is not', { accessNotGranted: ['s3:GetObjekt'] }, 's3:GetObject'],
  ['a reference of no kind', { reference: ['scp=x.json'] }, 'identity, resource, trust'],
  ['a reference that is not there', { reference: ['missing.json'] }, 'missing.json'],
  ['an account that is none', { trustedAccount: ['1234'] }, '12 digits'],
  ['a description that is not there', { config: 'missing.yaml' }, 'missing.yaml'],
  ['a folder that is not there', { outputFile: 'no/such/file' }, 'make the folder'],
])('%s is bad input', async (_, flags, hint) => {
  const ran = await run([write('t.yaml', GOOD)], flags);
  expect(ran.code).toBe(2);
  expect(ran.talk).toContain(hint);
  expect(ran.out).toBe('');
});

it('a parameter that is hidden is not told', async () => {
  const text = OPEN.replace('Reader: { Type: String }', 'Reader: { Type: String, NoEcho: true }');
  const ran = await run([write('t.yaml', text)], {
    parameters: ['Reader=arn:aws:iam::999988887777:role/s3cr3t-name'],
    account: '111122223333',
  });
  expect(ran.out + ran.talk).not.toContain('s3cr3t-name');
});

describe('online', () => {
  let server: Server;
  let asked: string[];
  let answers: Record<string, readonly [status: number, body: unknown]>;

  beforeEach(async () => {
    asked = [];
    answers = {
      '/policy/validation': [200, { findings: [] }],
      '/policy/check-no-public-access': [200, { result: 'PASS', message: '', reasons: [] }],
      '/policy/check-access-not-granted': [200, { result: 'PASS', message: '', reasons: [] }],
    };
    server = createServer((request: IncomingMessage, response) => {
      request.resume().on('end', () => {
        const path = request.url!.split('?')[0]!;
        asked.push(path);
        const [status, body] = answers[path]!;
        const type = status === 200 ? {} : { 'x-amzn-errortype': (body as { name: string }).name };
        response.writeHead(status, { 'content-type': 'application/json', ...type }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAEXAMPLE';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'not-a-secret';
  });
  afterEach(async () => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      Reflect.deleteProperty(process.env, name);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('nothing is asked unless it is said', async () => {
    await run([write('t.yaml', BAD)]);
    expect(asked).toStrictEqual([]);
  });

  it('the number of calls is told, and agreement adds nothing', async () => {
    const ran = await run([write('t.yaml', GOOD)], { online: true, accessNotGranted: ['s3:DeleteObject'] });
    expect(ran.talk).toContain('1 call of ValidatePolicy without charge, 2 custom policy checks that AWS charges for');
    expect(asked.toSorted()).toStrictEqual(Object.keys(answers).toSorted());
    expect(ran).toMatchObject({ code: 0 });
    expect(reportOf(ran).findings).toStrictEqual([]);
  });

  it('what only Access Analyzer finds counts, at its place', async () => {
    answers['/policy/check-no-public-access'] = [
      200,
      { result: 'FAIL', message: 'public', reasons: [{ statementIndex: 0 }] },
    ];
    const path = [{ value: 'Statement' }, { index: 0 }, { value: 'Action' }];
    const place = { path, span: { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } } };
    const finding = {
      findingType: 'SECURITY_WARNING',
      issueCode: 'NEW_CODE',
      findingDetails: 'new',
      learnMoreLink: 'x',
      locations: [place],
    };
    answers['/policy/validation'] = [200, { findings: [finding] }];
    const ran = await run([write('t.yaml', GOOD)], { online: true });
    expect(ran.code).toBe(1);
    expect(
      reportOf(ran).findings.map(({ ruleId, severity, location, labels }) => [
        ruleId,
        severity,
        location.line,
        ...labels,
      ]),
    ).toStrictEqual([
      ['policy-no-public-access', 'error', 11, 'only-online'],
      ['NEW_CODE', 'warning', 13, 'only-online'],
    ]);
  });

  it('what only the scan finds stays a finding, and the difference is told', async () => {
    const ran = await run([write('t.yaml', BAD)], { online: true });
    expect(ran.code).toBe(1);
    expect(rulesOf(ran).toSorted()).toStrictEqual(['policy-no-public-access', 'policy-online-differs']);
  });

  it('a document that cannot be analysed, and one that nobody knows, are not evaluated', async () => {
    answers['/policy/check-no-public-access'] = [422, { name: 'UnprocessableEntityException', message: 'too complex' }];
    const ran = await run([write('t.yaml', GOOD)], { online: true });
    expect(ran.code).toBe(3);
    expect(reportOf(ran).notEvaluated.map(({ reason }) => reason)).toStrictEqual([
      'CheckNoPublicAccess cannot tell: too complex',
    ]);
    const open = await run([write('t.yaml', OPEN)], { online: true });
    expect(open.code).toBe(3);
    expect(reportOf(open).notEvaluated.map(({ ruleId }) => ruleId)).toContain('policy-online');
  });

  it('a call that AWS refuses ends the scan without a report', async () => {
    answers['/policy/validation'] = [403, { name: 'AccessDeniedException', message: 'you may not' }];
    const ran = await run([write('t.yaml', GOOD)], { online: true });
    expect({ code: ran.code, out: ran.out }).toStrictEqual({ code: 2, out: '' });
    expect(ran.talk).toContain('you may not');
    expect(ran.talk).not.toContain('not-a-secret');
  });
});

describe('what is accepted', () => {
  const waivers = (rule: string, expires = '2999-12-31'): string =>
    `version: 1\nwaivers:\n  - rule: ${rule}\n    scope: { file: bad.yaml }\n    reason: public data\n    owner: team-a\n    ticket: SEC-7\n    expires: ${expires}\n`;
  const told = ({ out }: Ran): readonly string[] =>
    (JSON.parse(out) as Report).findings.map(({ ruleId, waived }) => `${ruleId} ${waived === null ? '-' : 'waived'}`);

  it('a waiver accepts a finding that it names, until it expires', async () => {
    write('bad.yaml', BAD);
    write('w.yaml', waivers('policy-no-public-access'));
    const ran = await run(['bad.yaml'], { waivers: 'w.yaml' });
    expect([ran.code, ...told(ran)]).toStrictEqual([0, 'policy-no-public-access waived']);
    write('w.yaml', waivers('policy-no-public-access', '2020-01-01'));
    expect((await run(['bad.yaml'], { waivers: 'w.yaml' })).code).toBe(1);
  });

  it('a waiver file of check, with rules of check, accepts nothing here', async () => {
    write('bad.yaml', BAD);
    write('w.yaml', waivers('sns-topic-encrypted'));
    const ran = await run(['bad.yaml'], { waivers: 'w.yaml' });
    expect(ran.code).toBe(1);
    expect(told(ran)).toContain('policy-no-public-access -');
  });

  it('a waiver of a rule that nobody has is bad input', async () => {
    write('bad.yaml', BAD);
    write('w.yaml', waivers('policy-no-publick-access'));
    const { code, out, talk } = await run(['bad.yaml'], { waivers: 'w.yaml' });
    expect([code, out]).toStrictEqual([2, '']);
    expect(talk).toContain('policy-no-publick-access');
  });

  it('a baseline holds what is known, and what comes new counts', async () => {
    write('bad.yaml', BAD);
    expect((await run(['bad.yaml'], { createBaseline: 'known.json' })).code).toBe(0);
    expect((await run(['bad.yaml'], { baseline: 'known.json' })).code).toBe(0);
    write(
      'bad.yaml',
      `${BAD}  Other: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [q], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*' }] } } }\n`,
    );
    const ran = await run(['bad.yaml'], { baseline: 'known.json' });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('Other');
  });

  it('a baseline and a new one exclude each other', async () => {
    write('bad.yaml', BAD);
    const { code, talk } = await run(['bad.yaml'], { baseline: 'a.json', createBaseline: 'b.json' });
    expect([code, talk.includes('cannot be combined')]).toStrictEqual([2, true]);
  });

  it('the page of HTML names the finding, and escapes what templates say', async () => {
    write('bad.yaml', BAD.replace('  Policy:', '  Policy:\n    Description: <script>alert(1)</script>'));
    const { code, out } = await run(['bad.yaml'], { format: 'html' });
    expect(code).toBe(1);
    expect(out).toMatch(/^<!doctype html>/i);
    expect(out).toContain('policy-no-public-access');
    expect(out).not.toContain('<script>alert');
  });
});
