/**
 * Verifies Signature Version 4: "Create a signed AWS API request"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). The canonical request is
 * built anew from what arrived, so that a body, header, path or query that was changed on the way does not pass.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { RequestError } from './errors.js';

/** A request as it arrived. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as in the request line. */
  readonly target: string;
  /** Names in lower case; several lines of one header joined by `,`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the signature says of the request. */
export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** The time that was signed, in milliseconds. */
  readonly signedAt: number;
}

/** The secret of an access key; `undefined` when there is no such key. */
export type SecretOf = (accessKeyId: string) => { readonly secretAccessKey: string } | undefined;

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** AWS takes a request for five minutes; clocks may differ by as much as fifteen. */
const TOLERANCE_MS = 15 * 60 * 1000;

/**
 * Verifies a request.
 *
 * @param now - Time of the service, in milliseconds.
 * @throws RequestError when the signature is missing, incomplete, of another request, or too old or too new.
 */
export function verifySignature(request: SignedRequest, secretOf: SecretOf, now: number): Scope {
  const { headers } = request;
  const authorization = headers['authorization'];
  if (authorization === undefined) {
    throw new RequestError('missingToken', 'Request is missing Authentication Token');
  }
  const { credential, signedHeaders, signature } = partsOf(authorization);
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/');
  if (rest.length > 0 || terminator !== 'aws4_request' || !accessKeyId || !date || !region || !service) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const time = headers['x-amz-date'] ?? '';
  const signedAt = parseTime(time);
  if (signedAt === undefined) throw incomplete("Authorization header requires existence of an 'X-Amz-Date' header");
  const secret = secretOf(accessKeyId);
  if (secret === undefined) {
    throw new RequestError('unknownKey', 'The security token included in the request is invalid.');
  }
  if (date !== time.slice(0, 8)) {
    throw new RequestError(
      'badSignature',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  }
  checkTime(time, signedAt, now);
  for (const needed of ['host', 'x-amz-date', ...(headers['x-amz-security-token'] ? ['x-amz-security-token'] : [])]) {
    if (!signedHeaders.includes(needed)) {
      throw new RequestError('badSignature', `'${needed}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  const bodyHash = sha256(request.body);
  const claimed = headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== bodyHash) {
    throw new RequestError(
      'badSignature',
      'The provided x-amz-content-sha256 header does not match what was computed.',
    );
  }
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, time, scope, sha256(canonicalRequest(request, signedHeaders, bodyHash))].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (current, part) => createHmac('sha256', current).update(part).digest(),
    `AWS4${secret.secretAccessKey}`,
  );
  const expected = createHmac('sha256', key).update(text).digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new RequestError(
      'badSignature',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  return { accessKeyId, region, service, signedAt };
}

function incomplete(message: string): RequestError {
  return new RequestError('incompleteSignature', message);
}

function partsOf(authorization: string): {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
} {
  const [algorithm, ...rest] = authorization.split(' ');
  if (algorithm !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${algorithm ?? ''}'`);
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field): [string, string] => [
        field.slice(0, Math.max(0, field.indexOf('='))),
        field.slice(field.indexOf('=') + 1),
      ]),
  );
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) => {
    const value = fields.get(name);
    if (value === undefined || value === '') {
      throw incomplete(`Authorization header requires '${name}' parameter. Authorization=${ALGORITHM}`);
    }
    return value;
  }) as [string, string, string];
  return { credential, signedHeaders: signedHeaders.split(';'), signature };
}

/** `20261121T103000Z` in milliseconds. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hours, minutes, seconds] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}

function checkTime(text: string, signedAt: number, now: number): void {
  const shown = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
  if (signedAt < now - TOLERANCE_MS) {
    throw new RequestError(
      'badSignature',
      `Signature expired: ${text} is now earlier than ${shown(now - TOLERANCE_MS)} (${shown(now)} - 15 min.)`,
    );
  }
  if (signedAt > now + TOLERANCE_MS) {
    throw new RequestError(
      'badSignature',
      `Signature not yet current: ${text} is still later than ${shown(now + TOLERANCE_MS)} (${shown(now)} + 15 min.)`,
    );
  }
}

function canonicalRequest(
  { method, target, headers }: SignedRequest,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const query = question < 0 ? '' : target.slice(question + 1);
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, canonicalPath(path), canonicalQuery(query), lines.join(''), signedHeaders.join(';'), bodyHash].join(
    '\n',
  );
}

/** Each segment is encoded once more than it was sent; S3, which the sandbox does not serve yet, is the exception. */
function canonicalPath(path: string): string {
  return (path === '' ? '/' : path).split('/').map(encode).join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** RFC 3986: all but letters, digits, `-`, `.`, `_` and `~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
