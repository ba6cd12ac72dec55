/** What comes out of a template: JSON, CloudFormation, companions, and refusals. */
import { buildBoundary, toCloudFormation, twinOf, verifyTemplate } from '../../boundaries/index.js';
import type { BoundaryTemplate } from '../../boundaries/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { templateOf } from './library.js';

const tenant = templateOf('tenant-s3-role');
const given = { account: '111122223333', bucket: 'amzn-s3-demo-pool' };

function at(value: Value, ...path: (string | number)[]): Value | undefined {
  return path.reduce<Value | undefined>((each, key) => {
    if (each === undefined) return undefined;
    if (typeof key === 'number') return isList(each) ? each[key] : undefined;
    return isMap(each) ? get(each, key) : undefined;
  }, value);
}

function formation(template: BoundaryTemplate, values: Value): Value {
  const { built, diagnostics } = buildBoundary(template, values, { accountOfStack: true });
  expect(diagnostics).toStrictEqual([]);
  return toCloudFormation(template, built!);
}

it('keeps policy variables from Fn::Sub, and takes account and partition from the stack', () => {
  const properties = at(formation(tenant, { bucket: 'amzn-s3-demo-pool' }), 'Resources', 'Role', 'Properties')!;
  expect(at(properties, 'AssumeRolePolicyDocument', 'Statement', 0, 'Principal', 'AWS')).toStrictEqual({
    'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/tenant-broker',
  });
  expect(at(properties, 'Policies', 0, 'PolicyDocument', 'Statement', 0, 'Resource')).toStrictEqual({
    'Fn::Sub': 'arn:${AWS::Partition}:s3:::amzn-s3-demo-pool/${!aws:PrincipalTag/tenant}/*',
  });
  // A text without account and partition is no Fn::Sub: its variable stays as IAM reads it.
  expect(at(properties, 'Policies', 0, 'PolicyDocument', 'Statement', 1, 'Condition', 'StringLike')).toStrictEqual({
    's3:prefix': '${aws:PrincipalTag/tenant}/*',
  });
});

it('gives a boundary the name and path that its document protects', () => {
  const boundary = templateOf('developer-boundary');
  const properties = at(formation(boundary, { boundaryName: 'team/dev' }), 'Resources', 'Boundary', 'Properties')!;
  expect([at(properties, 'ManagedPolicyName'), at(properties, 'Path')]).toStrictEqual(['dev', '/team/']);
  expect(at(properties, 'PolicyDocument', 'Statement', 2, 'Resource')).toStrictEqual({
    'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team/dev',
  });
});

it('sets the boundary of a role where one is asked for', () => {
  const values = { bucket: 'amzn-s3-demo-pool', roleBoundary: ['app-boundary'] };
  expect(at(formation(tenant, values), 'Resources', 'Role', 'Properties', 'PermissionsBoundary')).toStrictEqual({
    'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/app-boundary',
  });
  const without = formation(tenant, { bucket: 'amzn-s3-demo-pool' });
  expect(at(without, 'Resources', 'Role', 'Properties', 'PermissionsBoundary')).toBeUndefined();
});

it('writes SQL for each table and tenant', () => {
  const { built } = buildBoundary(templateOf('tenant-aurora-role'), {
    account: '111122223333',
    region: 'eu-central-1',
    databaseResourceId: 'cluster-ABCDEFGHIJKL01234',
    tables: ['orders', 'invoices'],
    tenants: ['alpha'],
  });
  expect(built!.companions[0]!.split('\n')).toStrictEqual(
    expect.arrayContaining([
      'ALTER TABLE orders FORCE ROW LEVEL SECURITY;',
      'ALTER TABLE invoices FORCE ROW LEVEL SECURITY;',
      'GRANT rds_iam TO alpha;',
    ]),
  );
});

it('refuses what is not a name: SQL, wildcards, variables', () => {
  const aurora = templateOf('tenant-aurora-role');
  const codes = (template: BoundaryTemplate, values: Value): readonly string[] =>
    buildBoundary(template, values).diagnostics.map(({ code }) => code);
  expect(codes(tenant, { ...given, bucket: '*' })).toStrictEqual(['SCP1003']);
  expect(codes(tenant, { ...given, roleName: '${aws:username}' })).toStrictEqual(['SCP1003']);
  expect(codes(tenant, { bucket: 'amzn-s3-demo-pool' })).toStrictEqual(['SCP1002']);
  const database = { account: '111122223333', region: 'eu-central-1', databaseResourceId: 'cluster-ABCDEFGHIJKL01234' };
  expect(codes(aurora, { ...database, tables: ['a; DROP TABLE b'] })).toStrictEqual(['SCP1003']);
  expect(codes(aurora, { ...database, tables: ['a'], databaseResourceId: '*' })).toStrictEqual(['SCP1003']);
});

it('refuses a document that is longer than the quota', () => {
  const ownPrefixes = Array.from({ length: 40 }, (_, index) => `application-of-a-team-with-a-long-name-${index}-`);
  const { built, diagnostics } = buildBoundary(templateOf('developer-boundary'), {
    account: '111122223333',
    ownPrefixes,
  });
  expect(built).toBeNull();
  expect(diagnostics.map(({ code }) => code)).toStrictEqual(['SCP1004']);
});

it('shows two tenants that meet when sessions of every tag are let in', () => {
  const { verification } = verifyTemplate(tenant, { mutation: false });
  const isolation = verification!.claims.find(({ claim }) => claim.claim.startsWith('two tenants'))!;
  expect(isolation.proof.kind).toBe('HOLDS');
  const twin = isolation.twin!;
  if (twin.kind !== 'FAILS') throw new Error(twin.kind);
  const { left, right } = twin.counterexample as Record<
    'left' | 'right',
    { context: Record<string, string>; resource: string }
  >;
  expect(left.resource).toBe(right.resource);
  expect(left.context['aws:PrincipalTag/tenant']).not.toBe(right.context['aws:PrincipalTag/tenant']);
  expect([left, right].some(({ context }) => context['aws:PrincipalTag/tenant']!.includes('/'))).toBe(true);
});

it('says so when a claim does not hold, and when a twin names no statement', () => {
  const open = twinOf(tenant, { because: '', without: 'NoSessionWithoutTenant' });
  expect(() => verifyTemplate(open, { mutation: false })).toThrow('NoSessionWithoutTenant');
  const claims = tenant.claims.claims.map((claim) => ({ ...claim, twin: { because: '', without: 'List' } }));
  const { verification } = verifyTemplate({ ...open, claims: { claims } }, { mutation: false });
  expect(verification!.ok).toBe(false);
  expect(
    verification!.claims.filter(({ proof }) => proof.kind === 'FAILS').map(({ claim }) => claim.claim),
  ).toStrictEqual(['a session without tenant, or with an empty one, is allowed nothing']);
  // Its twin fails, too: that alone does not make it as expected.
  expect(verification!.claims.find(({ proof }) => proof.kind === 'FAILS')).toMatchObject({
    twin: { kind: 'FAILS' },
    ok: false,
  });
  expect(() => twinOf(tenant, { because: '', without: 'Other' })).toThrow('Other');
});
