/**
 * Addresses of payloads. CloudFormation puts those of stacks and change sets behind a presigned URL of Amazon S3 (AWS
 * CloudFormation Hooks User Guide, "Create Lambda functions to evaluate resources for Lambda Hooks"). A hook that fetched
 * whatever an event names would fetch for anybody who may invoke it; so it fetches from endpoints of S3 and nowhere else.
 */
import { HandlerFault } from './faults.js';

/** Regions as endpoints have them: `eu-west-1`, `us-gov-east-1`, `us-iso-east-1`, `eusc-de-east-1`. */
const REGION = '[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}';
/** Domains of partitions: AWS General Reference, "Amazon Simple Storage Service endpoints and quotas"; AWS SDK, "partitions". */
const DOMAIN = String.raw`(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)`;
/** `s3.REGION.DOMAIN` with or without a bucket in front; dual-stack and FIPS endpoints; the old `s3-REGION` and `s3`. */
const HOST = new RegExp(
  String.raw`^(?:[a-z0-9][a-z0-9.-]{1,62}\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-]${REGION})?\.${DOMAIN}$`,
);
const LOOPBACK = new Set(['127.0.0.1', '[::1]']);

/** An address that may be fetched. */
export interface PayloadAddress {
  readonly protocol: 'https:' | 'http:';
  readonly hostname: string;
  readonly port: string;
  /** With its query, which holds the signature: nothing to be shown. */
  readonly path: string;
}

/**
 * @param loopback - Whether addresses of this machine are allowed, as tests and the sandbox need them.
 * @throws HandlerFault for any other address. The message shows no more of it than its host.
 */
export function readAddress(written: string, loopback: boolean): PayloadAddress {
  const url = urlOf(written);
  if (url === null) throw fault('the address of the payload is no URL');
  const { protocol, hostname, port, pathname, search, username, password } = url;
  const path = pathname + search;
  if (username !== '' || password !== '') throw fault('the address of the payload has a user name in it');
  if (loopback && LOOPBACK.has(hostname)) {
    if (protocol === 'http:' || protocol === 'https:') return { protocol, hostname, port, path };
  }
  if (protocol !== 'https:') {
    throw fault(`the address of the payload is of \`${protocol.slice(0, 20)}//\`, and only https is fetched`);
  }
  if (port !== '' || !HOST.test(hostname)) {
    throw fault(`the address of the payload is at \`${url.host.slice(0, 100)}\`, which is no endpoint of Amazon S3`);
  }
  return { protocol, hostname, port, path };
}

function urlOf(written: string): URL | null {
  try {
    return new URL(written);
  } catch {
    return null;
  }
}

function fault(message: string): HandlerFault {
  return new HandlerFault('payload', message);
}
