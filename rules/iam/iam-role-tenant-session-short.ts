/**
 * iam-role-tenant-session-short: sessions of a tenant are as short as a role can make them, and no policy pretends to
 * limit them: `sts:DurationSeconds` is a key of bearer tokens and web identity tokens, which no call of `AssumeRole` has.
 */
import type { Statement } from '../../iam/index.js';
import { pathIn } from '../code/policy-paths.js';
import { scalar } from '../code/read.js';
import { rolesOf } from '../code/roles.js';
import type { RoleUnder } from '../code/roles.js';
import { tenantRoles, textParameter } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const DURATION = 'sts:durationseconds';
/** `MaxSessionDuration` cannot be shorter, and is this where it is left out. */
const SHORTEST_MAXIMUM = 3600;

export function check(view: View): void {
  const signs = { prefix: textParameter(view, 'tenantRolePrefix'), tags: view.texts('tenantTags') };
  const roles = rolesOf(view);
  for (const role of tenantRoles(view, signs)) {
    const { resource, trust } = role;
    const before = view.verdicts.length;
    checkMaximum(view, role);
    if (trust?.policy === undefined) {
      if (trust !== undefined) view.unreadable(trust);
    } else {
      checkConditions(view, role, trust, trust.policy.statements);
      const named = trust.policy.statements.flatMap(({ principal }) => principal?.principals ?? []);
      for (const broker of roles.filter(({ arn }) => named.some(({ value }) => value === arn))) {
        for (const found of broker.policies) checkConditions(view, role, found, found.policy?.statements ?? []);
      }
    }
    if (view.verdicts.length === before) view.pass(resource);
  }
}

function checkMaximum(view: View, { resource }: RoleUnder): void {
  const text = scalar(view, property(resource, 'MaxSessionDuration'));
  if (text === undefined) return;
  const path = ['Resources', resource.key, 'Properties', 'MaxSessionDuration'];
  const unknown = view.unknownsIn(text);
  if (unknown.length > 0) view.open(resource, path, unknown);
  else if (!(Number(text) <= SHORTEST_MAXIMUM)) {
    view.fail(resource, {
      path,
      message: `sessions of a tenant may last ${text} seconds`,
      subject: 'MaxSessionDuration',
    });
  }
}

/** A condition on a key that calls of `AssumeRole` do not have: an allow never holds, and a deny limits nothing. */
function checkConditions(
  view: View,
  { resource }: RoleUnder,
  found: PolicyUnder,
  statements: readonly Statement[],
): void {
  statements.forEach(({ conditions }, index) => {
    if (!conditions.some(({ key }) => key.toLowerCase() === DURATION)) return;
    view.fail(resource, {
      path: pathIn(found, index, 'Condition'),
      message:
        'the condition on `sts:DurationSeconds` does not limit sessions: calls of `sts:AssumeRole` do not have this key',
      subject: `${found.resource.key} statement ${index}`,
    });
  });
}
