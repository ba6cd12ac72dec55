/**
 * iam-policy-secret-reads-scoped: policies of roles let read secrets and parameters by name or prefix. The evaluator is
 * asked about secrets that nobody thought of: one with a name of its own, and neighbours of those in the template.
 */
import { parseArn } from '../../iam/index.js';
import { UNNAMED } from '../code/bounds.js';
import { grantsOf, identitiesOf } from '../code/identities.js';
import type { Grant, Identity } from '../code/identities.js';
import { isKnown } from '../code/read.js';
import { property } from '../code/view.js';
import type { View } from '../code/view.js';

const READS = {
  secretsmanager: ['secretsmanager:GetSecretValue'],
  ssm: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:GetParameterHistory'],
} as const;

/** Stands in the place of the six characters that AWS adds to the name of a secret. */
const SUFFIX = '-Zq0Zq0';

export function check(view: View): void {
  for (const identity of identitiesOf(view)) {
    for (const found of identity.unreadable) view.unreadable(found);
    const before = view.verdicts.length;
    for (const service of ['secretsmanager', 'ssm'] as const) checkService(view, identity, service);
    checkNeighbours(view, identity);
    if (view.verdicts.length === before && identity.unreadable.length === 0) view.pass(identity.resource);
  }
}

function checkService(view: View, identity: Identity, service: keyof typeof READS): void {
  const told = new Set<string>();
  for (const action of READS[service]) {
    for (const grant of grantsOf(view, identity, { action, resource: arnOf(view, service, UNNAMED) })) {
      const noun = service === 'ssm' ? 'parameter' : 'secret';
      say(view, grant, told, `the statement allows \`${action}\` on every ${noun}`, service);
    }
    // A path is allowed or not as such: who may ask for the root gets what is below it.
    if (action === 'ssm:GetParametersByPath') {
      for (const grant of grantsOf(view, identity, { action, resource: arnOf(view, service, '') })) {
        say(view, grant, told, `the statement allows \`${action}\` on the root, and so on every parameter`, service);
      }
    }
    for (const { name, resource } of outside(view, identity, service)) {
      for (const grant of grantsOf(view, identity, { action, resource })) {
        const message = `the statement allows \`${action}\` on names such as \`${name}\`, outside of \`secretPrefixes\``;
        say(view, grant, told, message, service);
      }
    }
  }
}

/** ARNs that policies ask for, wildcards filled, whose names begin with none of the prefixes of the organization. */
function outside(
  view: View,
  { documents }: Identity,
  service: keyof typeof READS,
): readonly { readonly name: string; readonly resource: string }[] {
  const prefixes = view.texts('secretPrefixes').map(plain);
  if (prefixes.length === 0) return [];
  const allowed = documents.flatMap(({ policy }) => policy.statements).filter(({ effect }) => effect === 'Allow');
  const patterns = allowed.flatMap(({ resource }) => (resource?.negated === false ? resource.patterns : []));
  return [...new Set(patterns)].flatMap((pattern) => {
    const resource = pattern.replace(/\$\{[^}]*\}|\*/g, 'x').replace(/\?/g, 'a');
    const arn = parseArn(resource);
    const name = arn?.service === service ? arn.resource.replace(/^(?:secret:|parameter\/)/, '') : undefined;
    return isKnown(view, name) && !prefixes.some((prefix) => name.startsWith(prefix)) ? [{ name, resource }] : [];
  });
}

/** A prefix with or without the slash in front of it is the same. */
function plain(name: string): string {
  return name.replace(/^\//, '');
}

/** A grant for one secret of the template that holds for its neighbours too, and is no prefix that ends in a slash. */
function checkNeighbours(view: View, identity: Identity): void {
  const told = new Set<string>();
  const action = READS.secretsmanager[0];
  for (const secret of view.resources('AWS::SecretsManager::Secret')) {
    const name = view.text(property(secret, 'Name'));
    if (!isKnown(view, name)) continue;
    for (const neighbour of [`${name}2`, `${name}-other`]) {
      const folder = name.slice(0, name.lastIndexOf('/') + 1);
      const isFolder = (grant: Grant): boolean =>
        grantsOf(view, identity, { action, resource: arnOf(view, 'secretsmanager', `${folder}${UNNAMED}`) }).some(
          (other) => other.document === grant.document && other.index === grant.index,
        );
      for (const grant of grantsOf(view, identity, { action, resource: arnOf(view, 'secretsmanager', neighbour) })) {
        if (isFolder(grant)) continue;
        const message = `what lets read the secret \`${name}\` lets read \`${neighbour}\` too`;
        say(view, grant, told, message, 'neighbour');
      }
    }
  }
}

function arnOf({ place }: View, service: keyof typeof READS, name: string): string {
  const { partition, region, accountId } = place;
  const resource = service === 'ssm' ? `parameter/${name}` : `secret:${name}${SUFFIX}`;
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

function say(view: View, grant: Grant, told: Set<string>, message: string, subject: string): void {
  const { document, index, answer, unknowns } = grant;
  const path = document.placeOfResources(index);
  const id = JSON.stringify([path, subject]);
  if (told.has(id)) return;
  told.add(id);
  if (answer === 'open') view.open(document.resource, path, unknowns);
  else if (document.managedName === undefined) {
    view.fail(document.resource, { path, message, subject: `statement ${index} ${subject}` });
  } else {
    const name = `the policy \`${document.managedName}\``;
    view.fail(document.resource, { path, message: message.replace(/^the statement/, name), subject });
  }
}
