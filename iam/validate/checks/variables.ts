/**
 * Policy variables (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html; checks "Empty
 * variable", "Missing brace in variable", "Missing quote in variable", "Unsupported space in variable", "Variable
 * unsupported in element", "Variable unsupported in version", "Invalid variable for operator").
 */
import { iamConditionKey } from '../../../catalogue/iam/index.js';
import type { Report } from '../finding.js';
import type { ConditionView, Placed, PolicyView, StatementView } from '../view.js';
import type { Check } from './input.js';

export const checkVariables: Check = ({ view }, report) => {
  for (const statement of view.statements) {
    checkElements(statement, report);
    for (const item of statement.resource?.items ?? []) {
      if (checkTexts(item, view, report)) checkPlace(item, report);
    }
    for (const condition of statement.conditions) checkCondition(condition, view, report);
  }
};

/** Elements that take no variables. */
function checkElements({ action, principal, sid }: StatementView, report: Report): void {
  const items = [...(action?.items ?? []), ...(principal?.items ?? []), ...(sid === undefined ? [] : [sid])];
  for (const { text, path } of items) {
    const variable = /\$\{[^}]*\}/.exec(text)?.[0];
    if (variable === undefined) continue;
    report(
      'VARIABLE_UNSUPPORTED_IN_ELEMENT',
      path,
      `the variable \`${variable}\` stands where AWS replaces none`,
      'use variables in `Resource` and in values of conditions',
    );
  }
}

function checkCondition(condition: ConditionView, view: PolicyView, report: Report): void {
  const takesVariables = /^(?:String|Arn)/.test(condition.operator);
  for (const value of condition.values) {
    if (takesVariables) {
      checkTexts(value, view, report);
      continue;
    }
    const variable = /\$\{[^}]*\}/.exec(value.text)?.[0];
    if (variable === undefined) continue;
    report(
      'INVALID_VARIABLE_FOR_OPERATOR',
      value.path,
      `\`${condition.written}\` takes no variables such as \`${variable}\``,
      'variables work with String and ARN operators',
    );
  }
}

/** @returns Whether the text has well-formed variables that AWS replaces. */
function checkTexts({ text, path }: Placed, { version }: PolicyView, report: Report): boolean {
  let replaced = false;
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at + 2)) {
    const end = text.indexOf('}', at);
    if (end < 0) {
      report('MISSING_BRACE_IN_VARIABLE', path, `a variable in \`${text}\` has no closing brace`, 'add `}` after it');
      return false;
    }
    const inside = text.slice(at + 2, end);
    if (/^[*?$]$/.test(inside)) {
      replaced = true;
      continue;
    }
    if (!checkVariable(inside, text, path, report)) continue;
    replaced = true;
  }
  if (replaced && version !== '2012-10-17') {
    report(
      'VARIABLE_UNSUPPORTED_IN_VERSION',
      path,
      `\`${text}\` is plain text, because the policy does not have the version that knows variables`,
      'write `"Version": "2012-10-17"`',
    );
    return false;
  }
  return replaced;
}

/** @returns Whether it is well-formed. */
function checkVariable(inside: string, text: string, path: Placed['path'], report: Report): boolean {
  const comma = inside.indexOf(',');
  const name = comma < 0 ? inside : inside.slice(0, comma);
  if (name.trim() === '') {
    report(
      'EMPTY_VARIABLE',
      path,
      `a variable in \`${text}\` names no key`,
      'write a condition key such as `aws:username`, or remove it',
    );
    return false;
  }
  if (/\s/.test(name)) {
    report(
      'UNSUPPORTED_SPACE_IN_VARIABLE',
      path,
      `the variable \`${name}\` in \`${text}\` holds white space`,
      'take it out',
    );
    return false;
  }
  if (comma >= 0 && !/^\s*'[^']*'$/.test(inside.slice(comma + 1))) {
    report(
      'MISSING_QUOTE_IN_VARIABLE',
      path,
      `the default of the variable \`${name}\` in \`${text}\` does not stand in single quotes`,
      `write \`\${${name}, 'default'}\``,
    );
    return false;
  }
  const known = iamConditionKey(name);
  if (known === undefined && name.toLowerCase().startsWith('aws:')) {
    report(
      'IAM4013',
      path,
      `no request has the key \`${name}\`, so that \`${text}\` never matches`,
      'correct the name of the variable',
    );
  } else if (known?.multiValued === true) {
    report(
      'IAM4013',
      path,
      `\`${name}\` can have several values, and a variable stands for one`,
      'use a key that has one value',
    );
  }
  return true;
}

/** In an ARN, variables are replaced behind the fifth colon only. */
function checkPlace({ text, path }: Placed, report: Report): void {
  if (!text.startsWith('arn:')) return;
  const parts = text.replace(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(':', ' ')).split(':');
  if (!parts.slice(0, 5).some((part) => part.includes('${'))) return;
  report(
    'IAM4013',
    path,
    `a variable in \`${text}\` stands before the fifth colon, where AWS replaces none`,
    'write the account or Region, or `*`, and compare it in a condition',
  );
}
