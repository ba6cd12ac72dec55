/** What parameters refuse: everything by which a value could widen what a policy exempts, or break it. */
import { typesWithRow } from '../../catalogue/actions/index.js';
import { buildPolicy, completeParameters } from '../../scp/index.js';
import type { ParameterDefinition, ParameterType, PolicyTemplate } from '../../scp/index.js';
import type { Value } from '../../template/index.js';
import { templateOf } from './library.js';

/** Codes of what is said of a value of a type. */
function codes(type: ParameterType, value: Value, more: Partial<ParameterDefinition> = {}): readonly string[] {
  const definition: ParameterDefinition = { type, description: 'for this test', ...more };
  const { diagnostics } = completeParameters({ name: 't', parameters: { p: definition } }, { p: value });
  return diagnostics.map(({ code }) => code);
}

describe('values', () => {
  it.each<[ParameterType, string]>([
    ['principalPattern', 'arn:aws:iam::*:role/security-baseline'],
    ['principalPattern', 'arn:*:iam::111122223333:role/cdk-*-cfn-exec-role-*'],
    ['accountId', '111122223333'],
    ['actionPattern', 'iam:*'],
    ['arnPattern', 'arn:aws:s3:::amazonlinux-*/*'],
    ['boundaryName', 'team/developer-boundary'],
    ['cidr', '203.0.113.0/24'],
    ['cidr', '2001:db8::/32'],
    ['namePrefix', 'stackade-'],
    ['organizationId', 'o-exampleorgid'],
    ['region', 'eu-central-1'],
    ['tagKey', 'cost-center'],
    ['userName', 'john.doe@example.com'],
    ['vpcId', 'vpc-0123456789abcdef0'],
    ['vpcEndpointId', 'vpce-0123456789abcdef0'],
    ['identityCenterUserId', '906712abcd-1234abcd-12ab-34cd-56ef-1234567890ab'],
  ])('%s takes %s', (type, value) => {
    expect(codes(type, value)).toStrictEqual([]);
  });

  it.each<[ParameterType, Value]>([
    ['principalPattern', '*'],
    ['principalPattern', 'arn:aws:iam::*:role/*'],
    ['principalPattern', 'arn:aws:iam::*:role/a*'],
    ['principalPattern', 'arn:aws:iam::*:role/*/???'],
    ['principalPattern', 'arn:aws:iam::*:*'],
    ['principalPattern', 'arn:aws:iam::*:root'],
    ['principalPattern', 'arn:aws:iam::*:role/${aws:PrincipalTag/x}'],
    ['principalPattern', 'arn:aws:sts::111122223333:assumed-role/admin/jane'],
    ['accountId', '1111'],
    ['accountId', '*'],
    ['accountId', 111122223333],
    ['actionPattern', '*'],
    ['actionPattern', '*:*'],
    ['actionPattern', 'iam:NoSuchAction'],
    ['arnPattern', '*'],
    ['arnPattern', 'arn:aws:s3:::*'],
    ['arnPattern', 'arn:aws:s3:::${aws:PrincipalTag/x}'],
    ['boundaryName', '*'],
    ['cidr', '0.0.0.0/0'],
    ['cidr', '0.0.0.0/1'],
    ['cidr', '::/0'],
    ['cidr', '300.0.0.0/8'],
    ['namePrefix', '*'],
    ['namePrefix', 'a'],
    ['organizationId', 'o-*'],
    ['region', 'eu-*'],
    ['region', 'eu-nowhere-1'],
    ['tagKey', 'aws:x'],
    ['tagKey', '*'],
    ['tagKey', '${x}'],
    ['userName', '*'],
    ['userName', 'john doe'],
    ['userName', 'john.*'],
    ['vpcId', 'vpc-*'],
    ['identityCenterUserId', '*'],
    ['userName', ['john.doe']],
    ['userName', 'a\nb'],
    ['accountId', '111122223333\n'],
  ])('%s refuses %j', (type, value) => {
    expect(codes(type, value)).toStrictEqual(['SCP1003']);
  });

  it('lists hold as many entries as they must, and each entry is looked at', () => {
    expect(codes('userName', [], { list: true })).toStrictEqual(['SCP1003']);
    expect(codes('userName', [], { list: true, least: 0 })).toStrictEqual([]);
    expect(codes('userName', ['john.doe', '*'], { list: true })).toStrictEqual(['SCP1003']);
    expect(codes('userName', 'john.doe', { list: true })).toStrictEqual(['SCP1003']);
  });
});

describe('building', () => {
  const revoke = templateOf('revoke-by-token-time');
  const now = Date.parse('2026-11-21T10:00:00Z');
  const roles = ['arn:aws:iam::444455556666:role/deploy'];
  const codesOf = (template: PolicyTemplate, given: Value, time?: number): readonly string[] =>
    buildPolicy(template, given, time === undefined ? {} : { now: time }).diagnostics.map(({ code }) => code);

  it('refuses a time in the future, and a time that cannot be judged', () => {
    expect(codesOf(revoke, { roles, before: '2026-11-21T10:00:30Z' }, now)).toStrictEqual([]);
    expect(codesOf(revoke, { roles, before: '2026-11-21T10:01:01Z' }, now)).toStrictEqual(['SCP1003']);
    expect(codesOf(revoke, { roles, before: '2026-11-21T10:00:30Z' })).toStrictEqual(['SCP1003']);
  });

  it('never puts an example in the place of a value', () => {
    expect(codesOf(revoke, {}, now)).toStrictEqual(['SCP1002', 'SCP1002']);
    expect(buildPolicy(revoke, {}, { now }).built).toBeNull();
  });

  it('refuses parameters that the template does not have, and proposes the one that is meant', () => {
    const { diagnostics } = buildPolicy(revoke, { roles, before: '2026-11-21T09:00:00Z', role: roles }, { now });
    expect(diagnostics).toMatchObject([{ code: 'SCP1001', help: 'did you mean `roles`?' }]);
  });

  it('with nobody exempt the condition is gone, not empty', () => {
    const { built } = buildPolicy(templateOf('protect-cloudtrail'), { auditRoles: [] });
    expect(built!.policies[0]!.statements.map(({ conditions }) => conditions)).toStrictEqual([[]]);
  });

  it('a value that stands twice is written once', () => {
    const { built } = buildPolicy(templateOf('protect-cloudtrail'), { auditRoles: [roles[0]!, roles[0]!] });
    expect(built!.policies[0]!.statements[0]!.conditions[0]!.values).toStrictEqual(roles);
  });

  it('divides what is longer than a document, and refuses a statement that is longer', () => {
    const long = (count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => `arn:aws:iam::111122223333:role/${'x'.repeat(60)}${index}`);
    const hooks = templateOf('protect-hooks');
    const { built } = buildPolicy(hooks, { releaseRoles: long(40) });
    expect(built!.documents.length).toBeGreaterThan(1);
    for (const document of built!.documents) expect(JSON.stringify(document).length).toBeLessThanOrEqual(10_240);
    const statements = built!.policies.flatMap((policy) => policy.statements.map(({ sid }) => sid));
    const whole = buildPolicy(hooks, {}).built!.policies.flatMap((policy) => policy.statements.map(({ sid }) => sid));
    expect(statements).toStrictEqual(whole);
    expect(codesOf(hooks, { releaseRoles: long(120) })).toStrictEqual(['SCP1004']);
  });
});

describe('types of CloudFormation', () => {
  const forbidden = templateOf('forbidden-resource-types');
  const governing = templateOf('only-through-cloudformation');

  it.each([
    ['a type that CloudFormation does not have', 'AWS::S3::Buckets'],
    ['a type whose actions nobody knows', 'AWS::Budgets::Budget'],
    ['CloudFormation itself', 'AWS::CloudFormation::Stack'],
  ])('%s is refused at its parameter, beside types that are known', (_name, type) => {
    const location = { file: 'p.yaml', start: { line: 1, column: 1 }, end: { line: 1, column: 5 } } as never;
    const given = { forbiddenTypes: ['AWS::S3::Bucket', type] };
    const { built, diagnostics } = buildPolicy(forbidden, given, {
      locate: ([key]) => (key === 'forbiddenTypes' ? location : undefined),
    });
    expect(built).toBeNull();
    expect(diagnostics).toMatchObject([{ code: 'SCP1003', location }]);
    expect(diagnostics[0]!.message).toContain(`no action: \`${type}\``);
  });

  it('all types with a row fit into documents, each action once', () => {
    const { built } = buildPolicy(governing, { governedTypes: typesWithRow() });
    for (const each of built!.documents) expect(JSON.stringify(each).length).toBeLessThanOrEqual(10_240);
    expect(built!.documents.length).toBeLessThanOrEqual(6);
    const any = built!.policies
      .flatMap(({ statements }) => statements)
      .filter(({ sid, resource }) => sid!.startsWith('Only') && resource!.patterns[0] === '*')
      .flatMap(({ action }) => action.patterns);
    expect(any.length).toBeGreaterThan(700);
    expect(new Set(any).size).toBe(any.length);
  });

  it('with nobody exempt no role is kept, and the chain alone decides', () => {
    const { built } = buildPolicy(governing, { deploymentRoles: [] });
    const statements = built!.policies.flatMap((policy) => policy.statements);
    expect(statements.map(({ sid }) => sid)).toStrictEqual(['OnlyByCloudFormation']);
    expect(statements[0]!.conditions.map(({ key }) => key)).toStrictEqual(['aws:CalledViaFirst']);
  });
});
