/**
 * The second path beside the certificates of `stackade scp build`: organizations are composed, and at every account random
 * and boundary requests are decided by the reference on what is chosen and on what came out.
 *
 *     npm run fuzz -- scp-compose [--requests 20000] [--seed N]
 *
 * Half of the organizations have statements from small pools in too little room, so that denials move; the other half has
 * templates of the library. Prints the seed first. Exits 1 with the account and the request on which the two differ.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { expandActionPattern, iamAction } from '../../catalogue/iam/index.js';
import type { Policy, Request, Statement } from '../../iam/index.js';
import { accountPaths, reaches } from '../../organization/index.js';
import { buildPolicy } from '../../scp/index.js';
import { compose } from '../../scp/compose/index.js';
import type { ComposeOptions } from '../../scp/compose/index.js';
import { Nearby } from '../iam/prove/near.js';
import { Random } from '../support/random.js';
import { chosenLevels, composedLevels, decisionOf } from '../scp/compose/decisions.js';
import { organizationOf, tree } from '../scp/compose/organizations.js';
import type { Place, UnitPlace } from '../scp/compose/organizations.js';
import { names, templateOf } from '../scp/library.js';
import { request } from '../scp/pack/statements.js';

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const wanted = Number(values.requests ?? 20_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}, ${wanted} requests`);

const random = new Random(seed);
const reached = new Map<string, number>();
const count = (name: string, by = 1): void => void reached.set(name, (reached.get(name) ?? 0) + by);

/** The statements of each template with the parameters of its cases. */
const library = names.map((name) => {
  const template = templateOf(name);
  const { built } = buildPolicy(template, template.cases.parameters ?? {}, { examples: true });
  if (built === null) throw new Error(`${name} is not built`);
  const statements = built.policies.flatMap((policy) => policy.statements);
  return { kind: template.kind, statements };
});

function fromLibrary(): UnitPlace {
  const place = (most: number): Place => {
    const chosen = random.shuffle(library).slice(0, random.below(most + 1));
    const of = (kind: string): readonly Statement[] =>
      chosen.filter((each) => each.kind === kind).flatMap(({ statements }) => statements);
    return { scp: of('scp'), rcp: of('rcp') };
  };
  const inner = { ...place(4), accounts: { '333333333333': {}, '444444444444': place(2) } };
  return {
    ...place(8),
    accounts: { '111111111111': place(3) },
    units: [
      { ...place(6), accounts: { '222222222222': {} }, units: [inner] },
      { ...place(6), accounts: { '555555555555': place(2) } },
    ],
  };
}

const ROOMS: readonly ComposeOptions[] = [
  { rooms: { scp: { size: 420, slots: 2 } } },
  { rooms: { scp: { size: 700, slots: 1 } } },
  { rooms: { scp: { size: 2_000, slots: 3 } } },
];
const LIBRARY_ROOMS: readonly ComposeOptions[] = [
  {},
  { rooms: { scp: { size: 4_000, slots: 3 }, rcp: { size: 2_000, slots: 2 } } },
];

const expanded = new Map<string, readonly string[]>();
function actionsOf(pattern: string): readonly string[] {
  const known = expanded.get(pattern) ?? expandActionPattern(pattern);
  expanded.set(pattern, known);
  return known;
}

/**
 * Requests that a statement of either side speaks of, or nearly so. Certificates speak of the actions of the catalogue, so
 * that other actions are replaced by such that a pattern matches.
 */
function near(policies: readonly Policy[], number: number): readonly Request[] {
  // It aims at what allows; here the denials are what requests are to meet.
  const aimed = policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map((each): Statement => ({ ...without(each), effect: 'Allow' })),
  }));
  const nearby = new Nearby(aimed, 'identity', random);
  const patterns = policies.flatMap(({ statements }) => statements.flatMap(({ action }) => action.patterns));
  return Array.from({ length: number }, () => {
    const one = nearby.draw();
    if (iamAction(one.action) !== undefined) return one;
    const actions = actionsOf(random.pick(patterns));
    return { ...one, action: actions.length === 0 ? 's3:GetObject' : random.pick(actions) };
  });
}

function without({ effect, action, resource, conditions }: Statement): Statement {
  return { effect, action, ...(resource === undefined ? {} : { resource }), conditions };
}

const EACH = 25;
let asked = 0;
while (asked < wanted) {
  const isLibrary = random.chance(0.5);
  const drawn = fc.sample(tree, { seed: random.below(2 ** 31), numRuns: 1 })[0]!;
  const { organization, source } = organizationOf(isLibrary ? fromLibrary() : drawn);
  const { composition, certificate, levels } = compose(
    organization,
    source,
    random.pick(isLibrary ? LIBRARY_ROOMS : ROOMS),
  );
  if (composition === null) {
    count('does not fit');
    continue;
  }
  count(`composed, ${certificate!.result}`);
  if (certificate!.result !== 'HOLDS') {
    console.error(JSON.stringify(certificate!.accounts.flatMap(({ open }) => open)));
    process.exitCode = 1;
  }
  if (levels.some(({ level }) => level.spilled.length > 0)) count('composed, denials moved');
  for (const [id, path] of accountPaths(organization)) {
    for (const kind of ['scp', 'rcp'] as const) {
      if (!reaches(organization, id, kind)) continue;
      const before = chosenLevels(organization, path, source, kind);
      const after = composedLevels(organization, path, composition, kind);
      if (before.flat().every(({ statements }) => statements.every(({ effect }) => effect === 'Allow'))) continue;
      const pool = fc.sample(request, { seed: random.below(2 ** 31), numRuns: isLibrary ? 2 : EACH });
      for (const one of [...pool, ...near([...before.flat(), ...after.flat()], EACH)]) {
        const question = kind === 'rcp' ? { ...one, resourceAccount: id } : one;
        const pair = [decisionOf(question, kind, before), decisionOf(question, kind, after)];
        asked++;
        count(`${isLibrary ? 'library' : 'generated'}, ${kind}, ${pair[0]!}`);
        if (pair[0] === pair[1]) continue;
        console.error(`${id}: chosen ${pair[0]!}, composed ${pair[1]!}: ${JSON.stringify(question)}`);
        process.exit(1);
      }
    }
  }
}
for (const [name, number] of [...reached].sort()) console.log(`${name.padEnd(36)} ${number}`);
