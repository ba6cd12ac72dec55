/**
 * Policy documents with unknown values in them. The texts that stand for these are spelled so that what they stand for can
 * be there: a pattern that no ARN matches would look like a grant of nothing.
 */
import { parsePolicy, readPolicy } from '../../iam/index.js';
import type { Condition, Policy, PolicyKind, Principal, Statement } from '../../iam/index.js';
import type { Value } from '../../template/index.js';
import type { Unknowns } from './unknowns.js';

/** A document that was read, or why it has no meaning that can be told. */
export type ReadDocument =
  { readonly policy: Policy; readonly reason?: undefined } | { readonly policy?: undefined; readonly reason: string };

/** Compares texts of the same form with these operators; other operators read a value as something else. */
const TEXT_OPERATORS = /^(?:String|Arn)/;

/** Keys that hold account ids. */
const ACCOUNT_KEY = /(?:account|accountid|owner)$/i;

/**
 * Reads a document whose unknowns are texts.
 *
 * @param value - A map, or JSON text.
 */
export function readDocument(value: Value, kind: PolicyKind, unknowns: Unknowns): ReadDocument {
  const { policy, problems } = typeof value === 'string' ? readPolicy(value, kind, '') : parsePolicy(value, kind);
  const open = unknowns.in(JSON.stringify(value))[0];
  if (policy === undefined) {
    const fatal = problems.find((problem) => problem.fatal);
    const why = open === undefined ? (fatal?.message ?? 'it is no policy') : open.reason;
    return { reason: `the policy document cannot be read: ${why}` };
  }
  for (const { action } of policy.statements) {
    const pattern = action.patterns.find((each) => unknowns.isOpen(each));
    if (pattern !== undefined) return { reason: `an action is not known: ${unknowns.in(pattern)[0]!.reason}` };
  }
  if (open === undefined) return { policy };
  return { policy: { ...policy, statements: policy.statements.map((statement) => spelled(statement, unknowns)) } };
}

function spelled(statement: Statement, unknowns: Unknowns): Statement {
  const { principal, resource, conditions } = statement;
  return {
    ...statement,
    ...(principal && {
      principal: { ...principal, principals: principal.principals.map((each) => spelledPrincipal(each, unknowns)) },
    }),
    ...(resource && {
      resource: { ...resource, patterns: resource.patterns.map((pattern) => spelledArn(pattern, unknowns)) },
    }),
    conditions: conditions.map((condition) => spelledCondition(condition, unknowns)),
  };
}

function spelledPrincipal({ kind, value }: Principal, unknowns: Unknowns): Principal {
  if (kind !== 'AWS' || !unknowns.isOpen(value)) return { kind, value };
  // An id of an account or the ARN of anybody: whoever it is, it is the same where the same text stands.
  return { kind, value: value.startsWith('arn:') ? spelledArn(value, unknowns) : unknowns.accountOf(value) };
}

/** A text in the place of an ARN or of a pattern of ARNs. */
export function spelledArn(text: string, unknowns: Unknowns): string {
  if (!unknowns.isOpen(text)) return text;
  if (!text.startsWith('arn:')) return `arn:aws:unknown::${unknowns.accountOf(text)}:${text}`;
  const parts = text.split(':');
  if (parts.length < 6) return `arn:aws:unknown::${unknowns.accountOf(text)}:${text}`;
  const [, partition, service, region, account, ...rest] = parts as [
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  return [
    'arn',
    unknowns.isOpen(partition) ? 'aws' : partition,
    unknowns.isOpen(service) ? `unknown-${unknowns.accountOf(service)}` : service,
    region,
    unknowns.isOpen(account) ? unknowns.accountOf(account) : account,
    ...rest,
  ].join(':');
}

function spelledCondition(condition: Condition, unknowns: Unknowns): Condition {
  const { operator, key, values } = condition;
  if (!values.some((value) => unknowns.isOpen(value))) return condition;
  if (ACCOUNT_KEY.test(key) && operator.startsWith('String')) {
    return {
      ...condition,
      values: values.map((value) => (unknowns.isOpen(value) ? unknowns.accountOf(value) : value)),
    };
  }
  if (operator.startsWith('Arn') || /arn$/i.test(key)) {
    const spelling = values.map((value) => spelledArn(value, unknowns));
    if (!/principalarn$/i.test(key) || spelling.every((value) => !value.startsWith('arn:aws:unknown:'))) {
      return { ...condition, values: spelling };
    }
  } else if (TEXT_OPERATORS.test(operator) && !/^aws:principal(?!tag|org)/i.test(key)) return condition;
  // A number, a date or a range that nobody knows: all that can be said is whether the same stands on both sides.
  return {
    operator: operator.includes('Not') ? 'StringNotEquals' : 'StringEquals',
    ifExists: false,
    key: `unknown/${operator}/${key}`,
    values: [...values].sort(),
  };
}
