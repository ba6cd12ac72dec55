/** Policy texts as the engine reads them. A text is parsed once, and sets of the same policies are compiled once. */
import { compilePolicies, parsePolicy } from '../../iam/index.js';
import type { ApplicablePolicies, CompiledSet, Policy, PolicyKind } from '../../iam/index.js';
import type { Value } from '../../template/index.js';

/** A text with its number, which stands for it in the names of sets. */
export interface Document {
  readonly number: number;
  readonly policy: Policy;
}

const MOST_DOCUMENTS = 20_000;
const MOST_SETS = 5_000;

const documents = new Map<PolicyKind, Map<string, Document>>();
const sets = new Map<string, CompiledSet>();
let lastNumber = 0;

/**
 * What denies everything: stands for a text that does not parse, which services let nobody store, so that a fault of the
 * sandbox cannot open what the text would have closed.
 */
const DENY_ALL: Policy = {
  version: '2012-10-17',
  statements: [
    {
      sid: 'Unreadable',
      effect: 'Deny',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};

export function documentOf(text: string, kind: PolicyKind): Document {
  let ofKind = documents.get(kind);
  if (ofKind === undefined) documents.set(kind, (ofKind = new Map<string, Document>()));
  let found = ofKind.get(text);
  if (found === undefined) {
    // Numbers are never given twice, so that sets with forgotten documents cannot be taken for others.
    if (ofKind.size >= MOST_DOCUMENTS) ofKind.clear();
    found = { number: ++lastNumber, policy: read(text, kind) };
    ofKind.set(text, found);
  }
  return found;
}

function read(text: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(JSON.parse(text) as Value, kind).policy ?? DENY_ALL;
  } catch {
    return DENY_ALL;
  }
}

type List = readonly Document[];

/** The policies of a request; `null` where a kind does not apply. */
export interface Documents {
  readonly identity: List;
  readonly boundary: List | null;
  readonly session: List | null;
  readonly scps: readonly List[] | null;
  readonly rcps: readonly List[] | null;
  readonly resource: Document | null;
}

export function compiledSet(of: Documents): CompiledSet {
  const list = (each: List | null): string => (each === null ? '-' : each.map(({ number }) => number).join(','));
  const levels = (each: readonly List[] | null): string => (each === null ? '-' : each.map(list).join('/'));
  const name = [
    list(of.identity),
    list(of.boundary),
    list(of.session),
    levels(of.scps),
    levels(of.rcps),
    of.resource?.number ?? '-',
  ].join('|');
  let set = sets.get(name);
  if (set === undefined) {
    if (sets.size >= MOST_SETS) sets.clear();
    set = compilePolicies(policiesOf(of));
    sets.set(name, set);
  }
  return set;
}

export function policiesOf({ identity, boundary, session, scps, rcps, resource }: Documents): ApplicablePolicies {
  const plain = (list: List): readonly Policy[] => list.map(({ policy }) => policy);
  return {
    identity: plain(identity),
    boundary: boundary && plain(boundary),
    session: session && plain(session),
    scps: scps?.map(plain) ?? null,
    rcps: rcps?.map(plain) ?? null,
    resource: resource?.policy ?? null,
    vpcEndpoint: null,
  };
}
