/** iam-managed-policy-boundary-allows: a permissions boundary allows something, and is not longer than AWS takes. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import { accessNotGranted } from '../../iam/prove/index.js';
import { Float } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const LONGEST = IAM_QUOTAS.managedPolicy;

export function check(view: View): void {
  const bounding = view
    .resources('AWS::IAM::Role', 'AWS::IAM::User')
    .map((identity) => property(identity, 'PermissionsBoundary'))
    .map((value) => (value === undefined ? undefined : view.graph.target(value, 'AWS::IAM::ManagedPolicy')?.key));
  for (const found of view.policies('AWS::IAM::ManagedPolicy')) {
    const name = view.text(property(found.resource, 'ManagedPolicyName'));
    const isBoundary = bounding.includes(found.resource.key) || name === view.parameters['boundaryName'];
    if (isBoundary) checkBoundary(view, found);
  }
}

function checkBoundary(view: View, found: PolicyUnder): void {
  const { resource, path, policy, unknowns } = found;
  if (policy === undefined) {
    view.unreadable(found);
    return;
  }
  const before = view.verdicts.length;
  const length = shortestLength(view, found.value);
  if (length > LONGEST) {
    const message = `the boundary has ${length} characters without white space; AWS takes ${LONGEST} at most`;
    view.fail(resource, { path, message, subject: 'length' });
  }
  const allows = policy.statements.some(({ effect }) => effect === 'Allow');
  if (!allows || accessNotGranted([policy], { actions: ['*'] }, 'identity').kind === 'HOLDS') {
    const message = allows
      ? 'the denies of the boundary take away everything that it allows, so that whoever carries it may do nothing'
      : 'the boundary has no statement that allows, so that whoever carries it may do nothing';
    if (unknowns.length > 0 && allows) view.open(resource, path, unknowns);
    else view.fail(resource, { path, message, subject: 'allow' });
  }
  if (view.verdicts.length === before) view.pass(resource);
}

/** How long a document is at least: what is not known may be empty. */
function shortestLength(view: View, value: Value): number {
  const plain = (_: string, item: unknown): unknown =>
    typeof item === 'bigint' ? Number(item) : item instanceof Float ? item.value : item;
  const text = typeof value === 'string' ? JSON.stringify(JSON.parse(value)) : JSON.stringify(value, plain);
  return Array.from(text).filter((character) => view.unknownsIn(character).length === 0).length;
}
