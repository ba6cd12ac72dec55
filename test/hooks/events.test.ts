/**
 * The corpus of events: each file of `events/` with its answer, as the built function gives it in a process of its own and as
 * the decision gives it here. `UPDATE_EVENTS=1` writes the answers anew; read what changes.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInLab } from '../../cli/hook/lab.js';
import type { LabAnswer } from '../../cli/hook/lab.js';
import type { LocalEvent } from '../../cli/hook/events.js';
import { decideHook } from '../../hooks/lambda/index.js';
import { buildBundle } from '../../rules/index.js';
import { gateOf, overlay } from './gate/support.js';
import { bundleOf, BUCKET, TODAY, topics } from './lambda/support.js';

const folder = join(__dirname, 'events');
const REGION = 'eu-west-1';
/** Their payloads are not fetched at all, which the decision alone cannot know. */
const NOT_FETCHED = new Set(['fault-payload-elsewhere', 'fault-payload-metadata-service']);

/** Whatever the golden answers say, these pass and no others. */
const PASS = new Set([
  'change-set-create-approved',
  'change-set-without-point',
  'cloud-control-create-approved',
  'cloud-control-delete',
  'cloud-control-update',
  'resource-create-approved',
  'resource-delete',
  'resource-keys-in-other-case',
  'resource-update-approved',
  'resource-update-removes-unapproved',
  'stack-create-approved',
  'stack-delete',
  'stack-keys-in-other-case',
]);

const text = readFileSync(join(folder, 'policy.guard'), 'utf8');
const bundle = bundleOf({
  rules: buildBundle([{ file: 'policy.guard', text, rules: new Map() }]).bundle!,
  wholeTemplate: new Set(),
  gate: gateOf([BUCKET, 'AWS::SNS::Topic'], topics, overlay({ 'AWS::SNS::Topic': { delete: 'refuse' } })),
});

const events = readdirSync(folder)
  .filter((file) => file.endsWith('.event.json'))
  .map((file): LocalEvent => {
    const name = file.slice(0, -'.event.json'.length);
    const payload = join(folder, `${name}.payload.txt`);
    return {
      name,
      event: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
      payload: existsSync(payload) ? readFileSync(payload, 'utf8') : null,
    };
  });

let answers: readonly LabAnswer[];
beforeAll(async () => {
  answers = await runInLab(events, bundle, REGION);
});

it('there are events of every target, action and kind of fault', () => {
  expect(events.length).toBeGreaterThan(40);
});

it.each(events.map((event, index) => [event.name, event, index] as const))('%s', (name, { event, payload }, index) => {
  const { answer, rules, figures } = answers[index]!;
  const golden = join(folder, `${name}.answer.json`);
  if (process.env['UPDATE_EVENTS'] === '1') writeFileSync(golden, `${JSON.stringify(answer, null, 2)}\n`);
  expect(answer).toStrictEqual(JSON.parse(readFileSync(golden, 'utf8')));
  expect(answer!.hookStatus).toBe(PASS.has(name) ? 'SUCCESS' : 'FAILED');
  if (name.startsWith('fault-')) expect(answer!.errorCode).toBe('InternalFailure');
  expect(figures!.peakBytes).toBeGreaterThan(1e6);
  if (NOT_FETCHED.has(name)) return;
  const decided = decideHook(event, bundle, { payload, today: TODAY, region: REGION });
  expect(JSON.parse(JSON.stringify([decided.answer, decided.rules]))).toStrictEqual([answer, rules]);
});
