/**
 * iam-role-build-registry-scoped: a role of builds fetches packages from named repositories: the actions for that, each on
 * what it is for, and nothing else of the registry.
 */
import { iamService } from '../../catalogue/iam/index.js';
import type { Request, Statement } from '../../iam/index.js';
import { mayAllow } from '../code/may.js';
import { pathIn } from '../code/policy-paths.js';
import { rolesOf } from '../code/roles.js';
import type { RoleUnder } from '../code/roles.js';
import { reached } from '../code/tenants.js';
import type { PolicyUnder, View } from '../code/view.js';

const BUILD = 'codebuild.amazonaws.com';
const TOKEN = 'sts:GetServiceBearerToken';
const REGISTRY = 'codeartifact.amazonaws.com';
/** What may be done on a domain, and what on a repository. */
const ON: Readonly<Record<string, RegExp>> = {
  'codeartifact:GetAuthorizationToken': /^arn:[^:]*:codeartifact:[^:*?]+:[^:*?]+:domain\/[^*?]+$/,
  'codeartifact:GetRepositoryEndpoint': /^arn:[^:]*:codeartifact:[^:*?]+:[^:*?]+:repository\/[^/*?]+\/[^*?]+$/,
  'codeartifact:ReadFromRepository': /^arn:[^:]*:codeartifact:[^:*?]+:[^:*?]+:repository\/[^/*?]+\/[^*?]+$/,
};

export function check(view: View): void {
  for (const role of rolesOf(view)) {
    const isOfBuilds = (role.trust?.policy?.statements ?? []).some(
      ({ effect, principal }) =>
        effect === 'Allow' && principal?.principals.some(({ value }) => value === BUILD) === true,
    );
    if (isOfBuilds) checkRole(view, role);
  }
}

function checkRole(view: View, role: RoleUnder): void {
  const denies = role.policies.flatMap(({ policy }) =>
    (policy?.statements ?? []).filter(({ effect }) => effect === 'Deny'),
  );
  for (const found of role.policies) {
    if (found.policy === undefined) {
      view.unreadable(found);
      continue;
    }
    found.policy.statements.forEach((statement, index) => {
      if (statement.effect !== 'Allow' || statement.resource === undefined) return;
      const may = mayAllow({ identity: [{ ...found.policy!, statements: [...denies, statement] }] });
      const ask = (action: string, resource: string, context: Request['context'] = {}): boolean =>
        may({ principal: role.arn, action, resource, resourceAccount: view.place.accountId, context });
      checkStatement(view, found, statement, index, ask);
    });
  }
}

function checkStatement(
  view: View,
  found: PolicyUnder,
  statement: Statement,
  index: number,
  ask: (action: string, resource: string, context?: Request['context']) => boolean,
): void {
  const { resource } = found;
  const before = view.verdicts.length;
  const { action, conditions } = statement;
  const { negated, patterns } = statement.resource!;
  // What a resource of the template is called is not known, and it is one domain or repository.
  const unclear = view
    .unknownsIn(...patterns.filter((pattern) => !pattern.startsWith('arn:')))
    .filter(({ kind }) => kind !== 'attribute');
  const unknown = view.unknownsIn(...conditions.flatMap(({ key, values }) => [key, ...values]));
  const say = (element: string, message: string): void => {
    const path = pathIn(found, index, element);
    if (unknown.length > 0) view.open(resource, path, unknown);
    else view.fail(resource, { path, message, subject: `statement ${index} ${message}` });
  };
  const places = negated ? ['*'] : patterns;
  const allowedOn = (name: string): string | undefined =>
    places.find((place) => reached(place, 'x').some((one) => ask(name, one)));
  let concerns = false;
  const names = iamService('codeartifact')!.actionNames.map((name) => `codeartifact:${name}`);
  const extra = names.find((name) => !Object.hasOwn(ON, name) && allowedOn(name) !== undefined);
  const actionElement = action.negated ? 'NotAction' : 'Action';
  if (extra !== undefined) {
    say(
      actionElement,
      `a build may \`${extra}\`; fetching packages needs \`GetAuthorizationToken\`, \`GetRepositoryEndpoint\` and \`ReadFromRepository\` only`,
    );
  } else {
    for (const [name, form] of Object.entries(ON)) {
      const wide = places.find(
        (place) =>
          !form.test(place) && view.unknownsIn(place).length === 0 && reached(place, 'x').some((one) => ask(name, one)),
      );
      if (allowedOn(name) !== undefined) concerns = true;
      const noun = name.endsWith('Token') ? 'domain' : 'repository';
      if (wide !== undefined) {
        say(negated ? 'NotResource' : 'Resource', `a build may \`${name}\` on \`${wide}\`, which is no single ${noun}`);
        break;
      }
    }
  }
  if (places.some((place) => reached(place, 'x').some((one) => ask(TOKEN, one, { 'sts:AWSServiceName': REGISTRY })))) {
    concerns = true;
    if (
      places.some((place) =>
        reached(place, 'x').some((one) => ask(TOKEN, one, { 'sts:AWSServiceName': 'other.amazonaws.com' })),
      )
    ) {
      say(
        actionElement,
        `a build may \`${TOKEN}\` for every service: \`sts:AWSServiceName\` does not hold it to \`${REGISTRY}\``,
      );
    }
  }
  if (view.verdicts.length > before) return;
  if (concerns && unclear.length > 0) view.open(resource, pathIn(found, index, 'Resource'), unclear);
  else if (concerns) view.pass(resource);
}
