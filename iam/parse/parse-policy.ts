/**
 * From a value to the model of a policy. Element names and `Effect` count with case, condition operators and keys without;
 * a single text stands for a list, a single statement for a list of statements
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value, ValueMap } from '../../template/index.js';
import type { PatternElement, Policy, PolicyKind, PrincipalElement, Statement } from '../model.js';
import { parseConditions } from './condition.js';
import { parsePrincipals } from './principal.js';
import { kindOf, Problems, shown } from './problems.js';
import type { PolicyProblem } from './problems.js';
import { checkForKind } from './kinds.js';
import { textList } from './text-list.js';

/** What reading a document came to. */
export interface ParsedPolicy {
  /** Left out when a problem is fatal. */
  readonly policy?: Policy;
  readonly problems: readonly PolicyProblem[];
}

const POLICY_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/**
 * Reads a policy document.
 *
 * @param value - The document as data; also what `JSON.parse` gives, where keys that stand twice are lost unnoticed.
 * @param kind - Decides which elements a statement has.
 * @returns The model, and everything wrong with the document; never throws. The policy is left out only when the document
 *   has no clear meaning: a document that AWS would refuse for another reason comes with its problems.
 */
export function parsePolicy(value: Value, kind: PolicyKind): ParsedPolicy {
  const problems = new Problems();
  const policy = parseDocument(value, kind, problems);
  if (policy !== null) checkForKind(policy, value as ValueMap, kind, problems);
  const usable = policy !== null && !problems.list.some(({ fatal }) => fatal);
  return usable ? { policy, problems: problems.list } : { problems: problems.list };
}

/**
 * The way to a statement, for messages about it.
 *
 * @param value - The document.
 * @param index - Of the statement in the model.
 */
export function statementPath(value: Value, index: number): Path {
  const single = isMap(value) && isMap(get(value, 'Statement'));
  return single ? ['Statement'] : ['Statement', index];
}

function parseDocument(value: Value, kind: PolicyKind, problems: Problems): Policy | null {
  if (!isMap(value)) {
    return problems.fatal(
      'DATA_TYPE_MISMATCH',
      [],
      `the document is ${kindOf(value)}, and a policy is a map`,
      'write `{"Version": "2012-10-17", "Statement": [...]}`',
    );
  }
  unknownElements(value, POLICY_ELEMENTS, [], 'policy', problems);
  const version = versionOf(value, problems);
  const id = textOf(value, 'Id', [], problems);
  const statements = statementsOf(value, kind, problems);
  if (statements === null || version === null || id === null) return null;
  return { ...(version === undefined ? {} : { version }), ...(id === undefined ? {} : { id }), statements };
}

function unknownElements(map: ValueMap, known: readonly string[], path: Path, where: string, problems: Problems): void {
  for (const key of keysOf(map)) {
    if (known.includes(key)) continue;
    // Case and the plural are what people get wrong here.
    const meant = known.find((name) => name.toLowerCase() === key.toLowerCase().replace(/s$/, ''));
    problems.fatal(
      'INVALID_POLICY_ELEMENT',
      [...path, key],
      `a ${where} has no element ${shown(key)}`,
      meant === undefined
        ? `use only ${known.map((name) => `\`${name}\``).join(', ')}`
        : `write \`${meant}\`, or remove it`,
    );
  }
}

function versionOf(map: ValueMap, problems: Problems): Policy['version'] | null {
  const version = textOf(map, 'Version', [], problems);
  if (version === undefined || version === null || version === '2012-10-17' || version === '2008-10-17') return version;
  return problems.fatal(
    'INVALID_VERSION',
    ['Version'],
    `there is no version ${shown(version)} of the policy language`,
    'write `2012-10-17`',
  );
}

function textOf(map: ValueMap, key: string, path: Path, problems: Problems): string | null | undefined {
  const value = get(map, key);
  if (value === undefined || typeof value === 'string') return value;
  return problems.fatal('DATA_TYPE_MISMATCH', [...path, key], `\`${key}\` is ${kindOf(value)}`, 'write a text');
}

function statementsOf(map: ValueMap, kind: PolicyKind, problems: Problems): readonly Statement[] | null {
  const value = get(map, 'Statement');
  if (value === undefined || (isList(value) && value.length === 0)) {
    return problems.fatal(
      'MISSING_STATEMENT',
      value === undefined ? [] : ['Statement'],
      'the policy has no statement',
      'add `Statement` with at least one statement',
    );
  }
  if (isMap(value)) {
    const only = parseStatement(value, kind, ['Statement'], problems);
    return only === null ? null : [only];
  }
  if (!isList(value)) {
    return problems.fatal(
      'DATA_TYPE_MISMATCH',
      ['Statement'],
      `\`Statement\` is ${kindOf(value)}`,
      'write a list of statements',
    );
  }
  const statements: Statement[] = [];
  for (const [index, item] of value.entries()) {
    const path = ['Statement', index];
    if (!isMap(item)) {
      problems.fatal('DATA_TYPE_MISMATCH', path, `a statement is ${kindOf(item)}`, 'write every statement as a map');
      continue;
    }
    const statement = parseStatement(item, kind, path, problems);
    if (statement !== null) statements.push(statement);
  }
  return statements.length === value.length ? statements : null;
}

function parseStatement(map: ValueMap, kind: PolicyKind, path: Path, problems: Problems): Statement | null {
  unknownElements(map, STATEMENT_ELEMENTS, path, 'statement', problems);
  const sid = textOf(map, 'Sid', path, problems);
  const effect = effectOf(map, path, problems);
  const principal = principalOf(map, kind, path, problems);
  const action = patternsOf(map, 'Action', path, problems);
  const resource = patternsOf(map, 'Resource', path, problems);
  const condition = get(map, 'Condition');
  const conditions = condition === undefined ? [] : parseConditions(condition, [...path, 'Condition'], problems);
  if (action === undefined) {
    problems.fatal(
      'MISSING_ACTION',
      path,
      'the statement has neither `Action` nor `NotAction`',
      'add `Action` with the actions that it allows or denies',
    );
  }
  if (resource === undefined && mustHaveResource(kind)) {
    problems.fatal(
      'MISSING_RESOURCE',
      path,
      'the statement has neither `Resource` nor `NotResource`',
      'add `Resource` with ARNs, or `*`',
    );
  }
  if (sid === null || effect === null || principal === null || !action || resource === null || conditions === null) {
    return null;
  }
  return {
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal === undefined ? {} : { principal }),
    action,
    ...(resource === undefined ? {} : { resource }),
    conditions,
  };
}

/** Policies of some resources, such as repositories, name no resource: they speak of the one that they are attached to. */
function mustHaveResource(kind: PolicyKind): boolean {
  return kind !== 'trust' && kind !== 'resource';
}

function effectOf(map: ValueMap, path: Path, problems: Problems): Statement['effect'] | null {
  const value = get(map, 'Effect');
  if (value === 'Allow' || value === 'Deny') return value;
  if (value === undefined) {
    return problems.fatal(
      'MISSING_EFFECT',
      path,
      'the statement has no `Effect`',
      'add `"Effect": "Allow"` or `"Effect": "Deny"`',
    );
  }
  return problems.fatal(
    'INVALID_EFFECT',
    [...path, 'Effect'],
    `\`Effect\` is ${shown(value)}`,
    'write `Allow` or `Deny`; case counts',
  );
}

/** @returns `undefined` when the statement has no such element, `null` after a fatal problem. */
function principalOf(
  map: ValueMap,
  kind: PolicyKind,
  path: Path,
  problems: Problems,
): PrincipalElement | null | undefined {
  const element = oneOf(map, 'Principal', path, problems);
  if (element === null) return null;
  const allowed = kind === 'resource' || kind === 'trust' || kind === 'rcp' || kind === 'vpce';
  if (element === undefined) {
    if (!allowed) return undefined;
    return problems.fatal(
      'MISSING_PRINCIPAL',
      path,
      'the statement has no `Principal`',
      kind === 'rcp' ? 'add `"Principal": "*"`' : 'add `Principal` with those whom it allows or denies',
    );
  }
  const at = [...path, element];
  if (!allowed) {
    return problems.fatal(
      kind === 'scp' ? 'SCP_SYNTAX_ERROR_PRINCIPAL' : 'UNSUPPORTED_PRINCIPAL',
      at,
      kind === 'scp'
        ? `a service control policy has no \`${element}\``
        : `a policy of an identity or a session has no \`${element}\``,
      kind === 'scp' ? 'remove it, and use a condition on `aws:PrincipalArn`' : 'remove it',
    );
  }
  const principals = parsePrincipals(get(map, element)!, element as 'Principal' | 'NotPrincipal', at, problems);
  return principals === null ? null : { negated: element === 'NotPrincipal', principals };
}

/** @returns `undefined` when the statement has no such element, `null` after a fatal problem. */
function patternsOf(
  map: ValueMap,
  name: 'Action' | 'Resource',
  path: Path,
  problems: Problems,
): PatternElement | null | undefined {
  const element = oneOf(map, name, path, problems);
  if (element === undefined || element === null) return element;
  const texts = textList(get(map, element)!, element, [...path, element], problems);
  if (texts === null) return null;
  let faulty = false;
  for (const { text, path: place } of texts) {
    if (name !== 'Action' || /^(?:\*+|[^:\s]+:[^:\s]+)$/.test(text)) continue;
    problems.fatal(
      'INVALID_ACTION',
      place,
      `${shown(text)} is no action`,
      'write `service:Name`, such as `s3:GetObject`; `*` and `?` may stand in the name',
    );
    faulty = true;
  }
  return faulty ? null : { negated: element !== name, patterns: texts.map(({ text }) => text) };
}

/** Which of an element and its negation the statement has. */
function oneOf(map: ValueMap, name: string, path: Path, problems: Problems): string | null | undefined {
  const negation = `Not${name}`;
  const plain = get(map, name) !== undefined;
  if (get(map, negation) === undefined) return plain ? name : undefined;
  if (!plain) return negation;
  return problems.fatal(
    'UNSUPPORTED_ELEMENT_COMBINATION',
    [...path, negation],
    `the statement has \`${name}\` and \`${negation}\``,
    'keep one of them; write two statements where both are meant',
  );
}
