/** iam-role-tenant-session-short: the broker cannot ask for a session of a tenant that is longer than it needs. */
import type { Policy } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from '../code/may.js';
import { rolesOf } from '../code/roles.js';
import type { RoleUnder } from '../code/roles.js';
import { tenantRoles, textParameter } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const DURATION = 'sts:DurationSeconds';
/** `MaxSessionDuration` cannot be shorter. */
const SHORTEST_MAXIMUM = 3600;

export function check(view: View): void {
  const signs = { prefix: textParameter(view, 'tenantRolePrefix'), tags: view.texts('tenantTags') };
  const longest = Number(view.parameters['maxTenantSeconds']);
  const roles = rolesOf(view);
  for (const role of tenantRoles(view, signs)) {
    const { resource, trust } = role;
    const before = view.verdicts.length;
    const maximum = property(resource, 'MaxSessionDuration');
    const seconds = typeof maximum === 'object' ? NaN : Number(maximum);
    if (seconds > SHORTEST_MAXIMUM) {
      view.fail(resource, {
        path: ['Resources', resource.key, 'Properties', 'MaxSessionDuration'],
        message: `sessions of a tenant may last ${seconds} seconds`,
        subject: 'MaxSessionDuration',
      });
    }
    if (trust === undefined) continue;
    if (trust.policy === undefined) view.unreadable(trust);
    else checkCalls(view, role, trust, trust.policy, roles, longest);
    if (view.verdicts.length === before) view.pass(resource);
  }
}

function checkCalls(
  view: View,
  { resource, arn }: RoleUnder,
  trust: PolicyUnder,
  policy: Policy,
  roles: readonly RoleUnder[],
  longest: number,
): void {
  const named = policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ principal }) => principal?.principals ?? [])
    .filter(({ kind }) => kind === 'AWS')
    .map(({ value }) => value);
  const isIdentity = (arn: string): boolean => /^arn:[^:]*:iam::[^:]*:(?:role|user)\//.test(arn);
  // Where an account is trusted, its roles are asked about: those that conditions name, those of the template, any other.
  const { partition, accountId } = view.place;
  const others = [
    ...policy.statements.flatMap(({ conditions }) => conditions.flatMap(({ values }) => values)).filter(isIdentity),
    ...roles.map((role) => role.arn),
    `arn:${partition}:iam::${accountId}:role/some-role`,
  ];
  const principals = new Set([...named.filter(isIdentity), ...(named.every(isIdentity) ? [] : others)]);
  for (const principal of principals) {
    const broker = roles.find((role) => role.arn === principal);
    const own = broker?.policies.flatMap((found) => (found.policy === undefined ? [] : [found.policy]));
    const identity = own === undefined || own.length === 0 ? [ALLOW_ALL] : own;
    const may = mayAllow({ identity, resource: policy });
    const common = { principal, action: 'sts:AssumeRole', resource: arn };
    const isLong = may({ ...common, context: { [DURATION]: String(longest + 1) } });
    const isUnlimited = isLong || may({ ...common, context: {}, absent: [DURATION] });
    const unknown = view.unknownsIn(...[policy, ...identity].flatMap(limitsIn));
    if (unknown.length > 0) view.open(resource, trust.path, unknown);
    else if (isUnlimited) {
      const message = `\`${principal}\` may ask for a session of a tenant that lasts longer than ${longest} seconds: ${isLong ? 'nothing limits' : 'a call without a duration passes what limits'} \`${DURATION}\``;
      view.fail(resource, { path: trust.path, message, subject: principal });
    }
  }
}

/** The values that conditions on the duration have. */
function limitsIn({ statements }: Policy): readonly string[] {
  return statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => key.toLowerCase() === DURATION.toLowerCase())
    .flatMap(({ values }) => values);
}
