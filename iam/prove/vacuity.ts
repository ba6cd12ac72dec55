/**
 * Claims that speak of nothing. A claim about no request is true whatever the policies say, so a misspelt name would make
 * the strongest claim of all; so would an entry of a list that adds no request to the claim.
 */
import { expandActionPattern, iamCatalogueInfo, nearestAction } from '../../catalogue/iam/index.js';
import type { RequestProperties } from './claim.js';
import type { Proof } from './proof.js';

/** Lists of which every entry is to add requests, and what an entry is called. */
const LISTS = { principalArns: 'principal', actions: 'action', resources: 'resource' } as const;

const MOST_KEPT = 2_000;
const answers = new Map<string, string | undefined>();

/**
 * Why no request has the properties, or none that an entry of a list speaks of.
 *
 * The policies do not matter, so that the answer is kept: whoever tries many changes of a policy asks for the same claims.
 *
 * @param someRequest - FAILS when a request has some properties.
 * @returns `undefined` when there are requests.
 */
export function vacuityOf(
  properties: RequestProperties,
  someRequest: (properties: RequestProperties) => Proof<unknown>,
  assume: Readonly<Record<string, string>> = {},
): string | undefined {
  const name = JSON.stringify([properties, assume]);
  if (answers.has(name)) return answers.get(name);
  if (answers.size >= MOST_KEPT) answers.clear();
  const answer = unknownActionIn(properties.actions ?? []) ?? emptyPart(properties, someRequest);
  answers.set(name, answer);
  return answer;
}

function emptyPart(
  properties: RequestProperties,
  someRequest: (properties: RequestProperties) => Proof<unknown>,
): string | undefined {
  const all = someRequest(properties);
  if (all.kind !== 'FAILS') return say(all, 'the claim speaks of no request');
  for (const list of ['principalArns', 'actions', 'resources'] as const) {
    const entries = properties[list] ?? [];
    if (entries.length < 2) continue;
    for (const entry of entries) {
      const alone = someRequest({ ...properties, [list]: [entry] });
      if (alone.kind !== 'FAILS') return say(alone, `no request of the claim has the ${LISTS[list]} \`${entry}\``);
    }
  }
  return undefined;
}

const say = (proof: Proof<unknown>, empty: string): string =>
  proof.kind === 'UNKNOWN' ? `whether the claim speaks of any request could not be told: ${proof.detail}` : empty;

/** A pattern that stands for no action of the catalogue, and what was probably meant. */
export function unknownActionIn(patterns: readonly string[]): string | undefined {
  const unknown = patterns.find((pattern) => !isKnown(pattern));
  if (unknown === undefined) return undefined;
  const nearest = /[*?]/.test(unknown) ? undefined : nearestAction(unknown);
  const meant = nearest === undefined ? '' : `; was \`${nearest}\` meant?`;
  return `\`${unknown}\` names no action in the catalogue of ${iamCatalogueInfo.date}${meant}`;
}

const known = new Map<string, boolean>();

function isKnown(pattern: string): boolean {
  if (pattern === '*') return true;
  let answer = known.get(pattern);
  if (answer === undefined) {
    if (known.size >= MOST_KEPT) known.clear();
    answer = expandActionPattern(pattern).length > 0;
    known.set(pattern, answer);
  }
  return answer;
}
