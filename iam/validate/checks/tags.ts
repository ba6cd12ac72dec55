/**
 * Conditions on tags of resources with actions that never carry them
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Deny with unsupported
 * tag condition key for service" and its three relatives).
 */
import { conditionKeysOf, expandActionPattern, iamAction, isInstanceOfKey } from '../../../catalogue/iam/index.js';
import type { Report } from '../finding.js';
import { demandsKey, type ConditionView, type ElementView } from '../view.js';
import { eachStatement, type CheckInput } from './input.js';

const RESOURCE_TAG = 'aws:ResourceTag/${TagKey}';

export const checkTags = eachStatement(({ effect, action, conditions }, input, report) => {
  const condition = conditions.find((each) => each.lower.startsWith('aws:resourcetag/') && each.lower.length > 16);
  if (condition === undefined || effect === undefined || action === undefined || !demandsKey(condition)) return;
  if (condition.operator === 'Null') return;
  if (action.negated) reportNotAction(effect, condition, report);
  else reportServices(effect, condition, action, input, report);
});

function reportNotAction(effect: 'Allow' | 'Deny', { key, path }: ConditionView, report: Report): void {
  report(
    `${effect === 'Deny' ? 'DENY' : 'ALLOW'}_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE`,
    path,
    `many actions never carry \`${key}\`, and \`NotAction\` includes them: the statement does not ${effect === 'Deny' ? 'deny' : 'allow'} them`,
    'list in `Action` those that support tags of resources',
  );
}

function reportServices(
  effect: 'Allow' | 'Deny',
  { key, path }: ConditionView,
  { items }: ElementView,
  { budget }: CheckInput,
  report: Report,
): void {
  // The pattern for everything is meant to include what has no tags.
  if (items.some(({ text }) => !text.includes(':') || text.startsWith('*'))) return;
  const supporting = new Map<string, boolean>();
  for (const { text } of items) {
    if (!budget.spend(10)) return;
    for (const name of expandActionPattern(text)) {
      const prefix = name.slice(0, name.indexOf(':'));
      if (supporting.get(prefix) === true) break;
      supporting.set(prefix, supports(name));
    }
  }
  const without = [...supporting].filter(([, yes]) => !yes).map(([prefix]) => prefix);
  if (without.length === 0) return;
  const names = without.map((prefix) => `\`${prefix}\``).join(', ');
  report(
    `${effect === 'Deny' ? 'DENY' : 'ALLOW'}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE`,
    path,
    `the actions of ${names} in this statement never carry \`${key}\`, so that it does not ${effect === 'Deny' ? 'deny' : 'allow'} them`,
    'move them to a statement without this condition',
  );
}

const known = new Map<string, boolean>();

function supports(name: string): boolean {
  let answer = known.get(name);
  if (answer === undefined) {
    answer = conditionKeysOf(iamAction(name)!).some(
      (key) => isInstanceOfKey(key, RESOURCE_TAG) || key === RESOURCE_TAG,
    );
    known.set(name, answer);
  }
  return answer;
}
