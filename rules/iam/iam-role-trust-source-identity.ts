/** iam-role-trust-source-identity: sessions of people carry a source identity, so that one person can be found and stopped. */
import { wildcardMatch } from '../../catalogue/iam/index.js';
import type { Policy, Principal, Request } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { accountOf, textsOf } from '../code/principals.js';
import { reached, textParameter } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const SOMEBODY = 'jane.doe';
const GIVEN = 'sts:SourceIdentity';
const CARRIED = 'aws:SourceIdentity';

export function check(view: View): void {
  const pattern = textParameter(view, 'humanRolePattern');
  for (const found of view.policies('AWS::IAM::Role')) {
    if (found.kind !== 'trust') continue;
    const name = view.text(property(found.resource, 'RoleName'));
    const isNamed = name !== undefined && wildcardMatch(pattern, name);
    if (found.policy !== undefined) checkTrust(view, found, found.policy, isNamed);
    else if (isNamed) view.unreadable(found);
  }
}

function checkTrust(view: View, found: PolicyUnder, policy: Policy, isNamed: boolean): void {
  const { resource } = found;
  const role = `arn:${view.place.partition}:iam::${view.place.accountId}:role/this`;
  const may = mayAllow({ identity: [ALLOW_ALL], resource: policy });
  const identities = [SOMEBODY, ...policy.statements.flatMap(identitiesIn)];
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.principal?.negated !== false) return;
    for (const principal of statement.principal.principals) {
      const way = wayOf(view, principal, isNamed);
      if (way === undefined) continue;
      const { action, caller, keys } = way;
      const ask = (what: string, given: Pick<Request, 'context' | 'absent'>): boolean =>
        may({ principal: caller, action: what, resource: role, ...given });
      const withOne = (what: string): boolean =>
        identities.some((identity) => ask(what, { context: Object.fromEntries(keys.map((key) => [key, identity])) }));
      const without = ask(action, { context: {}, absent: [GIVEN, CARRIED] });
      // A principal that cannot assume the role at all, or not in this way, is another statement's matter.
      if (!without && !withOne(action)) continue;
      const fault = without
        ? `\`${principal.value}\` may assume the role without a source identity`
        : withOne('sts:SetSourceIdentity')
          ? undefined
          : `\`${principal.value}\` must bring a source identity, and is not allowed \`sts:SetSourceIdentity\`, without which it cannot`;
      const unknown = view.unknownsIn(...textsOf({ ...statement, principal: { negated: false, principals: [] } }));
      if (fault === undefined) view.pass(resource);
      else if (unknown.length > 0 || view.unknownsIn(principal.value).length > 0) {
        view.open(resource, pathIn(found, index), [...unknown, ...view.unknownsIn(principal.value)]);
      } else {
        view.fail(resource, {
          path: pathIn(found, index),
          message: fault,
          subject: `statement ${index} ${principal.value}`,
        });
      }
    }
  });
}

interface Way {
  readonly action: string;
  readonly caller: Request['principal'];
  /** The keys in which the source identity is. */
  readonly keys: readonly string[];
}

/** How people come in by a principal; nothing for those who are no people. */
function wayOf(view: View, principal: Principal, isNamed: boolean): Way | undefined {
  const { kind, value } = principal;
  if (kind === 'Federated') {
    // A provider that a parameter gives is asked about as one of SAML; trust of other kinds does not let it in that way.
    const isSaml = value.includes(':saml-provider/') || view.unknownsIn(value).length > 0;
    if (!isSaml && !isNamed) return undefined;
    const action = isSaml ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity';
    return { action, caller: { federated: value }, keys: [GIVEN] };
  }
  if (kind !== 'AWS' || !isNamed) return undefined;
  const account = accountOf(principal) ?? view.place.accountId;
  const isIdentity = /^arn:[^:]*:iam::[^:]*:(?:role|user)\//.test(value);
  const caller = isIdentity ? value : `arn:${view.place.partition}:iam::${account}:role/some-role`;
  return { action: 'sts:AssumeRole', caller, keys: [GIVEN, CARRIED] };
}

/** Identities that conditions name. */
function identitiesIn({ conditions }: Policy['statements'][number]): readonly string[] {
  return conditions
    .filter(({ key }) => [GIVEN, CARRIED].some((one) => one.toLowerCase() === key.toLowerCase()))
    .flatMap(({ values }) => values.flatMap((value) => reached(value, SOMEBODY)));
}
