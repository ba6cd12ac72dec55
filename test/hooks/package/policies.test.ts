/** The policies in the templates, decided and proven: who reads packages, who writes them, who takes on the roles. */
import { compilePolicies, evaluate, parsePolicy, referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Policy, PolicyKind, Request } from '../../../iam/index.js';
import { accessNotGranted, noPublicAccess, proveClaim } from '../../../iam/prove/index.js';
import { validatePolicy } from '../../../iam/validate/index.js';
import { buildPolicy } from '../../../scp/index.js';
import type { Value } from '../../../template/index.js';
import { templateOf } from '../../scp/library.js';
import { ADMINISTRATOR, deployed, DEPLOYMENT, MANAGEMENT, MEMBER, ORGANIZATION, REGION, SAMPLES } from './support.js';
import type { Resource } from './support.js';

const NOTHING: ApplicablePolicies = {
  identity: [],
  boundary: null,
  session: null,
  scps: null,
  rcps: null,
  resource: null,
  vpcEndpoint: null,
};

function policyOf(document: unknown, kind: PolicyKind): Policy {
  const { policy, problems } = parsePolicy(document as Value, kind);
  if (policy === undefined) throw new Error(JSON.stringify(problems));
  return policy;
}

/** Decided by both evaluators. */
function decide(request: Request, policies: Partial<ApplicablePolicies>): string {
  const all = { ...NOTHING, ...policies };
  const { decision } = evaluate(compilePolicies(all), request);
  expect(referenceEvaluate(request, all).decision).toBe(decision);
  return decision;
}

const resources = (name: string): Readonly<Record<string, Resource>> =>
  deployed(SAMPLES[name]!.template, SAMPLES[name]!.account);
const document = (resource: Resource | undefined, key: string): unknown => resource!.Properties[key];
const inline = (role: Resource | undefined): Policy => {
  const [first] = role!.Properties['Policies'] as unknown as readonly { PolicyDocument: unknown }[];
  return policyOf(first!.PolicyDocument, 'identity');
};

const assets = resources('assets');
const BUCKET = `stackade-assets-${ADMINISTRATOR}-${REGION}`;
const PACKAGE = `arn:aws:s3:::${BUCKET}/hooks/x.zip`;
const KEY = `arn:aws:kms:${REGION}:${ADMINISTRATOR}:key/1`;
const bucketPolicy = policyOf(document(assets['AssetsPolicy'], 'PolicyDocument'), 'resource');
const keyPolicy = policyOf(document(assets['Key'], 'KeyPolicy'), 'resource');

const IN_UNIT = {
  'aws:PrincipalOrgID': ORGANIZATION,
  'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-exam/ou-exam-22222222/`],
};
const ELSEWHERE = { ...IN_UNIT, 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-exam/ou-exam-33333333/`] };
const OTHER = {
  'aws:PrincipalOrgID': 'o-otherother1',
  'aws:PrincipalOrgPaths': ['o-otherother1/r-exam/ou-exam-22222222/'],
};
const role = (name: string, account = MEMBER): string => `arn:aws:iam::${account}:role/${name}`;
const everything = policyOf(
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  'identity',
);

/** A caller with every right of its own account. */
function ask(principal: string, action: string, context: Request['context'], resource = PACKAGE): string {
  const request = {
    principal,
    action,
    resource,
    resourceAccount: ADMINISTRATOR,
    context: { 'aws:SecureTransport': 'true', ...context },
  };
  return decide(request, { identity: [everything], resource: action.startsWith('kms:') ? keyPolicy : bucketPolicy });
}

describe('the bucket of packages', () => {
  it.each<readonly [string, string, Request['context'], string]>([
    ['a role of the rollout, in a chosen unit', role('stacksets-exec-0a1b'), IN_UNIT, 'ALLOW'],
    [
      'a unit below a chosen one',
      role('stacksets-exec-0a1b'),
      { ...IN_UNIT, 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-exam/ou-exam-22222222/ou-exam-44444444/`] },
      'ALLOW',
    ],
    ['the role of a function', role(`stackade-hook-function-${REGION}`), IN_UNIT, 'ALLOW'],
    ['another role of a member', role('app-x'), IN_UNIT, 'IMPLICIT_DENY'],
    ['a role of the rollout in another unit', role('stacksets-exec-0a1b'), ELSEWHERE, 'IMPLICIT_DENY'],
    ['a role of the rollout in another organization', role('stacksets-exec-0a1b'), OTHER, 'IMPLICIT_DENY'],
    ['a role of the rollout in no organization', role('stacksets-exec-0a1b'), {}, 'IMPLICIT_DENY'],
    [
      'the release role of the management account',
      role('stackade-release', MANAGEMENT),
      { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-exam/`] },
      'ALLOW',
    ],
    [
      'another role of the management account',
      role('admin', MANAGEMENT),
      { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-exam/`] },
      'IMPLICIT_DENY',
    ],
    ['the release role', role('stackade-release', ADMINISTRATOR), IN_UNIT, 'ALLOW'],
  ])('%s reads: %s', (_, principal, context, decision) => {
    expect(ask(principal, 's3:GetObject', context)).toBe(decision);
    expect(ask(principal, 's3:GetObject', { ...context, 'aws:SecureTransport': 'false' })).toBe('EXPLICIT_DENY');
  });

  it.each(['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutBucketPolicy', 's3:PutObjectAcl'])(
    '%s is left to the release role',
    (action) => {
      const once = { ...IN_UNIT, 's3:if-none-match': '*' };
      const resource = action === 's3:PutBucketPolicy' ? `arn:aws:s3:::${BUCKET}` : PACKAGE;
      expect(ask(role('stackade-release', ADMINISTRATOR), action, once, resource)).toBe('ALLOW');
      for (const other of [role('admin', ADMINISTRATOR), role('stackade-release'), role('stacksets-exec-0a1b')]) {
        expect(ask(other, action, once, resource)).toBe('EXPLICIT_DENY');
      }
    },
  );

  it('what carries the hash of its content is written once, and the manifest is not', () => {
    const release = role('stackade-release', ADMINISTRATOR);
    for (const folder of ['hooks', 'bundles', 'guard', 'templates']) {
      expect(ask(release, 's3:PutObject', IN_UNIT, `arn:aws:s3:::${BUCKET}/${folder}/x`)).toBe('EXPLICIT_DENY');
    }
    expect(ask(release, 's3:PutObject', IN_UNIT, `arn:aws:s3:::${BUCKET}/policies/current.json`)).toBe('ALLOW');
  });

  it('is shown to be closed to everybody outside of the organization', () => {
    expect(noPublicAccess([bucketPolicy], 'AWS::S3::Bucket').kind).toBe('HOLDS');
    expect(noPublicAccess([keyPolicy], 'AWS::KMS::Key').kind).toBe('HOLDS');
    const outside = conditionsOf({ StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } });
    for (const [resource, actions] of [
      [bucketPolicy, ['s3:GetObject', 's3:ListBucket', 's3:PutObject']],
      [keyPolicy, ['kms:Decrypt']],
    ] as const) {
      const proof = proveClaim({
        // The release role belongs to the account of the bucket.
        forAll: {
          actions,
          accounts: 'different',
          conditions: outside,
          notPrincipalArns: [role('stackade-release', ADMINISTRATOR)],
        },
        policies: { ...NOTHING, identity: [everything], resource },
        decision: 'DENY',
      });
      expect(proof.kind).toBe('HOLDS');
    }
  });

  it('is decrypted by the same roles, and through Amazon S3 only', () => {
    const through = { ...IN_UNIT, 'kms:ViaService': `s3.${REGION}.amazonaws.com` };
    expect(ask(role('stacksets-exec-0a1b'), 'kms:Decrypt', through, KEY)).toBe('ALLOW');
    expect(ask(role('stacksets-exec-0a1b'), 'kms:Decrypt', IN_UNIT, KEY)).toBe('IMPLICIT_DENY');
    expect(ask(role('app-x'), 'kms:Decrypt', through, KEY)).toBe('IMPLICIT_DENY');
    expect(ask(role('admin', ADMINISTRATOR), 'kms:Decrypt', through, KEY)).toBe('IMPLICIT_DENY');
    expect(ask(role('stackade-release', ADMINISTRATOR), 'kms:GenerateDataKey', through, KEY)).toBe('ALLOW');
  });
});

function conditionsOf(Condition: Value): Policy['statements'][number]['conditions'] {
  const statement = { Effect: 'Deny', Action: '*', Resource: '*', Condition } as Value;
  return policyOf({ Version: '2012-10-17', Statement: [statement] }, 'identity').statements[0]!.conditions;
}

const member = resources('member-fail');
const watch = resources('watch');
const own = resources('private-hook');

describe('roles of the hooks', () => {
  const HOOK_ARN = `arn:aws:cloudformation:${REGION}:${MEMBER}:type/hook/Stackade-Policy-Resources`;
  const source = { 'aws:SourceAccount': MEMBER, 'aws:SourceArn': HOOK_ARN };

  it.each<readonly [string, Resource | undefined]>([
    ['execution', member['HookRole']],
    ['guard', member['GuardHookRole']],
    ['private', own['ExecutionRole']],
    ['private log', own['LogRole']],
  ])('%s: hooks of the account and Region take it on, and nobody else', (_, one) => {
    const trust = policyOf(document(one, 'AssumeRolePolicyDocument'), 'trust');
    const arn = role(one!.Properties['RoleName'] as string);
    const take = (principal: Request['principal'], context: Request['context']): string =>
      decide({ principal, action: 'sts:AssumeRole', resource: arn, context }, { resource: trust });
    const service = { service: 'hooks.cloudformation.amazonaws.com' };
    expect(take(service, source)).toBe('ALLOW');
    const strangers: Request['context'][] = [
      {},
      { 'aws:SourceAccount': MEMBER },
      { ...source, 'aws:SourceAccount': '999999999999' },
      { ...source, 'aws:SourceArn': `arn:aws:cloudformation:us-east-1:${MEMBER}:type/hook/X` },
      { ...source, 'aws:SourceArn': `arn:aws:cloudformation:${REGION}:${MEMBER}:stack/x/1` },
    ];
    for (const context of strangers) expect(take(service, context)).toBe('IMPLICIT_DENY');
    expect(take({ service: 'lambda.amazonaws.com' }, source)).toBe('IMPLICIT_DENY');
    expect(take(role('admin'), source)).toBe('IMPLICIT_DENY');
    const elsewhere = proveClaim({
      forAll: {
        actions: ['sts:AssumeRole'],
        resources: [arn],
        conditions: conditionsOf({ StringNotEquals: { 'aws:SourceAccount': MEMBER } }),
      },
      policies: { ...NOTHING, resource: trust },
      decision: 'DENY',
    });
    expect(elsewhere.kind).toBe('HOLDS');
  });

  it('the execution role calls the function of the hooks, and does nothing else', () => {
    const may = (action: string, resource: string): string =>
      decide({ principal: role('x'), action, resource, context: {} }, { identity: [inline(member['HookRole'])] });
    const fn = `arn:aws:lambda:${REGION}:${MEMBER}:function:stackade-hook`;
    expect([may('lambda:InvokeFunction', fn), may('lambda:InvokeFunction', `${fn}:7`)]).toStrictEqual([
      'ALLOW',
      'ALLOW',
    ]);
    expect(may('lambda:InvokeFunction', `${fn}-watch`)).toBe('IMPLICIT_DENY');
    expect(
      accessNotGranted([inline(member['HookRole'])], { actions: ['lambda:Update*', 's3:*', 'iam:*'] }, 'identity').kind,
    ).toBe('HOLDS');
  });

  it('the function reads policies of the bucket of packages, as itself only', () => {
    const identity = [inline(member['FunctionRole'])];
    const by = { 'lambda:SourceFunctionArn': `arn:aws:lambda:${REGION}:${MEMBER}:function:stackade-hook` };
    const read = (resource: string, context: Request['context'], owner = ADMINISTRATOR): string =>
      decide(
        {
          principal: role('x'),
          action: 's3:GetObject',
          resource,
          resourceAccount: owner,
          context: { ...context, 'aws:ResourceAccount': owner },
        },
        {
          identity,
          resource: policyOf(
            { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] },
            'resource',
          ),
        },
      );
    const bundle = `arn:aws:s3:::${BUCKET}/bundles/x.jsonl`;
    expect(read(bundle, by)).toBe('ALLOW');
    expect(read(bundle, {})).toBe('IMPLICIT_DENY');
    expect(read(bundle, { 'lambda:SourceFunctionArn': `arn:aws:lambda:${REGION}:${MEMBER}:function:other` })).toBe(
      'IMPLICIT_DENY',
    );
    expect(read(bundle, by, '999999999999')).toBe('IMPLICIT_DENY');
    expect(read(`arn:aws:s3:::${BUCKET}/guard/x.zip`, by)).toBe('IMPLICIT_DENY');
  });

  it('the rule that watches reads settings, and changes none', () => {
    const proof = accessNotGranted(
      [inline(watch['Role'])],
      {
        actions: [
          'cloudformation:Set*',
          'cloudformation:Deactivate*',
          'cloudformation:*Stack*',
          'iam:*',
          's3:*',
          'lambda:*',
        ],
      },
      'identity',
    );
    expect(proof.kind).toBe('HOLDS');
  });
});

describe('the policy that protects the hooks', () => {
  const built = buildPolicy(templateOf('protect-hooks'), {
    resourcePrefix: DEPLOYMENT.prefix,
    releaseRoles: [`arn:aws:iam::${ADMINISTRATOR}:role/${DEPLOYMENT.releaseRole}`],
  }).built!;
  const allow = policyOf(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    'scp',
  );
  const held = (principal: string, action: string, resource: string, account = MEMBER): string =>
    decide(
      { principal, action, resource, resourceAccount: account, context: { 'aws:ResourceAccount': account } },
      { identity: [everything], scps: [[allow, ...built.policies]] },
    );
  const arnsOf = (all: Readonly<Record<string, Resource>>): readonly (readonly [string, string])[] =>
    Object.values(all).flatMap(({ Type, Properties }): (readonly [string, string])[] => {
      const at = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${MEMBER}:${rest}`;
      switch (Type) {
        case 'AWS::IAM::Role':
          return [['iam:AttachRolePolicy', role(Properties['RoleName'] as string)]];
        case 'AWS::Lambda::Function':
          return [['lambda:UpdateFunctionCode', at('lambda', `function:${Properties['FunctionName'] as string}`)]];
        case 'AWS::Logs::LogGroup':
          return [['logs:DeleteLogGroup', at('logs', `log-group:${Properties['LogGroupName'] as string}:*`)]];
        default:
          return [];
      }
    });

  it('covers every role, function and log of the templates', () => {
    const parts = [...arnsOf(member), ...arnsOf(watch), ...arnsOf(own)];
    expect(parts.length).toBe(12);
    for (const [action, resource] of parts) {
      expect([resource, held(role('admin'), action, resource)]).toStrictEqual([resource, 'EXPLICIT_DENY']);
      expect([resource, held(role('stacksets-exec-0a1b'), action, resource)]).toStrictEqual([resource, 'ALLOW']);
    }
    expect(held(role('admin'), 'cloudformation:SetTypeConfiguration', '*')).toBe('EXPLICIT_DENY');
    const stack = `arn:aws:cloudformation:${REGION}:${MEMBER}:stack/StackSet-stackade-hooks-watch-1/2`;
    expect(held(role('admin'), 'cloudformation:DeleteStack', stack)).toBe('EXPLICIT_DENY');
  });

  it('does not keep the hooks from their own work', () => {
    const reports = `arn:aws:s3:::${member['Reports']!.Properties['BucketName'] as string}/x`;
    expect(held(role(`stackade-hook-guard-${REGION}`), 's3:PutObject', reports)).toBe('ALLOW');
    const fn = `arn:aws:lambda:${REGION}:${MEMBER}:function:stackade-hook:1`;
    expect(held(role(`stackade-hook-execution-${REGION}`), 'lambda:InvokeFunction', fn)).toBe('ALLOW');
  });
});

it('no policy of the templates has an error', () => {
  const kinds: Readonly<Record<string, PolicyKind>> = {
    PolicyDocument: 'resource',
    KeyPolicy: 'resource',
    AssumeRolePolicyDocument: 'trust',
  };
  const found = Object.keys(SAMPLES).flatMap((name) =>
    Object.entries(resources(name)).flatMap(([id, { Properties }]) =>
      Object.entries(kinds).flatMap(([property, kind]) => {
        const value = Properties[property];
        if (value === undefined) return [];
        return validatePolicy(value as Value, kind)
          .filter(({ type }) => type === 'ERROR' || type === 'SECURITY_WARNING')
          .map(({ code }) => `${name} ${id} ${code}`);
      }),
    ),
  );
  expect(found).toStrictEqual([]);
});
