/**
 * Access from outside of a zone of trust: what a policy of a resource gives to principals that do not belong to it
 * ("IAM Access Analyzer findings" of the IAM User Guide,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html). What is not shown to stay inside is
 * reported. Service principals are not, as with AWS.
 */
import { expandActionPattern, wildcardMatch } from '../../catalogue/iam/index.js';
import { parsePolicy } from '../../iam/index.js';
import type { Condition, PatternElement, Policy, Principal, Statement } from '../../iam/index.js';
import type * as proving from '../../iam/prove/index.js';
import type { Value } from '../../template/index.js';
import type { PolicedResource } from './resources.js';

export interface Zone {
  /** `null` for the zone of an account alone. */
  readonly organizationId: string | null;
  readonly accounts: ReadonlySet<string>;
}

/** The prover, which is loaded when it is needed, because that takes a while. */
export type Prover = Pick<typeof proving, 'noNewAccess' | 'noPublicAccess'>;

/** What one principal may do under one set of conditions. */
export interface ExternalGrant {
  readonly principal: Readonly<Record<string, string>>;
  readonly actions: readonly string[];
  readonly condition: Readonly<Record<string, string>>;
  readonly isPublic: boolean;
}

/** Steps of one proof: a policy that needs more is reported without one. */
const BUDGET = 2_000_000;
const MOST_KEPT = 20_000;
const kept = new Map<string, readonly ExternalGrant[]>();

/** @returns One entry for each principal and set of conditions, in the order of the policy. */
export function externalGrants(resource: PolicedResource, zone: Zone, prover: Prover): readonly ExternalGrant[] {
  const { policy, type, kind } = resource;
  if (policy === null || resource.isRestricted) return [];
  // Of the zone, only what the policy speaks of matters.
  const accounts = [...new Set(policy.match(/\d{12}/g))].filter((account) => zone.accounts.has(account)).sort();
  const key = JSON.stringify([type, kind, zone.organizationId, accounts, policy]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const { policy: model } = parsePolicy(JSON.parse(policy) as Value, kind);
  const grants = model === undefined ? [] : grantsOf(model, type, { ...zone, accounts: new Set(accounts) }, prover);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, grants);
  return grants;
}

function grantsOf(policy: Policy, type: string, zone: Zone, prover: Prover): readonly ExternalGrant[] {
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  const found = new Map<string, ExternalGrant>();
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || statement.principal === undefined) continue;
    for (const principal of outsidersIn(statement, zone)) {
      const alone: Statement = statement.principal.negated
        ? statement
        : { ...statement, principal: { negated: false, principals: [principal] } };
      const reduced: Policy = { ...policy, statements: [alone, ...denies] };
      if (!reachesOutside(reduced, zone, prover)) continue;
      const actions = actionsOf(statement, denies, type);
      if (actions.length === 0) continue;
      const shown = { [principal.kind]: principal.value };
      const condition = conditionShape(statement.conditions);
      const isPublic = principal.kind === 'AWS' && principal.value === '*' && isOpen(reduced, type, prover);
      const key = JSON.stringify([shown, condition]);
      const same = found.get(key);
      found.set(key, {
        principal: shown,
        condition,
        actions: [...new Set([...(same?.actions ?? []), ...actions])].sort(),
        isPublic: isPublic || same?.isPublic === true,
      });
    }
  }
  return [...found.values()];
}

const EVERYBODY: Principal = { kind: 'AWS', value: '*' };

/** The principals of a statement that do not belong to the zone by their account. */
function outsidersIn({ principal }: Statement, zone: Zone): readonly Principal[] {
  if (principal === undefined) return [];
  if (principal.negated) return [EVERYBODY];
  return principal.principals.filter(({ kind, value }) => {
    if (kind === 'Service') return false;
    if (kind !== 'AWS' || value === '*') return true;
    const account = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(value)?.[1];
    if (account !== undefined) return !zone.accounts.has(account);
    // A unique id stands for an identity that is gone. All else, such as an origin access identity of CloudFront, is of nobody's
    // account: it is not shown to belong to the zone.
    return !/^A(?:IDA|ROA|GPA)[A-Z0-9]+$/.test(value);
  });
}

/** Whether somebody outside of the zone gets through: conditions and denials may shut everybody else out. */
function reachesOutside(policy: Policy, zone: Zone, prover: Prover): boolean {
  const [allow, ...denies] = policy.statements;
  if (denies.length === 0 && allow!.conditions.length === 0) return true;
  return prover.noNewAccess([insideOf(zone)], [policy], 'resource', { budget: BUDGET }).kind !== 'HOLDS';
}

const EVERYTHING: PatternElement = { negated: false, patterns: ['*'] };

/** A policy that gives everything to the zone, and to services. */
function insideOf({ accounts, organizationId }: Zone): Policy {
  const list = [...accounts];
  const allow = (principals: readonly Principal[], ...conditions: Condition[]): Statement => ({
    effect: 'Allow',
    principal: { negated: false, principals },
    action: EVERYTHING,
    resource: EVERYTHING,
    conditions,
  });
  const equals = (key: string, values: readonly string[]): Condition => ({
    operator: 'StringEquals',
    ifExists: false,
    key,
    values,
  });
  const like = (key: string, values: readonly string[]): Condition => ({
    operator: 'ArnLike',
    ifExists: false,
    key,
    values,
  });
  const statements: Statement[] = [];
  if (list.length > 0) {
    statements.push(
      allow(list.map((value) => ({ kind: 'AWS', value }))),
      ...['aws:SourceAccount', 'aws:SourceOwner', 'kms:CallerAccount', 's3:DataAccessPointAccount'].map((key) =>
        allow([EVERYBODY], equals(key, list)),
      ),
      allow([EVERYBODY], equals('aws:PrincipalAccount', list)),
      allow(
        [EVERYBODY],
        like(
          'aws:SourceArn',
          list.map((account) => `arn:*:*:*:${account}:*`),
        ),
      ),
      allow(
        [EVERYBODY],
        like(
          'aws:PrincipalArn',
          list.map((account) => `arn:*:*:*:${account}:*`),
        ),
      ),
    );
  }
  if (organizationId !== null) {
    statements.push(
      allow([EVERYBODY], equals('aws:PrincipalOrgID', [organizationId])),
      allow([EVERYBODY], equals('aws:SourceOrgID', [organizationId])),
      ...['aws:PrincipalOrgPaths', 'aws:SourceOrgPaths'].map((key) =>
        allow([EVERYBODY], {
          operator: 'StringLike',
          qualifier: 'ForAnyValue',
          ifExists: false,
          key,
          values: [`${organizationId}/*`],
        }),
      ),
    );
  }
  return { version: '2012-10-17', statements };
}

/** Types that the check for public access does not name have policies of the same kind. */
const LIKE_OTHERS: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'AWS::IAM::AssumeRolePolicyDocument',
  'AWS::ECR::Repository': 'AWS::SQS::Queue',
};

function isOpen(policy: Policy, type: string, prover: Prover): boolean {
  return prover.noPublicAccess([policy], LIKE_OTHERS[type] ?? type, { budget: BUDGET }).kind !== 'HOLDS';
}

/** Prefixes of the actions that a policy of a type speaks of. */
const PREFIXES: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'sts',
  'AWS::S3::Bucket': 's3',
  'AWS::SQS::Queue': 'sqs',
  'AWS::SNS::Topic': 'sns',
  'AWS::KMS::Key': 'kms',
  'AWS::SecretsManager::Secret': 'secretsmanager',
  'AWS::Lambda::Function': 'lambda',
  'AWS::ECR::Repository': 'ecr',
  'AWS::EFS::FileSystem': 'elasticfilesystem',
  'AWS::DynamoDB::Table': 'dynamodb',
};

/** The service whose actions the policy of a type speaks of. */
export function servicePrefixOf(type: string): string | undefined {
  return PREFIXES[type];
}

/** Actions by name, without those that are denied to everybody whatever the request is. */
function actionsOf({ action, resource }: Statement, denies: readonly Statement[], type: string): readonly string[] {
  const named = expanded(action, type);
  const gone = new Set(
    denies
      .filter(
        (deny) =>
          deny.conditions.length === 0 &&
          deny.principal?.negated === false &&
          deny.principal.principals.some(({ kind, value }) => kind === 'AWS' && value === '*') &&
          covers(deny.resource, resource),
      )
      .flatMap((deny) => expanded(deny.action, type)),
  );
  return named.filter((each) => !gone.has(each));
}

function covers(wide: PatternElement | undefined, narrow: PatternElement | undefined): boolean {
  if (wide === undefined || narrow === undefined) return wide === narrow;
  if (wide.negated || narrow.negated) return false;
  return narrow.patterns.every((pattern) => wide.patterns.some((each) => wildcardMatch(each, pattern)));
}

function expanded({ negated, patterns }: PatternElement, type: string): readonly string[] {
  const prefix = PREFIXES[type] ?? '*';
  const all = expandActionPattern(`${prefix}:*`);
  const matches = (action: string): boolean =>
    patterns.some((pattern) => pattern === '*' || wildcardMatch(pattern.toLowerCase(), action.toLowerCase()));
  if (negated) return all.filter((action) => !matches(action));
  const known = all.filter(matches);
  // Names that the catalogue does not know are told as they are written.
  const unknown = patterns.filter((pattern) => !/[*?]/.test(pattern) && expandActionPattern(pattern).length === 0);
  return [...known, ...unknown];
}

function conditionShape(conditions: readonly Condition[]): Readonly<Record<string, string>> {
  const shape: Record<string, string> = {};
  for (const { key, values } of conditions) {
    shape[key] = shape[key] === undefined ? values.join(',') : `${shape[key]},${values.join(',')}`;
  }
  return shape;
}
