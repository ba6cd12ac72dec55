/** What a scan says of the policies of templates: proofs, unknown values, accounts, choices, text. */
import { scanTemplate, supposedOf } from '../../../analyzers/policies/index.js';
import type { PolicyScanOptions, Zone } from '../../../analyzers/policies/index.js';
import { parsePolicy, referenceEvaluate } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import { readTemplate } from '../../../template/index.js';
import type { ResolveOptions, Value } from '../../../template/index.js';

interface Told {
  /** `LINE RULE`, of findings. */
  readonly fails: readonly string[];
  /** The same of what was not evaluated, with the parameters that would decide it. */
  readonly open: readonly string[];
}

function scan(text: string, options: PolicyScanOptions = {}, deployment: ResolveOptions = {}): Told {
  const { source, diagnostics } = readTemplate(text, 't.yaml');
  if (source === null) throw new Error(diagnostics[0]!.message);
  const { findings, notEvaluated } = scanTemplate(source, supposedOf(source, deployment), options);
  return {
    fails: findings.map(({ location, ruleId }) => `${location.line} ${ruleId}`),
    open: notEvaluated.map(({ location, ruleId, parameters }) =>
      [`${location?.line ?? 0} ${ruleId}`, ...parameters].join(' '),
    ),
  };
}

/** A template with a bucket policy whose only statement has these lines, from line 12 on. */
const bucketPolicy = (lines: readonly string[], rest = ''): string => `Parameters:
  Who: { Type: String }
  Org: { Type: String }
Resources:
  It:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: orders
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - ${lines.join('\n            ')}
${rest}`;

const read = (principal: string, ...more: readonly string[]): string =>
  bucketPolicy([
    'Effect: Allow',
    `Principal: ${principal}`,
    'Action: s3:GetObject',
    'Resource: arn:aws:s3:::orders/*',
    ...more,
  ]);

const PUBLIC = '12 policy-no-public-access';

describe('public access', () => {
  it.each<[string, string, Told]>([
    ['everybody', read("'*'"), { fails: [PUBLIC], open: [] }],
    ['everybody, as a map', read("{ AWS: '*' }"), { fails: [PUBLIC], open: [] }],
    [
      'an account',
      read('{ AWS: 111122223333 }'.replace('1111', "'1111").replace('3333 ', "3333' ")),
      { fails: [], open: [] },
    ],
    [
      'everybody of an organization',
      read("'*'", 'Condition: { StringEquals: { aws:PrincipalOrgID: o-abcdefghij } }'),
      { fails: [], open: [] },
    ],
    [
      'everybody of an organization that a parameter names',
      read("'*'", 'Condition: { StringEquals: { aws:PrincipalOrgID: !Ref Org } }'),
      { fails: [], open: [] },
    ],
    [
      'everybody of organizations that a pattern of a parameter names',
      read("'*'", 'Condition: { StringLike: { aws:PrincipalOrgID: !Ref Org } }'),
      { fails: [], open: [`${PUBLIC} Org`] },
    ],
    ['somebody that a parameter names', read('{ AWS: !Ref Who }'), { fails: [], open: [`${PUBLIC} Who`] }],
    [
      'a role of an account that a parameter names',
      read("{ AWS: !Sub 'arn:aws:iam::${Who}:role/reader' }"),
      { fails: [], open: [] },
    ],
    [
      'everybody, whatever the parameter of another condition',
      read("'*'", 'Condition: { StringEquals: { s3:prefix: !Ref Who } }')
        .replace('GetObject', 'ListBucket')
        .replace('orders/*', 'orders'),
      { fails: [], open: [`${PUBLIC} Who`] },
    ],
  ])('%s', (_, text, told) => {
    const { fails, open } = scan(text);
    const own = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith(PUBLIC));
    expect({ fails: own(fails), open: own(open) }).toStrictEqual(told);
  });

  it('a denial of everybody else counts, one that is too narrow does not', () => {
    const denied = (condition: string): string =>
      read("'*'") +
      `          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: '*'
            Condition: { ${condition} }
`;
    expect(scan(denied('StringNotEquals: { aws:PrincipalOrgID: o-abcdefghij }')).fails).not.toContain(PUBLIC);
    expect(scan(denied("Bool: { aws:SecureTransport: 'false' }")).fails).toContain(PUBLIC);
    // Whether it denies anything hangs on the parameter.
    const { fails, open } = scan(denied('StringNotLike: { aws:PrincipalOrgID: !Ref Org }'));
    expect(fails).not.toContain(PUBLIC);
    expect(open).toContain(`${PUBLIC} Org Who`.replace(' Who', ''));
  });

  it('a value that is given is known', () => {
    const text = read('{ AWS: !Ref Who }');
    expect(scan(text, {}, { parameters: { Who: '*' } }).fails).toContain(PUBLIC);
    expect(scan(text, {}, { parameters: { Who: 'arn:aws:iam::111122223333:root' } })).toStrictEqual({
      fails: [],
      open: [],
    });
  });
});

const role = (statement: string, rest = ''): string => `Parameters:
  What: { Type: String }
  Name: { Type: String }
Resources:
  It:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: it
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [s3:GetObject]
            Resource: arn:aws:s3:::orders/*
          - ${statement}
${rest}`;

const GRANTED = '15 policy-access-not-granted';

describe('access that nobody is to have', () => {
  const asked = { notGranted: ['s3:Delete*', 'iam:PassRole'] };

  it.each<[string, string, Told]>([
    ['named', '{ Effect: Allow, Action: s3:DeleteObject, Resource: "*" }', { fails: [GRANTED], open: [] }],
    [
      'by a pattern',
      '{ Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::orders/*" }',
      { fails: [GRANTED], open: [] },
    ],
    ['by what is left out', '{ Effect: Allow, NotAction: "s3:*", Resource: "*" }', { fails: [GRANTED], open: [] }],
    ['another action', '{ Effect: Allow, Action: "s3:List*", Resource: "*" }', { fails: [], open: [] }],
    ['denied', '{ Effect: Deny, Action: "s3:Delete*", Resource: "*" }', { fails: [], open: [] }],
    [
      'on a resource that a parameter names',
      '{ Effect: Allow, Action: s3:DeleteObject, Resource: !Sub "arn:aws:s3:::${Name}/*" }',
      { fails: [GRANTED], open: [] },
    ],
    [
      'an action that a parameter names',
      '{ Effect: Allow, Action: !Ref What, Resource: "arn:aws:s3:::orders/*" }',
      { fails: [], open: [`${GRANTED} What`] },
    ],
    [
      'under a condition that a parameter names',
      '{ Effect: Allow, Action: s3:DeleteObject, Resource: "*", Condition: { StringLike: { "aws:PrincipalTag/t": !Ref What } } }',
      { fails: [], open: [`${GRANTED} What`] },
    ],
  ])('%s', (_, statement, told) => {
    const { fails, open } = scan(role(statement), asked);
    const own = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith(GRANTED));
    expect({ fails: own(fails), open: own(open) }).toStrictEqual(told);
  });

  it('a denial in the same policy takes a grant back', () => {
    const text = role(
      '{ Effect: Allow, Action: "s3:*", Resource: "*" }',
      '          - { Effect: Deny, Action: "s3:Delete*", Resource: "*" }\n',
    );
    expect(scan(text, { notGranted: ['s3:DeleteObject'] }).fails).not.toContain(GRANTED);
  });

  it('what is attached by its ARN is not there to be looked at, but for what allows everything', () => {
    const attached = (arn: string): string => `Resources:
  It:
    Type: AWS::IAM::Group
    Properties:
      ManagedPolicyArns:
        - ${arn}
  Own: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: own, PolicyDocument: { Version: '2012-10-17', Statement: { Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::orders/*' } } } }
`;
    const rule = '6 policy-access-not-granted';
    expect(scan(attached('arn:aws:iam::aws:policy/AdministratorAccess'), asked).fails).toStrictEqual([rule]);
    expect(scan(attached('arn:aws:iam::aws:policy/PowerUserAccess'), asked)).toStrictEqual({ fails: [], open: [rule] });
    expect(scan(attached('!Ref Own'), asked)).toStrictEqual({ fails: [], open: [] });
    expect(scan(attached('arn:aws:iam::aws:policy/PowerUserAccess'))).toStrictEqual({ fails: [], open: [] });
  });
});

function policyOf(value: Value, kind: 'identity' | 'resource' | 'trust'): Policy {
  const { policy } = parsePolicy(value, kind);
  if (policy === undefined) throw new Error('no policy');
  return policy;
}

describe('new access', () => {
  const statement = { Effect: 'Allow', Action: ['s3:Get*'], Resource: 'arn:aws:s3:::orders/*' };
  const policy = policyOf({ Version: '2012-10-17', Statement: statement }, 'identity');
  const references = [{ name: 'reference.json', kind: 'identity' as const, policy }];
  const rule = '15 policy-no-new-access';

  it('is told of the statement that goes beyond the reference, and of no other', () => {
    const beyond = role('{ Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::bills/*" }');
    expect(scan(beyond, { references }).fails).toStrictEqual([rule]);
    const within = role('{ Effect: Allow, Action: "s3:GetObject*", Resource: "arn:aws:s3:::orders/2026/*" }');
    expect(scan(within, { references }).fails).toStrictEqual([]);
  });

  it('is looked for in policies of the kind of the reference', () => {
    expect(
      scan(read("'*'", 'Condition: { StringEquals: { aws:PrincipalOrgID: o-abcdefghij } }'), { references }).fails,
    ).toStrictEqual([]);
  });
});

describe('accounts of others', () => {
  const zone: Zone = {
    organization: 'o-abcdefghij',
    accounts: new Set(['111122223333']),
    trusted: new Set(['555566667777']),
  };
  const rule = 'policy-no-external-access';

  it.each<[string, string, Told]>([
    ['an account of the organization', read('{ AWS: "arn:aws:iam::111122223333:role/x" }'), { fails: [], open: [] }],
    ['an account that is trusted', read('{ AWS: "arn:aws:iam::555566667777:root" }'), { fails: [], open: [] }],
    ['the own account', read('{ AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root" }'), { fails: [], open: [] }],
    ['another account', read('{ AWS: "arn:aws:iam::999988887777:role/x" }'), { fails: [`13 ${rule}`], open: [] }],
    [
      'another account by its id',
      read('{ AWS: ["111122223333", "999988887777"] }'),
      { fails: [`13 ${rule}`], open: [] },
    ],
    [
      'another organization',
      read("'*'", 'Condition: { StringEquals: { aws:PrincipalOrgID: o-zyxwvutsrq } }'),
      { fails: [`16 ${rule}`], open: [] },
    ],
    [
      'the own organization',
      read("'*'", 'Condition: { StringEquals: { aws:PrincipalOrgID: o-abcdefghij } }'),
      { fails: [], open: [] },
    ],
    [
      'an account by a condition',
      read("'*'", "Condition: { StringEquals: { aws:PrincipalAccount: '999988887777' } }"),
      { fails: [`16 ${rule}`], open: [] },
    ],
    [
      'a condition that keeps the other account out',
      read(
        '{ AWS: "999988887777" }',
        'Condition: { StringEquals: { aws:PrincipalOrgID: o-abcdefghij, aws:PrincipalAccount: "111122223333" } }',
      ),
      { fails: [], open: [] },
    ],
    [
      'a service for another account',
      read(
        '{ Service: cloudtrail.amazonaws.com }',
        "Condition: { StringEquals: { aws:SourceAccount: '999988887777' } }",
      ),
      { fails: [`16 ${rule}`], open: [] },
    ],
    ['an account that a parameter names', read('{ AWS: !Ref Who }'), { fails: [], open: [`13 ${rule} Who`] }],
    ['whoever had a deleted user', read('{ AWS: AIDAEXAMPLE1234567890 }'), { fails: [`13 ${rule}`], open: [] }],
    [
      'another account whose callers must be of the own organization',
      read(
        '{ AWS: "999988887777" }',
        "Condition: { 'ForAnyValue:StringLike': { aws:PrincipalOrgPaths: o-abcdefghij/r-ab12/* } }",
      ),
      { fails: [], open: [] },
    ],
    [
      'units of another organization',
      read("'*'", "Condition: { 'ForAnyValue:StringLike': { aws:PrincipalOrgPaths: o-zyxwvutsrq/r-ab12/* } }"),
      { fails: [`16 ${rule}`], open: [] },
    ],
    [
      'a service for another organization',
      read(
        '{ Service: cloudtrail.amazonaws.com }',
        "Condition: { 'ForAnyValue:StringLike': { aws:SourceOrgPaths: o-zyxwvutsrq/* } }",
      ),
      { fails: [`16 ${rule}`], open: [] },
    ],
    [
      'a service for any account',
      read(
        '{ Service: sns.amazonaws.com }',
        "Condition: { ArnLike: { aws:SourceArn: 'arn:aws:sns:eu-central-1:*:orders' } }",
      ),
      { fails: [`16 ${rule}`], open: [] },
    ],
    [
      'a service for any account of the own organization',
      read(
        '{ Service: sns.amazonaws.com }',
        "Condition: { ArnLike: { aws:SourceArn: 'arn:aws:sns:eu-central-1:*:orders' }, StringEquals: { aws:SourceOrgID: o-abcdefghij } }",
      ),
      { fails: [], open: [] },
    ],
    [
      'a service for a bucket, whose ARN has no account',
      read('{ Service: s3.amazonaws.com }', "Condition: { ArnLike: { aws:SourceArn: 'arn:aws:s3:::uploads' } }"),
      { fails: [], open: [] },
    ],
    [
      'endpoints of another account',
      read("'*'", "Condition: { StringEquals: { aws:VpceAccount: '999988887777' } }"),
      { fails: [`16 ${rule}`], open: [] },
    ],
    [
      'an origin access identity',
      read('{ AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" }'),
      { fails: [], open: [] },
    ],
  ])('%s', (_, text, told) => {
    const { fails, open } = scan(text, { zone });
    const own = (lines: readonly string[]): string[] => lines.filter((line) => line.includes(rule));
    expect({ fails: own(fails), open: own(open) }).toStrictEqual(told);
  });

  it('a request of the guest is told, which the evaluator allows', () => {
    const text = read('{ AWS: "arn:aws:iam::999988887777:role/x" }');
    const { source } = readTemplate(text, 't.yaml');
    const { findings, found } = scanTemplate(source!, supposedOf(source!), { zone });
    const { message } = findings.find(({ ruleId }) => ruleId === rule)!;
    const [, principal, action, resource] = /: `([^`]+)` may call `([^`]+)` on `([^`]+)`$/.exec(message)!;
    const request = { principal: principal!, action: action!, resource: resource!, context: {} };
    const policies = { identity: [], boundary: null, session: null, scps: null, rcps: null, vpcEndpoint: null };
    const { layers } = referenceEvaluate(request, { ...policies, resource: found.policies[0]!.policy! });
    expect(principal).toContain(':999988887777:');
    expect(layers.resource).toBe('ALLOW');
  });

  it.each([
    ['repo:corp/*', false],
    ['repo:corp/app:ref:refs/heads/main', false],
    ['repo:corp*', true],
    ['repo:corp*/app:*', true],
    ['repo:*', true],
    ['*', true],
  ])('workflows of GitHub whose subject is like %s: strangers among them is %s', (subject, isOpen) => {
    const text = `Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { Federated: !Sub 'arn:aws:iam::\${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com' }
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: { 'token.actions.githubusercontent.com:aud': sts.amazonaws.com }
              StringLike: { 'token.actions.githubusercontent.com:sub': '${subject}' }
`;
    expect(scan(text, { zone }).fails.includes(`12 ${rule}`)).toBe(isOpen);
  });

  it('nothing is said of accounts when nobody says which are at home', () => {
    expect(scan(read('{ AWS: "999988887777" }')).fails).toStrictEqual([]);
  });
});

describe('what a template leaves open', () => {
  it('a document that a parameter holds is not evaluated', () => {
    const text = `Parameters: { Document: { Type: String } }
Resources:
  It:
    Type: AWS::S3::BucketPolicy
    Properties: { Bucket: orders, PolicyDocument: !Ref Document }
`;
    const { fails, open } = scan(text, { notGranted: ['s3:DeleteObject'] });
    expect(fails).toStrictEqual([]);
    for (const rule of ['policy-validation', 'policy-no-public-access', 'policy-access-not-granted']) {
      expect(open).toContain(`5 ${rule} Document`);
    }
  });

  it('a statement that a parameter decides is looked at under each choice', () => {
    const text = bucketPolicy(
      [
        'Effect: Allow',
        'Principal: !If [Open, "*", { AWS: "111122223333" }]',
        'Action: s3:GetObject',
        'Resource: arn:aws:s3:::orders/*',
      ],
      'Conditions: { Open: !Equals [!Ref Who, all] }\n',
    );
    const { source } = readTemplate(text, 't.yaml');
    const { findings } = scanTemplate(source!, supposedOf(source!));
    expect(findings.map(({ ruleId, message }) => [ruleId, message.endsWith('(when Open is true)')])).toStrictEqual([
      ['policy-no-public-access', true],
    ]);
  });

  it('a policy of the organization of which nobody knows the kind is not evaluated', () => {
    const text = `Parameters: { Kind: { Type: String } }
Resources:
  It:
    Type: AWS::Organizations::Policy
    Properties:
      Type: !Ref Kind
      Content: { Version: '2012-10-17', Statement: { Effect: Deny, Action: nosuch:Thing, Resource: '*' } }
`;
    expect(scan(text)).toStrictEqual({ fails: [], open: ['6 policy-validation Kind'] });
    expect(scan(text, {}, { parameters: { Kind: 'SERVICE_CONTROL_POLICY' } }).fails).toStrictEqual([
      '7 INVALID_SERVICE_IN_ACTION',
    ]);
    expect(scan(text, {}, { parameters: { Kind: 'TAG_POLICY' } })).toStrictEqual({ fails: [], open: [] });
  });

  it('what a macro makes is not evaluated', () => {
    const text = `Resources:
  Fn::Transform: { Name: Resources }
`;
    expect(scan(text).open).toStrictEqual([expect.stringContaining('policy-validation')]);
  });

  it('a dangerous value is open, a harmless one is not', () => {
    const statement = (action: string): string => role(`{ Effect: Allow, Action: "${action}", Resource: !Ref Name }`);
    expect(scan(statement('iam:PassRole')).open).toContain('17 policy-validation Name'.replace('17', '15'));
    expect(scan(statement('s3:GetObject'))).toStrictEqual({ fails: [], open: [] });
  });
});

describe('text', () => {
  it('the lines of a block are lines of the file, also where names are put into it', () => {
    const text = `Resources:
  It:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: it
      PolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Principal": { "Service": "es.amazonaws.com" },
              "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:*",
              "Condition": { "StringEquals": { "aws:SourceAccount": "\${AWS::AccountId}" } } },
            {
              "Effect": "Allow",
              "Principal": "*",
              "Action": "nosuch:Thing",
              "Resource": "*"
            }
          ]
        }
`;
    const { fails } = scan(text);
    expect(fails).toContain('13 policy-no-public-access');
    expect(fails).toContain('16 INVALID_SERVICE_IN_ACTION');
    expect(fails.filter((line) => Number.parseInt(line) < 13)).toStrictEqual([]);
  });

  it('text in one line has one place', () => {
    const text = `Resources:
  It:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyDocument: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"logs:*","Resource":"*"}}'
`;
    expect(scan(text).fails).toContain('5 policy-no-public-access');
  });

  it('text that is no JSON is a finding, and nothing else is said of it', () => {
    const text = `Resources:
  It: { Type: AWS::Logs::ResourcePolicy, Properties: { PolicyDocument: '{"Version"' } }
`;
    expect(scan(text)).toStrictEqual({ fails: ['2 JSON_SYNTAX_ERROR'], open: ['2 policy-no-public-access'] });
  });
});

it('AWS SAM: what is written inside of a function is told where it is written', () => {
  const text = `Transform: AWS::Serverless-2016-10-31
Resources:
  It:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: ./
      Policies:
        - S3ReadPolicy: { BucketName: orders }
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: s3:DeleteObject
              Resource: arn:aws:s3:::orders/*
`;
  expect(scan(text, { notGranted: ['s3:DeleteObject'] }).fails).toStrictEqual(['13 policy-access-not-granted']);
});
