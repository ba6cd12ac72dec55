/**
 * Patterns in conditions that say too much or nothing
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Wildcard usage too
 * permissive", "Variable usage too permissive", "Redundant key due to wildcard in condition", "Equivalent to null true",
 * "S3 prefix in negative context", "Untrustworthy condition key", "Use condition key only with supported services").
 */
import { SENSITIVE_KEYS } from '../../../catalogue/iam/index.js';
import type { Report } from '../finding.js';
import { hasWildcard } from '../patterns.js';
import { isNegated, takesWildcards, type ConditionView, type StatementView } from '../view.js';
import { eachStatement } from './input.js';

export const checkPermissive = eachStatement((statement: StatementView, _input, report) => {
  for (const condition of statement.conditions) {
    checkSensitive(condition, report);
    checkScope(condition, statement, report);
    checkEverything(condition, report);
    checkPrefix(condition, statement, report);
    checkTrust(condition, statement, report);
    checkEndpointKeys(condition, statement, report);
  }
});

const SENSITIVE = new Set(SENSITIVE_KEYS.map((key) => key.toLowerCase()));

/**
 * Variables that AWS itself sets and that hold one account, organization, VPC or endpoint, as in
 * `"aws:ResourceOrgID": "${aws:PrincipalOrgID}"`, which AWS's own examples of data perimeters have.
 */
function onlySafeVariables(text: string): boolean {
  return [...text.matchAll(/\$\{([^},]*)[^}]*\}/g)].every(([, name = '']) => SENSITIVE.has(name.toLowerCase()));
}

/** Keys that name accounts, organizations, VPCs and endpoints take whole values only. */
function checkSensitive(condition: ConditionView, report: Report): void {
  const { lower, key, values, operator } = condition;
  if (!SENSITIVE.has(lower) || operator === 'Null') return;
  for (const { text, path } of values) {
    if (takesWildcards(condition) && hasWildcard(text)) {
      report(
        'WILDCARD_USAGE_TOO_PERMISSIVE',
        path,
        `the pattern \`${text}\` stands for values of \`${key}\` that others own`,
        'write the ids in full',
      );
    } else if (text.includes('${') && !onlySafeVariables(text)) {
      report(
        'VARIABLE_USAGE_TOO_PERMISSIVE',
        path,
        `the value of \`${key}\` is the variable \`${text}\`, which may stand for anything`,
        'write the ids in full',
      );
    }
  }
}

/** Keys where a wildcard or variable needs some fixed characters, so that it does not stand for everybody's values. */
const SCOPED = [
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourcevpcarn',
  'aws:principalorgpaths',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:vpceorgpaths',
];
const FIXED_CHARACTERS = 6;

function checkScope(condition: ConditionView, { effect }: StatementView, report: Report): void {
  const { lower, key, values } = condition;
  if (effect !== 'Allow' || isNegated(condition) || condition.operator === 'Null') return;
  for (const { text, path } of values) {
    const variable = /\$\{[^*?$][^}]*\}/.test(text);
    const wild = takesWildcards(condition) && hasWildcard(text.replace(/\$\{[^}]*\}/g, ''));
    if (!variable && !wild) continue;
    const code = wild ? 'WILDCARD_USAGE_TOO_PERMISSIVE' : 'VARIABLE_USAGE_TOO_PERMISSIVE';
    if (lower === 'aws:userid') {
      const [left = '', ...right] = text.split(':');
      // Wildcards behind the colon stand for names of sessions; before it, one stands for any identity on purpose.
      if (right.length > 0 && (left === '*' || /^\$\{[^}]*\}$/.test(left) || !/[*?]|\$\{/.test(left))) continue;
      report(
        code,
        path,
        `\`${text}\` does not say whose \`${key}\` it is`,
        'write the unique id, a colon, and the pattern of the session name',
      );
    } else if (SCOPED.includes(lower)) {
      const fixed = text.replace(/\$\{[^}]*\}/g, '*').split(/[*?]/);
      if (fixed.some((part) => part.length >= FIXED_CHARACTERS)) continue;
      report(
        code,
        path,
        `\`${text}\` has fewer than ${FIXED_CHARACTERS} fixed characters in a row, and stands for values of others`,
        'write more of the value of the key',
      );
    }
  }
}

/** A pattern that every value matches asks only whether the key is there. */
function checkEverything(condition: ConditionView, report: Report): void {
  const { operator, values, key, written, path, qualifier, ifExists } = condition;
  // What `*` alone matches as an ARN is not said: IAM4021.
  if (operator.startsWith('Arn')) return;
  if (!takesWildcards(condition) || !values.some(({ text }) => /^\*+$/.test(text))) return;
  const negated = isNegated(condition);
  const tell = (code: string, what: string, help: string): void => {
    report(code, path, `\`${written}\` with \`*\` on \`${key}\` ${what}`, help);
  };
  if (!negated && (qualifier === undefined ? ifExists : qualifier === 'ForAllValues')) {
    tell('REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION', 'always holds', 'remove the key');
  } else if (!negated) {
    tell('EQUIVALENT_TO_NULL_FALSE', 'asks only whether the key is there', `write \`"Null": {"${key}": "false"}\``);
  } else if (qualifier === 'ForAnyValue') {
    tell(
      'REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION',
      'never holds, so that the statement never applies',
      'remove the statement, or correct the value',
    );
  } else {
    tell('EQUIVALENT_TO_NULL_TRUE', 'asks only whether the key is missing', `write \`"Null": {"${key}": "true"}\``);
  }
}

/** Who lists with a shorter prefix sees what lies below the forbidden one as well. */
function checkPrefix(condition: ConditionView, { effect }: StatementView, report: Report): void {
  const { lower, operator, path, written } = condition;
  if (lower !== 's3:prefix' || effect === undefined || !operator.startsWith('String')) return;
  if ((effect === 'Deny') === isNegated(condition)) return;
  report(
    'S3_PREFIX_IN_NEGATIVE_CONTEXT',
    path,
    `\`${effect}\` with \`${written}\` on \`s3:prefix\` is passed by with a shorter prefix`,
    effect === 'Deny'
      ? 'deny with `StringNotLike` and the prefixes that may be listed'
      : 'allow with `StringLike` and the prefixes that may be listed',
  );
}

const SET_BY_CALLER = ['aws:useragent', 'aws:referer'];

function checkTrust({ lower, key, path }: ConditionView, { principal }: StatementView, report: Report): void {
  if (!SET_BY_CALLER.includes(lower)) return;
  // With a service principal another finding recommends better keys.
  if (principal?.items.some(({ kind }) => kind === 'Service') === true) return;
  report(
    'UNTRUSTWORTHY_CONDITION_KEY',
    path,
    `the caller sets \`${key}\` as it likes`,
    'use a key that AWS sets, such as `aws:PrincipalArn` or `aws:SourceVpce`',
  );
}

const ENDPOINT_KEYS = ['aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths'];

function checkEndpointKeys(
  { lower, key, path, operator }: ConditionView,
  { action }: StatementView,
  report: Report,
): void {
  if (!ENDPOINT_KEYS.includes(lower) || operator === 'Null' || action === undefined) return;
  if (!action.negated && !action.items.some(({ text }) => /^\*+(?::\*+)?$/.test(text))) return;
  report(
    'USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES',
    path,
    `only some services set \`${key}\`, and the statement speaks of all`,
    'name in `Action` the services that support the key',
  );
}
