/** Errors of the AWS SDK as messages with a remedy. */
import type { Diagnostic } from '../../findings/index.js';
import { notReached, refused } from './diagnostics.js';

/** What an error of the SDK can have. */
interface SdkError extends Error {
  readonly code?: string;
  readonly Reason?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Remedies by the name of the error. */
const REMEDIES: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'call with a role of the management account, or of an account that it has delegated policies to, that may do this (docs/scp-apply.md lists the rights)',
  AccessDenied: 'give the role of the caller the right to do this (docs/scp-apply.md lists the rights)',
  AWSOrganizationsNotInUseException: 'use credentials of an account that belongs to the organization',
  TooManyRequestsException: 'wait a minute; AWS Organizations takes few calls a second, and others may be at work',
  ThrottlingException: 'wait a minute; AWS takes few calls a second, and others may be at work',
  ConcurrentModificationException: 'wait until the other change is finished; apply from one place at a time',
  PolicyChangesInProgressException: 'wait until the other change is finished; apply from one place at a time',
  PolicyInUseException: 'somebody attached the policy meanwhile: detach it, or describe the attachment',
  DuplicatePolicyException: 'a policy of this name is there already and is not of this set: rename one of the two',
  MalformedPolicyDocumentException: 'check the text: `stackade iam validate --type scp` (or rcp)',
  PolicyTypeNotAvailableForOrganizationException: 'enable all features of the organization first',
  InvalidSignatureException: 'check the secret of the credentials, and the clock of this machine',
  SignatureDoesNotMatch: 'check the secret of the credentials, and the clock of this machine',
  UnrecognizedClientException: 'check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and the profile',
  InvalidClientTokenId: 'check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and the profile',
  ExpiredTokenException: 'sign in again: the credentials have expired',
  ExpiredToken: 'sign in again: the credentials have expired',
};

const REASONS: Readonly<Record<string, string>> = {
  MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED: 'detach a policy there first',
  MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED: 'attach another policy there first',
  POLICY_CONTENT_LIMIT_EXCEEDED: 'make the policy shorter: `stackade scp pack`',
  POLICY_NUMBER_LIMIT_EXCEEDED: 'delete policies that nobody needs',
};

/** How the system says that nobody answers. */
const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);

/**
 * What to tell of an error.
 *
 * @param doing - What was being done, such as `the organization cannot be read`.
 * @param env - The environment that the SDK has taken its settings from. `@default` that of the process.
 * @returns `null` for an error that does not come from a call: a fault of ours.
 */
export function awsDiagnostic(cause: unknown, doing: string, env: NodeJS.ProcessEnv = process.env): Diagnostic | null {
  if (!(cause instanceof Error)) return null;
  const { name, message, code, Reason, $metadata } = cause as SdkError;
  if (name === 'CredentialsProviderError' || name === 'CredentialsError') {
    const profile = env['AWS_PROFILE'] ?? '';
    return notReached(
      doing,
      `there are no credentials (${firstLine(message)})`,
      profile === ''
        ? 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for the sandbox take what `stackade sandbox start` prints'
        : `the profile \`${profile}\` (AWS_PROFILE) gives none: look for its name in \`aws configure list-profiles\`, and sign in to it`,
    );
  }
  if (code === 'ERR_INVALID_URL') {
    return notReached(
      doing,
      'the address of AWS that the environment or the profile sets is none',
      'write AWS_ENDPOINT_URL (or AWS_ENDPOINT_URL_SERVICE) with its scheme, as in http://127.0.0.1:4566, or unset it',
    );
  }
  if ((code !== undefined && CONNECTION.has(code)) || name === 'TimeoutError') {
    return notReached(
      doing,
      `nobody answers (${code ?? name}: ${firstLine(message)})`,
      'check the network, and AWS_ENDPOINT_URL where it is set',
    );
  }
  if ($metadata?.httpStatusCode === undefined) return null;
  const remedy = (Reason === undefined ? undefined : REASONS[Reason]) ?? guardrailRemedy(message) ?? REMEDIES[name];
  const reason = Reason === undefined ? '' : ` (${Reason})`;
  return refused(
    doing,
    `${name}${reason}: ${firstLine(message)}`,
    remedy ?? 'see the page of this error in the API reference of the service, and try again',
  );
}

/**
 * What to do when a policy of the organization denies a call, which no right of the caller mends. The message names the
 * policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
function guardrailRemedy(message: string): string | undefined {
  if (!/explicit deny in a (?:service|resource) control policy/.test(message)) return undefined;
  const id = /control_policy\/(p-[0-9a-z]+)/.exec(message)?.[1];
  return `${id === undefined ? 'that policy' : `the policy ${id}`} of the organization denies it to everybody whom it does not exempt: call with a role that it exempts, or see docs/incidents.md`;
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;
