/**
 * Access that nobody uses, told from the calls that the sandbox has allowed ("Unused access findings" of the IAM User
 * Guide, https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html). Simplified: of policies that
 * allow every service, only the services that the sandbox has are told; passwords there are none.
 */
import { expandActionPattern, iamAction } from '../../catalogue/iam/index.js';
import type { Policy } from '../../iam/index.js';
import { documentOf } from '../authorize/documents.js';
import { AWS_MANAGED } from '../iam/aws-managed.js';
import { IAM, type IamAccount, type Role, type User } from '../iam/data.js';
import type { SandboxState } from '../state.js';
import { keyUseOf, lastUseOf, usesOf, type Use } from '../usage.js';
import type { FindingDetail, FindingType } from './data.js';

/** What is unused, without its history. */
export interface UnusedAccess {
  readonly findingType: FindingType;
  readonly resource: string;
  readonly resourceType: 'AWS::IAM::Role' | 'AWS::IAM::User';
  readonly details: readonly FindingDetail[];
  /** What tells it from others of the same resource. */
  readonly subject: string;
}

/** What an analyzer leaves out (`analysisRule.exclusions`). */
export interface Exclusion {
  readonly accountIds?: readonly string[];
  readonly resourceTags?: readonly Readonly<Record<string, string>>[];
}

const DAY = 86_400_000;

/** Services of the sandbox, by the prefix of their actions. */
const SERVED = ['access-analyzer', 'cloudformation', 'config', 'iam', 'organizations', 's3', 'sts'];

const timeOf = (at: number): string => new Date(at).toISOString();

function lastAccessed(use: Use | undefined): Readonly<Record<string, string>> {
  return use === undefined ? {} : { lastAccessed: timeOf(use.at) };
}

/** @param age - Days after which something counts as unused. */
export function unusedAccess(
  state: SandboxState,
  account: string,
  age: number,
  exclusions: readonly Exclusion[],
  now: number,
): readonly UnusedAccess[] {
  const iam = IAM.of(state, account);
  const before = now - age * DAY;
  const isExcluded = ({ tags }: User | Role): boolean =>
    exclusions.some(
      ({ accountIds, resourceTags }) =>
        accountIds?.includes(account) === true ||
        resourceTags?.some((wanted) =>
          Object.entries(wanted).every(([key, value]) => tags.has(key) && (value === '' || tags.get(key) === value)),
        ) === true,
    );
  const found: UnusedAccess[] = [];
  for (const role of iam.roles.values()) {
    if (role.path.startsWith('/aws-service-role/') || role.createdAt > before || isExcluded(role)) continue;
    const last = lastUse(state, account, role);
    if (last !== undefined && last.at > before) {
      found.push(...unusedPermissions(state, account, iam, role, 'AWS::IAM::Role', before));
      continue;
    }
    found.push({
      findingType: 'UnusedIAMRole',
      resource: role.arn,
      resourceType: 'AWS::IAM::Role',
      details: [{ unusedIamRoleDetails: lastAccessed(last) }],
      subject: '',
    });
  }
  for (const user of iam.users.values()) {
    if (user.createdAt > before || isExcluded(user)) continue;
    for (const accessKeyId of user.accessKeys) {
      const key = state.accessKeys.get(accessKeyId);
      const last = keyUseOf(state, account, accessKeyId);
      if (key?.status !== 'Active' || key.createdAt > before || (last !== undefined && last.at > before)) continue;
      found.push({
        findingType: 'UnusedIAMUserAccessKey',
        resource: user.arn,
        resourceType: 'AWS::IAM::User',
        details: [{ unusedIamUserAccessKeyDetails: { accessKeyId, ...lastAccessed(last) } }],
        subject: accessKeyId,
      });
    }
    if (usesOf(state, account, user.arn).size > 0) {
      found.push(...unusedPermissions(state, account, iam, user, 'AWS::IAM::User', before));
    }
  }
  return found;
}

/** When a role was last assumed, or its session last did something. */
function lastUse(state: SandboxState, account: string, role: Role): Use | undefined {
  const use = lastUseOf(state, account, role.arn);
  const { lastUsed } = role;
  return lastUsed !== null && (use === undefined || lastUsed.at > use.at) ? lastUsed : use;
}

function unusedPermissions(
  state: SandboxState,
  account: string,
  iam: IamAccount,
  entity: User | Role,
  resourceType: UnusedAccess['resourceType'],
  before: number,
): readonly UnusedAccess[] {
  const uses = usesOf(state, account, entity.arn);
  const details = allowedActions(iam, entity).flatMap(([serviceNamespace, actions]) => {
    const ofService = [...uses].filter(([action]) => action.startsWith(`${serviceNamespace}:`)).map(([, use]) => use);
    const last = ofService.reduce<Use | undefined>((a, b) => (a === undefined || b.at > a.at ? b : a), undefined);
    if (last === undefined || last.at <= before) return [{ serviceNamespace, ...lastAccessed(last) }];
    const idle = actions.filter((action) => (uses.get(action)?.at ?? 0) <= before);
    if (idle.length === 0) return [];
    return [
      {
        serviceNamespace,
        ...lastAccessed(last),
        actions: idle.map((action) => ({ action: action.split(':')[1]!, ...lastAccessed(uses.get(action)) })),
      },
    ];
  });
  if (details.length === 0) return [];
  return [
    {
      findingType: 'UnusedPermission',
      resource: entity.arn,
      resourceType,
      details: details.map((unusedPermissionDetails) => ({ unusedPermissionDetails })),
      subject: '',
    },
  ];
}

/** Services that the policies of an identity allow, with the actions that they name one by one. */
function allowedActions(iam: IamAccount, entity: User | Role): readonly (readonly [string, readonly string[]])[] {
  const services = new Map<string, Set<string>>();
  for (const policy of policiesOf(iam, entity)) {
    for (const { effect, action } of policy.statements) {
      if (effect !== 'Allow' || action.negated) continue;
      for (const pattern of action.patterns) {
        const [prefix = '*'] = pattern.toLowerCase().split(':');
        for (const service of prefix.includes('*') ? SERVED : [prefix]) {
          const actions = services.get(service) ?? new Set<string>();
          if (!/[*?]/.test(pattern)) {
            actions.add(iamAction(pattern)?.name ?? expandActionPattern(pattern)[0] ?? pattern);
          }
          services.set(service, actions);
        }
      }
    }
  }
  return [...services]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, actions]) => [service, [...actions].sort()] as const);
}

function policiesOf(iam: IamAccount, { inline, attached }: User | Role): readonly Policy[] {
  const texts = [
    ...inline.values(),
    ...attached.flatMap((arn) => {
      const policy = iam.policies.get(arn) ?? AWS_MANAGED.get(arn);
      const text = policy?.versions.get(policy.defaultVersion)?.text;
      return text === undefined ? [] : [text];
    }),
  ];
  return texts.map((text) => documentOf(text, 'identity').policy);
}
