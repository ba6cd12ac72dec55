/**
 * The long hunt of the IAM evaluator: generated policies and requests, the reference against the compiled evaluator, and
 * answers with unknown keys against their completions.
 *
 *     npm run fuzz -- iam-evaluate [--cases 100000] [--seed N]
 *
 * Prints the seed and how often each outcome was reached. Exits 1 with the shrunk counterexample when the two differ.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { compilePolicies, evaluate, referenceEvaluate } from '../../iam/index.js';
import { applicablePolicies, rcpScope, request, requestAndCompletions } from '../arbitraries/iam.js';

const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const cases = Number(values.cases ?? 100_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}, ${cases} cases`);

const reached = new Map<string, number>();
const count = (name: string): void => void reached.set(name, (reached.get(name) ?? 0) + 1);
const same = (left: unknown, right: unknown): void => {
  const [one, other] = [JSON.stringify(left), JSON.stringify(right)];
  if (one !== other) throw new Error(`compiled ${one}, reference ${other}`);
};

fc.assert(
  fc.property(request, applicablePolicies, rcpScope, (asked, policies, options) => {
    const expected = referenceEvaluate(asked, policies, options);
    const { decision, layers } = evaluate(compilePolicies(policies), asked, options);
    same({ decision, layers }, expected);
    count(decision);
    for (const [layer, outcome] of Object.entries(layers)) count(`${layer} ${outcome}`);
  }),
  { numRuns: cases, seed },
);
fc.assert(
  fc.property(requestAndCompletions, applicablePolicies, ({ request: asked, completions }, policies) => {
    const { decision } = evaluate(compilePolicies(policies), asked, { unknownContext: true });
    count(`with unknown keys ${decision}`);
    if (decision === 'UNDETERMINED') return;
    for (const completion of completions) same(decision, referenceEvaluate(completion, policies).decision);
  }),
  { numRuns: Math.ceil(cases / 4), seed },
);
for (const [name, times] of [...reached].sort(([left], [right]) => (left < right ? -1 : 1))) {
  console.log(`${String(times).padStart(8)}  ${name}`);
}
