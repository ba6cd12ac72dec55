/** Whatever an event names and whatever a server replies: an answer that blocks, and no request to anybody else. */
import fc from 'fast-check';
import { makeHandler, readHandlerSettings } from '../../../hooks/handler/index.js';
import { runs } from '../../support/runs.js';
import { BUCKET, bundleOf, stackEvent, templateOf } from '../lambda/support.js';
import { ADDRESSES, atAddress, isOfS3, isWhole, LARGE_REPLIES, REPLIES, Servers } from './hostile.js';

const BLOCKED = { hookStatus: 'FAILED', errorCode: 'InternalFailure', clientRequestToken: 'token-1' };
const VALID = /^Nothing was decided, so the operation is blocked: \S/;

const servers = new Servers();
beforeAll(() => servers.open());
afterAll(() => {
  servers.close();
});

it('addresses: only Amazon S3 is asked, over https and its own port', async () => {
  const seen = { asked: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(ADDRESSES, async (address) => {
      const { answer, asked } = await atAddress(address);
      seen[asked.length > 0 ? 'asked' : 'refused'] += 1;
      for (const { protocol, hostname, port } of asked) {
        expect({ protocol, port, isOfS3: isOfS3(hostname) }).toStrictEqual({
          protocol: 'https:',
          port: '',
          isOfS3: true,
        });
      }
      if (asked.length > 0) return;
      expect(answer).toMatchObject(BLOCKED);
      expect(answer.message).toMatch(VALID);
      expect(answer.message).not.toContain('X-Amz-Signature');
    }),
    { numRuns: runs(400, 50_000), seed: 6 },
  );
  expect(Math.min(seen.asked, seen.refused)).toBeGreaterThan(50);
});

it('replies: only a payload that came as a whole is decided on', async () => {
  const replies = [...fc.sample(REPLIES, { numRuns: runs(90, 3_000), seed: 6 }), ...LARGE_REPLIES];
  let passed = 0;
  // Those that are asked for again wait; they do so together.
  for (let at = 0; at < replies.length; at += 100) {
    const some = replies.slice(at, at + 100);
    const answers = await Promise.all(some.map((reply) => servers.ask(reply)));
    for (const [index, answer] of answers.entries()) {
      const reply = some[index]!;
      if (isWhole(reply)) passed += 1;
      expect({ reply, answer }).toMatchObject({ reply, answer: isWhole(reply) ? { hookStatus: 'SUCCESS' } : BLOCKED });
      if (!isWhole(reply)) expect(answer.message).toMatch(VALID);
    }
  }
  expect(passed).toBeGreaterThan(3);
  expect(servers.strayed).toBe(0);
});

it('a change of the protocol is refused with its status, and not waited for', async () => {
  const answer = await servers.ask({ status: 101, body: 'good', length: 0, header: '', ending: 'end' });
  expect(answer.message).toContain('could not be fetched: status 101');
});

it('whatever bundle and payload take: the answer is there in time', async () => {
  const bundle = bundleOf();
  const text = JSON.stringify({ template: templateOf(BUCKET, { BucketName: 'orders' }) });
  const event = {
    ...stackEvent('STACK'),
    requestData: { targetName: 'STACK', targetLogicalId: 'x', payload: 'https://s3.amazonaws.com/' },
  };
  const seen: Record<string, number> = {};
  const span = fc.oneof(fc.nat(1_000), fc.nat(40_000), fc.constantFrom(18_800, 18_801, 19_800, 19_801, 20_000, 1e9));
  await fc.assert(
    fc.asyncProperty(span, span, fc.oneof(span, fc.constant(Infinity)), async (forBundle, forPayload, remaining) => {
      let now = 0;
      const timers: { readonly at: number; readonly done: () => void }[] = [];
      const wait = (milliseconds: number): Promise<void> =>
        new Promise((done) => {
          timers.push({ at: now + milliseconds, done });
        });
      const handler = makeHandler(
        readHandlerSettings({ AWS_REGION: 'eu-west-1' }),
        { current: () => wait(forBundle).then(() => ({ bundle, name: 'package', age: 0 })) },
        {
          now: () => Date.parse('2026-11-21T08:00:00Z'),
          clock: () => now,
          after: (milliseconds) => ({ done: wait(milliseconds), cancel: () => undefined }),
          fetchPayload: () => wait(forPayload).then(() => text),
          log: () => undefined,
        },
      );
      const state = { isOver: false };
      const given = handler(event, { getRemainingTimeInMillis: () => remaining }).then((answer) => {
        state.isOver = true;
        return answer;
      });
      const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
      await settle();
      while (!state.isOver && timers.length > 0) {
        timers.sort((a, b) => a.at - b.at);
        const [next] = timers.splice(0, 1);
        now = next!.at;
        next!.done();
        await settle();
      }
      const limit = Math.min(20_000, remaining - 1_000);
      const isInTime = limit >= 200 && limit - Math.max(forBundle, forPayload) >= 200;
      const answer = await given;
      expect(answer.hookStatus).toBe(isInTime ? 'SUCCESS' : 'FAILED');
      if (!isInTime) expect(answer).toMatchObject({ errorCode: 'InternalFailure' });
      expect(now).toBeLessThanOrEqual(Math.max(0, limit));
      seen[answer.hookStatus] = (seen[answer.hookStatus] ?? 0) + 1;
    }),
    { numRuns: runs(100, 5_000), seed: 6 },
  );
  expect(Math.min(seen['SUCCESS'] ?? 0, seen['FAILED'] ?? 0)).toBeGreaterThan(10);
});
