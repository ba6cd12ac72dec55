/**
 * Policy documents with unknown values in them. The texts that stand for these are spelled so that what they stand for can
 * be there: a pattern that no ARN matches would look like a grant of nothing. What has no place in the model, such as an
 * effect that nobody knows, becomes a statement of which only its text is known: see {@link isOpaque}.
 */
import { parsePolicy, readPolicy } from '../../iam/index.js';
import type { Condition, Policy, PolicyKind, Principal, Statement } from '../../iam/index.js';
import { get, isList, isMap, readTemplate } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { jsonOf } from '../json.js';
import type { Unknowns } from './unknowns.js';

/** A part of a document that has no meaning that can be told. */
export interface OpaquePart {
  /** Equal for the same part on both sides. */
  readonly text: string;
  readonly reason: string;
  /** The statement's index in the document; `undefined` for the whole document. */
  readonly statement: number | undefined;
}

/** A document that was read. */
export interface ReadDocument {
  readonly policy: Policy;
  /** The index in the document of each statement of the policy. */
  readonly written: readonly number[];
  readonly opaque: readonly OpaquePart[];
}

/** Compares texts of the same form with these operators; other operators read a value as something else. */
const TEXT_OPERATORS = /^(?:String|Arn)/;

/** Keys that hold account ids. */
const ACCOUNT_KEY = /(?:account|accountid|owner)$/i;

/** Begins the condition keys of statements that may allow or deny anything. */
const ALLOWS = 'unknown/allows/';
const DENIES = 'unknown/denies/';

/** Kinds of policies whose statements have a principal, and those that have a resource. */
const WITH_PRINCIPAL: ReadonlySet<PolicyKind> = new Set(['resource', 'trust', 'rcp', 'vpce']);

/**
 * Reads a document whose unknowns are texts.
 *
 * @param value - A map, or JSON text.
 */
export function readDocument(value: Value, kind: PolicyKind, unknowns: Unknowns): ReadDocument {
  const whole = typeof value === 'string' ? readPolicy(value, kind, '') : parsePolicy(value, kind);
  if (whole.policy !== undefined && unknowns.in(jsonOf(value)).length === 0) {
    const { statements } = whole.policy;
    const policy = { ...whole.policy, statements: statements.map((statement) => withAccounts(statement, unknowns)) };
    return { policy, written: statements.map((_, index) => index), opaque: [] };
  }
  const document = typeof value === 'string' ? valueOf(value) : value;
  const list = isMap(document) ? get(document, 'Statement') : undefined;
  const reasonOf = (part: Value, problems: readonly { readonly fatal: boolean; readonly message: string }[]): string =>
    unknowns.in(jsonOf(part))[0]?.reason ?? problems.find(({ fatal }) => fatal)?.message ?? 'it is no policy';
  const opaque: OpaquePart[] = [];
  const statements: Statement[] = [];
  const written: number[] = [];
  const addOpaque = (part: Value, reason: string, statement: number | undefined): void => {
    const text = jsonOf(part);
    opaque.push({ text, reason, statement });
    const either = opaqueStatements(unknowns.opaqueId(text, reason), kind);
    statements.push(...either);
    written.push(...either.map(() => statement ?? 0));
  };
  let version: Policy['version'];
  if (document === undefined || !isMap(document) || list === undefined) {
    addOpaque(value, reasonOf(value, whole.problems), undefined);
    return { policy: { version: '2012-10-17', statements }, written, opaque };
  }
  for (const [index, part] of (isList(list) ? list : [list]).entries()) {
    const { policy, problems } = parsePolicy({ ...document, Statement: [readable(part, unknowns)] }, kind);
    const [statement] = policy?.statements ?? [];
    if (policy === undefined || statement === undefined) addOpaque(part, reasonOf(part, problems), index);
    else {
      version = policy.version;
      statements.push(spelled(statement, unknowns));
      written.push(index);
    }
  }
  return { policy: { ...(version !== undefined && { version }), statements }, written, opaque };
}

function valueOf(text: string): Value | undefined {
  return readTemplate(text, 'policy').source?.value;
}

// ------------------------------------------------------------------------------------------- What nobody can read

/** Statements of which nobody knows what they allow or deny: any of it, and the same wherever the id is the same. */
export function opaqueStatements(
  id: number | string,
  kind: PolicyKind,
  effects: readonly ('Allow' | 'Deny')[] = ['Allow', 'Deny'],
): readonly Statement[] {
  return effects.map((effect) => ({
    effect,
    ...(WITH_PRINCIPAL.has(kind) && {
      principal: { negated: false, principals: [{ kind: 'AWS', value: '*' } as const] },
    }),
    action: { negated: false, patterns: ['*'] },
    ...(kind !== 'trust' && { resource: { negated: false, patterns: ['*'] } }),
    conditions: [
      {
        ...{ operator: 'StringEquals', ifExists: false, values: ['true'] },
        key: `${effect === 'Allow' ? ALLOWS : DENIES}${id}`,
      },
    ],
  }));
}

/** Whether a statement stands for one that nobody can read. */
export function isOpaque({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => key.startsWith(ALLOWS) || key.startsWith(DENIES));
}

/** Policies without the statements that nobody can read. */
export function withoutOpaque(policies: readonly Policy[]): readonly Policy[] {
  if (!policies.some(({ statements }) => statements.some(isOpaque))) return policies;
  return policies.flatMap((policy) => {
    const statements = policy.statements.filter((statement) => !isOpaque(statement));
    return statements.length === 0 && policy.statements.length > 0 ? [] : [{ ...policy, statements }];
  });
}

// ------------------------------------------------------------------------------------------- Readable spelling

/** A statement in which unknown principals and actions have the form of known ones. */
function readable(part: Value, unknowns: Unknowns): Value {
  if (!isMap(part)) return part;
  const changed: Record<string, Value> = {};
  for (const element of ['Action', 'NotAction']) {
    const actions = get(part, element);
    if (actions !== undefined) changed[element] = eachText(actions, (text) => readableAction(text, unknowns));
  }
  for (const element of ['Principal', 'NotPrincipal']) {
    const kinds = get(part, element);
    const named = kinds === undefined || !isMap(kinds) ? undefined : get(kinds, 'AWS');
    if (named === undefined) continue;
    changed[element] = {
      ...(kinds as ValueMap),
      AWS: eachText(named, (text) => readablePrincipal(text, unknowns)),
    };
  }
  return { ...part, ...changed };
}

function eachText(value: Value, change: (text: string) => string): Value {
  if (isList(value)) return value.map((item) => (typeof item === 'string' ? change(item) : item));
  return typeof value === 'string' ? change(value) : value;
}

function readableAction(text: string, unknowns: Unknowns): string {
  if (!unknowns.isOpen(text)) return text;
  const match = /^([a-z0-9-]+):/.exec(text);
  return `${match?.[1] ?? 'unknown'}:${unknowns.actionOf(text)}`;
}

/** Principals of the own account and others, by the forms that the policy language takes. */
const PRINCIPAL_ARN =
  /^arn:[\w-]+:(?:iam|sts)::\d{12}:(?:root$|user\/.|role\/.|assumed-role\/[^/]+\/.|federated-user\/.)/;

function readablePrincipal(text: string, unknowns: Unknowns): string {
  if (!unknowns.isOpen(text)) return text;
  const arn = text.startsWith('arn:') ? spelledArn(text, unknowns) : '';
  return PRINCIPAL_ARN.test(arn) ? arn : unknowns.accountOf(text);
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
  // A canonical id stands for an account; which one, only Amazon S3 knows
  // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html).
  if (kind === 'CanonicalUser') return { kind: 'AWS', value: unknowns.accountOf(`the canonical user ${value}`) };
  return kind === 'AWS' ? { kind, value: readablePrincipal(value, unknowns) } : { kind, value };
}

/** A statement in which canonical ids are accounts. */
function withAccounts(statement: Statement, unknowns: Unknowns): Statement {
  const { principal } = statement;
  if (principal?.principals.every(({ kind }) => kind !== 'CanonicalUser') !== false) return statement;
  const principals = principal.principals.map((each) => spelledPrincipal(each, unknowns));
  return { ...statement, principal: { ...principal, principals } };
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
  const { operator, qualifier = '', ifExists, key, values } = condition;
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
    key: `unknown/${qualifier}${operator}${ifExists ? 'IfExists' : ''}/${key}`,
    values: [...values].sort(),
  };
}
