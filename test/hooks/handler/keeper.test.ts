/** The bundle of a function that lives on: when it is looked after, what is done when that fails, and what is never taken. */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  digestOf,
  manifestText,
  manifestToSign,
  packBundle,
  readBundleManifest,
  signManifest,
} from '../../../hooks/bundle/index.js';
import type { BundleManifest } from '../../../hooks/bundle/index.js';
import { BundleKeeper, HandlerFault, readHandlerSettings } from '../../../hooks/handler/index.js';
import type { Environment, FetchedObject, KeeperIo, WantedObject } from '../../../hooks/handler/index.js';
import { bundleOf } from '../lambda/support.js';

const OLD = packBundle(bundleOf({ failOn: 'error' }));
const NEW = packBundle(bundleOf({ failOn: 'warning' }));
const BUCKET = { STACKADE_BUNDLE_BUCKET: 'b' };
const BY_MANIFEST = { ...BUCKET, STACKADE_MANIFEST_KEY: 'm.json' };
const PINNED = {
  ...BUCKET,
  STACKADE_BUNDLE_KEY: 'k',
  STACKADE_BUNDLE_VERSION: 'v1',
  STACKADE_BUNDLE_DIGEST: OLD.digest,
};

const manifestOf = (sha256: string, more: Partial<BundleManifest> = {}): BundleManifest => ({
  format: 1,
  published: '2026-11-21T08:00:00Z',
  bundle: { key: 'k', versionId: 'v1', sha256 },
  ...more,
});

/** A bucket, a clock and a log. */
class World {
  now = 1_000_000;
  manifest = manifestText(manifestOf(OLD.digest));
  bundles: Readonly<Record<string, string>> = { [OLD.digest]: OLD.text, [NEW.digest]: NEW.text };
  body: string | null = null;
  down = false;
  delay = 0;
  publicKey: string | null = null;
  readonly asked: WantedObject[] = [];
  readonly budgets: number[] = [];
  readonly notes: Readonly<Record<string, unknown>>[] = [];

  keeper(environment: Environment): BundleKeeper {
    const io: KeeperIo = {
      store: { get: (wanted, timeout) => this.get(wanted, timeout) },
      packaged: () => this.body ?? OLD.text,
      publicKey: () => this.publicKey,
      now: () => this.now,
      note: (entry) => this.notes.push(entry),
    };
    return new BundleKeeper(readHandlerSettings(environment), io);
  }

  private get(wanted: WantedObject, timeout: number): Promise<FetchedObject | null> {
    this.asked.push(wanted);
    this.budgets.push(timeout);
    this.now += this.delay;
    if (this.down) return Promise.reject(new HandlerFault('bundle', 'the bucket is away'));
    if (wanted.key === 'm.json') {
      const tag = digestOf(this.manifest);
      return Promise.resolve(wanted.unless === tag ? null : { text: this.manifest, tag });
    }
    const sha256 = /[0-9a-f]{64}/.exec(this.manifest)![0];
    return Promise.resolve({ text: this.body ?? this.bundles[sha256]!, tag: null });
  }
}

const failOn = async (keeper: BundleKeeper): Promise<string> => (await keeper.current(9_000)).bundle.failOn;
const refusal = async (keeper: BundleKeeper): Promise<string> => {
  const error: unknown = await keeper.current(9_000).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HandlerFault);
  return (error as HandlerFault).message;
};

describe('a bundle in the package', () => {
  it('is read once, and never grows old', async () => {
    const world = new World();
    const keeper = world.keeper({});
    const { bundle } = await keeper.current(1);
    world.now += 1e9;
    world.body = NEW.text;
    expect((await keeper.current(1)).bundle).toBe(bundle);
    expect(world.asked).toStrictEqual([]);
  });

  it('is refused with another digest, and stays refused', async () => {
    const world = new World();
    const keeper = world.keeper({ STACKADE_BUNDLE_DIGEST: NEW.digest });
    expect(await refusal(keeper)).toContain('not the one that was published');
    world.body = NEW.text;
    expect(await refusal(keeper)).toContain('not the one that was published');
    expect(await failOn(world.keeper({ STACKADE_BUNDLE_DIGEST: NEW.digest }))).toBe('warning');
  });
});

describe('one version of an object', () => {
  it('is fetched by key, version and digest, once', async () => {
    const world = new World();
    const keeper = world.keeper(PINNED);
    expect(await failOn(keeper)).toBe('error');
    world.now += 1e9;
    expect(await failOn(keeper)).toBe('error');
    expect(world.asked).toStrictEqual([{ bucket: 'b', key: 'k', versionId: 'v1', limit: 20 * 1024 * 1024 }]);
  });

  it('is refused when it is missing, tampered or newer, and asked for again', async () => {
    const world = new World();
    const keeper = world.keeper(PINNED);
    world.down = true;
    expect(await refusal(keeper)).toContain('the bucket is away');
    world.down = false;
    world.body = `${OLD.text} `;
    expect(await refusal(keeper)).toContain('not the one that was published');
    world.body = OLD.text.replace('"format":1', '"format":2');
    const newer = world.keeper({ ...PINNED, STACKADE_BUNDLE_DIGEST: digestOf(world.body) });
    expect(await refusal(newer)).toContain('the format 2, and this handler reads 1 only; publish');
    world.body = null;
    expect(await failOn(keeper)).toBe('error');
  });
});

describe('a bundle that a manifest names', () => {
  it('is looked after when the copy is older than a minute, by a conditional request', async () => {
    const world = new World();
    const keeper = world.keeper(BY_MANIFEST);
    await keeper.current(9_000);
    world.now += 60_000;
    await keeper.current(9_000);
    expect(world.asked).toHaveLength(2);
    world.now += 1;
    await keeper.current(9_000);
    expect(world.asked.slice(2)).toStrictEqual([
      { bucket: 'b', key: 'm.json', limit: 65_536, unless: digestOf(world.manifest) },
    ]);
    world.now += 60_000;
    await keeper.current(9_000);
    expect(world.asked).toHaveLength(3);
    expect(world.budgets[2]).toBe(3_000);
  });

  it('is exchanged when the manifest names another', async () => {
    const world = new World();
    const keeper = world.keeper(BY_MANIFEST);
    expect(await failOn(keeper)).toBe('error');
    world.manifest = manifestText(manifestOf(NEW.digest, { published: '2026-11-21T09:00:00Z' }));
    expect(await failOn(keeper)).toBe('error');
    world.now += 60_001;
    expect(await failOn(keeper)).toBe('warning');
    expect(world.notes.map(({ event }) => event)).toStrictEqual(['bundle-loaded', 'bundle-loaded']);
  });

  it.each<readonly [string, (world: World) => void, string]>([
    ['the bucket is away', (world) => (world.down = true), 'the bucket is away'],
    ['a manifest that is none', (world) => (world.manifest = '{}'), 'the format of nothing'],
    [
      'a manifest of a newer format',
      (world) => (world.manifest = '{"format":2}'),
      'the format 2, and this handler reads 1 only',
    ],
    [
      'a manifest with more',
      (world) => (world.manifest = world.manifest.replace('{', '{"more":1,')),
      'unknown key `more`',
    ],
    [
      'another bundle than it names',
      (world) => (world.manifest = manifestText(manifestOf('0'.repeat(64)))),
      'not the one that was published',
    ],
    [
      'an older manifest',
      (world) => (world.manifest = manifestText(manifestOf(NEW.digest, { published: '2026-11-20T08:00:00Z' }))),
      'is older than the one of',
    ],
  ])('stays for a quarter of an hour, and then nothing passes: %s', async (_, harm, said) => {
    const world = new World();
    world.bundles = { ...world.bundles, ['0'.repeat(64)]: 'x' };
    const keeper = world.keeper(BY_MANIFEST);
    await keeper.current(9_000);
    harm(world);
    world.now += 900_000;
    expect(await failOn(keeper)).toBe('error');
    expect(world.notes.at(-1)).toMatchObject({ level: 'warn', event: 'bundle-not-refreshed', ageSeconds: 900 });
    world.now += 1;
    const told = await refusal(keeper);
    expect(told).toContain('is too old (its last look at the manifest was 15 min 0 s ago, and 15 min 0 s are allowed)');
    expect(told).toContain(said);
    // Whoever starts anew has nothing to fall back on.
    if (!said.startsWith('is older')) expect(await refusal(world.keeper(BY_MANIFEST))).toContain(said);
    world.down = false;
    world.manifest = manifestText(manifestOf(NEW.digest, { published: '2026-11-21T09:00:00Z' }));
    expect(await failOn(keeper)).toBe('warning');
  });

  it('is asked for once by events that wait for it together', async () => {
    const world = new World();
    const keeper = world.keeper(BY_MANIFEST);
    const both = await Promise.all([keeper.current(9_000), keeper.current(9_000)]);
    expect(both[0].bundle).toBe(both[1].bundle);
    expect(world.asked).toHaveLength(2);
  });

  it('does not ask again at once when a look failed, while the copy may be used', async () => {
    const world = new World();
    const keeper = world.keeper(BY_MANIFEST);
    await keeper.current(9_000);
    world.down = true;
    world.now += 60_001;
    for (let event = 0; event < 5; event += 1) await keeper.current(9_000);
    expect(world.asked).toHaveLength(3);
    world.now += 10_001;
    await keeper.current(9_000);
    expect(world.asked).toHaveLength(4);
  });

  it('counts its age from before the request, and a clock that goes back makes it look again', async () => {
    const world = new World();
    world.delay = 2_000;
    const keeper = world.keeper(BY_MANIFEST);
    await keeper.current(9_000);
    // Two requests of 2 s each; the manifest was asked for 4 s ago.
    expect((await keeper.current(9_000)).age).toBe(4_000);
    world.now += 100_000;
    // One request, to hear that the manifest is unchanged.
    expect((await keeper.current(9_000)).age).toBe(2_000);
    world.now -= 100_000;
    await keeper.current(9_000);
    expect(world.asked).toHaveLength(4);
  });

  it('never decides by a bundle whose age is beyond the limit, whatever happens', async () => {
    const steps = fc.array(fc.record({ pass: fc.nat(400_000), down: fc.boolean() }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, async (events) => {
        const world = new World();
        const keeper = world.keeper(BY_MANIFEST);
        let looked: number | null = null;
        for (const { pass, down } of events) {
          world.now += pass;
          world.down = down;
          const answer = await keeper.current(9_000).catch(() => null);
          if (!down && (looked === null || world.now - looked > 900_000)) expect(answer).not.toBeNull();
          if (!down && answer?.age === 0) looked = world.now;
          expect(answer === null).toBe(looked === null || world.now - looked > 900_000);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('signatures', () => {
  const manifest = manifestOf(OLD.digest);
  const pem = (pair: { publicKey: { export: (o: { type: 'spki'; format: 'pem' }) => string | Buffer } }): string =>
    pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const PAIRS = [
    ['Ed25519', generateKeyPairSync('ed25519')],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ] as const;

  it.each(PAIRS)('%s: only what the key signed counts', async (_, pair) => {
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signed = signManifest(manifest, privateKey);
    expect(readBundleManifest(manifestText(signed), pem(pair))).toStrictEqual(signed);
    const world = new World();
    world.publicKey = pem(pair);
    expect(await refusal(world.keeper(BY_MANIFEST))).toContain('no signature by the key in the package');
    world.manifest = manifestText(signed);
    expect(await failOn(world.keeper(BY_MANIFEST))).toBe('error');
    const others: readonly BundleManifest[] = [
      { ...signed, published: '2026-11-22T08:00:00Z' },
      { ...signed, bundle: { ...signed.bundle, key: 'other' } },
      { ...signed, bundle: { ...signed.bundle, versionId: 'v2' } },
      { ...signed, bundle: { ...signed.bundle, sha256: NEW.digest } },
      { ...signed, signature: '' },
      { ...signed, signature: `${signed.signature!.slice(0, -6)}AAAA==` },
    ];
    for (const other of others) {
      expect(() => readBundleManifest(manifestText(other), pem(pair))).toThrow('no signature by the key');
    }
    for (const [, another] of PAIRS) {
      if (another !== pair) {
        expect(() => readBundleManifest(manifestText(signed), pem(another))).toThrow('no signature');
      }
    }
  });

  it('what is signed is told apart from other texts, and does not hang on the signature', () => {
    const bytes = Buffer.from(manifestToSign({ ...manifest, signature: 'x' })).toString();
    expect(bytes).toBe(
      `stackade hook manifest 1\n{"bundle":{"key":"k","sha256":"${OLD.digest}","versionId":"v1"},"format":1,"published":"2026-11-21T08:00:00Z"}`,
    );
  });

  it('a key that is none refuses', () => {
    const signed = manifestText({ ...manifest, signature: 'AAAA' });
    expect(() => readBundleManifest(signed, 'x')).toThrow('no PEM of a public key');
    const dh = generateKeyPairSync('x25519');
    expect(() => readBundleManifest(signed, pem(dh))).toThrow('of the kind x25519; use Ed25519');
  });
});
