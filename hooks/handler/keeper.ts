/** Keeps the policy bundle of a function that lives on, and looks after it while there are events. */
import { BundleError, readBundle, readBundleManifest } from '../bundle/index.js';
import type { BundleManifest } from '../bundle/index.js';
import type { HookBundle } from '../lambda/index.js';
import { HandlerFault } from './faults.js';
import type { HandlerSettings } from './settings.js';

/** Objects of a bucket. */
export interface ObjectStore {
  /**
   * @param timeout - Milliseconds after which it gives up.
   * @returns `null` when the object still has the tag `unless`.
   * @throws HandlerFault with what is wrong and what to do.
   */
  get(wanted: WantedObject, timeout: number): Promise<FetchedObject | null>;
}

export interface WantedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Tag of the copy that there is. */
  readonly unless?: string;
  /** Most bytes. */
  readonly limit: number;
}

export interface FetchedObject {
  readonly text: string;
  readonly tag: string | null;
}

/** The surroundings of a function. */
export interface KeeperIo {
  readonly store: ObjectStore;
  /** Text of the bundle in the package. @throws HandlerFault when there is none. */
  readonly packaged: (file: string | null) => string;
  /** PEM in the package; `null`: manifests need no signature. */
  readonly publicKey: () => string | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly note: (entry: Readonly<Record<string, unknown>>) => void;
}

/** A bundle, and how long ago it was known to be the one that counts. */
export interface KeptBundle {
  readonly bundle: HookBundle;
  /** The beginning of its digest, for logs; `package` when the package stands for itself. */
  readonly name: string;
  /** Milliseconds. */
  readonly age: number;
}

/** A bundle of 20 MB has the rules of all packs and the schemas of all types several times over. */
const MAX_BUNDLE = 20 * 1024 * 1024;
const MAX_MANIFEST = 64 * 1024;
/** Milliseconds that an event waits for a look at the manifest while there is a copy that may be used. */
const PATIENCE = 3_000;
/** Milliseconds without another look after one that failed. */
const PAUSE = 10_000;

interface Copy {
  readonly bundle: HookBundle;
  readonly manifest: BundleManifest | null;
  readonly name: string;
  readonly tag: string | null;
  /** When it was last known to count. */
  checked: number;
}

export class BundleKeeper {
  private copy: Copy | null = null;
  private pausedUntil = 0;
  private broken: HandlerFault | null = null;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly settings: Pick<HandlerSettings, 'place' | 'maxAge' | 'maxStale'>,
    private readonly io: KeeperIo,
  ) {}

  /**
   * The bundle to decide by.
   *
   * @param budget - Milliseconds that there are for it.
   * @throws HandlerFault when there is none that may be used.
   */
  async current(budget: number): Promise<KeptBundle> {
    const { place } = this.settings;
    const { copy } = this;
    if (copy !== null && (place.kind !== 'manifest' || this.isFresh(copy))) return this.kept(copy);
    if (place.kind === 'package') return this.kept(this.ofPackage(place));
    const usable = copy !== null && this.ageOf(copy) <= this.settings.maxStale;
    if (usable && this.io.now() < this.pausedUntil) return this.kept(copy);
    try {
      // The look that the start of the function began is waited for, and not begun anew.
      this.looking ??= this.fetch(place, usable ? Math.min(budget, PATIENCE) : budget).finally(() => {
        this.looking = null;
      });
      await this.looking;
      return this.kept(this.copy!);
    } catch (error) {
      const reason = reasonOf(error);
      if (copy === null) throw new HandlerFault('bundle', `there is no policy bundle to decide by: ${reason}`);
      const age = this.ageOf(copy);
      this.pausedUntil = this.io.now() + PAUSE;
      this.io.note({ level: 'warn', event: 'bundle-not-refreshed', reason, ageSeconds: Math.round(age / 1_000) });
      if (age >= 0 && age <= this.settings.maxStale) return this.kept(copy);
      const told = `its last look at the manifest was ${minutes(age)} ago, and ${minutes(this.settings.maxStale)} are allowed`;
      throw new HandlerFault('bundle', `the copy of the policy bundle is too old (${told}): ${reason}`);
    }
  }

  private ofPackage({ file, digest }: Extract<HandlerSettings['place'], { kind: 'package' }>): Copy {
    // What is in the package stays as it is.
    if (this.broken !== null) throw this.broken;
    try {
      const text = this.io.packaged(file);
      const bundle = readBundle(text, digest === null ? {} : { digest });
      const name = digest === null ? 'package' : digest.slice(0, 12);
      return (this.copy = { bundle, manifest: null, name, tag: null, checked: this.io.now() });
    } catch (error) {
      this.broken = new HandlerFault('bundle', `there is no policy bundle to decide by: ${reasonOf(error)}`);
      throw this.broken;
    }
  }

  private fetch(place: Exclude<HandlerSettings['place'], { kind: 'package' }>, budget: number): Promise<void> {
    return place.kind === 'object' ? this.fetchObject(place, budget) : this.look(place, budget);
  }

  private async fetchObject(
    { bucket, key, versionId, digest }: Extract<HandlerSettings['place'], { kind: 'object' }>,
    budget: number,
  ): Promise<void> {
    const bundle = await this.fetchBundle(bucket, { key, versionId, sha256: digest }, budget);
    this.copy = { bundle, manifest: null, name: digest.slice(0, 12), tag: null, checked: this.io.now() };
  }

  /** Looks at the manifest, and fetches the bundle when it is another one. */
  private async look(
    { bucket, key }: Extract<HandlerSettings['place'], { kind: 'manifest' }>,
    budget: number,
  ): Promise<void> {
    const started = this.io.now();
    const { copy } = this;
    const unless = copy?.tag ?? null;
    const fetched = await this.io.store.get(
      { bucket, key, limit: MAX_MANIFEST, ...(unless !== null && { unless }) },
      budget,
    );
    if (fetched === null) {
      if (copy === null) {
        throw new BundleError('the store says that the manifest is unchanged, and there is no copy of it');
      }
      copy.checked = started;
      return;
    }
    const manifest = readBundleManifest(fetched.text, this.io.publicKey());
    const before = copy?.manifest ?? null;
    if (before !== null && manifest.published < before.published) {
      throw new BundleError(
        `the manifest of ${manifest.published} is older than the one of ${before.published}, which is in force; to go back, publish the older bundle with a new manifest`,
      );
    }
    const { sha256 } = manifest.bundle;
    const left = budget - (this.io.now() - started);
    const bundle =
      copy !== null && before?.bundle.sha256 === sha256
        ? copy.bundle
        : await this.fetchBundle(bucket, manifest.bundle, left);
    this.copy = { bundle, manifest, name: sha256.slice(0, 12), tag: fetched.tag, checked: started };
    this.io.note({ level: 'info', event: 'bundle-loaded', bundle: sha256, published: manifest.published });
  }

  private async fetchBundle(
    bucket: string,
    { key, versionId, sha256 }: BundleManifest['bundle'],
    budget: number,
  ): Promise<HookBundle> {
    if (budget <= 0) throw new HandlerFault('time', 'no time is left to fetch it');
    const fetched = await this.io.store.get({ bucket, key, versionId, limit: MAX_BUNDLE }, budget);
    if (fetched === null) throw new BundleError('the store gives no bundle');
    return readBundle(fetched.text, { digest: sha256 });
  }

  private isFresh(copy: Copy): boolean {
    const age = this.ageOf(copy);
    return age >= 0 && age <= this.settings.maxAge;
  }

  private ageOf({ checked }: Copy): number {
    return this.io.now() - checked;
  }

  private kept(copy: Copy): KeptBundle {
    const age = this.settings.place.kind === 'manifest' ? Math.max(0, this.ageOf(copy)) : 0;
    return { bundle: copy.bundle, name: copy.name, age };
  }
}

function minutes(milliseconds: number): string {
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1_000)} s`;
}

function reasonOf(error: unknown): string {
  if (error instanceof BundleError || error instanceof HandlerFault) return error.message;
  return `a fault of ours: ${error instanceof Error ? error.message : String(error)}`;
}
