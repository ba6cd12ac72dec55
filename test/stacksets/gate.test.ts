/** Gates: what opens them, what keeps them shut, and what no word of anybody opens. */
import { decideGate, type Evidence, type Gate, type HookResult } from '../../stacksets/index.js';

const MINUTE = 60_000;
const GATE: Gate = {
  wave: 'canary-warn',
  ring: 'canary',
  promotion: {
    isManual: false,
    quietMinutes: 30,
    invocations: 2,
    failures: 0,
    errors: 0,
    unfinished: 0,
    expected: ['*test-bad*'],
  },
  since: 100 * MINUTE,
  unfinished: [],
  accounts: ['333333333333'],
  regions: ['eu-central-1'],
};

const result = (status: string, minute = 110, target: string | null = 'arn:stack/app'): HookResult => ({
  account: '333333333333',
  region: 'eu-central-1',
  status,
  reason: null,
  target,
  invokedAt: minute * MINUTE,
});
const GOOD = [result('HOOK_COMPLETE_SUCCEEDED'), result('HOOK_COMPLETE_SUCCEEDED')];

function verdict(evidence: Partial<Evidence>, gate: Partial<Gate> = {}): string {
  const decision = decideGate(
    { ...GATE, ...gate },
    { now: 130 * MINUTE, isPromoted: false, results: GOOD, notRead: [], ...evidence },
  );
  return [decision.verdict, ...decision.reasons].join('; ');
}

const PLACE = { account: '333333333333', region: 'eu-west-1', why: 'FAILED' };

type Row = readonly [what: string, expected: string, evidence: Partial<Evidence>, gate?: Partial<Gate>];

it.each<Row>([
  ['all is well', 'OPEN', {}],
  ['a minute is missing', 'WAIT; 1 of 30 quiet minutes are still to pass', { now: 129 * MINUTE }],
  ['the end of the wave is not known', 'WAIT; 30 of 30 quiet minutes are still to pass', {}, { since: null }],
  ['an invocation is missing', 'WAIT; the hook was invoked 1 times, 2 are wanted', { results: GOOD.slice(1) }],
  [
    'invocations are of before',
    'WAIT; the hook was invoked 0 times, 2 are wanted',
    { results: GOOD.map((each) => ({ ...each, invokedAt: 99 * MINUTE })) },
  ],
  [
    'invocations have no time',
    'WAIT; the hook was invoked 0 times, 2 are wanted',
    { results: GOOD.map((each) => ({ ...each, invokedAt: null })) },
  ],
  [
    'one is still running',
    'WAIT; the hook was invoked 1 times, 2 are wanted',
    { results: [GOOD[0]!, result('HOOK_IN_PROGRESS')] },
  ],
  [
    'nobody can be asked',
    'WAIT; nobody can be asked for the 2 invocations of the hook that are wanted',
    { results: null },
  ],
  [
    'an account refuses',
    'WAIT; the hook results of 333333333333 eu-west-1 cannot be read: AccessDenied',
    { notRead: [{ ...PLACE, why: 'AccessDenied' }] },
  ],
  ['that account, promoted', 'OPEN', { notRead: [{ ...PLACE, why: 'AccessDenied' }], isPromoted: true }],
  ['too early, promoted', 'OPEN', { now: 101 * MINUTE, results: [], isPromoted: true }],
  [
    'a resource is wrong',
    'CLOSED; the hook found 1 resources wrong, 0 may be: `333333333333 eu-central-1 arn:stack/app`',
    { results: [...GOOD, result('HOOK_COMPLETE_FAILED')] },
  ],
  [
    'a resource that was expected to be',
    'OPEN',
    { results: [...GOOD, result('HOOK_COMPLETE_FAILED', 110, 'arn:stack/test-bad/1')] },
  ],
  [
    'the hook broke, promoted',
    'CLOSED; the hook itself failed 1 times, 0 may be: `333333333333 eu-central-1 arn:stack/app`',
    { results: [...GOOD, result('HOOK_FAILED')], isPromoted: true },
  ],
  [
    'it is unfinished, promoted',
    'CLOSED; the wave canary-warn is unfinished in 1 places, 0 may be: `333333333333 eu-west-1 (FAILED)`',
    { isPromoted: true },
    { unfinished: [PLACE] },
  ],
  ['it may be unfinished there', 'OPEN', {}, { unfinished: [PLACE], promotion: { ...GATE.promotion, unfinished: 1 } }],
  ['it is promoted by hand', 'WAIT; it is promoted by hand', {}, { promotion: { ...GATE.promotion, isManual: true } }],
])('%s: %s', (...row) => {
  const [, expected, evidence, gate] = row as unknown as Row;
  expect(verdict(evidence, gate)).toBe(expected);
});
