/** From revocations in force and those that are asked for to the policies that there shall be. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { printPolicy, readPolicy } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import type { WantedPolicies } from '../apply/index.js';
import { foreignStatement } from './diagnostics.js';
import { targetKey, timeText } from './model.js';
import type { Revocation, RevocationDocument } from './model.js';
import { placeRevocations } from './place.js';
import type { RevocationOverflow } from './place.js';
import { readRevocations, revocationPolicy, revocationText, roleSessionsPolicy } from './statements.js';

/** The set of policies that revocations are, for `planPolicies`. */
export const REVOCATION_SET = 'revocations';

/** Names of their policies: this, and with `-2` and so on behind it. */
export const REVOCATION_NAME = 'stackade-revocations';

/** Whether a policy is called like one of revocations. */
export function isRevocationName(name: string): boolean {
  return /^stackade-revocations(?:-[2-9]|-[1-9]\d)?$/.test(name);
}

const nameOf = (index: number): string => (index === 0 ? REVOCATION_NAME : `${REVOCATION_NAME}-${index + 1}`);

/** Name of the inline policies on roles of the management account. */
export const INLINE_NAME = 'StackadeRevokeOlderSessions';

/** A policy of revocations as it is. */
export interface RevocationsInForce extends RevocationDocument {
  readonly name: string;
}

/**
 * Reads the policies of revocations.
 *
 * @param policies - Their names and texts.
 * @returns A policy with anything else in it is a diagnostic: it would be lost with the next change.
 */
export function readInForce(policies: readonly { readonly name: string; readonly content: string }[]): {
  readonly inForce: readonly RevocationsInForce[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const inForce = policies.flatMap(({ name, content }): RevocationsInForce[] => {
    const { policy } = readPolicy(content, 'scp', name);
    const read = policy === undefined ? { fault: 'it is no policy document' } : readRevocations(policy);
    if (!('fault' in read)) return [{ name, ...read }];
    diagnostics.push(foreignStatement(name, read.fault));
    return [];
  });
  return { inForce: inForce.sort((a, b) => numberOf(a.name) - numberOf(b.name)), diagnostics };
}

const numberOf = (name: string): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 1);

/** One policy and what becomes of it. */
export interface PlannedPolicy {
  readonly name: string;
  readonly change: 'create' | 'update' | 'keep' | 'delete';
  readonly document: RevocationDocument;
  /** Without white space; empty for one that is deleted. */
  readonly content: string;
}

/** What SCPs do not reach, for IAM of the management account. */
export interface ManagementTwin {
  /** Managed policies for every role and user of people there. */
  readonly managed: readonly { readonly name: string; readonly content: string }[];
  /** What earlier plans had there and nothing needs any more: names of managed policies, roles with an inline policy. */
  readonly gone: { readonly managed: readonly string[]; readonly inline: readonly string[] };
  /** Inline policies for single roles. */
  readonly inline: readonly { readonly role: string; readonly name: string; readonly content: string }[];
}

export interface RevocationPlan {
  readonly now: number;
  readonly breakGlass: readonly string[];
  /** Asked for and not in force, or for a shorter time. */
  readonly added: readonly Revocation[];
  readonly kept: readonly Revocation[];
  /** In force and over. */
  readonly expired: readonly Revocation[];
  readonly policies: readonly PlannedPolicy[];
  readonly management: ManagementTwin;
  /** With one, nothing may be done. */
  readonly overflow: RevocationOverflow | null;
  /** Whether times of expiry were moved up to make room. */
  readonly coarser: boolean;
}

export interface PlanOptions {
  readonly now: number;
  readonly inForce: readonly RevocationsInForce[];
  /** Empty to clean up only. */
  readonly added: readonly Revocation[];
  readonly breakGlass: readonly string[];
  /** Slots at the root that there are for revocations. */
  readonly slots: number;
  /** Its id, where it is known. */
  readonly managementAccount?: string | undefined;
}

/** Plans revocations; those that are over are taken out. */
export function planRevocations(options: PlanOptions): RevocationPlan {
  const { now, inForce, added, breakGlass, slots, managementAccount } = options;
  const placing = { now, size: IAM_QUOTAS.scp, slots, breakGlass };
  const { documents, overflow, coarser } = placeRevocations(inForce, added, placing);
  const policies = documents.map((document, index): PlannedPolicy => {
    const before = inForce[index];
    const name = before?.name ?? freeName(inForce, index);
    if (document.revocations.length === 0) return { name, change: 'delete', document, content: '' };
    const content = revocationText(document);
    const isSame = before !== undefined && revocationText(before) === content;
    return { name, change: before === undefined ? 'create' : isSame ? 'keep' : 'update', document, content };
  });
  const old = inForce.flatMap(({ revocations }) => revocations);
  const known = new Map(old.map((each) => [targetKey(each.target), JSON.stringify(each)]));
  const isNew = (each: Revocation): boolean => known.get(targetKey(each.target)) !== JSON.stringify(each);
  const asked = new Set(added.map(({ target }) => targetKey(target)));
  const all = documents.flatMap(({ revocations }) => revocations);
  return {
    now,
    breakGlass,
    added: all.filter((each) => asked.has(targetKey(each.target)) && isNew(each)),
    kept: all.filter((each) => !asked.has(targetKey(each.target)) || !isNew(each)),
    expired: old.filter(({ expires }) => expires <= now),
    policies,
    management: twinOf(policies, inForce, placing, managementAccount),
    overflow,
    coarser,
  };
}

/** A name that no policy in force has; places of policies that are gone are filled again. */
function freeName(inForce: readonly RevocationsInForce[], index: number): string {
  const taken = new Set(inForce.map(({ name }) => name));
  const free = Array.from({ length: index + 1 }, (_, each) => nameOf(each)).filter((name) => !taken.has(name));
  return free[index - inForce.length] ?? nameOf(index);
}

function twinOf(
  policies: readonly PlannedPolicy[],
  inForce: readonly RevocationsInForce[],
  placing: { readonly now: number; readonly breakGlass: readonly string[] },
  account: string | undefined,
): ManagementTwin {
  const managed = policies.flatMap(({ name, document }) => managedOf(name, document, placing));
  const inline = policies.flatMap(({ document }) => inlineOf(document, account));
  // At the time that they were made nothing in them had expired.
  const earlier = inForce.flatMap((each) => managedOf(each.name, each, { ...placing, now: 0 }));
  const names = new Set(managed.map(({ name }) => name));
  const roles = new Set(inline.map(({ role }) => role));
  const goneRoles = inForce.flatMap((each) => inlineOf(each, account)).filter(({ role }) => !roles.has(role));
  return {
    managed,
    inline,
    gone: {
      managed: earlier.map(({ name }) => name).filter((name) => !names.has(name)),
      inline: [...new Set(goneRoles.map(({ role }) => role))],
    },
  };
}

function managedOf(
  name: string,
  document: RevocationDocument,
  placing: { readonly now: number; readonly breakGlass: readonly string[] },
): ManagementTwin['managed'] {
  const people = document.revocations.filter(({ target }) => target.kind !== 'role');
  // Each policy is divided by itself, so that a change of one does not move what is in the others.
  const room = { ...placing, size: IAM_QUOTAS.managedPolicy, slots: people.length };
  return placeRevocations([], people, room).documents.map((part, index) => ({
    name: index === 0 ? name : `${name}-part-${index + 1}`,
    content: revocationText(part),
  }));
}

function inlineOf(document: RevocationDocument, account: string | undefined): ManagementTwin['inline'] {
  return document.revocations.flatMap(({ target }) => {
    if (target.kind !== 'role' || accountOf(target.arn) !== account) return [];
    return [{ role: target.arn, name: INLINE_NAME, content: printPolicy(roleSessionsPolicy(target), 0) }];
  });
}

const accountOf = (arn: string): string | undefined => arn.split(':')[4];

/** The policies as the executor of plans wants them: all at the root. */
export function wantedRevocations(plan: RevocationPlan, rootId: string): WantedPolicies {
  const documents = plan.policies
    .filter(({ change }) => change !== 'delete')
    .map(({ name, content, document }) => ({
      name,
      type: 'scp' as const,
      description: descriptionOf(document),
      content,
    }));
  const names = documents.map(({ name }) => name);
  return { documents, attachments: names.length === 0 ? [] : [{ targetId: rootId, type: 'scp', documents: names }] };
}

function descriptionOf({ revocations }: RevocationDocument): string {
  const last = Math.max(...revocations.map(({ expires }) => expires));
  return `Revoked sessions, the last until ${timeText(last)}. Made by stackade revoke; change it with that only.`;
}

/** Policies of the plan as the IAM engine reads them: those of the root, and those of the management account. */
export function policiesOf(plan: RevocationPlan): {
  readonly scps: readonly Policy[];
  readonly twin: readonly Policy[];
} {
  const documents = plan.policies.map(({ document }) => document).filter(({ revocations }) => revocations.length > 0);
  const people = documents.map((document) => ({
    ...document,
    revocations: document.revocations.filter(
      ({ target }) => target.kind !== 'role' || plan.management.inline.some(({ role }) => role === target.arn),
    ),
  }));
  return {
    scps: documents.map(revocationPolicy),
    twin: people.filter(({ revocations }) => revocations.length > 0).map(revocationPolicy),
  };
}
