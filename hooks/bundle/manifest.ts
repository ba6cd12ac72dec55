/**
 * The manifest of a policy bundle: a small object under a fixed key that says which bundle counts. A hook asks for it again
 * and again, and reads the bundle only when it says another one. With a public key in the package of the hook, only a
 * manifest that its owner signed counts, so that who can write the bucket cannot choose the policy.
 */
import { constants, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { BundleError, canonicalJson, matching, object, oneOf, parseJson, text } from './shape.js';

/** Which bundle counts. */
export interface BundleManifest {
  readonly format: 1;
  /** When it was published, in UTC: `2026-11-21T08:00:00Z`. A hook does not go back to an older one. */
  readonly published: string;
  readonly bundle: {
    readonly key: string;
    /** Of a bucket with versions. */
    readonly versionId: string;
    /** Digest of the bundle, as `packBundle` gives it. */
    readonly sha256: string;
  };
  /** Of {@link manifestToSign}, in Base64. */
  readonly signature?: string;
}

/** Separates signatures of manifests from those that a key makes of other things. */
const PURPOSE = 'stackade hook manifest 1\n';

/** The object to be written; the same manifest gives the same bytes. */
export function manifestText(manifest: BundleManifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/**
 * The bytes that are signed. AWS KMS signs them as they are (`--message-type RAW`): with ECDSA_SHA_256, or for RSA keys with
 * RSASSA_PSS_SHA_256.
 */
export function manifestToSign({ format, published, bundle }: BundleManifest): Uint8Array {
  return new TextEncoder().encode(PURPOSE + canonicalJson({ format, published, bundle }));
}

/**
 * The manifest with a signature.
 *
 * @param privateKey - PEM of an Ed25519, P-256 or RSA key.
 */
export function signManifest(manifest: BundleManifest, privateKey: string): BundleManifest {
  const bytes = manifestToSign(manifest);
  const type = createPublicKey(privateKey).asymmetricKeyType;
  const signature =
    type === 'ed25519'
      ? sign(null, bytes, privateKey)
      : sign('sha256', bytes, type === 'rsa' ? { key: privateKey, ...PSS } : privateKey);
  return { ...manifest, signature: signature.toString('base64') };
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

const readForm = object<BundleManifest>(
  {
    format: oneOf(1),
    published: matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'time such as 2026-11-21T08:00:00Z'),
    bundle: object<BundleManifest['bundle']>({
      key: matching(/^[^\n]{1,1024}$/, 'key'),
      versionId: matching(/^[^\s]{1,1024}$/, 'version id'),
      sha256: matching(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal digits'),
    }),
  },
  { signature: text },
);

/**
 * Reads a manifest.
 *
 * @param publicKey - PEM; with one, the manifest needs a signature by it. The kind of the key says how it is verified, and
 *   never the manifest. `null`: no signature is asked for.
 * @throws BundleError with what is wrong and what to do.
 */
export function readBundleManifest(written: string, publicKey: string | null): BundleManifest {
  const value = parseJson(written, 'the manifest of the bundle');
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (format !== 1) {
    throw new BundleError(
      `the manifest has the format ${format === undefined ? 'of nothing' : JSON.stringify(format)}, and this handler reads 1 only; publish the handler and the bundle of one version of Stackade`,
    );
  }
  const manifest = readForm(value, 'the manifest');
  if (publicKey !== null && !isSigned(manifest, keyOf(publicKey))) {
    throw new BundleError(
      'the manifest has no signature by the key in the package of this hook; sign what is published, or publish the hook with the new key',
    );
  }
  return manifest;
}

function keyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw new BundleError(
      'the public key in the package of this hook is no PEM of a public key; publish the hook again',
    );
  }
}

function isSigned(manifest: BundleManifest, key: KeyObject): boolean {
  if (manifest.signature === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(manifest.signature)) return false;
  const bytes = manifestToSign(manifest);
  const signature = Buffer.from(manifest.signature, 'base64');
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return verify(null, bytes, key, signature);
    case 'ec':
      return verify('sha256', bytes, key, signature);
    case 'rsa':
      return verify('sha256', bytes, { key, ...PSS }, signature);
    default:
      throw new BundleError(
        `the public key in the package of this hook is of the kind ${key.asymmetricKeyType ?? 'none'}; use Ed25519, an elliptic curve or RSA`,
      );
  }
}
