/**
 * The second path beside the proofs of `stackade scp pack`: random and boundary requests, decided by the reference on
 * packed and unpacked sets.
 *
 *     npm run fuzz -- scp-pack [--requests 20000] [--seed N]
 *
 * Prints the seed first. Exits 1 with the set and the request on which the two differ.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { referenceEvaluate } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import { compact, fill } from '../../scp/pack/index.js';
import { denial, FULL_ACCESS, request } from '../scp/pack/statements.js';

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const requests = Number(values.requests ?? 20_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const EACH = 200;
console.log(`seed ${seed}, ${requests} requests`);

const NONE = { identity: [FULL_ACCESS], boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };
const reached = new Map<string, number>();
const count = (name: string, by = 1): void => void reached.set(name, (reached.get(name) ?? 0) + by);

fc.assert(
  fc.property(
    fc.array(denial, { minLength: 3, maxLength: 12 }),
    fc.constantFrom('words' as const, 'characters' as const),
    fc.array(request, { minLength: EACH, maxLength: EACH }),
    (statements, wildcards, asked) => {
      const { statements: packed, steps } = compact([{ version: '2012-10-17', statements }], {
        kind: 'scp',
        wildcards,
      });
      const { documents, overflow } = fill(packed, { size: 1_200, slots: 9 });
      if (overflow !== undefined) return;
      for (const { step, proof } of steps) count(`${step} ${proof}`);
      const decide = (policies: readonly Policy[], index: number): string =>
        referenceEvaluate(asked[index]!, { ...NONE, scps: [[FULL_ACCESS, ...policies]] }).decision;
      asked.forEach((one, index) => {
        const before = decide([{ version: '2012-10-17', statements }], index);
        const after = decide(documents, index);
        count(before);
        if (before !== after) throw new Error(`${before}, packed ${after}: ${JSON.stringify(one)}`);
      });
    },
  ),
  { seed, numRuns: Math.ceil(requests / EACH) },
);
for (const [name, number] of [...reached].sort()) console.log(`${name.padEnd(24)} ${number}`);
