/**
 * Why a verdict of the hook differs from that of `check`. A cause is found by taking away from the template, one after the
 * other, what the hook does not see, and giving what is left to `check`: the step at which the verdict changes is the cause.
 * A difference that no step explains has none.
 */
import type { Column, Decided, Told } from './decide.js';
import { decidedAsWritten } from './guard-hook.js';
import type { GuardColumn } from './guard-hook.js';

/** Causes that are known and told of in the documentation. */
export const CAUSES = {
  'several resources': 'what a rule reads of another resource of the template, or what a reference to one says of it',
  'other parts':
    '`DeletionPolicy`, parameters and whatever else besides type and properties events of a resource do not have',
  'unresolved values':
    'values that the event of a stack does not have, or that a template does not have and an event has',
} as const;
export type Cause = keyof typeof CAUSES;

/** A difference with its causes; none: it is not explained. */
export function causesOf(rule: string, column: Column, decided: Decided, isOfWholeTemplate: boolean): readonly Cause[] {
  const of = (verdicts: ReadonlyMap<string, Told>): Told => verdicts.get(rule) ?? 'SKIP';
  const want = of(decided.check());
  const got = of(decided.hook(column));
  if (column === 'STACK') return of(decided.withoutParameters()) === got ? ['unresolved values'] : [];
  const [values, properties, single] = [of(decided.values()), of(decided.properties()), of(decided.single())];
  if (column === 'CHANGE_SET') {
    // A change set shows the template, and the resources of which it knows the values: the stronger verdict counts.
    const stack = of(decided.withoutParameters());
    const resource = isOfWholeTemplate ? 'SKIP' : single;
    const expected = [stack, resource].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))[0];
    if (expected !== got) return [];
    if (got === stack && got !== resource) return ['unresolved values'];
  }
  const causes = stepsOf(want, values, properties, single);
  // What becomes of a rule that is left to the template hangs on all its cases.
  if (isOfWholeTemplate && column !== 'CHANGE_SET') return got === 'SKIP' ? causes : [];
  return got === single ? causes : [];
}

/** The steps at which the verdict changes. */
function stepsOf(want: Told, values: Told, properties: Told, single: Told): readonly Cause[] {
  const steps: readonly (readonly [Told, Told, Cause])[] = [
    // A reference to a resource becomes its name; what nobody knew is known.
    [want, values, want === 'NOT_EVALUATED' ? 'unresolved values' : 'several resources'],
    [values, properties, 'other parts'],
    [properties, single, 'several resources'],
  ];
  return [...new Set(steps.filter(([before, after]) => before !== after).map(([, , cause]) => cause))];
}

const ORDER: readonly Told[] = ['FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP'];

/** The same for the Guard Hook, which takes templates as they are written. @param documents - What it was given. */
export function guardCausesOf(
  rule: string,
  text: string,
  column: GuardColumn,
  decided: Decided,
  documents: readonly object[],
  got: Told,
): readonly Cause[] {
  const of = (verdicts: ReadonlyMap<string, Told>): Told => verdicts.get(rule) ?? 'SKIP';
  const want = of(decided.check());
  if (column === 'GUARD_RESOURCE') {
    // An event has values, but for those that are secret.
    if (of(decided.single()) === 'NOT_EVALUATED') return ['unresolved values'];
    const steps = stepsOf(want, of(decided.values()), of(decided.properties()), of(decided.single()));
    return of(decided.single()) === got ? steps : [];
  }
  const [document] = documents;
  if (document === undefined || decidedAsWritten(rule, text, document) !== got) return [];
  const resolved = { ...document, ...decided.document() };
  // With the functions resolved the verdict is that of `check`, or there is a value that nobody knows.
  const isResolution = want === 'NOT_EVALUATED' || decidedAsWritten(rule, text, resolved) === want;
  return isResolution ? ['unresolved values'] : [];
}
