/** What the policies of topics and queues have in common: nobody from outside, and services only on behalf of a source. */
import type { Policy, Statement } from '../../iam/index.js';
import { mayAllow } from './may.js';
import { letsOutsidersIn, OUTSIDE_ACCOUNT } from './outsiders.js';
import { isForEveryone, textsOf } from './principals.js';
import { pathIn } from './policy-paths.js';
import type { PolicyUnder, View } from './view.js';

/** Names of a kind of resource, and what to ask about where a statement names nothing. */
export interface ScopedKind {
  readonly types: readonly string[];
  /** Such as `topic`. */
  readonly noun: string;
  readonly action: string;
  readonly service: string;
}

/** Checks the resource policies of some types. */
export function checkScoped(view: View, kind: ScopedKind): void {
  for (const found of view.policies(...kind.types)) {
    if (found.policy === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    found.policy.statements.forEach((statement, index) => {
      if (statement.effect === 'Allow') checkStatement(view, found, found.policy!, statement, index, kind);
    });
    if (view.verdicts.length === before) view.pass(found.resource);
  }
}

function checkStatement(
  view: View,
  found: PolicyUnder,
  policy: Policy,
  statement: Statement,
  index: number,
  { noun, action, service }: ScopedKind,
): void {
  const { resource } = found;
  const { partition, region, accountId } = view.place;
  const sample = { action, resource: `arn:${partition}:${service}:${region}:${accountId}:some` };
  const element = statement.principal?.negated === true ? 'NotPrincipal' : 'Principal';
  const unknown = view.unknownsIn(...textsOf(statement));
  const say = (message: string, subject: string, ...place: readonly string[]): void => {
    const path = pathIn(found, index, ...place);
    if (unknown.length > 0) view.open(resource, path, unknown);
    else view.fail(resource, { path, message, subject: `statement ${index} ${subject}` });
  };
  if (isForEveryone(statement) && letsOutsidersIn(policy, statement, sample, accountId)) {
    say(
      `the policy lets everybody use the ${noun}, and no condition holds it to an account, an organization or a source`,
      'everyone',
      element,
    );
  }
  for (const { kind, value } of statement.principal?.principals ?? []) {
    if (kind !== 'Service' || !worksForAnybody(policy, statement, value, sample)) continue;
    say(
      `\`${value}\` may use the ${noun} on behalf of any account: nothing says whose resource it acts for`,
      value,
      element,
    );
  }
  if (statement.resource?.negated === false && statement.resource.patterns.some((pattern) => /^\*+$/.test(pattern))) {
    say(`the statement speaks of every ${noun} (\`*\`)`, 'resource', 'Resource');
  }
}

/** Whether a service gets in when it acts for a resource of an account that nobody names. */
function worksForAnybody(
  policy: Policy,
  statement: Statement,
  service: string,
  sample: { readonly action: string; readonly resource: string },
): boolean {
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  const mayBeAllowed = mayAllow({ resource: { ...policy, statements: [...denies, statement] } });
  const [pattern = '*'] = statement.action.negated ? [] : statement.action.patterns;
  const [target = '*'] = statement.resource?.negated === false ? statement.resource.patterns : [];
  return mayBeAllowed({
    principal: { service },
    action: /[*?]/.test(pattern) ? sample.action : pattern,
    resource: target === '*' ? sample.resource : target.replace(/\$\{[^}]*\}|[*?]/g, 'x'),
    context: {
      'aws:SourceArn': `arn:aws:sns:us-east-1:${OUTSIDE_ACCOUNT}:someone-else`,
      'aws:SourceAccount': OUTSIDE_ACCOUNT,
      'aws:SourceOwner': OUTSIDE_ACCOUNT,
      'aws:SourceOrgID': 'o-outsider00',
      'aws:SourceOrgPaths': ['o-outsider00/r-0000/'],
      'aws:SecureTransport': 'true',
    },
  });
}
