/**
 * iam-policy-secret-readers-only-read: who reads a secret or a parameter does not write it, unless it rotates secrets.
 * Asked of the evaluator for every ARN that the policies name.
 */
import { UNNAMED } from '../code/bounds.js';
import { grantsOf, identitiesOf } from '../code/identities.js';
import type { Identity } from '../code/identities.js';
import { itemsOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** A kind of stored value: what reads it, what changes it. */
interface Store {
  readonly noun: string;
  readonly arn: RegExp;
  readonly unnamed: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const STORES: readonly Store[] = [
  {
    noun: 'secret',
    arn: /^arn:[^:]*:secretsmanager:/,
    unnamed: `secretsmanager:eu-west-1:000000000000:secret:${UNNAMED}-Zq0Zq0`,
    reads: ['secretsmanager:GetSecretValue'],
    writes: [
      'PutSecretValue',
      'UpdateSecret',
      'DeleteSecret',
      'CreateSecret',
      'RestoreSecret',
      'UpdateSecretVersionStage',
      'PutResourcePolicy',
      'DeleteResourcePolicy',
    ].map((name) => `secretsmanager:${name}`),
  },
  {
    noun: 'parameter',
    arn: /^arn:[^:]*:ssm:/,
    unnamed: `ssm:eu-west-1:000000000000:parameter/${UNNAMED}`,
    reads: ['GetParameter', 'GetParameters', 'GetParametersByPath', 'GetParameterHistory'].map((name) => `ssm:${name}`),
    writes: ['PutParameter', 'DeleteParameter', 'DeleteParameters'].map((name) => `ssm:${name}`),
  },
];

export function check(view: View): void {
  const rotating = rotatingRoles(view);
  for (const identity of identitiesOf(view)) {
    for (const found of identity.unreadable) view.unreadable(found);
    const before = view.verdicts.length;
    if (identity.role === undefined || !rotating.has(identity.role)) {
      for (const store of STORES) checkStore(view, identity, store);
    }
    if (view.verdicts.length === before && identity.unreadable.length === 0) view.pass(identity.resource);
  }
}

function checkStore(view: View, identity: Identity, { noun, arn, unnamed, reads, writes }: Store): void {
  const patterns = identity.documents.flatMap(({ policy }) =>
    policy.statements.flatMap(({ effect, resource }) =>
      effect === 'Allow' && resource?.negated === false ? resource.patterns : [],
    ),
  );
  const named = patterns.filter((pattern) => arn.test(pattern) || view.unknownsIn(pattern).length > 0);
  const resources = [
    ...named.map((pattern) => pattern.replace(/\$\{[^}]*\}/g, 'value-of-the-caller').replace(/[*?]/g, 'x')),
    `arn:${view.place.partition}:${unnamed}`,
  ];
  const told = new Set<string>();
  for (const resource of new Set(resources)) {
    if (!reads.some((action) => grantsOf(view, identity, { action, resource }).length > 0)) continue;
    for (const action of writes) {
      for (const { document, index, answer, unknowns } of grantsOf(view, identity, { action, resource })) {
        const path = document.place(index);
        const id = JSON.stringify(path);
        if (told.has(id)) continue;
        told.add(id);
        const message = `who may read the ${noun} may write it too, by \`${action}\``;
        if (answer === 'open') view.open(document.resource, path, unknowns);
        else view.fail(document.resource, { path, message, subject: `statement ${index} ${noun}` });
      }
    }
  }
}

/** The roles of functions that rotate secrets: they read and write what they rotate. */
function rotatingRoles(view: View): ReadonlySet<ResourceUnder> {
  const functions = view
    .resources('AWS::SecretsManager::RotationSchedule')
    .flatMap((schedule) => itemsOf(property(schedule, 'RotationLambdaARN')))
    .map((arn) => view.graph.target(arn, 'AWS::Lambda::Function'));
  const roles = functions.map((one) =>
    one === undefined ? undefined : view.graph.target(property(one, 'Role'), 'AWS::IAM::Role'),
  );
  return new Set(roles.filter((role) => role !== undefined));
}
