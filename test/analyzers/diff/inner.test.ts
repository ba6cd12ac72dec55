/** Templates in templates: those of stack sets, and of nested stacks. None of them is passed over. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diffTemplates } from '../../../analyzers/diff/index.js';
import { main } from '../../../cli/diff/main.js';
import type { DiffFlags } from '../../../cli/diff/main.js';
import type { Terminal } from '../../../cli/terminal.js';
import { valueOf } from './support.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackade-diff-inner-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

interface Told {
  readonly code: number;
  /** `VERDICT SUBJECT: MESSAGE` of each. */
  readonly told: readonly string[];
  readonly places: readonly string[];
  readonly out: string;
}

async function diff(older: string, newer?: string, flags: Partial<DiffFlags> = {}): Promise<Told> {
  let out = '';
  const terminal: Terminal = {
    cwd: folder,
    env: { NO_COLOR: '1' },
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => {
      out += text;
    },
    tell: (text) => {
      out += text;
    },
  };
  const code = await main(older, newer, { failOn: 'broadened', format: 'json', ...flags }, terminal);
  const { changes } = JSON.parse(out) as {
    changes: {
      verdict: string;
      message: string;
      subject: { name: string };
      location: { file: string; line: number } | null;
    }[];
  };
  return {
    code,
    told: changes.map(({ verdict, subject, message }) => `${verdict} ${subject.name}: ${message}`),
    places: changes.map(({ location }) => `${location?.file ?? '?'}:${location?.line ?? 0}`),
    out,
  };
}

const group = (cidr: string): object => ({
  Parameters: { From: { Type: 'String', Default: '10.0.0.0/8' } },
  Resources: {
    Web: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'web',
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: cidr === 'From' ? { Ref: 'From' } : cidr },
        ],
      },
    },
  },
});
const trust = (principal: object): object => ({
  Resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' }],
        },
      },
    },
  },
});
const resources = (Resources: object, more: object = {}): string => JSON.stringify({ ...more, Resources }, null, 2);
const set = (body: unknown, more: object = {}, id = 'Baseline'): string =>
  resources(
    {
      [id]: {
        Type: 'AWS::CloudFormation::StackSet',
        Properties: {
          ...{ StackSetName: 'baseline', PermissionModel: 'SERVICE_MANAGED' },
          ...(body === undefined ? {} : { TemplateBody: typeof body === 'object' ? JSON.stringify(body) : body }),
          ...more,
        },
      },
    },
    { Parameters: { Given: { Type: 'String' }, Secret: { Type: 'String', NoEcho: true } } },
  );
const nested = (url: unknown, parameters: object = {}, more: object = {}): string =>
  resources(
    {
      Net: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url, Parameters: parameters } },
      ...more,
    },
    { Parameters: { Where: { Type: 'String' } }, Conditions: { Here: { 'Fn::Equals': [{ Ref: 'Where' }, 'here'] } } },
  );

const compare = (older: string, newer: string, flags: Partial<DiffFlags> = {}): Promise<Told> => {
  write('old.yaml', older);
  write('new.yaml', newer);
  return diff('old.yaml', 'new.yaml', flags);
};

describe('the template of a stack set', () => {
  it('is compared like one of its own, and told of the set, at its line', async () => {
    const body = (cidr: string): string => `Resources:
  Baseline:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: baseline
      TemplateBody: |
        Resources:
          Web:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: web
              SecurityGroupIngress:
                - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: ${cidr} }
`;
    const { code, told, places } = await compare(body('10.0.0.0/8'), body('0.0.0.0/0'));
    expect(told).toStrictEqual([expect.stringMatching(/^BROADENED Baseline\/Web: newly lets in tcp 443/)]);
    expect([code, places]).toStrictEqual([1, ['new.yaml:13']]);
    const back = await compare(body('0.0.0.0/0'), body('10.0.0.0/8'));
    expect(back.told).toStrictEqual([expect.stringMatching(/^NARROWED Baseline\/Web: /)]);
    expect([back.code, back.places]).toStrictEqual([0, ['old.yaml:13']]);
  });

  it('is nothing new when it is spelled otherwise', async () => {
    const other = `# a comment\n${JSON.stringify(group('10.0.0.0/8'), null, 2)}`;
    expect(await compare(set(group('10.0.0.0/8')), set(other))).toMatchObject({ code: 0, told: [] });
  });

  it('is found again under another logical id', async () => {
    const older = set(group('10.0.0.0/8'), {}, 'Base');
    expect((await compare(older, set(group('10.0.0.0/8')))).told).toStrictEqual([]);
  });

  it('is for other accounts than that of the stack', async () => {
    const [older, newer] = [{ Service: 'logs.amazonaws.com' }, { AWS: 'arn:aws:iam::111122223333:root' }].map((who) =>
      set(trust(who)),
    );
    const { told } = await compare(older!, newer!, { account: '111122223333' });
    expect(told).toContainEqual(expect.stringMatching(/^BROADENED Baseline\/Key: .*, who is of another account$/));
  });

  it('is new with a new set, and gone with one that goes', async () => {
    const [none, one] = [resources({}), set(group('0.0.0.0/0'))];
    expect((await compare(none, one)).told).toContainEqual(expect.stringMatching(/^BROADENED Baseline\/Web: /));
    expect((await compare(one, none)).told).toStrictEqual([
      expect.stringMatching(/^NARROWED Baseline\/Web: .*is gone/),
    ]);
    const trail = set({ Resources: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true } } } });
    expect((await compare(trail, none)).told).toStrictEqual([
      expect.stringMatching(/^BROADENED Baseline\/Trail: the record of calls is gone/),
    ]);
  });

  it('uses what the set gives to parameters', async () => {
    const given = (value: string): object => ({
      Parameters: [{ ParameterKey: 'From', ParameterValue: value }],
    });
    const template = group('From');
    const { told } = await compare(set(template, given('10.0.0.0/8')), set(template, given('0.0.0.0/0')));
    expect(told).toStrictEqual([expect.stringMatching(/^BROADENED Baseline\/Web: /)]);
  });

  it('in another one is told of both', async () => {
    const deep = (cidr: string): string => set(set(group(cidr)), {}, 'Outer');
    const { told } = await compare(deep('10.0.0.0/8'), deep('0.0.0.0/0'));
    expect(told).toStrictEqual([expect.stringMatching(/^BROADENED Outer\/Baseline\/Web: /)]);
  });
});

describe('of a stack set nobody can tell', () => {
  const overrides = (value: string): object => ({
    StackInstancesGroup: [
      {
        ...{ DeploymentTargets: { OrganizationalUnitIds: ['ou-abcd-11111111'] }, Regions: ['eu-central-1'] },
        ParameterOverrides: [{ ParameterKey: 'From', ParameterValue: value }],
      },
    ],
  });
  it.each<[string, string, string, RegExp]>([
    [
      'a template by its URL',
      set(undefined, { TemplateURL: 'https://s3.amazonaws.com/b/one.yaml' }),
      set(undefined, { TemplateURL: 'https://s3.amazonaws.com/b/two.yaml' }),
      /the template of the stack set changed and cannot be read: `TemplateURL`/,
    ],
    [
      'a text that is no template',
      set(group('10.0.0.0/8')),
      set('Resources: ['),
      /the template of the stack set changed and cannot be read: `TemplateBody`/,
    ],
    [
      'a text that a parameter gives',
      set({ Ref: 'Given' }),
      set({ 'Fn::Sub': 'x${Given}' }),
      /cannot be read: `TemplateBody`/,
    ],
    ['a new one with an unknown text', resources({}), set({ Ref: 'Given' }), /in the new template only/],
    ['one that goes with an unknown text', set({ Ref: 'Given' }), resources({}), /in the old template only/],
    [
      'a parameter that is unknown',
      set(group('From'), { Parameters: [{ ParameterKey: 'From', ParameterValue: '10.0.0.0/8' }] }),
      set(group('From'), { Parameters: [{ ParameterKey: 'From', ParameterValue: { Ref: 'Given' } }] }),
      /where its stacks are or what they are given: `Parameters`/,
    ],
    [
      'parameters that groups of accounts get',
      set(group('From'), overrides('10.0.0.0/8')),
      set(group('From'), overrides('0.0.0.0/0')),
      /where its stacks are or what they are given: `StackInstancesGroup`/,
    ],
  ])('%s', async (_, older, newer, expected) => {
    const { code, told } = await compare(older, newer);
    expect(told).toContainEqual(expect.stringMatching(/^NOT_EVALUATED Baseline: /));
    expect(told.join('\n')).toMatch(expected);
    expect(code).not.toBe(0);
  });

  it('what its text would be with a value that is not to be shown', async () => {
    const body = (text: string): object => ({ 'Fn::Sub': `${JSON.stringify(group('10.0.0.0/8'))}# \${Secret}${text}` });
    const { told, out } = await compare(set(body('')), set(body(' ')), { parameters: ['Secret=hunter2-is-secret'] });
    expect(told).toStrictEqual([expect.stringMatching(/^NOT_EVALUATED Baseline: .*`TemplateBody`/)]);
    expect(out).not.toContain('hunter2');
  });

  it('anything when the engine is not given its template', () => {
    const stack = (cidr: string): Parameters<typeof diffTemplates>[0] => [
      { name: 'app', template: valueOf(set(group(cidr))) },
    ];
    expect(diffTemplates(stack('10.0.0.0/8'), stack('0.0.0.0/0')).changes).toMatchObject([
      { verdict: 'NOT_EVALUATED', subject: { name: 'Baseline' } },
    ]);
  });
});

describe('a nested stack', () => {
  it('whose template is a file is compared with what it is given', async () => {
    const give = { From: '0.0.0.0/0' };
    write('one/app.yaml', nested('./parts/net.yaml', give));
    write('two/app.yaml', nested('./parts/net.yaml', give));
    write('one/parts/net.yaml', JSON.stringify(group('10.0.0.0/8')));
    write('two/parts/net.yaml', JSON.stringify(group('From')));
    // With the Default of its parameter nothing would be broader.
    for (const [one, two] of [
      ['one', 'two'],
      ['one/app.yaml', 'two/app.yaml'],
    ] as const) {
      const { code, told, places } = await diff(one, two);
      expect(told).toStrictEqual([expect.stringMatching(/^BROADENED Web: newly lets in tcp 443/)]);
      expect([code, places]).toStrictEqual([1, ['two/parts/net.yaml:1']]);
    }
  });

  it('whose template is a file of a commit is compared', async () => {
    const git = (...args: readonly string[]): void => {
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder });
    };
    git('init', '-q');
    write('app.yaml', nested('net.yaml'));
    for (const cidr of ['10.0.0.0/8', '0.0.0.0/0']) {
      write('net.yaml', JSON.stringify(group(cidr)));
      git('add', '.');
      git('commit', '-q', '-m', cidr);
    }
    const { told } = await diff('app.yaml', undefined, { git: 'HEAD~1..HEAD' });
    expect(told).toStrictEqual([expect.stringMatching(/^BROADENED Web: /)]);
  });

  it.each<[string, string, string, RegExp]>([
    ['whose file is not there', nested('gone.yaml'), nested('gone.yaml'), /is a file that cannot be read: `gone.yaml`/],
    [
      'with another URL',
      nested('https://s3.amazonaws.com/b/one.yaml'),
      nested('https://s3.amazonaws.com/b/two.yaml'),
      /the nested stack changed, and its template is not given/,
    ],
    ['that goes', nested('https://s3.amazonaws.com/b/one.yaml'), resources({}), /the nested stack is gone/],
    ['that is new', resources({}), nested('https://s3.amazonaws.com/b/one.yaml'), /the nested stack is new/],
    [
      'that is an application of SAM',
      resources(
        { Net: { Type: 'AWS::Serverless::Application', Properties: { Location: 'https://s3.amazonaws.com/b/1' } } },
        { Transform: 'AWS::Serverless-2016-10-31' },
      ),
      resources(
        { Net: { Type: 'AWS::Serverless::Application', Properties: { Location: 'https://s3.amazonaws.com/b/2' } } },
        { Transform: 'AWS::Serverless-2016-10-31' },
      ),
      /changed/,
    ],
    [
      'that is an application of the repository',
      resources(
        {
          Net: {
            Type: 'AWS::Serverless::Application',
            Properties: { Location: { ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/a' } },
          },
        },
        { Transform: 'AWS::Serverless-2016-10-31' },
      ),
      resources(
        {
          Net: {
            Type: 'AWS::Serverless::Application',
            Properties: { Location: { ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/b' } },
          },
        },
        { Transform: 'AWS::Serverless-2016-10-31' },
      ),
      /the application is new or another one, and its template is not given/,
    ],
    [
      'whose file hangs on a condition',
      nested({ 'Fn::If': ['Here', 'net.yaml', 'https://s3.amazonaws.com/b/one.yaml'] }),
      nested({ 'Fn::If': ['Here', 'net.yaml', 'https://s3.amazonaws.com/b/two.yaml'] }),
      /cannot be read/,
    ],
  ])('%s cannot be evaluated', async (_, older, newer, expected) => {
    const { code, told } = await compare(older, newer);
    expect(told.filter((each) => !/^NOT_EVALUATED Net(?:::Stack)?: /.test(each))).toStrictEqual([]);
    expect(told.join('\n')).toMatch(expected);
    expect(code).toBe(3);
  });
});
