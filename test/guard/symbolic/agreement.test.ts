/**
 * The symbolic evaluator against the compiled one: on a document with open conditions, its answer is what the compiled
 * evaluator gives over all reachable ways of closing them.
 */
import fc from 'fast-check';
import {
  EvaluationError,
  compileRules,
  evaluateOpenRule,
  materialise,
  openDocument,
  parseRules,
} from '../../../guard/index.js';
import { isMap } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { pair } from '../../arbitraries/rules.js';
import { allAssignments, openDocumentOf } from './open-document.js';

const CONDITIONS = ['C1', 'C2', 'C3'] as const;
const INFEASIBLE = [
  [
    ['C1', true],
    ['C2', true],
  ],
] as const satisfies readonly (readonly (readonly [string, boolean])[])[];

/** Wraps some values of a document into conditions. */
function opened(document: Value, dice: () => number, depth = 0): Value {
  const inside = (): Value => {
    if (Array.isArray(document)) return (document as readonly Value[]).map((item) => opened(item, dice, depth + 1));
    if (!isMap(document)) return document;
    return Object.fromEntries(Object.entries(document).map(([key, item]) => [key, opened(item, dice, depth + 1)]));
  };
  const value = inside();
  if (depth === 0 || dice() > 0.18) return value;
  const name = CONDITIONS[Math.floor(dice() * CONDITIONS.length)]!;
  const others: Value[] = [{ Ref: 'AWS::NoValue' }, 'a', 1, true, ['a'], { a: 'x' }, value];
  const other = others[Math.floor(dice() * others.length)]!;
  return { 'Fn::If': dice() < 0.5 ? [name, value, other] : [name, other, value] };
}

/** A small seeded generator, so that a failing case is repeated by its seed. */
function diceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('symbolic evaluation', () => {
  it('gives the union of what every reachable assignment gives', () => {
    const seen = { PASS: 0, FAIL: 0, SKIP: 0, NOT_EVALUATED: 0, open: 0, mixed: 0, errors: 0 };
    fc.assert(
      fc.property(pair, fc.integer(), ({ rules, document }, seed) => {
        const { tree } = parseRules(rules, 'r.guard');
        if (tree === null || !isMap(document)) return;
        const open = openDocumentOf(
          opened(document, diceOf(seed)) as ValueMap,
          INFEASIBLE.map((g) => [...g]),
        );
        if (!open.hasUnknowns) return;
        const program = compileRules(tree, { file: 'r.guard', text: rules });
        const runs: string[][] = [];
        try {
          for (const assignment of allAssignments(open, CONDITIONS)) {
            const { value } = materialise(open, assignment);
            runs.push(program.evaluate(openDocument(value)).rules.map((rule) => rule.status));
          }
        } catch {
          return;
        }
        tree.rules.forEach((rule, index) => {
          let verdict;
          try {
            verdict = evaluateOpenRule(tree, rule, open);
          } catch (error) {
            // A variable is evaluated under every assignment, also where the rule would not have read it: its error is
            // no verdict, which is the safe side.
            expect(error).toBeInstanceOf(EvaluationError);
            // Rules that capture keys are not followed over open choices at all.
            if (!String(error).includes('captured keys')) seen.errors++;
            return;
          }
          const statuses = new Set(runs.map((run) => run[index]!));
          seen.open++;
          seen[verdict.status]++;
          if (statuses.size > 1) seen.mixed++;
          if (verdict.status === 'NOT_EVALUATED') return;
          const expected = statuses.has('FAIL') ? 'FAIL' : statuses.has('PASS') ? 'PASS' : 'SKIP';
          expect({ status: verdict.status, rules }).toStrictEqual({ status: expected, rules });
          for (const failure of verdict.failures) {
            expect(open.feasible(failure)).toBe(true);
          }
        });
      }),
      { numRuns: 800, seed: 20261121 },
    );
    // Conditions alone leave nothing unknown: what is not evaluated is the rare case of too many combinations.
    expect(seen.errors).toBeLessThan(seen.open / 50);
    expect(seen.NOT_EVALUATED).toBeLessThan(seen.open / 50);
    for (const status of ['PASS', 'FAIL', 'SKIP'] as const) expect(seen[status]).toBeGreaterThan(50);
    expect(seen.mixed).toBeGreaterThan(50);
  });

  it('never decides what hangs on a value nobody knows', () => {
    const seen = { decided: 0, NOT_EVALUATED: 0, tried: 0 };
    fc.assert(
      fc.property(pair, fc.integer(), ({ rules, document }, seed) => {
        const { tree } = parseRules(rules, 'r.guard');
        if (tree === null || !isMap(document)) return;
        const open = openDocumentOf(hidden(document, diceOf(seed)) as ValueMap);
        if (!open.hasUnknowns) return;
        const program = compileRules(tree, { file: 'r.guard', text: rules });
        const runs: string[][] = [];
        try {
          for (let round = 0; round < 12; round++) {
            const value = filled(open.value, diceOf(seed + round), round);
            runs.push(program.evaluate(openDocument(value)).rules.map((rule) => rule.status));
          }
        } catch {
          return;
        }
        tree.rules.forEach((rule, index) => {
          let verdict;
          try {
            verdict = evaluateOpenRule(tree, rule, open);
          } catch (error) {
            expect(error).toBeInstanceOf(EvaluationError);
            return;
          }
          if (verdict.status === 'NOT_EVALUATED') {
            seen.NOT_EVALUATED++;
            return;
          }
          seen.decided++;
          const statuses = [...new Set(runs.map((run) => run[index]!))];
          // A body that cannot fail behind a condition nobody knows is PASS here and SKIP there.
          const allowed = verdict.status === 'PASS' ? ['PASS', 'SKIP'] : [verdict.status];
          const where = { rule: rule.name, verdict: verdict.status, rules, document: JSON.stringify(open.value) };
          const wrong = statuses.filter((status) => !allowed.includes(status));
          expect({ wrong, ...where }).toStrictEqual({ wrong: [], ...where });
        });
      }),
      { numRuns: 800, seed: 20261121 },
    );
    expect(seen.decided).toBeGreaterThan(300);
    expect(seen.NOT_EVALUATED).toBeGreaterThan(100);
  });
});

/** Hides some values of a document behind parameters: unknown ones, and ones with AllowedValues. */
function hidden(document: Value, dice: () => number, depth = 0): Value {
  if (depth > 0 && dice() < 0.15) return { Ref: dice() < 0.6 ? '?' : 'P:a,x' };
  if (Array.isArray(document)) return (document as readonly Value[]).map((item) => hidden(item, dice, depth + 1));
  if (!isMap(document)) return document;
  return Object.fromEntries(Object.entries(document).map(([key, item]) => [key, hidden(item, dice, depth + 1)]));
}

/** The document with its parameters given values; `P` has one value in all places. */
function filled(document: Value, dice: () => number, round: number): Value {
  if (Array.isArray(document)) return (document as readonly Value[]).map((item) => filled(item, dice, round));
  if (!isMap(document)) return document;
  if (document['Ref'] === 'P:a,x') return round % 2 === 0 ? 'a' : 'x';
  if (document['Ref'] === '?') {
    const values: Value[] = ['a', 'x', 'b', '1', '', ['a', 'x'], ['b'], 'true'];
    return values[Math.floor(dice() * values.length)]!;
  }
  return Object.fromEntries(Object.entries(document).map(([key, item]) => [key, filled(item, dice, round)]));
}
