/** Small widenings of policies, and how to find out by trying whether one adds anything. */
import { referenceAllows } from '../../../iam/prove/queries.js';
import type { DocumentKind } from '../../../iam/prove/index.js';
import type { Condition, Policy, Request, Statement } from '../../../iam/index.js';
import type { Random } from '../../support/random.js';
import { Nearby, quickly } from './near.js';

/** What was widened. */
export type Widening = 'action' | 'character' | 'condition value';

const replaced = <T>(list: readonly T[], at: number, item: T): readonly T[] =>
  list.map((each, index) => (index === at ? item : each));

/** A condition that more requests meet, or `undefined` when this one has no value to add or take away. */
function loosened(condition: Condition): Condition | undefined {
  const { operator, values } = condition;
  if (operator.includes('Not')) return values.length > 1 ? { ...condition, values: values.slice(1) } : undefined;
  if (/^String(?:Equals|Like)/.test(operator)) return { ...condition, values: [...values, 'planted'] };
  if (operator === 'NumericEquals') return { ...condition, values: [...values, '77'] };
  if (operator === 'IpAddress') return { ...condition, values: [...values, '198.51.100.0/24'] };
  if (operator.startsWith('Arn')) return { ...condition, values: [...values, 'arn:aws:iam::*:user/x/*'] };
  return undefined;
}

/** Widens one statement that allows; `undefined` when it has nothing of the kind. */
function widenedStatement(statement: Statement, what: Widening, random: Random): Statement | undefined {
  const { action, resource, conditions } = statement;
  switch (what) {
    case 'action':
      if (action.negated) return action.patterns.length > 1 ? withAction(action.patterns.slice(1)) : undefined;
      return withAction([...action.patterns, random.pick(['sqs:Planted', 's3:PutObject', 'sqs:SendMessage'])]);
    case 'character': {
      if (resource!.negated) return undefined;
      const at = random.below(resource!.patterns.length);
      const pattern = resource!.patterns[at]!;
      // Variables stay whole, and the first parts of an ARN stay an ARN.
      const end = pattern.length - 1;
      if (pattern === '*' || pattern.includes('${') || pattern.split(':').length < 6) return undefined;
      const wider = random.chance(0.5) ? `${pattern}*` : `${pattern.slice(0, end)}?`;
      if (wider === pattern || /[*?]$/.test(pattern)) return undefined;
      return { ...statement, resource: { ...resource!, patterns: replaced(resource!.patterns, at, wider) } };
    }
    case 'condition value': {
      if (conditions.length === 0) return undefined;
      const at = random.below(conditions.length);
      const loose = loosened(conditions[at]!);
      return loose === undefined ? undefined : { ...statement, conditions: replaced(conditions, at, loose) };
    }
  }
  function withAction(patterns: readonly string[]): Statement {
    return { ...statement, action: { ...action, patterns } };
  }
}

/** The policy with one statement widened, or `undefined`. */
export function widened(policy: Policy, what: Widening, random: Random): Policy | undefined {
  for (const at of random.shuffle([...policy.statements.keys()])) {
    const statement = policy.statements[at]!;
    const wider = statement.effect === 'Allow' ? widenedStatement(statement, what, random) : undefined;
    if (wider !== undefined) return { ...policy, statements: replaced(policy.statements, at, wider) };
  }
  return undefined;
}

/** Tries requests near both; a find has been decided by the reference. */
export function refutation(
  existing: Policy,
  updated: Policy,
  kind: DocumentKind,
  random: Random,
  tries: number,
  onTry: (isAllowed: boolean) => void = () => undefined,
): Request | undefined {
  const near = new Nearby([existing, updated], kind, random);
  const [before, after] = [quickly(existing, kind), quickly(updated, kind)];
  for (let count = 0; count < tries; count++) {
    const request = near.draw();
    const [was, is] = [before(request), after(request)];
    onTry(was || is);
    if (!is || was) continue;
    if (referenceAllows([updated], kind, request) && !referenceAllows([existing], kind, request)) return request;
  }
  return undefined;
}
