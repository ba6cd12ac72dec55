/** When a statement applies: its elements, one by one. */
import type { PatternElement, Policy, Statement } from '../model.js';
import { conditionHolds } from './condition.js';
import { isText, letters, matches, parts, pieces, RUN, substitute } from './patterns.js';
import type { Piece } from './patterns.js';
import { principalMatches } from './principal.js';
import type { World } from './world.js';

/** The statements of a policy that apply. */
export function matching(policy: Policy, world: World): readonly Statement[] {
  return policy.statements.filter((statement) => applies(statement, policy, world));
}

/** A statement applies when all its elements match. */
function applies(statement: Statement, policy: Policy, world: World): boolean {
  const { action, resource, conditions } = statement;
  const hasVariables = policy.version === '2012-10-17';
  return (
    principalMatches(statement, world) &&
    actionMatches(action, world.request.action) &&
    (resource === undefined || resourceMatches(resource, hasVariables, world)) &&
    conditions.every((condition) => conditionHolds(condition, hasVariables, world))
  );
}

/** reference_policies_elements_action, reference_policies_elements_notaction */
function actionMatches({ negated, patterns }: PatternElement, action: string): boolean {
  const name = letters(action.toLowerCase());
  return negated !== patterns.some((pattern) => matches(pieces(pattern.toLowerCase()), name));
}

/**
 * reference_policies_elements_resource, reference_policies_elements_notresource
 *
 * A variable without a value makes its entry match nothing; under `NotResource` the statement then applies to nothing.
 */
function resourceMatches({ negated, patterns }: PatternElement, hasVariables: boolean, world: World): boolean {
  const resolved = patterns.map((pattern) => {
    const fifth = pattern.split(':', 5).join(':').length + 1;
    const tail = substitute(pattern.slice(fifth), hasVariables, true, world);
    return tail && [...pieces(pattern.slice(0, fifth)), ...tail];
  });
  const isListed = resolved.some((pattern) => pattern !== undefined && oneResourceMatches(pattern, world));
  return negated ? !isListed && !resolved.includes(undefined) : isListed;
}

function oneResourceMatches(pattern: readonly Piece[], { request: { resource } }: World): boolean {
  if (resource === '*') return pattern.length > 0 && pattern.every((piece) => piece === RUN);
  const written = parts(pattern, 6);
  if (!isText(written[0], 'arn')) return matches(pattern, letters(resource));
  // An ARN with fewer parts stands for any value of the parts that are missing.
  const missing = Array.from({ length: 6 - written.length }, () => [':', RUN] as const);
  const wanted = parts([...pattern, ...missing.flat()], 4);
  // A wildcard stays inside partition or service; from the Region on it may run over colons.
  const given = parts(letters(resource), 4);
  return wanted.length === given.length && wanted.every((part, index) => matches(part, given[index] ?? []));
}
