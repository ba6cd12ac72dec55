/**
 * The function of a Lambda Hook, as AWS Lambda loads it. Its package has this file (`handler.mjs`), the reader of buckets
 * (`s3.mjs`), the policy bundle (`bundle.jsonl`) unless that comes from a bucket, and, where manifests are signed, the public
 * key (`bundle.pem`).
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HandlerFault } from './faults.js';
import { BundleKeeper } from './keeper.js';
import type { KeeperIo, ObjectStore } from './keeper.js';
import { fetchPayload } from './payload-client.js';
import { makeHandler } from './run.js';
import type { HandlerIo } from './run.js';
import { readHandlerSettings } from './settings.js';
import type { HandlerSettings } from './settings.js';

const folder = dirname(fileURLToPath(import.meta.url));

const log = (entry: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
};

let opened: Promise<{ readonly objectStore: () => ObjectStore }> | undefined;
let objects: ObjectStore | undefined;
const store: ObjectStore = {
  async get(wanted, timeout) {
    // Beside this file in the package; the path is none that the bundler follows.
    const file = './s3.mjs';
    opened ??= import(file) as NonNullable<typeof opened>;
    try {
      objects ??= (await opened).objectStore();
      return await objects.get(wanted, timeout);
    } catch (error) {
      throw new HandlerFault('bundle', error instanceof Error ? error.message : 'the reader of buckets failed');
    }
  },
};

const keeperIo: KeeperIo = {
  store,
  packaged: (file) => {
    const path = file === null ? join(folder, 'bundle.jsonl') : resolve(folder, file);
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const { code = 'unreadable' } = error as NodeJS.ErrnoException;
      throw new HandlerFault(
        'bundle',
        `the package of the function has no \`${file ?? 'bundle.jsonl'}\` that can be read (${code}); make the package again with \`stackade hook package\`, or set STACKADE_BUNDLE_BUCKET`,
      );
    }
  },
  publicKey: () => {
    const path = join(folder, 'bundle.pem');
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  },
  now: () => Date.now(),
  note: log,
};

const handlerIo: HandlerIo = {
  now: () => Date.now(),
  clock: () => performance.now(),
  after: (milliseconds) => {
    let timer: NodeJS.Timeout;
    const done = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(milliseconds, 2_147_483_647));
    });
    return {
      done,
      cancel: () => {
        clearTimeout(timer);
      },
    };
  },
  fetchPayload,
  log,
};

function settings(): HandlerSettings | HandlerFault {
  try {
    return readHandlerSettings(process.env);
  } catch (error) {
    if (error instanceof HandlerFault) return error;
    throw error;
  }
}

const read = settings();
const place =
  read instanceof HandlerFault
    ? ({ place: { kind: 'package', file: null, digest: null }, maxAge: 0, maxStale: 0 } as const)
    : read;
const keeper = new BundleKeeper(place, keeperIo);
// The bundle is read while Lambda starts the function; what is wrong is told to the first event, which tries again.
if (!(read instanceof HandlerFault)) void keeper.current(5_000).catch(() => undefined);

/** Takes the event of a Lambda Hook and gives its answer. */
export const handler = makeHandler(read, keeper, handlerIo);
