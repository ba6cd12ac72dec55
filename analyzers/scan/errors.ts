/** What errors of the AWS SDK mean for a scan. */
import type { ErrorKind } from './pace.js';
import type { ReadFailure } from './source.js';

/** What an error of the SDK can have. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
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
  if (THROTTLED.has(name) || status === 429) return 'throttled';
  if (status !== undefined && status >= 500) return 'transient';
  return (code !== undefined && LOST.has(code)) || name === 'TimeoutError' ? 'transient' : 'final';
}

/** An error as what could not be read. */
export function failureOf(step: string, error: unknown): ReadFailure {
  if (!(error instanceof Error)) return { step, code: 'Error', message: String(error) };
  const { name, code } = error as SdkError;
  const [line = ''] = error.message.split('\n', 1);
  return { step, code: name === 'Error' && code !== undefined ? code : name, message: line };
}

/** How services refuse tokens in a Region that is not enabled for their account. */
const TOKEN_REFUSED = new Set(['InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure', 'OptInRequired']);

/** The code of a Region that an account has not enabled: it is left out. */
export const REGION_DISABLED = 'REGION_DISABLED';

/** Whether an error says that a Region is not enabled, when the same credentials are good elsewhere. */
export function isRegionDisabled({ code }: ReadFailure): boolean {
  return TOKEN_REFUSED.has(code) || code === 'RegionDisabledException';
}
