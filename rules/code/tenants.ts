/**
 * What belongs to tenants of a shared system: roles by their name, their tags or the tags that their sessions must bring,
 * and policies by those roles or by the tag of the caller that they name.
 */
import type { Policy, Statement } from '../../iam/index.js';
import { textsOf } from './principals.js';
import { rolesOf, tagsOf } from './roles.js';
import type { RoleUnder } from './roles.js';
import { property } from './view.js';
import type { PolicyUnder, View } from './view.js';

/** How tenants are recognized. */
export interface TenantSigns {
  /** What names of tenants' roles start with. */
  readonly prefix: string;
  /** Keys of the tags that hold a tenant's place. */
  readonly tags: readonly string[];
}

/** The tenant who asks, and another one; a third whose name only starts like that of the first. */
export const TENANT = 'tenant-a';
export const OTHER_TENANT = 'other-tenant';
const NAMESAKE = `${TENANT}-two`;

/** The value of a parameter that is a text. */
export function textParameter(view: View, name: string): string {
  const value = view.parameters[name];
  return typeof value === 'string' ? value : '';
}

/** The roles that tenants act in. */
export function tenantRoles(view: View, signs: TenantSigns): readonly RoleUnder[] {
  return rolesOf(view).filter((role) => {
    const name = view.text(property(role.resource, 'RoleName'));
    const keys = [...tagsOf(view, role.resource).keys()];
    return (
      name?.startsWith(signs.prefix) === true ||
      signs.tags.some((tag) => keys.includes(tag)) ||
      bringsTags(role, signs.tags)
    );
  });
}

/** Whether the trust policy speaks of tags that a session brings along. */
export function bringsTags({ trust }: RoleUnder, tags: readonly string[]): boolean {
  return mentions(trust?.policy, 'aws:RequestTag/', tags);
}

/** A policy of tenants. */
export interface TenantPolicy {
  readonly found: PolicyUnder;
  readonly policy: Policy;
  /** The roles of the template that have it. */
  readonly holders: readonly RoleUnder[];
  /** One statement with everything that is denied to all who have the policy. */
  readonly alone: (statement: Statement) => Policy;
}

/** The policies of tenants; what cannot be read is told. */
export function tenantPolicies(view: View, signs: TenantSigns): readonly TenantPolicy[] {
  const roles = rolesOf(view);
  const tenants = tenantRoles(view, signs);
  const all = new Set([...roles.flatMap(({ policies }) => policies), ...view.policies()]);
  return [...all].flatMap((found): TenantPolicy[] => {
    if (found.kind !== 'identity') return [];
    const holders = roles.filter(({ policies }) => policies.includes(found));
    const isOfTenants = holders.some((holder) => tenants.some(({ resource }) => resource.key === holder.resource.key));
    if (!isOfTenants && !mentions(found.policy, 'aws:PrincipalTag/', signs.tags)) return [];
    if (found.policy === undefined) {
      view.unreadable(found);
      return [];
    }
    const { policy } = found;
    const others = holders[0]?.policies.filter((one) => holders.every(({ policies }) => policies.includes(one))) ?? [];
    const denies = [...new Set([found, ...others])].flatMap((one) =>
      (one.policy?.statements ?? []).filter(({ effect }) => effect === 'Deny'),
    );
    return [{ found, policy, holders, alone: (statement) => ({ ...policy, statements: [...denies, statement] }) }];
  });
}

function mentions(policy: Policy | undefined, key: string, tags: readonly string[]): boolean {
  const wanted = tags.map((tag) => `${key}${tag}`.toLowerCase());
  return (policy?.statements ?? []).some((statement) =>
    textsOf(statement).some((text) => wanted.some((name) => isKeyIn(text.toLowerCase(), name))),
  );
}

/** Whether a text is a condition key, or holds a variable of it. */
function isKeyIn(text: string, key: string): boolean {
  const at = text.indexOf(key);
  return at >= 0 && (at + key.length === text.length || /[\s,}]/.test(text.charAt(at + key.length)));
}

/** What stands in for wildcards: what other tenants have, below the own place and beside it. */
const FILLERS = ['x', `${OTHER_TENANT}/x`, `${OTHER_TENANT}/${TENANT}/x`, OTHER_TENANT, `${NAMESAKE}/x`, ''];

/**
 * Names that a pattern of a policy reaches, chosen so that a tenant should not reach them if the pattern is too wide.
 *
 * @param value - What variables stand for; `undefined` for a caller without tags, to whom only defaults are left.
 */
export function reached(pattern: string, value: string | undefined): readonly string[] {
  const filled = pattern
    .replace(/\$\{[*?$]\}/g, 'x')
    .replace(/\$\{[^},]*(?:,\s*'([^']*)'\s*)?\}/g, (_, otherwise?: string) => value ?? otherwise ?? 'x')
    .replaceAll('?', 'x');
  const pieces = filled.split(/\*+/);
  const mixed = FILLERS.flatMap((first) =>
    FILLERS.map((rest) =>
      pieces.slice(1).reduce((text, piece, at) => text + (at === 0 ? first : rest) + piece, pieces[0]!),
    ),
  );
  return [...new Set(mixed)];
}

/** Keys for requests of a tenant: the tag with its value. */
export function tagged(key: string, value: string): Readonly<Record<string, string>> {
  return { [`aws:PrincipalTag/${key}`]: value };
}

/** Names of prefixes for lists that a tenant must not make; the absence of one among them. */
export const FOREIGN_PREFIXES: readonly (string | undefined)[] = [
  undefined,
  `${OTHER_TENANT}/`,
  '',
  TENANT,
  `${NAMESAKE}/`,
  `x/${TENANT}/`,
];
