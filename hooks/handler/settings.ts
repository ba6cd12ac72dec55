/** What the environment of the function says. A variable that is not understood is refused: it was meant to change something. */
import { HandlerFault } from './faults.js';

/** Where the policy bundle comes from. */
export type BundlePlace =
  /** Beside the handler. @param digest - What its SHA-256 has to be; `null`: the package stands for itself. */
  | { readonly kind: 'package'; readonly file: string | null; readonly digest: string | null }
  /** One version of one object. */
  | {
      readonly kind: 'object';
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
      readonly digest: string;
    }
  /** What a manifest says, which may change while the function lives. */
  | { readonly kind: 'manifest'; readonly bucket: string; readonly key: string };

export interface HandlerSettings {
  readonly place: BundlePlace;
  /** Milliseconds after which a copy is looked after again. */
  readonly maxAge: number;
  /** Milliseconds after which a copy that could not be looked after is of no use. */
  readonly maxStale: number;
  readonly region: string | undefined;
  /** Whether payloads may come from a loopback address, as in tests and the sandbox. */
  readonly loopback: boolean;
  /** Whether the log tells the verdict of every rule. */
  readonly logVerdicts: boolean;
}

const KNOWN = [
  'STACKADE_BUNDLE_FILE',
  'STACKADE_BUNDLE_BUCKET',
  'STACKADE_BUNDLE_KEY',
  'STACKADE_BUNDLE_VERSION',
  'STACKADE_BUNDLE_DIGEST',
  'STACKADE_MANIFEST_KEY',
  'STACKADE_MAX_AGE_SECONDS',
  'STACKADE_MAX_STALE_SECONDS',
  'STACKADE_PAYLOAD_LOOPBACK',
  'STACKADE_LOG_VERDICTS',
] as const;
type Variable = (typeof KNOWN)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws HandlerFault with the variable and what to do. */
export function readHandlerSettings(environment: Environment): HandlerSettings {
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith('STACKADE_') && !(KNOWN as readonly string[]).includes(name),
  );
  if (unknown !== undefined) {
    throw fault(`the environment variable ${unknown} is none of the hook's; it knows ${KNOWN.join(', ')}`);
  }
  const get = (name: Variable): string | null => given(environment[name]);
  const maxAge = seconds(get, 'STACKADE_MAX_AGE_SECONDS', 60);
  const maxStale = seconds(get, 'STACKADE_MAX_STALE_SECONDS', 900);
  if (maxStale < maxAge) throw fault('STACKADE_MAX_STALE_SECONDS is less than STACKADE_MAX_AGE_SECONDS; raise it');
  return {
    place: placeOf(get),
    maxAge,
    maxStale,
    region: given(environment['AWS_REGION']) ?? undefined,
    loopback: flag(get, 'STACKADE_PAYLOAD_LOOPBACK'),
    logVerdicts: flag(get, 'STACKADE_LOG_VERDICTS'),
  };
}

/** An empty variable is none. */
function given(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

function placeOf(get: (name: Variable) => string | null): BundlePlace {
  const bucket = get('STACKADE_BUNDLE_BUCKET');
  const manifest = get('STACKADE_MANIFEST_KEY');
  const key = get('STACKADE_BUNDLE_KEY');
  const versionId = get('STACKADE_BUNDLE_VERSION');
  const file = get('STACKADE_BUNDLE_FILE');
  const digest = digestOf(get('STACKADE_BUNDLE_DIGEST'));
  const without = (names: readonly (readonly [Variable, string | null])[], why: string): void => {
    const [given] = names.find(([, value]) => value !== null) ?? [];
    if (given !== undefined) throw fault(`the environment variable ${given} does not go with ${why}; take one out`);
  };
  if (bucket === null) {
    without(
      [
        ['STACKADE_MANIFEST_KEY', manifest],
        ['STACKADE_BUNDLE_KEY', key],
        ['STACKADE_BUNDLE_VERSION', versionId],
      ],
      'a bundle in the package (there is no STACKADE_BUNDLE_BUCKET)',
    );
    return { kind: 'package', file, digest };
  }
  without([['STACKADE_BUNDLE_FILE', file]], 'STACKADE_BUNDLE_BUCKET');
  if (manifest !== null) {
    without(
      [
        ['STACKADE_BUNDLE_KEY', key],
        ['STACKADE_BUNDLE_VERSION', versionId],
        ['STACKADE_BUNDLE_DIGEST', digest],
      ],
      'STACKADE_MANIFEST_KEY, whose object says these',
    );
    return { kind: 'manifest', bucket, key: manifest };
  }
  if (key === null || versionId === null || digest === null) {
    throw fault(
      'STACKADE_BUNDLE_BUCKET needs STACKADE_MANIFEST_KEY; or STACKADE_BUNDLE_KEY, STACKADE_BUNDLE_VERSION and STACKADE_BUNDLE_DIGEST together',
    );
  }
  return { kind: 'object', bucket, key, versionId, digest };
}

function digestOf(written: string | null): string | null {
  if (written !== null && !/^[0-9a-f]{64}$/.test(written)) {
    throw fault('STACKADE_BUNDLE_DIGEST is no SHA-256 in 64 hexadecimal digits in lower case');
  }
  return written;
}

function seconds(get: (name: Variable) => string | null, name: Variable, usual: number): number {
  const written = get(name) ?? String(usual);
  if (!/^[0-9]{1,6}$/.test(written)) throw fault(`${name} is no number of seconds: write ${usual}, for example`);
  return Number(written) * 1_000;
}

function flag(get: (name: Variable) => string | null, name: Variable): boolean {
  const written = get(name);
  if (written !== null && written !== '1') throw fault(`${name} is neither 1 nor left out`);
  return written === '1';
}

function fault(message: string): HandlerFault {
  return new HandlerFault('settings', message);
}
