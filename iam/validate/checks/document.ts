/**
 * The document as a whole: version, size, Sids, and elements that are empty
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Missing version",
 * "Policy size exceeds … quota", "Unique Sids recommended", "Empty array …", "Empty object …", "Empty Sid value"). Lists that
 * IAM refuses although Access Analyzer only suggests to fill them are told as such too
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 */
import { IAM_QUOTAS } from '../../../catalogue/iam/index.js';
import { get, isList, isMap, keysOf } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';
import { parseOperator } from '../../parse/condition.js';
import type { Report } from '../finding.js';
import type { StatementView } from '../view.js';
import { compactLength, textsIn } from '../size.js';
import type { Check, CheckInput } from './input.js';

export const checkDocument: Check = (input, report) => {
  const { value, view, kind } = input;
  if (!isMap(value)) return;
  if (get(value, 'Version') === undefined) {
    report(
      'MISSING_VERSION',
      [],
      'the policy has no `Version`, which means the version of 2008, without variables',
      'add `"Version": "2012-10-17"`',
    );
  }
  checkVersion(input, report);
  checkSize(input, report);
  const storedByIam = ['identity', 'boundary', 'session', 'trust'].includes(kind);
  const sids = new Set<string>();
  for (const statement of view.statements) {
    const { sid } = statement;
    if (sid?.text === '') {
      report('EMPTY_SID_VALUE', sid.path, 'the `Sid` is empty', 'write a name for the statement, or remove `Sid`');
    } else if (sid !== undefined && !storedByIam && sids.has(sid.text)) {
      report(
        'UNIQUE_SIDS_RECOMMENDED',
        sid.path,
        `two statements have the Sid \`${sid.text}\``,
        'give every statement a Sid of its own',
      );
    }
    if (sid !== undefined) sids.add(sid.text);
    checkEmpty(statement, storedByIam, report);
  }
  if (storedByIam) checkCharacters(input, report);
};

/**
 * Managed policies, which boundaries always are, are saved with the current version only, and so are policies of
 * organizations (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html). Policies
 * inside a user, group or role may have the old one, which AWS tells nobody to use
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html).
 */
function checkVersion({ value, kind }: CheckInput, report: Report): void {
  const version = isMap(value) ? get(value, 'Version') : undefined;
  const help = 'write `"Version": "2012-10-17"`';
  if (kind === 'boundary' || kind === 'scp' || kind === 'rcp') {
    if (version !== undefined && version !== '2008-10-17') return;
    const what = kind === 'boundary' ? 'a permissions boundary' : 'a policy of an organization';
    const path = version === undefined ? [] : ['Version'];
    report('IAM4018', path, `${what} is saved with the current version of the policy language only`, help);
  } else if ((kind === 'identity' || kind === 'session') && version === '2008-10-17') {
    report(
      'IAM4019',
      ['Version'],
      'the version of 2008 takes variables for plain text, and IAM refuses it in managed policies',
      help,
    );
  }
}

function checkSize({ kind, value, text }: CheckInput, report: Report): void {
  const plain = compactLength(value);
  // White space between the parts of a document counts where AWS counts the document as it is sent.
  const sent = text === undefined ? plain : text.replace(/^\uFEFF/, '').trimEnd().length;
  const dense = text === undefined ? plain : text.replace(/[\s\uFEFF]/g, '').length;
  const tell = (code: string, what: string, size: number, quota: number, help: string): void => {
    if (size > quota) report(code, [], `the ${what} has ${size} characters and the quota is ${quota}`, help);
  };
  const split = 'split the policy, or use patterns where actions have much in common';
  const minify = plain < sent ? `save it without white space: it has ${plain} characters then` : split;
  switch (kind) {
    case 'identity':
    case 'boundary':
      tell(
        'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
        'policy, without white space,',
        dense,
        IAM_QUOTAS.managedPolicy,
        split,
      );
      break;
    case 'session':
      tell('POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA', 'session policy', dense, IAM_QUOTAS.sessionPolicy, split);
      break;
    case 'trust':
      tell(
        'POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA',
        'trust policy, without white space,',
        dense,
        IAM_QUOTAS.trustPolicy,
        `shorten it, or have the quota raised, which goes up to ${IAM_QUOTAS.trustPolicyMaximum}`,
      );
      break;
    case 'scp':
      tell(
        'POLICY_SIZE_EXCEEDS_SCP_QUOTA',
        'service control policy',
        sent,
        IAM_QUOTAS.scp,
        sent > IAM_QUOTAS.scp && plain > IAM_QUOTAS.scp ? split : minify,
      );
      break;
    case 'rcp':
      tell(
        'POLICY_SIZE_EXCEEDS_RCP_QUOTA',
        'resource control policy',
        sent,
        IAM_QUOTAS.rcp,
        plain > IAM_QUOTAS.rcp ? split : minify,
      );
      break;
    case 'vpce':
      tell(
        'POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA',
        'VPC endpoint policy',
        sent,
        IAM_QUOTAS.vpcEndpointPolicy,
        plain > IAM_QUOTAS.vpcEndpointPolicy ? split : minify,
      );
      break;
    case 'resource':
      tell('POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA', 'resource policy', plain, IAM_QUOTAS.resourcePolicy, split);
      break;
  }
}

function checkEmpty({ map, path }: StatementView, storedByIam: boolean, report: Report): void {
  for (const [element, code] of [
    ['Action', 'EMPTY_ARRAY_ACTION'],
    ['NotAction', 'EMPTY_ARRAY_ACTION'],
    ['Resource', 'EMPTY_ARRAY_RESOURCE'],
    ['NotResource', 'EMPTY_ARRAY_RESOURCE'],
  ] as const) {
    if (!isEmptyList(get(map, element))) continue;
    report(
      code,
      [...path, element],
      `\`${element}\` is empty, so that the statement ${element.startsWith('Not') ? 'leaves nothing out' : 'never applies'}`,
      'add what is meant, or remove the statement',
    );
    if (!storedByIam) continue;
    report(
      'IAM4017',
      [...path, element],
      `IAM refuses a policy with an empty \`${element}\``,
      'add what is meant, or remove the statement',
    );
  }
  for (const element of ['Principal', 'NotPrincipal']) {
    const principal = get(map, element);
    if (!isMap(principal)) continue;
    const kinds = keysOf(principal);
    if (kinds.length === 0) {
      report(
        'EMPTY_OBJECT_PRINCIPAL',
        [...path, element],
        `\`${element}\` is empty`,
        'name principals, or remove the statement',
      );
    }
    for (const kind of kinds) {
      if (isEmptyList(get(principal, kind))) {
        report(
          'EMPTY_ARRAY_PRINCIPAL',
          [...path, element, kind],
          `\`${element}.${kind}\` is empty`,
          'name principals, or remove the entry',
        );
      }
    }
  }
  const condition = get(map, 'Condition');
  if (isMap(condition)) checkEmptyConditions(condition, [...path, 'Condition'], report);
}

function checkEmptyConditions(condition: Value, path: StatementView['path'], report: Report): void {
  if (!isMap(condition)) return;
  const operators = keysOf(condition);
  if (operators.length === 0) {
    report('EMPTY_OBJECT_CONDITION', path, '`Condition` is empty', 'remove it, or add conditions');
  }
  for (const written of operators) {
    const keys = get(condition, written);
    if (!isMap(keys)) continue;
    const at = [...path, written];
    if (keysOf(keys).length === 0) {
      report('EMPTY_OBJECT_CONDITION', at, `\`${written}\` has no keys`, 'remove it, or add keys');
    }
    for (const key of keysOf(keys)) {
      if (!isEmptyList(get(keys, key))) continue;
      const name = parseOperator(written);
      const [suffix, meaning] =
        name?.ifExists === true
          ? ['_IFEXISTS', 'holds only when the key is missing']
          : name?.qualifier === 'ForAllValues'
            ? ['_FORALLVALUES', 'holds only when the key is missing']
            : name?.qualifier === 'ForAnyValue'
              ? ['_FORANYVALUE', 'never holds']
              : ['', 'has nothing to compare with'];
      report(
        `EMPTY_ARRAY_CONDITION${suffix}`,
        [...at, key],
        `\`${written}\` on \`${key}\` has no values and ${meaning}`,
        suffix === '_IFEXISTS' || suffix === '_FORALLVALUES'
          ? `write \`"Null": {"${key}": "true"}\` if that is meant`
          : 'add values, or remove the key',
      );
    }
  }
}

function isEmptyList(value: Value | undefined): boolean {
  return isList(value) && value.length === 0;
}

/**
 * IAM takes tab, line feed, carriage return and U+0020 to U+00FF
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html).
 */
function checkCharacters({ text, value }: CheckInput, report: Report): void {
  const found = (text === undefined ? textsIn(value) : [text.replace(/^\uFEFF/, '')])
    .map((each) => /[^\t\n\r\u0020-\u00FF]/u.exec(each))
    .find((match) => match !== null);
  if (found === undefined) return;
  const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  report(
    'IAM4015',
    [],
    `the policy holds the character U+${code}, which IAM refuses`,
    'use characters from U+0020 to U+00FF; dashes and quotation marks of text processors are beyond them',
  );
}
