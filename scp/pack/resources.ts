/** Resource patterns that stand for all that another one stands for. */
import { covers } from './actions.js';

/** An ARN has six parts; a wildcard stays inside the first three, and may run over colons in the others. */
const PARTS = 6;
const CLOSED = 3;

/**
 * Whether every resource that one pattern matches is matched by another one. Sufficient, not necessary.
 *
 * "IAM JSON policy elements: Resource" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html):
 * a wildcard does not run from one part of an ARN into the next, an ARN with fewer parts stands for any value of the
 * others, and only stars stand for the resource `*` of an action that has none.
 *
 * @returns True only when it is so; patterns with variables are covered by stars and by themselves.
 */
export function coversResource(outer: string, inner: string): boolean {
  if (outer === inner || /^\*+$/.test(outer)) return true;
  // What is written before the first wildcard has to stand in the inner pattern too.
  const first = outer.search(/[*?]/);
  if (first < 0 || !inner.startsWith(outer.slice(0, first))) return false;
  if ((outer + inner).includes('${') || /^\*+$/.test(inner)) return false;
  const given = partsOf(inner);
  const wanted = partsOf(outer);
  // What does not begin as an ARN is compared as one text.
  if (wanted === undefined) return covers(outer, given === undefined ? inner : given.join(':'));
  if (given === undefined) return false;
  return wanted.every((part, index) => covers(part, given[index]!));
}

/** Partition and service by themselves, the rest as one text. */
function partsOf(pattern: string): readonly string[] | undefined {
  const parts = pattern.split(':');
  if (parts[0] !== 'arn') return undefined;
  const all = [...parts, ...Array.from({ length: Math.max(PARTS - parts.length, 0) }, () => '*')];
  return [...all.slice(0, CLOSED), all.slice(CLOSED).join(':')];
}
