/** What errors of the AWS SDK mean for a scan. */
import type { ErrorKind } from './pace.js';
import type { ReadFailure } from './source.js';

/** What an error of the SDK can have. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
}

const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottledException',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** How services refuse what was signed at another time than theirs. */
const SKEWED = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** How the system says that a connection was lost. */
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

/** What the SDK puts around an error of a connection that was not made by its own kind of `Error`. */
const WRAPPED = /^AWS SDK error wrapper for (\w+): /;

/** Whether to make a call again: later and more slowly, just so, or not at all. */
export function errorKind(error: unknown): ErrorKind {
  if (!(error instanceof Error)) return 'final';
  const { code, $metadata } = error as SdkError;
  const name = WRAPPED.exec(error.message)?.[1] ?? error.name;
  const status = $metadata?.httpStatusCode;
  // The SDK has set its clock by the answer, and leaves the second call to its own retries, which are switched off.
  if ($metadata?.clockSkewCorrected === true && SKEWED.has(name)) return 'transient';
  if (THROTTLED.has(name) || status === 429) return 'throttled';
  if (status !== undefined && status >= 500) return 'transient';
  return (code !== undefined && LOST.has(code)) || name === 'TimeoutError' ? 'transient' : 'final';
}

/**
 * How services, and the SDK's sources of credentials, say that credentials have ended ("Common errors" of the services' API
 * references).
 */
const ENDED = new Set(['CredentialsProviderError', 'ExpiredToken', 'ExpiredTokenException', 'TokenProviderError']);

/** Whether an error says that the credentials of a call have ended. */
export function isEnded(error: unknown): boolean {
  return error instanceof Error && ENDED.has(error.name);
}

/**
 * The credentials of who scans are no good any more. It is no failure of a part, which would be kept: whoever goes on with the
 * scan has others.
 */
export class CallerLost extends Error {
  override readonly name = 'CallerLost';

  constructor(cause: unknown) {
    const { name = 'Error', message = String(cause) } = cause instanceof Error ? cause : {};
    super(`${name}: ${message.split('\n', 1)[0] ?? ''}`, { cause });
  }
}

/** An error as what could not be read. @throws CallerLost for one of these: then nothing more can be read. */
export function failureOf(step: string, error: unknown): ReadFailure {
  if (error instanceof CallerLost) throw error;
  if (!(error instanceof Error)) return { step, code: 'Error', message: String(error) };
  const { name, code } = error as SdkError;
  const [line = ''] = error.message.split('\n', 1);
  return { step, code: name === 'Error' && code !== undefined ? code : name, message: line };
}

/** How services refuse tokens in a Region that is not enabled for their account; anywhere, those that are good no more. */
const TOKEN_REFUSED = new Set(['InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure', 'OptInRequired']);

/** Whether an error says that nobody knows the credentials of a call. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && TOKEN_REFUSED.has(error.name);
}

/** The code of a Region that an account has not enabled: it is left out. */
export const REGION_DISABLED = 'REGION_DISABLED';

/** Whether an error says that a Region is not enabled, when the same credentials are good elsewhere. */
export function isRegionDisabled({ code }: ReadFailure): boolean {
  return TOKEN_REFUSED.has(code) || code === 'RegionDisabledException';
}
