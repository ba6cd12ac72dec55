/**
 * Statements without effect: said twice, covered by another, denied altogether, or impossible to meet
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Redundant statement";
 * the other findings are ours).
 */
import { iamAction, iamService } from '../../../catalogue/iam/index.js';
import { canApply } from '../applies.js';
import { stableText } from '../stable-text.js';
import { parseArn } from '../../arn.js';
import type { Report } from '../finding.js';
import { covers, intersects, variablesAsWildcards } from '../patterns.js';
import {
  demandsKey,
  isNegated,
  takesWildcards,
  type ConditionView,
  type ElementView,
  type StatementView,
} from '../view.js';
import type { Check, CheckInput } from './input.js';

export const checkReach: Check = (input, report) => {
  const { statements } = input.view;
  for (const statement of statements) {
    checkContradiction(statement, report);
    checkShortArns(statement, report);
    checkResources(statement, input, report);
  }
  const twins = tellTwins(statements, report);
  const rest = statements.filter((each) => !twins.has(each));
  const order = new Map(rest.map((each, index) => [each, index]));
  for (const narrow of rest) {
    if (input.budget.exceeded) break;
    const wide = rest.find(
      (each) => each !== narrow && each.effect === narrow.effect && isCovered(narrow, each, input),
    );
    // Of two that cover each other the later one is told.
    if (wide !== undefined && !(order.get(wide)! > order.get(narrow)! && isCovered(wide, narrow, input))) {
      report(
        'IAM4007',
        narrow.path,
        `everything that the statement says is said by ${name(wide)} already`,
        'remove it, or narrow the other',
      );
    }
    if (narrow.effect !== 'Allow') continue;
    const deny = rest.find((each) => each.effect === 'Deny' && isCovered(narrow, each, input));
    if (deny !== undefined) {
      report(
        'IAM4006',
        narrow.path,
        `${name(deny)} denies everything that the statement allows`,
        'remove one of them, or narrow the denial',
      );
    }
  }
};

function name({ sid, path }: StatementView): string {
  if (sid !== undefined && sid.text !== '') return `the statement \`${sid.text}\``;
  return typeof path[1] === 'number' ? `statement ${path[1] + 1}` : 'the statement';
}

/** @returns Statements that say the same as an earlier one. */
function tellTwins(statements: readonly StatementView[], report: Report): ReadonlySet<StatementView> {
  const seen = new Map<string, StatementView>();
  const twins = new Set<StatementView>();
  for (const statement of statements) {
    const text = stableText(statement.map, ['Sid']);
    if (text === undefined) continue;
    const first = seen.get(text);
    if (first === undefined) {
      seen.set(text, statement);
      continue;
    }
    twins.add(statement);
    report(
      'REDUNDANT_STATEMENT',
      statement.path,
      `the statement says the same as ${name(first)}`,
      'remove one of them',
    );
  }
  return twins;
}

/** Whether `wide` applies to every request that `narrow` applies to. Sound: `true` is never wrong. */
function isCovered(narrow: StatementView, wide: StatementView, { budget }: CheckInput): boolean {
  // An element that is missing or malformed says nothing that could be compared.
  if (narrow.action === undefined || wide.action === undefined || narrow.effect === undefined) return false;
  if ((narrow.resource === undefined) !== (wide.resource === undefined)) return false;
  if ((narrow.principal === undefined) !== (wide.principal === undefined)) return false;
  if (!budget.spend(4 + Math.min(narrow.action.items.length * wide.action.items.length, 1_000))) return false;
  return (
    elementCovered(narrow.action, wide.action, (text) => text.toLowerCase()) &&
    (narrow.resource === undefined || elementCovered(narrow.resource, wide.resource!, (text) => text)) &&
    principalCovered(narrow, wide) &&
    wide.conditions.every((condition) => narrow.conditions.some((each) => sameCondition(each, condition)))
  );
}

function elementCovered(narrow: ElementView, wide: ElementView, normal: (text: string) => string): boolean {
  if (narrow.items.length === 0 || wide.items.length === 0 || narrow.items.length * wide.items.length > 10_000) {
    return false;
  }
  const some = (items: ElementView['items'], text: string): boolean =>
    items.some((each) => covers(normal(each.text), normal(text)));
  if (!wide.negated && !narrow.negated) return narrow.items.every(({ text }) => some(wide.items, text));
  // What the wide one leaves out must be left out by the narrow one as well.
  if (wide.negated && narrow.negated) return wide.items.every(({ text }) => some(narrow.items, text));
  if (!wide.negated) return wide.items.some(({ text }) => /^\*+$/.test(text));
  return narrow.items.every(({ text }) =>
    wide.items.every(
      (each) => !intersects(variablesAsWildcards(normal(each.text)), variablesAsWildcards(normal(text))),
    ),
  );
}

function principalCovered({ principal: narrow }: StatementView, { principal: wide }: StatementView): boolean {
  if (narrow === undefined || wide === undefined) return true;
  if (wide.negated || narrow.negated) return false;
  if (wide.items.some(({ kind, text }) => kind === 'AWS' && text === '*')) return narrow.items.length > 0;
  return (
    narrow.items.length > 0 &&
    narrow.items.every((item) => wide.items.some(({ kind, text }) => kind === item.kind && text === item.text))
  );
}

function sameCondition(a: ConditionView, b: ConditionView): boolean {
  if (a.operator !== b.operator || a.qualifier !== b.qualifier || a.ifExists !== b.ifExists || a.lower !== b.lower) {
    return false;
  }
  const values = new Set(b.values.map(({ text }) => text));
  return a.values.length === b.values.length && a.values.every(({ text }) => values.has(text));
}

/** Conditions on one key that no request meets together. */
function checkContradiction({ conditions }: StatementView, report: Report): void {
  const byKey = new Map<string, ConditionView[]>();
  for (const condition of conditions) byKey.set(condition.lower, [...(byKey.get(condition.lower) ?? []), condition]);
  for (const group of byKey.values()) {
    if (group.length < 2) continue;
    const [first, second] =
      group.flatMap((a) => group.map((b) => [a, b] as const)).find(([a, b]) => a !== b && contradict(a, b)) ?? [];
    if (first === undefined || second === undefined) continue;
    report(
      'IAM4005',
      second.path,
      `no request meets \`${first.written}\` and \`${second.written}\` on \`${second.key}\` together, so that the statement never applies`,
      'correct one of the conditions, or remove the statement',
    );
  }
}

/**
 * ARNs are compared in six parts
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
 * What a value with fewer matches, `*` alone too, is not said: taken to match nothing it turns a grant off, taken to match
 * as one text it may let everything in. So neither is claimed.
 */
function checkShortArns({ conditions }: StatementView, report: Report): void {
  for (const { operator, values, key, written } of conditions) {
    if (!operator.startsWith('Arn')) continue;
    const short = values.find(({ text }) => text.split(':').length < ARN_PARTS && !text.includes('${'));
    if (short === undefined) continue;
    const { text, path } = short;
    report(
      'IAM4021',
      path,
      `\`${text}\` under \`${written}\` on \`${key}\` does not have the six parts of an ARN, and AWS does not say what it matches`,
      text.startsWith('arn:')
        ? `write \`${text}${':*'.repeat(ARN_PARTS - text.split(':').length)}\``
        : 'write `arn:*:*:*:*:*` with more of it fixed, or ask with `Null` whether the key is there',
    );
  }
}

const ARN_PARTS = 6;

function contradict(a: ConditionView, b: ConditionView): boolean {
  // The same key twice under one operator is told as such.
  if (a.operator === b.operator && a.qualifier === b.qualifier && a.ifExists === b.ifExists) return false;
  if (a.values.length === 0 || b.values.length === 0) return false;
  if (a.operator === 'Null' && b.operator !== 'Null') {
    return a.qualifier === undefined && a.values.every(({ text }) => text.toLowerCase() === 'true') && demandsKey(b);
  }
  if (a.qualifier !== undefined || b.qualifier !== undefined || a.ifExists || b.ifExists) return false;
  if ([...a.values, ...b.values].some(({ text }) => text.includes('${'))) return false;
  const texts = (condition: ConditionView): string[] => condition.values.map(({ text }) => text);
  if (
    a.operator === 'StringEquals' &&
    b.operator.startsWith('String') &&
    b.operator !== 'StringEqualsIgnoreCase' &&
    b.operator !== 'StringNotEqualsIgnoreCase'
  ) {
    const matches = (text: string): boolean =>
      texts(b).some((each) => (takesWildcards(b) ? covers(each, text) : each === text));
    return texts(a).every((text) => !/[*?]/.test(text) && matches(text) === isNegated(b));
  }
  const bound = (condition: ConditionView, kind: 'Less' | 'Greater'): number | undefined => {
    const family = /^(Numeric|Date)(Less|Greater)Than/.exec(condition.operator);
    if (family?.[2] !== kind) return undefined;
    const numbers = texts(condition).map((text) =>
      family[1] === 'Numeric' || /^\d{5,}$/.test(text)
        ? Number(text) * (family[1] === 'Date' ? 1_000 : 1)
        : Date.parse(text),
    );
    return numbers.some(Number.isNaN) ? undefined : kind === 'Less' ? Math.max(...numbers) : Math.min(...numbers);
  };
  const upper = bound(a, 'Less');
  const lower = bound(b, 'Greater');
  if (upper === undefined || lower === undefined || a.operator.slice(0, 4) !== b.operator.slice(0, 4)) return false;
  return a.operator.endsWith('Equals') && b.operator.endsWith('Equals') ? lower > upper : lower >= upper;
}

/** Actions by name whose resource types have no ARN that the resources of the statement could be. */
function checkResources(
  { action, resource, effect, path }: StatementView,
  { kind, budget }: CheckInput,
  report: Report,
): void {
  if (action === undefined || resource === undefined || action.negated || resource.negated || kind === 'trust') return;
  if (effect === undefined || resource.items.some(({ text }) => parseArn(text) === undefined)) return;
  if (action.items.length === 0 || resource.items.length === 0) return;
  const patterns = resource.items.map(({ text }) => variablesAsWildcards(text));
  const impossible = action.items.filter(({ text }) => budget.spend(patterns.length) && !canApply(text, patterns));
  const [first] = impossible;
  if (first === undefined) return;
  const reason = `no resource of the statement is one that \`${first.text}\` acts on`;
  if (impossible.length === action.items.length) {
    report(
      'IAM4005',
      path,
      `${reason}${impossible.length > 1 ? `, and so with its other actions` : ''}, so that it never applies`,
      resourceHelp(first.text),
    );
  } else {
    report(
      'IAM4014',
      first.path,
      `${reason}${impossible.length > 1 ? `, and so with ${impossible.length - 1} more` : ''}`,
      resourceHelp(first.text),
    );
  }
}

function resourceHelp(action: string): string {
  const types = iamAction(action)!.resourceTypes;
  const service = iamService(action.slice(0, action.indexOf(':')))!;
  if (types.length === 0) return 'move it to a statement with `"Resource": "*"`';
  return `it acts on ${types
    .slice(0, 3)
    .map(({ name: type }) => `\`${service.resourceType(type)!.arn}\``)
    .join(', ')}`;
}
