/**
 * Filters on findings: keys together, values of a key one for all
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html).
 */
import type { Criterion, Filter, FindingData } from './data.js';

export function matches(finding: FindingData, filter: Filter): boolean {
  return Object.entries(filter).every(([key, criterion]) => meets(valuesOf(finding, key), criterion));
}

function meets(values: readonly string[], { eq, neq, contains, exists }: Criterion): boolean {
  if (exists !== undefined && exists !== values.length > 0) return false;
  if (eq !== undefined && !values.some((value) => eq.includes(value))) return false;
  if (neq !== undefined && values.some((value) => neq.includes(value))) return false;
  return contains === undefined || values.some((value) => contains.some((part) => value.includes(part)));
}

/** Values of a filter key; empty when a finding does not have it. */
function valuesOf(finding: FindingData, key: string): readonly string[] {
  if (key === 'createdAt' || key === 'updatedAt' || key === 'analyzedAt') return [new Date(finding[key]).toISOString()];
  if (Object.hasOwn(finding, key)) return plain(finding[key as 'resource']);
  const dot = key.indexOf('.');
  return finding.findingDetails.flatMap((detail) =>
    Object.values(detail).flatMap((member) => {
      if (typeof member !== 'object' || member === null) return [];
      const of = member as Readonly<Record<string, unknown>>;
      if (dot < 0) return plain(of[key]);
      const map = of[key.slice(0, dot)];
      if (typeof map !== 'object' || map === null) return [];
      const wanted = key.slice(dot + 1).toLowerCase();
      return Object.entries(map).flatMap(([name, value]) => (name.toLowerCase() === wanted ? plain(value) : []));
    }),
  );
}

function plain(value: unknown): readonly string[] {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? [String(value)] : [];
}

const SORTS = [
  'id',
  'createdAt',
  'updatedAt',
  'analyzedAt',
  'resource',
  'resourceType',
  'resourceOwnerAccount',
  'status',
  'findingType',
  'error',
] as const;
export type SortKey = (typeof SORTS)[number];

/** @returns `undefined` for what findings are not sorted by. */
export function sortKeyOf(name: string): SortKey | undefined {
  return SORTS.find((each) => each === name);
}

/** In an order in which no two findings are equal. */
export function sorted(findings: readonly FindingData[], by: SortKey, order: 'ASC' | 'DESC'): readonly FindingData[] {
  const sign = order === 'ASC' ? 1 : -1;
  return [...findings].sort((a, b) => {
    const [x, y] = [a[by] ?? '', b[by] ?? ''];
    if (x !== y) return x < y ? -sign : sign;
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  });
}
