/**
 * Values of conditions
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Type mismatch
 * Boolean" to "Type mismatch string", "Invalid date value", "Invalid condition data type", "Invalid Region",
 * "Invalid vpc format", "Private IP address" and their neighbours).
 */
import { isRegion, PARTITIONS } from '../../../catalogue/iam/index.js';
import { nearestName } from '../../../catalogue/index.js';
import { dateOf } from '../../evaluate/quantity.js';
import type { Report } from '../finding.js';
import { hasWildcard } from '../patterns.js';
import { isNegated, takesWildcards, type ConditionView } from '../view.js';
import { eachStatement } from './input.js';
import { isPrivate, masked, parseRange, printRange } from './ip.js';
import { isServicePrincipal, SERVICE_PRINCIPAL_FORM } from './service-names.js';

export const checkConditionValues = eachStatement((statement, _input, report) => {
  for (const condition of statement.conditions) {
    checkDataTypes(condition, report);
    checkByOperator(condition, report);
    checkByKey(condition, report);
    checkSourceIp(condition, report);
  }
});

const hasVariable = (text: string): boolean => text.includes('${');

function checkDataTypes({ key, values, path }: ConditionView, report: Report): void {
  const kinds = new Set(
    values.map(({ raw }) => (typeof raw === 'object' || typeof raw === 'bigint' ? 'number' : typeof raw)),
  );
  if (kinds.size < 2) return;
  report(
    'INVALID_CONDITION_DATA_TYPE',
    path,
    `the values of \`${key}\` are a mixture of ${[...kinds].map((kind) => (kind === 'string' ? 'texts' : `${kind}s`)).join(' and ')}`,
    'write all of them as texts',
  );
}

function checkByOperator(condition: ConditionView, report: Report): void {
  const { operator, values, key, qualifier, path, written } = condition;
  if ((operator === 'Bool' || operator === 'Null') && qualifier === undefined && values.length > 1) {
    report(
      'INVALID_CONDITION_MULTIPLE_BOOLEAN',
      path,
      `\`${key}\` is compared with ${values.length} booleans`,
      'write one of `true` and `false`',
    );
  }
  for (const { text, path: place } of values) {
    // Variables where they have no meaning are another check's matter.
    if (!hasVariable(text)) checkValue(condition, text, place, report);
  }
  checkNumbers(condition, report);
  if (operator.startsWith('String') && !takesWildcards(condition)) {
    const wild = values.find(({ text }) => hasWildcard(text));
    if (wild !== undefined) {
      report(
        'WILDCARD_WITHOUT_LIKE_OPERATOR',
        wild.path,
        `\`${written}\` takes the wildcard in \`${wild.text}\` as the character itself`,
        `use \`${operator.startsWith('StringNot') ? 'StringNotLike' : 'StringLike'}\` if a pattern is meant`,
      );
    }
  }
}

function checkValue(
  { operator, written, lower }: ConditionView,
  text: string,
  path: ConditionView['path'],
  report: Report,
): void {
  if (operator === 'Bool' || operator === 'Null') {
    if (/^(?:true|false)$/i.test(text)) return;
    report(
      'TYPE_MISMATCH_BOOLEAN',
      path,
      `\`${text}\` is no boolean, which \`${written}\` compares with`,
      'write `true` or `false`',
    );
  } else if (operator.startsWith('Numeric')) {
    if (isNumber(text)) return;
    report(
      'TYPE_MISMATCH_NUMBER',
      path,
      `\`${text}\` is no number, which \`${written}\` compares with`,
      'write a number',
    );
  } else if (operator.startsWith('Date')) {
    checkDate(text, lower, written, path, report);
  } else if (operator === 'BinaryEquals') {
    if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return;
    report(
      'TYPE_MISMATCH_STRING',
      path,
      `\`${text}\` is no Base64, which \`${written}\` compares with`,
      'encode the bytes in Base64',
    );
  } else if (operator.endsWith('IpAddress')) {
    checkRange(text, written, path, report);
  }
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

/** Hours and minutes from UTC, at the end of a time. */
const OFFSET = /T.*[-+](\d\d):(\d\d)$/;
/** No time zone is further from UTC (https://www.w3.org/TR/xmlschema-2/#dateTime-timezones). */
const FARTHEST = 14 * 60;

/** Dates are what the evaluator can read: a form of the W3C profile of ISO 8601, with a zone when there is a time. */
function checkDate(text: string, key: string, written: string, path: ConditionView['path'], report: Report): void {
  const isCount = /^\d+$/.test(text);
  if (isCount) {
    if (key === 'aws:epochtime') return;
    report(
      'INVALID_DATE_VALUE',
      path,
      text.length === 4
        ? `\`${text}\` may be a year, or count seconds since 1970`
        : `\`${text}\` counts seconds since 1970, which readers cannot see through`,
      'write a date such as `2026-12-31T23:59:59Z`',
    );
    return;
  }
  const [, hours = '0', minutes = '0'] = OFFSET.exec(text) ?? [];
  const isFar = Number(hours) * 60 + Number(minutes) > FARTHEST;
  if (/^\d{4}-/.test(text) && dateOf(text) !== undefined && !isFar) return;
  report(
    'TYPE_MISMATCH_DATE',
    path,
    `\`${text}\` is no date${isFar ? ', as no zone is so far from UTC' : ''}, which \`${written}\` compares with`,
    'write a date such as `2026-12-31` or `2026-12-31T23:59:59Z`',
  );
}

function checkRange(text: string, written: string, path: ConditionView['path'], report: Report): void {
  const range = parseRange(text);
  if (range === undefined) {
    report(
      'TYPE_MISMATCH_IP_RANGE',
      path,
      `\`${text}\` is no range of addresses, which \`${written}\` compares with`,
      'write a range such as `203.0.113.0/24` or `2001:db8::/32`',
    );
  } else if (masked(range) !== range.bits) {
    report(
      'IMPROVE_IP_RANGE',
      path,
      `the address of \`${text}\` has bits behind the prefix, which do not count`,
      `write \`${printRange(range)}\``,
    );
  }
}

/** Several bounds of one kind: only the widest counts. */
function checkNumbers({ operator, values, key, written, path }: ConditionView, report: Report): void {
  const bound = /^Numeric(Less|Greater)Than/.exec(operator)?.[1];
  if (bound === undefined || values.length < 2 || !values.every(({ text }) => isNumber(text))) return;
  const numbers = values.map(({ text }) => Number(text));
  const counts = numbers.reduce((a, b) => (bound === 'Less' ? Math.max(a, b) : Math.min(a, b)));
  report(
    'REDUNDANT_CONDITION_VALUE_NUM',
    path,
    `of the values of \`${key}\` under \`${written}\` only the ${bound === 'Less' ? 'greatest' : 'least'} counts`,
    `write \`${counts}\` alone`,
  );
}

/** Keys whose values are service principals. */
const SERVICE_KEYS = [
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'iam:passedtoservice',
  'iam:awsservicename',
];

function checkByKey(condition: ConditionView, report: Report): void {
  const { lower, key, operator, values } = condition;
  if (operator === 'Null') return;
  const tell = (code: string, path: ConditionView['path'], what: string, help: string): void => {
    report(code, path, `${what}, which \`${key}\` compares with`, help);
  };
  for (const { text, path } of values) {
    if (hasVariable(text) || (takesWildcards(condition) && /[*?]/.test(text))) continue;
    if (lower === 'aws:sourcevpc' && !/^vpc-(?:[0-9a-z]{8}|[0-9a-z]{17})$/i.test(text)) {
      tell('INVALID_VPC_FORMAT', path, `\`${text}\` is no id of a VPC`, 'write `vpc-` and 8 or 17 characters');
    } else if (lower === 'aws:sourcevpce' && !/^vpce-(?:[0-9a-z]{8}|[0-9a-z]{17})$/i.test(text)) {
      tell(
        'INVALID_VPCE_FORMAT',
        path,
        `\`${text}\` is no id of a VPC endpoint`,
        'write `vpce-` and 8 or 17 characters',
      );
    } else if (lower === 'aws:requestedregion' && !isRegion(text)) {
      const nearest = nearestName(
        text,
        PARTITIONS.flatMap(({ regions }) => regions),
      );
      tell(
        'INVALID_REGION',
        path,
        `\`${text}\` is no Region`,
        nearest === undefined ? 'write the name of a Region' : `did you mean \`${nearest}\`?`,
      );
    } else if (SERVICE_KEYS.includes(lower) && !isServicePrincipal(text)) {
      tell('INVALID_SERVICE_PRINCIPAL_FORMAT', path, `\`${text}\` is no service principal`, SERVICE_PRINCIPAL_FORM);
    } else if (lower === 'kms:viaservice' && !/^[a-z0-9-]+\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(text)) {
      tell(
        'INVALID_SERVICE_PRINCIPAL_FORMAT',
        path,
        `\`${text}\` is no service with its Region`,
        'write it as `s3.eu-central-1.amazonaws.com`',
      );
    } else if (
      lower === 's3:x-amz-server-side-encryption-aws-kms-key-id' &&
      !/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(text)
    ) {
      tell(
        'INVALID_KMS_KEY_VALUE',
        path,
        `\`${text}\` is no ARN of a KMS key`,
        'write `arn:aws:kms:region:account:key/id`; aliases do not match',
      );
    }
  }
}

/** Addresses that `aws:SourceIp` never has: it is the public address of the caller. */
function checkSourceIp(condition: ConditionView, report: Report): void {
  const { lower, operator, values, key, path } = condition;
  if (lower !== 'aws:sourceip' || !operator.endsWith('IpAddress')) return;
  const ranges = values.map(({ text }) => parseRange(text)).filter((range) => range !== undefined);
  const inside = ranges.filter(isPrivate);
  if (inside.length === 0) return;
  const negated = isNegated(condition);
  const code = negated ? 'PRIVATE_NOT_IP_ADDRESS' : 'PRIVATE_IP_ADDRESS';
  const help = 'use `aws:VpcSourceIp`, together with `aws:SourceVpc`, for private addresses';
  if (inside.length === values.length) {
    report(
      code,
      path,
      `\`${key}\` is a public address, and all its values are private: the condition ${negated ? 'always' : 'never'} holds`,
      help,
    );
  } else {
    report(
      `${code}_SUBSET`,
      path,
      `\`${key}\` is a public address, and some of its values are private: they have no effect`,
      help,
    );
  }
}
