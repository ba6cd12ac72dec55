/** The compiled evaluator against the reference, on generated policies and requests. */
import fc from 'fast-check';
import {
  compilePolicies,
  CONDITION_OPERATORS,
  evaluate,
  POLICY_LAYERS,
  referenceEvaluate,
} from '../../../iam/index.js';
import type { Evaluation, ReferenceEvaluation } from '../../../iam/index.js';
import {
  applicablePolicies,
  condition,
  KEY_POOLS,
  rcpScope,
  request,
  requestAndCompletions,
  resourcePattern,
} from '../../arbitraries/iam.js';

const DECISIONS = ['ALLOW', 'EXPLICIT_DENY', 'IMPLICIT_DENY'];
const OUTCOMES = ['ALLOW', 'EXPLICIT_DENY', 'IMPLICIT_DENY', 'NOT_APPLICABLE'];

class Tally {
  private readonly counts = new Map<string, number>();

  add(...names: readonly string[]): void {
    for (const name of names) this.counts.set(name, this.count(name) + 1);
  }

  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}

/** Compares thousands of answers; a matcher takes longer than both evaluators. */
function same(compiled: Pick<Evaluation, 'decision' | 'layers'>, reference: ReferenceEvaluation): void {
  const isSame =
    compiled.decision === reference.decision &&
    POLICY_LAYERS.every((layer) => compiled.layers[layer] === reference.layers[layer]);
  if (!isSame) throw new Error(`compiled ${JSON.stringify(compiled)}, reference ${JSON.stringify(reference)}`);
}

it('decides as the reference, in every layer, and reaches every outcome often', () => {
  const seen = new Tally();
  fc.assert(
    fc.property(request, applicablePolicies, rcpScope, (asked, policies, options) => {
      const expected = referenceEvaluate(asked, policies, options);
      const { decision, layers, missingKeys } = evaluate(compilePolicies(policies), asked, options);
      same({ decision, layers }, expected);
      if (missingKeys.length > 0) throw new Error(`keys are missing: ${missingKeys.join()}`);
      seen.add(decision, ...Object.entries(layers).map(([layer, outcome]) => `${layer} ${outcome}`));
      seen.add(...Object.entries(asked.context).map(([key, value]) => `${key.toLowerCase()} ${String(value)}`));
    }),
    { numRuns: 2_000 },
  );
  for (const decision of DECISIONS) expect([decision, seen.count(decision) > 200]).toStrictEqual([decision, true]);
  const outcomes = POLICY_LAYERS.flatMap((layer) => OUTCOMES.map((outcome) => `${layer} ${outcome}`));
  expect(outcomes.filter((outcome) => seen.count(outcome) < 10)).toStrictEqual([]);
  const values = KEY_POOLS.flatMap(({ key, given }) => given.map((value) => `${key.toLowerCase()} ${value}`));
  expect(values.filter((value) => seen.count(value) < 10)).toStrictEqual([]);
});

it('conditions and resources alone hold as in the reference, often and often not', () => {
  const seen = new Tally();
  fc.assert(
    fc.property(
      request,
      fc.oneof(fc.constant([]), fc.array(condition, { minLength: 1, maxLength: 1 })),
      fc.array(resourcePattern, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      fc.constantFrom('2012-10-17' as const, '2008-10-17' as const),
      (asked, conditions, patterns, negated, version) => {
        const statement = {
          effect: 'Deny' as const,
          action: { negated: false, patterns: ['*'] },
          resource: conditions.length === 0 ? { negated, patterns } : { negated: false, patterns: ['*'] },
          conditions,
        };
        const policies = {
          identity: [{ version, statements: [statement] }],
          boundary: null,
          session: null,
          scps: null,
          rcps: null,
          resource: null,
          vpcEndpoint: null,
        };
        const expected = referenceEvaluate(asked, policies);
        const { decision, layers } = evaluate(compilePolicies(policies), asked);
        same({ decision, layers }, expected);
        seen.add(`${conditions[0]?.operator ?? 'Resource'} ${decision === 'EXPLICIT_DENY'}`);
      },
    ),
    { numRuns: 12_000 },
  );
  const operators = ['Resource', ...CONDITION_OPERATORS].flatMap((each) => [`${each} true`, `${each} false`]);
  expect(operators.filter((each) => seen.count(each) < 8)).toStrictEqual([]);
});

it('with unknown keys says a decision only when every completion gives it', () => {
  const seen = new Tally();
  fc.assert(
    fc.property(requestAndCompletions, applicablePolicies, ({ request: asked, completions }, policies) => {
      const set = compilePolicies(policies);
      const { decision, missingKeys } = evaluate(set, asked, { unknownContext: true });
      seen.add(decision);
      if (missingKeys.length > 0 !== (decision === 'UNDETERMINED')) {
        throw new Error(`${decision}: ${missingKeys.join()}`);
      }
      if (decision === 'UNDETERMINED') return;
      for (const completion of completions) {
        const reached = referenceEvaluate(completion, policies).decision;
        if (reached !== decision) throw new Error(`${decision}, and ${reached} with ${JSON.stringify(completion)}`);
      }
    }),
    { numRuns: 2_000 },
  );
  for (const decision of [...DECISIONS, 'UNDETERMINED']) {
    expect([decision, seen.count(decision) > 100]).toStrictEqual([decision, true]);
  }
});
