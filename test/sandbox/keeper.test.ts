/** The folder that a sandbox keeps its state in. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, StateFileError } from '../../sandbox/index.js';
import { Keeper } from '../../sandbox/keeper.js';
import { bucketsOf } from '../../sandbox/s3/data.js';
import { makeBucket } from '../../sandbox/s3/buckets.js';
import { Call } from '../../sandbox/call.js';
import { rootOf } from '../../sandbox/callers.js';
import { newState } from '../../sandbox/state.js';
import { seeded } from './organization.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('gives back what was kept, to the byte', async () => {
  const state = newState(seeded());
  const host = { state, services: [], now: () => 0, sourceIp: '', url: '', changed: () => undefined };
  const call = new Call(host, {
    caller: rootOf('444444444444'),
    region: 'us-east-1',
    via: [],
    request: null,
    accessKeyId: null,
  });
  const bucket = makeBucket(call, 'kept');
  bucket.tags.set('$map', '$set');
  const keeper = new Keeper(folder);
  await Promise.all([keeper.write(state), keeper.write(state), keeper.write(state)]);
  expect(new Keeper(folder).read()).toStrictEqual(state);
  expect(bucketsOf(new Keeper(folder).read()!).get('kept')?.tags.get('$map')).toBe('$set');
  expect(readdirSync(folder)).toStrictEqual(['sandbox-state.json']);
  // Secrets are in it.
  expect(statSync(join(folder, 'sandbox-state.json')).mode & 0o077).toBe(0);
});

it('is gone on from, and refused when it is not whole', async () => {
  const first = await startSandbox({ organization: seeded(), directory: folder });
  const credentials = first.credentials('444444444444');
  await first.close();
  const second = await startSandbox({ organization: seeded([]), directory: folder });
  expect(second.credentials('444444444444')).toStrictEqual(credentials);
  expect([...second.state.organization.enabledPolicyTypes]).toStrictEqual(['SERVICE_CONTROL_POLICY']);
  await second.close();
  const file = join(folder, 'sandbox-state.json');
  const whole = readFileSync(file, 'utf8');
  for (const text of ['', whole.slice(0, -5), '{}', 'null', '{"version":1,"state":{}}']) {
    writeFileSync(file, text);
    await expect(startSandbox({ organization: seeded(), directory: folder })).rejects.toThrow(StateFileError);
  }
});
