/** The scan's own checks: facts in, verdicts out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHECKS } from '../../../analyzers/scan/index.js';
import type {
  AccountFacts,
  Check,
  CheckContext,
  CheckOutcome,
  IamFacts,
  IamUser,
  Json,
  LiveResource,
  OrganizationFacts,
  OrganizationPolicy,
  Properties,
  ScanAccount,
  StackInstance,
} from '../../../analyzers/scan/index.js';
import { repositoryRoot } from '../../support/repository.js';
import { contextOf, PLACE, verdictOf } from './live.js';

interface Case {
  readonly check: string;
  readonly name: string;
  readonly expect: string;
  readonly findings?: readonly string[];
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly enabled?: readonly string[];
  readonly fullAccess?: boolean;
  readonly failure?: string;
  readonly policies?: readonly WrittenPolicy[];
  readonly facts?: WrittenFacts;
  readonly resources?: Readonly<Record<string, readonly Properties[]>>;
  readonly management?: Readonly<Record<string, readonly Properties[]>>;
  readonly complete?: boolean;
  readonly users?: readonly Partial<IamUser>[];
  readonly summary?: Readonly<Record<string, number>>;
}

interface WrittenPolicy {
  readonly at: string;
  readonly type?: 'scp' | 'rcp' | 'tag';
  readonly deny?: readonly string[];
  readonly denyOthers?: readonly string[];
  readonly allow?: readonly string[];
  readonly condition?: Json;
  readonly unread?: boolean;
  readonly text?: string;
}

interface WrittenFacts {
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly trusted?: readonly string[];
  readonly delegates?: Readonly<Record<string, readonly string[]>>;
  readonly delegatesFailure?: string;
  readonly instances?: readonly Partial<StackInstance>[];
  readonly instancesFailure?: string;
  readonly regions?: readonly string[];
  readonly types?: readonly string[] | null;
  readonly drift?: string;
}

const folder = join(repositoryRoot(), 'test', 'analyzers', 'checks', 'cases');
const cases = ['guardrails', 'organization', 'accounts'].flatMap(
  (name) => parse(readFileSync(join(folder, `${name}.yml`), 'utf8')) as readonly Case[],
);

const MEMBER: ScanAccount = {
  id: PLACE.accountId,
  name: 'shop',
  path: ['Workloads'],
  state: 'ACTIVE',
  parents: ['r-ab12', 'ou-ab12-11111111'],
  tags: {},
};
const MANAGEMENT: ScanAccount = { ...MEMBER, id: '999999999999', name: 'management', path: [], parents: ['r-ab12'] };
const TYPES = { scp: 'SERVICE_CONTROL_POLICY', rcp: 'RESOURCE_CONTROL_POLICY', tag: 'TAG_POLICY' } as const;

function policyOf({ at, type = 'scp', text, unread, ...written }: WrittenPolicy, index: number): OrganizationPolicy {
  const { deny, denyOthers, allow, condition } = written;
  const statement = {
    Effect: allow === undefined ? 'Deny' : 'Allow',
    ...(type === 'rcp' && { Principal: '*' }),
    ...(denyOthers === undefined ? { Action: deny ?? allow ?? [] } : { NotAction: denyOthers }),
    Resource: '*',
    ...(condition !== undefined && { Condition: condition }),
  };
  const content = text ?? JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return {
    id: `p-${index}`,
    name: `policy ${index}`,
    type: TYPES[type],
    awsManaged: false,
    content: unread === true ? null : content,
    targets: [at],
  };
}

const FULL: OrganizationPolicy = {
  id: 'p-FullAWSAccess',
  name: 'FullAWSAccess',
  type: TYPES.scp,
  awsManaged: true,
  content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  targets: ['r-ab12', 'ou-ab12-11111111', MEMBER.id, MANAGEMENT.id],
};
const RCP_FULL: OrganizationPolicy = {
  ...FULL,
  id: 'p-RCPFullAWSAccess',
  type: TYPES.rcp,
  content: FULL.content!.replace('"Action"', '"Principal":"*","Action"'),
};

function organizationOf({ policies = [], enabled, fullAccess, failure, facts = {} }: Case): OrganizationFacts {
  const { tags = {}, trusted = [], delegates = {}, delegatesFailure, instances, instancesFailure } = facts;
  const failed = (code: string | undefined) => (code === undefined ? [] : [{ step: 'x', code, message: 'refused' }]);
  const own = typeof policies[0] === 'string' ? [] : policies.map(policyOf);
  const set = {
    name: 'hooks',
    permissionModel: 'SERVICE_MANAGED',
    autoDeployment: true,
    drift: facts.drift ?? 'IN_SYNC',
    tags: {},
    resourceTypes: facts.types === undefined ? ['AWS::CloudFormation::LambdaHook'] : facts.types,
    instances: {
      items: (instances ?? []).map((one) => ({
        stackSet: 'hooks',
        account: MEMBER.id,
        region: PLACE.region,
        status: 'CURRENT',
        detailedStatus: '',
        drift: 'IN_SYNC',
        unit: 'ou-ab12-11111111',
        reason: '',
        ...one,
      })),
      failures: failed(instancesFailure),
    },
  };
  return {
    ...contextOf({}).organization,
    accounts: [{ ...MEMBER, tags }, MANAGEMENT],
    regions: facts.regions ?? [PLACE.region],
    enabledPolicyTypes: enabled ?? Object.values(TYPES),
    policies: { items: [...(fullAccess === false ? [] : [FULL]), RCP_FULL, ...own], failures: failed(failure) },
    trustedServices: { items: trusted, failures: [] },
    delegatedAdministrators:
      delegatesFailure === undefined
        ? { value: delegates, failure: null }
        : { value: null, failure: { step: 'x', code: delegatesFailure, message: 'refused' } },
    stackSets: { items: instances === undefined ? [] : [set], failures: [] },
  };
}

function factsOf(check: Exclude<Check, { scope: 'organization' }>, one: Case, account = MEMBER): AccountFacts {
  const given = account === MEMBER ? one.resources : one.management;
  const { id, name, path } = account;
  return {
    account: { id, name, path },
    region: check.scope === 'account' ? 'global' : PLACE.region,
    resources: (type) => {
      if (check.reads.resources?.includes(type) !== true) throw new RangeError(`${type} is not read`);
      const resources = given?.[type] ?? [];
      return resources.map((properties): LiveResource => ({ type, identifier: 'thing', arn: 'thing', properties }));
    },
    iam: () => iamOf(one),
  };
}

function iamOf({ users = [], policies = [], summary }: Case): IamFacts {
  return {
    roles: [],
    groups: [],
    providers: [],
    users: users.map((user) => ({
      arn: 'arn:aws:iam::111122223333:user/jane',
      name: 'jane',
      path: '/',
      created: '2026-01-01T00:00:00Z',
      boundary: null,
      policies: [],
      tags: {},
      groups: [],
      console: false,
      mfa: null,
      ...user,
      keys: (user.keys ?? []).map((key) => ({ ...key, ending: 'ABCD', lastUsed: null })),
    })),
    policies: (policies as unknown as readonly string[]).map((arn) => ({ name: 'p', arn, document: null, tags: {} })),
    summary: summary ?? null,
  };
}

function run(check: Check, one: Case): CheckOutcome {
  const context: CheckContext = { ...contextOf(one.parameters ?? {}), organization: organizationOf(one) };
  if (check.scope === 'organization') return check.check(context);
  if (check.scope !== 'across') return check.check(factsOf(check, one), context);
  const extracts = [MEMBER, MANAGEMENT].flatMap((account) => {
    const value = check.extract(factsOf(check, one, account), context);
    const { id, name, path } = account;
    return value === null ? [] : [{ account: { id, name, path }, region: PLACE.region, value }];
  });
  return check.conclude(extracts, one.complete ?? true, context);
}

it.each(cases.map((one) => [`${one.check}: ${one.name}`, one] as const))('%s', (_, one) => {
  const check = CHECKS.find(({ id }) => id === one.check)!;
  const outcome = run(check, one);
  expect(verdictOf(outcome)).toBe(one.expect);
  if (one.findings !== undefined) {
    expect(outcome.findings.map(({ resource, message }) => `${resource.arn}: ${message}`)).toStrictEqual(one.findings);
  }
});

it('has a case that fails and one that passes for each check', () => {
  const lacking = CHECKS.flatMap(({ id }) => {
    const verdicts = cases.filter(({ check }) => check === id).map((one) => one.expect);
    return ['FAIL', 'PASS'].filter((verdict) => !verdicts.includes(verdict)).map((verdict) => `${id} ${verdict}`);
  });
  expect(lacking).toStrictEqual([]);
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
});
