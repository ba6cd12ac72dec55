/**
 * Claims that speak of nothing. A claim about no request is true whatever the policies say, so a misspelt name would make
 * the strongest claim of all; so would an entry of a list that adds no request to the claim.
 */
import { expandActionPattern, iamCatalogueInfo, nearestAction } from '../../catalogue/iam/index.js';
import { formatArn, parseArn } from '../arn.js';
import type { Request } from '../model.js';
import type { RequestProperties } from './properties.js';
import type { Proof } from './proof.js';

/** Lists of which every entry is to add requests, and what an entry is called. */
const LISTS = { principalArns: 'principal', actions: 'action', resources: 'resource' } as const;

const MOST_KEPT = 2_000;
const answers = new Map<string, string | undefined>();

/** What is asked about properties. */
export interface PropertyQuestions {
  /** FAILS, with a request, when some request has the properties. */
  readonly find: (properties: RequestProperties) => Proof<readonly Request[]>;
  /**
   * Whether a request has the properties, given that its caller is of the kinds and has one of the ARNs that they name: the
   * reference's word.
   */
  readonly has: (request: Request, properties: RequestProperties) => boolean;
}

/**
 * Why no request has the properties, or none that an entry of a list speaks of.
 *
 * The policies do not matter, so that the answer is kept: whoever tries many changes of a policy asks for the same claims.
 *
 * @returns `undefined` when there are requests.
 */
export function vacuityOf(
  properties: RequestProperties,
  questions: PropertyQuestions,
  assume: Readonly<Record<string, string>> = {},
): string | undefined {
  const name = JSON.stringify([properties, assume]);
  if (answers.has(name)) return answers.get(name);
  if (answers.size >= MOST_KEPT) answers.clear();
  const answer = unknownActionIn(properties.actions ?? []) ?? emptyPart(properties, remembering(questions, assume));
  answers.set(name, answer);
  return answer;
}

const witnesses = new Map<string, Request>();

/**
 * Tries the request first that was found for the same properties but for the callers left out: the claims of a template
 * differ by these alone from one organizational unit to the next.
 */
function remembering({ find, has }: PropertyQuestions, assume: Readonly<Record<string, string>>): PropertyQuestions {
  return {
    has,
    find: (properties) => {
      const name = JSON.stringify([{ ...properties, notPrincipalArns: [] }, assume]);
      const known = witnesses.get(name);
      if (known !== undefined && has(known, properties)) {
        return { kind: 'FAILS', counterexample: [known], assumptions: [] };
      }
      const proof = find(properties);
      if (proof.kind === 'FAILS') {
        if (witnesses.size >= MOST_KEPT) witnesses.clear();
        witnesses.set(name, proof.counterexample[0]!);
      }
      return proof;
    },
  };
}

function emptyPart(properties: RequestProperties, { find, has }: PropertyQuestions): string | undefined {
  const all = find(properties);
  if (all.kind !== 'FAILS') return say(all, 'the claim speaks of no request');
  const found = all.counterexample[0]!;
  for (const list of ['principalArns', 'actions', 'resources'] as const) {
    const entries = properties[list] ?? [];
    if (entries.length < 2) continue;
    for (const entry of entries) {
      const own = { ...properties, [list]: [entry] };
      // Mostly the request that was found has the properties with another action or resource, too: no search is needed.
      const another = list === 'principalArns' ? undefined : changed(found, list, entry);
      if (another !== undefined && has(another, own)) continue;
      const alone = find(own);
      if (alone.kind !== 'FAILS') return say(alone, `no request of the claim has the ${LISTS[list]} \`${entry}\``);
    }
  }
  return undefined;
}

/** A request by the same caller for which a pattern stands; nothing when that is not plain to see. */
function changed(request: Request, list: 'actions' | 'resources', entry: string): Request | undefined {
  if (list === 'actions') {
    const action = /[*?]/.test(entry) ? (entry === '*' ? request.action : expandActionPattern(entry)[0]) : entry;
    return action === undefined ? undefined : { ...request, action };
  }
  if (entry === '*') return request;
  const [arn, before] = [parseArn(entry), parseArn(request.resource)];
  // With another owner the request would be another in more than its resource.
  if (arn === undefined || before === undefined || entry.includes('${') || !/^(?:\*|)$|^\d{12}$/.test(arn.account)) {
    return undefined;
  }
  const account = arn.account === '*' ? before.account : arn.account;
  if (account !== before.account) return undefined;
  const plain = (text: string, otherwise: string): string =>
    text === '*' ? otherwise : text.replace(/\*/g, '').replace(/\?/g, 'x');
  const resource = formatArn({
    partition: plain(arn.partition, before.partition),
    service: plain(arn.service, before.service),
    region: plain(arn.region, before.region),
    account,
    resource: plain(arn.resource, before.resource),
  });
  return { ...request, resource };
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
