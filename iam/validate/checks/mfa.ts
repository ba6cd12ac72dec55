/**
 * Conditions on `aws:MultiFactorAuthPresent` that let callers without MFA pass. Requests with access keys have no such key,
 * so that it is neither true nor false of them
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent).
 */
import type { Report } from '../finding.js';
import type { ConditionView, StatementView } from '../view.js';
import { conditionsOn, type Check } from './input.js';

const KEY = 'aws:multifactorauthpresent';
const AGE = 'aws:multifactorauthage';

export const checkMfa: Check = ({ view }, report) => {
  const statements = view.statements;
  // Who denies requests without the key besides has seen to access keys.
  const deniesKeys = statements.some((each) => each.effect === 'Deny' && asksForMissing(each));
  for (const statement of statements) {
    for (const condition of conditionsOn(statement, KEY)) {
      if (condition.operator !== 'Bool' || condition.qualifier !== undefined) continue;
      checkCondition(condition, statement, deniesKeys, report);
    }
  }
};

function asksForMissing(statement: StatementView): boolean {
  return [KEY, AGE].some((key) =>
    conditionsOn(statement, key).some(({ operator, values }) => operator === 'Null' && all(values, 'true')),
  );
}

function checkCondition(
  { values, ifExists, path, key }: ConditionView,
  { effect }: StatementView,
  deniesKeys: boolean,
  report: Report,
): void {
  const isFalse = all(values, 'false');
  if (effect === 'Deny' && isFalse && !ifExists && !deniesKeys) {
    report(
      'IAM4022',
      path,
      'requests with access keys are not denied, because they do not say whether MFA was used',
      `write \`"BoolIfExists": {"${key}": "false"}\``,
    );
  } else if (effect === 'Allow' && isFalse) {
    report(
      'IAM4022',
      path,
      'the grant is for requests without MFA, and for none with it',
      `write \`"Bool": {"${key}": "true"}\``,
    );
  } else if (effect === 'Allow' && ifExists && all(values, 'true')) {
    report(
      'IAM4022',
      path,
      'requests with access keys are allowed, because they do not say whether MFA was used',
      `write \`"Bool": {"${key}": "true"}\``,
    );
  }
}

function all(values: ConditionView['values'], wanted: string): boolean {
  return values.length > 0 && values.every(({ text }) => text.toLowerCase() === wanted);
}
