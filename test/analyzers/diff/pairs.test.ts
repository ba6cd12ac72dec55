/**
 * Pairs of templates with what must be said of them. Each request of a change is decided once more: the reference allows it
 * on one side only, and so does the evaluator that `iam evaluate` uses.
 */
import { diffTemplates } from '../../../analyzers/diff/index.js';
import type { Change } from '../../../analyzers/diff/index.js';
import { compilePolicies, evaluate, referenceEvaluate } from '../../../iam/index.js';
import { pairsIn, words } from './support.js';
import type { Expected, Pair } from './support.js';

function check({ old, new: now, expect: expected }: Pair): void {
  const { changes } = diffTemplates(old, now);
  expect(changes.map(words).sort()).toStrictEqual(
    expected.map(({ verdict, kind, subject }) => `${verdict} ${kind} ${subject}`).sort(),
  );
  for (const one of expected) {
    const change = changes.find((each) => words(each) === `${one.verdict} ${one.kind} ${one.subject}`)!;
    checkOne(change, one);
  }
  for (const change of changes) decideAgain(change);
}

function checkOne(change: Change, { severity, says, controls, request }: Expected): void {
  if (severity !== undefined) expect(change.severity).toBe(severity);
  if (says !== undefined) expect(change.message).toContain(says);
  if (controls !== undefined) expect(change.controls).toStrictEqual(controls);
  expect(change.decided !== null).toBe(request === true);
}

function decideAgain({ verdict, decided }: Change): void {
  if (decided === null) return;
  const { request, old, new: now } = decided;
  const allowedOn = verdict === 'BROADENED' ? ['old: false', 'new: true'] : ['old: true', 'new: false'];
  const sides = [
    ['old', old],
    ['new', now],
  ] as const;
  expect(
    sides.map(([side, policies]) => `${side}: ${referenceEvaluate(request, policies).decision === 'ALLOW'}`),
  ).toStrictEqual(allowedOn);
  expect(
    sides.map(([side, policies]) => `${side}: ${evaluate(compilePolicies(policies), request).decision === 'ALLOW'}`),
  ).toStrictEqual(allowedOn);
}

describe.each(['broadens', 'same-or-narrower', 'undecided'])('%s', (kind) => {
  const pairs = pairsIn(kind);

  it.each(pairs)('$name: $title', check);

  it('says of all of them the same', () => {
    const wanted = kind === 'broadens' ? 'BROADENED' : kind === 'undecided' ? 'NOT_EVALUATED' : 'NARROWED';
    for (const { expect: expected } of pairs) {
      expect(expected.filter(({ verdict }) => verdict !== wanted && verdict !== 'NARROWED')).toStrictEqual([]);
    }
  });
});

it('has twenty of each at least', () => {
  expect(pairsIn('broadens').length).toBeGreaterThanOrEqual(20);
  expect(pairsIn('same-or-narrower').length).toBeGreaterThanOrEqual(20);
});
