/**
 * The second path beside the proofs of `stackade scp pack` on policies as people write them: each of test/scp/published
 * alone, and several together, packed into documents; random and boundary requests are decided by the reference on both.
 *
 *     npm run fuzz -- scp-published [--requests 20000] [--seed N]
 *
 * Prints the seed first. Exits 1 with the policies and the request on which the two differ.
 */
import { parseArgs } from 'node:util';
import { expandActionPattern, iamAction } from '../../catalogue/iam/index.js';
import { parsePolicy, printPolicy, referenceEvaluate } from '../../iam/index.js';
import type { Policy, Request, Statement } from '../../iam/index.js';
import { compact, fill } from '../../scp/pack/index.js';
import { Nearby } from '../iam/prove/near.js';
import { FULL_ACCESS } from '../scp/pack/statements.js';
import { PUBLISHED, readPublished } from '../scp/published/published.js';
import { Random } from '../support/random.js';

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const wanted = Number(values.requests ?? 20_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}, ${wanted} requests`);

const random = new Random(seed);
const reached = new Map<string, number>();
const count = (name: string): void => void reached.set(name, (reached.get(name) ?? 0) + 1);

const NONE = { identity: [FULL_ACCESS], boundary: null, session: null, vpcEndpoint: null };
const EVERYBODY: Policy = {
  ...FULL_ACCESS,
  statements: FULL_ACCESS.statements.map((each) => ({
    ...each,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

function decision(request: Request, kind: 'scp' | 'rcp', policies: readonly Policy[]): string {
  const allows = policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow'));
  const levels = [[...(allows ? [] : [kind === 'scp' ? FULL_ACCESS : EVERYBODY]), ...policies]];
  const set = kind === 'scp' ? { scps: levels, rcps: null } : { scps: null, rcps: levels };
  return referenceEvaluate(
    { ...request, ...(kind === 'rcp' && { resourceAccount: '111122223333' }) },
    { ...NONE, ...set, resource: kind === 'rcp' ? EVERYBODY : null },
  ).decision;
}

function printed(statements: readonly Statement[], kind: 'scp' | 'rcp'): Policy {
  const text = printPolicy({ version: '2012-10-17', statements }, 0);
  return parsePolicy(JSON.parse(text) as Parameters<typeof parsePolicy>[0], kind).policy!;
}

/** Requests near either side; packing speaks of the actions of the catalogue. */
function near(policies: readonly Policy[], number: number): readonly Request[] {
  const aimed = policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map(({ action, resource, conditions }): Statement => ({
      effect: 'Allow',
      action,
      resource: resource ?? { negated: false, patterns: ['*'] },
      conditions,
    })),
  }));
  const nearby = new Nearby(aimed, 'identity', random);
  const patterns = policies.flatMap(({ statements }) => statements.flatMap(({ action }) => action.patterns));
  return Array.from({ length: number }, () => {
    const one = nearby.draw();
    if (iamAction(one.action) !== undefined) return one;
    const actions = expandActionPattern(random.pick(patterns));
    return { ...one, action: actions.length === 0 ? 's3:GetObject' : random.pick(actions) };
  });
}

const EACH = 100;
for (let asked = 0, turn = 0; asked < wanted; turn++) {
  const first = PUBLISHED[turn % PUBLISHED.length]!;
  const same = PUBLISHED.filter(({ kind }) => kind === first.kind);
  const chosen = turn < PUBLISHED.length ? [first] : [first, ...random.shuffle(same).slice(0, 1 + random.below(4))];
  const policies = [...new Set(chosen)].map(readPublished);
  const wildcards = random.pick(['none', 'words', 'characters'] as const);
  const { statements } = compact(policies, { kind: first.kind, wildcards });
  const { documents, overflow } = fill(statements, { size: 10_240, slots: 9 });
  if (overflow !== undefined) {
    count('does not fit');
    continue;
  }
  const packed = documents.map((each) => printed(each.statements, first.kind));
  for (const request of near([...policies, ...packed], EACH)) {
    asked++;
    const [before, after] = [decision(request, first.kind, policies), decision(request, first.kind, packed)];
    count(`${first.kind}, ${before}`);
    if (before === after) continue;
    console.error(
      `${chosen.map(({ name }) => name).join(', ')} (${wildcards}): ${before}, packed ${after}: ${JSON.stringify(request)}`,
    );
    process.exit(1);
  }
}
for (const [name, number] of [...reached].sort()) console.log(`${name.padEnd(24)} ${number}`);
