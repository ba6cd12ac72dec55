/**
 * What is to be done in IAM of the management account, which SCPs do not reach: the managed policies of the twin on every
 * role and user of people, inline policies on single roles, and what nothing needs any more away. Each step is one call;
 * the plan is made of what is there, so that one which was stopped anywhere is gone on with by planning again.
 */
import type { ManagementTwin } from './plan.js';
import { INLINE_NAME, isRevocationName } from './plan.js';

/** A role or user, as IAM tells it. */
export interface ManagementEntity {
  readonly kind: 'role' | 'user';
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Of a role: its trust policy, parsed; `null` for users. */
  readonly trust: unknown;
  /** Names of the managed policies of this account that are attached. */
  readonly attached: readonly string[];
  /** Texts of inline policies by name. */
  readonly inline: Readonly<Record<string, string>>;
}

/** A managed policy of the account whose name is one of revocations. */
export interface ManagementPolicy {
  readonly name: string;
  readonly arn: string;
  /** Whether it has the tag of this set: one that has not is somebody else's. */
  readonly isOwn: boolean;
  /** The oldest first. */
  readonly versions: readonly { readonly id: string; readonly text: string; readonly isDefault: boolean }[];
}

/** What IAM of the management account has. */
export interface ManagementState {
  readonly account: string;
  readonly entities: readonly ManagementEntity[];
  readonly policies: readonly ManagementPolicy[];
}

type Named = Pick<ManagementEntity, 'kind' | 'name'>;

/** One call of IAM. */
export type ManagementStep =
  | { readonly kind: 'createPolicy'; readonly name: string; readonly content: string }
  | { readonly kind: 'deletePolicyVersion'; readonly name: string; readonly version: string }
  | { readonly kind: 'createPolicyVersion'; readonly name: string; readonly content: string }
  | { readonly kind: 'attachPolicy' | 'detachPolicy'; readonly name: string; readonly entity: Named }
  | { readonly kind: 'putInlinePolicy'; readonly role: string; readonly name: string; readonly content: string }
  | { readonly kind: 'deleteInlinePolicy'; readonly role: string; readonly name: string }
  | { readonly kind: 'deletePolicy'; readonly name: string };

export interface ManagementPlan {
  readonly steps: readonly ManagementStep[];
  /** Roles that are not to be changed in IAM, and why. */
  readonly left: readonly { readonly arn: string; readonly why: string }[];
  /** Names of policies that have the name of one of ours and are not. With one, nothing may be done. */
  readonly foreign: readonly string[];
}

/** Versions that a policy may have. */
const MOST_VERSIONS = 5;

/** Whether a policy's name is one that revocations give, parts of divided ones among them. */
export function isManagementName(name: string): boolean {
  return isRevocationName(name.replace(/-part-\d+$/, ''));
}

/**
 * Plans the calls. What denies comes first, and what takes a denial away last.
 *
 * @param twin - What there shall be.
 */
export function planManagement(twin: ManagementTwin, { entities, policies, account }: ManagementState): ManagementPlan {
  const left: { arn: string; why: string }[] = [];
  const people = entities.filter((entity) => {
    if (!isEnteredByPeople(entity)) return false;
    const why = whyUnchangeable(entity);
    if (why !== null && twin.managed.length > 0) left.push({ arn: entity.arn, why });
    return why === null;
  });
  const wanted = new Map(twin.managed.map(({ name, content }) => [name, content]));
  const foreign = policies.filter(({ isOwn, name }) => !isOwn && wanted.has(name)).map(({ name }) => name);
  const own = new Map(policies.filter(({ isOwn }) => isOwn).map((policy) => [policy.name, policy]));

  const steps: ManagementStep[] = [];
  for (const [name, content] of wanted) {
    steps.push(...contentSteps(name, content, own.get(name)));
    for (const entity of people) {
      if (!entity.attached.includes(name)) steps.push({ kind: 'attachPolicy', name, entity: named(entity) });
    }
  }
  const byArn = new Map(entities.map((entity) => [entity.arn, entity]));
  const inline = new Map(twin.inline.map(({ role, content }) => [role, content]));
  for (const [arn, content] of inline) {
    const role = byArn.get(arn);
    if (role === undefined) left.push({ arn, why: `the account ${account} has no such role` });
    else if (whyUnchangeable(role) !== null) left.push({ arn, why: whyUnchangeable(role)! });
    else if (!isSame(role.inline[INLINE_NAME], content)) {
      steps.push({ kind: 'putInlinePolicy', role: role.name, name: INLINE_NAME, content });
    }
  }
  for (const { arn, name, inline: has, kind } of entities) {
    if (kind !== 'role' || has[INLINE_NAME] === undefined || inline.has(arn)) continue;
    steps.push({ kind: 'deleteInlinePolicy', role: name, name: INLINE_NAME });
  }
  for (const policy of own.values()) if (!wanted.has(policy.name)) steps.push(...removal(policy, entities));
  return { steps, left, foreign };
}

const named = ({ kind, name }: ManagementEntity): Named => ({ kind, name });

function contentSteps(name: string, content: string, policy: ManagementPolicy | undefined): readonly ManagementStep[] {
  if (policy === undefined) return [{ kind: 'createPolicy', name, content }];
  const current = policy.versions.find(({ isDefault }) => isDefault);
  if (isSame(current?.text, content)) return [];
  const oldest = policy.versions.find(({ isDefault }) => !isDefault);
  const isFull = policy.versions.length >= MOST_VERSIONS;
  return [
    ...(isFull && oldest !== undefined ? [{ kind: 'deletePolicyVersion' as const, name, version: oldest.id }] : []),
    { kind: 'createPolicyVersion', name, content },
  ];
}

function removal(
  { name, versions }: ManagementPolicy,
  entities: readonly ManagementEntity[],
): readonly ManagementStep[] {
  return [
    ...entities
      .filter(({ attached }) => attached.includes(name))
      .map((entity) => ({ kind: 'detachPolicy' as const, name, entity: named(entity) })),
    ...versions
      .filter(({ isDefault }) => !isDefault)
      .map(({ id }) => ({ kind: 'deletePolicyVersion' as const, name, version: id })),
    { kind: 'deletePolicy', name },
  ];
}

/** Whether two documents say the same, whatever their white space. */
function isSame(left: string | undefined, right: string): boolean {
  if (left === undefined) return false;
  try {
    return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
}

/**
 * Whether somebody else than a service gets sessions of a role: all users, and roles whose trust policy lets AWS principals
 * or identity providers in. What cannot be read counts as one.
 */
function isEnteredByPeople({ kind, trust }: ManagementEntity): boolean {
  if (kind === 'user') return true;
  const statement = (trust as { readonly Statement?: unknown } | null)?.Statement;
  if (typeof statement !== 'object' || statement === null) return true;
  return [statement].flat().some((each) => {
    const { Effect, Principal } = each as { readonly Effect?: unknown; readonly Principal?: unknown };
    if (Effect !== 'Allow') return false;
    if (typeof Principal !== 'object' || Principal === null) return true;
    return Object.keys(Principal).some((key) => key !== 'Service');
  });
}

/** Why IAM does not let a role be changed; `null` when it does. */
function whyUnchangeable({ kind, path }: ManagementEntity): string | null {
  if (kind !== 'role') return null;
  if (path.startsWith('/aws-reserved/')) {
    return 'IAM Identity Center keeps it: put the document into the permission set, or take the assignment away';
  }
  return path.startsWith('/aws-service-role/') ? 'it is the role of a service' : null;
}

/** A step as a reader sees it. */
export function managementStepText(step: ManagementStep): string {
  switch (step.kind) {
    case 'createPolicy':
      return `create the managed policy \`${step.name}\``;
    case 'createPolicyVersion':
      return `make a new version of the managed policy \`${step.name}\``;
    case 'deletePolicyVersion':
      return `delete version ${step.version} of the managed policy \`${step.name}\``;
    case 'attachPolicy':
      return `attach \`${step.name}\` to the ${step.entity.kind} \`${step.entity.name}\``;
    case 'detachPolicy':
      return `detach \`${step.name}\` from the ${step.entity.kind} \`${step.entity.name}\``;
    case 'putInlinePolicy':
      return `put the inline policy \`${step.name}\` on the role \`${step.role}\``;
    case 'deleteInlinePolicy':
      return `delete the inline policy \`${step.name}\` of the role \`${step.role}\``;
    case 'deletePolicy':
      return `delete the managed policy \`${step.name}\``;
  }
}
