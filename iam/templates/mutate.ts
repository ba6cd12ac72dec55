/**
 * Weakened and broken forms of a policy, one change each: what cases and claims have to notice. Deny statements only, since
 * the templates hold nothing else.
 */
import type { Condition, ConditionOperator, PatternElement, Policy, Statement } from '../index.js';

/** A policy with one change. */
export interface Mutant {
  readonly policy: Policy;
  /** Sid, or `statement 1`. */
  readonly statement: string;
  /** The change, in words. */
  readonly change: string;
}

/** The contrary of each operator that has one. */
const NEGATION: Readonly<Partial<Record<ConditionOperator, ConditionOperator>>> = Object.fromEntries(
  (
    [
      ['StringEquals', 'StringNotEquals'],
      ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
      ['StringLike', 'StringNotLike'],
      ['NumericEquals', 'NumericNotEquals'],
      ['NumericLessThan', 'NumericGreaterThanEquals'],
      ['NumericLessThanEquals', 'NumericGreaterThan'],
      ['DateEquals', 'DateNotEquals'],
      ['DateLessThan', 'DateGreaterThanEquals'],
      ['DateLessThanEquals', 'DateGreaterThan'],
      ['IpAddress', 'NotIpAddress'],
      ['ArnEquals', 'ArnNotEquals'],
      ['ArnLike', 'ArnNotLike'],
    ] as const
  ).flatMap(([left, right]) => [
    [left, right],
    [right, left],
  ]),
);

/** All mutants of a policy. */
export function mutantsOf(policy: Policy): readonly Mutant[] {
  return policy.statements.flatMap((statement, index) => {
    const name = statement.sid ?? `statement ${index + 1}`;
    const withStatements = (statements: readonly Statement[], change: string): Mutant => ({
      policy: { ...policy, statements },
      statement: name,
      change,
    });
    const others = policy.statements.filter((_, other) => other !== index);
    return [
      withStatements(others, 'the statement is deleted'),
      ...changes(statement).map(([changed, change]) => {
        return withStatements(
          policy.statements.map((each, other) => (other === index ? changed : each)),
          change,
        );
      }),
    ];
  });
}

type Change = readonly [Statement, string];

function changes(statement: Statement): readonly Change[] {
  const { action, resource, conditions } = statement;
  return [
    ...patternChanges(action, 'Action').map(([changed, text]): Change => [{ ...statement, action: changed }, text]),
    ...(resource === undefined
      ? []
      : patternChanges(resource, 'Resource').map(([changed, text]): Change => [
          { ...statement, resource: changed },
          text,
        ])),
    ...conditions.flatMap((condition, index) => {
      const rest = conditions.filter((_, other) => other !== index);
      const replaced = conditionChanges(condition).map(([changed, text]): Change => {
        const all = conditions.map((each, other) => (other === index ? changed : each));
        return [{ ...statement, conditions: all }, text];
      });
      return [[{ ...statement, conditions: rest }, `without ${say(condition)}`] as Change, ...replaced];
    }),
  ];
}

function patternChanges(element: PatternElement, name: string): readonly (readonly [PatternElement, string])[] {
  const { negated, patterns } = element;
  const written = negated ? `Not${name}` : name;
  const all = patterns.length === 1 && patterns[0] === '*';
  const dropped =
    patterns.length === 1
      ? []
      : patterns.map((pattern) => {
          const left = patterns.filter((each) => each !== pattern);
          return [{ negated, patterns: left }, `${written} without ${pattern}`] as const;
        });
  return [
    ...dropped,
    ...(all
      ? []
      : [
          [{ negated: !negated, patterns }, `${written} negated`] as const,
          [{ negated: false, patterns: ['*'] }, `${written} is *`] as const,
        ]),
  ];
}

function conditionChanges(condition: Condition): readonly (readonly [Condition, string])[] {
  const { operator, qualifier, ifExists, values } = condition;
  const result: (readonly [Condition, string])[] = [];
  const add = (part: Partial<Condition>, text: string): void => {
    result.push([{ ...condition, ...part }, `${say(condition)}: ${text}`]);
  };
  if (values.length > 1) {
    for (const value of values) add({ values: values.filter((each) => each !== value) }, `without ${value}`);
  }
  const negation = NEGATION[operator];
  if (negation !== undefined) add({ operator: negation }, 'negated');
  if (operator === 'Bool' || operator === 'Null') {
    add({ values: [values[0] === 'true' ? 'false' : 'true'] }, 'the other value');
  }
  // Under a set operator the suffix changes nothing.
  if (operator !== 'Null' && qualifier === undefined) {
    add({ ifExists: !ifExists }, ifExists ? 'without IfExists' : 'with IfExists');
  }
  if (qualifier !== undefined) {
    add({ qualifier: qualifier === 'ForAnyValue' ? 'ForAllValues' : 'ForAnyValue' }, 'the other set operator');
  }
  const loose = values.filter((value) => /[*?]/.test(value));
  if (loose.length > 0 && !operator.startsWith('Bool')) add({ values: ['*'] }, 'values are *');
  return result;
}

function say({ operator, qualifier, ifExists, key }: Condition): string {
  return `${qualifier === undefined ? '' : `${qualifier}:`}${operator}${ifExists ? 'IfExists' : ''} ${key}`;
}
