/**
 * Every place of the resource database that could hold a policy. The database does not say which of them do, so a person
 * has decided on each (`verdicts.txt`); this file sees to it that no place is forgotten when the database grows.
 *
 * A place is a candidate
 * - when the source of the database marks it, or its resource type, as something that a reviewer of permissions looks at;
 * - when it holds any JSON, alone or beside text;
 * - when it is text or a list of texts, and its name speaks of policies, permissions, statements or trust;
 * - when it is an object with the parts of a statement, whatever its name.
 */
import { resourceType, resourceTypeNames } from '../../../catalogue/index.js';
import type { Property, PropertyType } from '../../../catalogue/index.js';

/** A place, and why it is a candidate. */
export interface Candidate {
  readonly type: string;
  /** From `Properties` on, `*` for the elements of lists and maps; `.` for the resource itself. */
  readonly place: string;
  readonly reasons: readonly CandidateReason[];
}

export type CandidateReason = 'flag' | 'json' | 'name' | 'statement';

/** What the source of the database marks: resource types, and properties as `TYPE PROPERTY`. */
export type PolicyFlags = ReadonlySet<string>;

const SPEAKS_OF_POLICIES = /polic(?:y|ies)|permission|statement|trust|boundary/i;
/** Names of things beside a policy: what it is called, of which kind it is. */
const SPEAKS_ABOUT = /(?:Name|Id|Ids|Type|Types|Version|Number|Label|Labels|Uri|Url|Tokens?|Mode|Status|Behavior)$/;
/** Parts of a statement; two of them together are no chance. */
const STATEMENT_PARTS: readonly RegExp[] = [
  /^Effect$/,
  /^(?:Not)?Actions?$/,
  /^(?:Not)?Principals?$/,
  /^(?:Not)?Resources?$/,
];

/**
 * The candidates of the resource database.
 *
 * @param flags - What its source marks, as `TYPE` or `TYPE PROPERTY`.
 * @returns Sorted by type and place.
 */
export function policyCandidates(flags: PolicyFlags): readonly Candidate[] {
  return resourceTypeNames().flatMap((name) => candidatesOf(name, flags));
}

function candidatesOf(type: string, flags: PolicyFlags): readonly Candidate[] {
  const { properties } = resourceType(type)!;
  const found = new Map<string, Set<CandidateReason>>();
  const add = (place: string, reason: CandidateReason): void => {
    const known = found.get(place);
    if (known === undefined) found.set(place, new Set([reason]));
    else known.add(reason);
  };
  if (isStatement(properties)) add('.', 'statement');
  walk({ kind: 'object', properties }, [], new Set(), add);
  // What is marked as a whole is a candidate as a whole only when no part of it is one.
  for (const name of properties.keys()) {
    const hasPart = [...found.keys()].some((place) => place.startsWith(`${name}.`));
    if (flags.has(`${type} ${name}`) && !hasPart) add(name, 'flag');
  }
  if (flags.has(type) && (found.size === 0 || found.has('.'))) add('.', 'flag');
  return [...found]
    .map(([place, reasons]) => ({ type, place, reasons: [...reasons].sort() }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
}

type Properties = ReadonlyMap<string, Property>;

function walk(
  type: PropertyType,
  way: readonly string[],
  above: ReadonlySet<Properties>,
  add: (place: string, reason: CandidateReason) => void,
): void {
  switch (type.kind) {
    case 'object':
      // Types that hold themselves end here: what could stand there stands further up as well.
      if (above.has(type.properties)) return;
      if (way.length > 0 && isStatement(type.properties)) add(way.join('.'), 'statement');
      for (const [name, property] of type.properties) {
        const place = [...way, name];
        if (isNamed(name, property.type)) add(place.join('.'), 'name');
        walk(property.type, place, new Set([...above, type.properties]), add);
      }
      return;
    case 'list':
    case 'map':
      walk(type.element, [...way, '*'], above, add);
      return;
    case 'union':
      for (const each of type.types) walk(each, way, above, add);
      return;
    case 'json':
      add(way.join('.'), 'json');
      return;
    default:
  }
}

function isStatement(properties: Properties): boolean {
  return STATEMENT_PARTS.filter((part) => [...properties.keys()].some((name) => part.test(name))).length >= 2;
}

function isNamed(name: string, type: PropertyType): boolean {
  return SPEAKS_OF_POLICIES.test(name) && !SPEAKS_ABOUT.test(name) && holdsText(type);
}

/** Free text: not one of listed words, no object. */
function holdsText(type: PropertyType): boolean {
  if (type.kind === 'string') return type.values === undefined;
  if (type.kind === 'list') return holdsText(type.element);
  return type.kind === 'union' && type.types.some(holdsText);
}
