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
  /** The session token that was sent with it; `null` for none. */
  readonly token: string | null;
  /** The body without the frames of `aws-chunked`, whose signatures were verified. */
  readonly payload: Buffer;
}

/** The secret of an access key; `undefined` when there is no such key. */
export type SecretOf = (accessKeyId: string) => { readonly secretAccessKey: string } | undefined;

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** AWS takes a request for five minutes; clocks may differ by as much as fifteen. */
const TOLERANCE_MS = 15 * 60 * 1000;
/** Seconds that a presigned URL may hold good: seven days. */
const MOST_EXPIRES = 604_800;

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** The parts of a signature, wherever they stand in the request. */
interface Signature {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly token: string | null;
  /** Of a presigned URL: the query without its signature, and the seconds that it holds good. */
  readonly presigned: { readonly query: string; readonly expires: number } | null;
}

/** Whether a request is signed at all, by header or in its URL. */
export function isSigned({ headers, target }: SignedRequest): boolean {
  return headers['authorization'] !== undefined || /[?&]X-Amz-Signature=/.test(target);
}

/** What a request says it is signed with and for; nothing is verified. */
export function claimedScopeOf({ headers }: SignedRequest): {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
} {
  const found = /Credential=([^/,\s]+)\/\d+\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(headers['authorization'] ?? '');
  const [, accessKeyId = '', region = '', service = ''] = found ?? [];
  return { accessKeyId, region, service };
}

/**
 * Verifies a request.
 *
 * @param now - Time of the service, in milliseconds.
 * @param service - Name that the scope must have; what is signed for another service is refused. S3 has rules of its own:
 *   "Authenticating Requests" (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).
 * @throws RequestError when the signature is missing, incomplete, of another request, or too old or too new.
 */
export function verifySignature(request: SignedRequest, secretOf: SecretOf, now: number, service?: string): Scope {
  if (!isSigned(request)) throw new RequestError('missingToken', 'Request is missing Authentication Token');
  const isS3 = service === 's3';
  const parts = request.headers['authorization'] === undefined ? ofQuery(request, isS3) : ofHeader(request);
  const [accessKeyId, date, region, scopeService, terminator, ...rest] = parts.credential.split('/');
  if (rest.length > 0 || terminator !== 'aws4_request' || !accessKeyId || !date || !region || !scopeService) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${parts.credential}'`,
    );
  }
  const signedAt = parseTime(parts.time);
  if (signedAt === undefined) throw incomplete("Authorization header requires existence of an 'X-Amz-Date' header");
  const secret = secretOf(accessKeyId);
  if (secret === undefined) {
    throw new RequestError('unknownKey', 'The security token included in the request is invalid.');
  }
  if (service !== undefined && scopeService !== service) {
    throw new RequestError('badSignature', `Credential should be scoped to correct service: '${service}'.`);
  }
  if (date !== parts.time.slice(0, 8)) {
    throw new RequestError(
      'badSignature',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${parts.time.slice(0, 8)}', from '${parts.time}'.`,
    );
  }
  checkTime(parts, signedAt, now);
  checkSignedHeaders(request, parts, isS3);
  const claimed = request.headers['x-amz-content-sha256'];
  const payloadHash = hashToSign(request, parts, claimed, isS3);
  const scope = `${date}/${region}/${scopeService}/aws4_request`;
  const canonical = canonicalRequest(request, parts, payloadHash, isS3);
  const key = signingKey(secret.secretAccessKey, date, region, scopeService);
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  if (!isSame(sign([ALGORITHM, parts.time, scope, sha256(canonical)].join('\n')), parts.signature)) {
    throw new RequestError('badSignature', MISMATCH);
  }
  const isChunked = isS3 && claimed?.startsWith('STREAMING-') === true;
  const payload = isChunked
    ? readChunks(request, claimed.startsWith('STREAMING-UNSIGNED') ? null : { sign, time: parts.time, scope }, parts)
    : request.body;
  return { accessKeyId, region, service: scopeService, signedAt, token: parts.token, payload };
}

let kept: { readonly of: string; readonly key: Buffer }[] = [];

/** Keys are good for a day; the last ones are kept. */
function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  const of = [secret, date, region, service].join(' ');
  const known = kept.find((each) => each.of === of);
  if (known !== undefined) return known.key;
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (current, part) => createHmac('sha256', current).update(part).digest(),
    `AWS4${secret}`,
  ) as Buffer;
  kept = [{ of, key }, ...kept.slice(0, 31)];
  return key;
}

function isSame(expected: Buffer, given: string): boolean {
  const bytes = Buffer.from(given, 'hex');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function checkSignedHeaders({ headers }: SignedRequest, { signedHeaders, presigned }: Signature, isS3: boolean): void {
  const needed = presigned === null ? ['host', 'x-amz-date'] : ['host'];
  // Headers that mean something to a service must be signed; S3 asks for all of them.
  const more = isS3 ? Object.keys(headers).filter((name) => name.startsWith('x-amz-')) : [];
  if (headers['x-amz-security-token'] !== undefined) more.push('x-amz-security-token');
  for (const name of new Set([...needed, ...more])) {
    if (!signedHeaders.includes(name)) {
      throw new RequestError('badSignature', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
}

/** What stands for the body in the text that is signed. */
function hashToSign(
  { body }: SignedRequest,
  { presigned }: Signature,
  claimed: string | undefined,
  isS3: boolean,
): string {
  if (isS3) {
    if (presigned !== null) return claimed ?? 'UNSIGNED-PAYLOAD';
    if (claimed === undefined) {
      throw new RequestError('badSignature', 'Missing required header for this request: x-amz-content-sha256');
    }
    if (claimed === 'UNSIGNED-PAYLOAD' || STREAMING.has(claimed)) return claimed;
  }
  const hash = sha256(body);
  if (claimed !== undefined && claimed !== hash) {
    throw new RequestError(
      'badSignature',
      'The provided x-amz-content-sha256 header does not match what was computed.',
    );
  }
  return hash;
}

const STREAMING = new Set([
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]);

interface ChunkSigner {
  readonly sign: (text: string) => Buffer;
  readonly time: string;
  readonly scope: string;
}

/**
 * Takes the frames off a body in `aws-chunked`, and verifies the chain of their signatures
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
 */
function readChunks({ body, headers }: SignedRequest, signer: ChunkSigner | null, { signature }: Signature): Buffer {
  const broken = new RequestError('badSignature', MISMATCH);
  const chunks: Buffer[] = [];
  let before = signature;
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw broken;
    const line = body.toString('latin1', at, end);
    const match = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
    if (match === null) throw broken;
    const size = Number.parseInt(match[1]!, 16);
    const chunk = body.subarray(end + 2, end + 2 + size);
    if (chunk.length !== size) throw broken;
    if (signer !== null) {
      const text = ['AWS4-HMAC-SHA256-PAYLOAD', signer.time, signer.scope, before, sha256(''), sha256(chunk)];
      if (!isSame(signer.sign(text.join('\n')), match[2] ?? '')) throw broken;
      before = match[2]!;
    }
    chunks.push(chunk);
    at = end + 2 + size;
    // Behind the last chunk, which is empty, stand trailers and no line of its own.
    if (size === 0) break;
    if (body.toString('latin1', at, at + 2) !== '\r\n') throw broken;
    at += 2;
  }
  const payload = Buffer.concat(chunks);
  if (signer !== null) checkTrailer(body.toString('latin1', at), signer, before);
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== payload.length) throw broken;
  return payload;
}

/** Trailers are signed when there are any. */
function checkTrailer(rest: string, { sign, time, scope }: ChunkSigner, before: string): void {
  const lines = rest.split(/\r?\n/).filter((line) => line !== '');
  const signed = lines.find((line) => line.startsWith('x-amz-trailer-signature:'));
  const trailers = lines.filter((line) => line !== signed);
  if (trailers.length === 0) return;
  const text = ['AWS4-HMAC-SHA256-TRAILER', time, scope, before, sha256(`${trailers.join('\n')}\n`)].join('\n');
  if (!isSame(sign(text), signed?.slice(signed.indexOf(':') + 1) ?? '')) {
    throw new RequestError('badSignature', MISMATCH);
  }
}

function ofHeader({ headers }: SignedRequest): Signature {
  const { credential, signedHeaders, signature } = partsOf(headers['authorization']!);
  return {
    credential,
    signedHeaders,
    signature,
    time: headers['x-amz-date'] ?? '',
    token: headers['x-amz-security-token'] ?? null,
    presigned: null,
  };
}

/** A presigned URL (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html). */
function ofQuery({ target }: SignedRequest, isS3: boolean): Signature {
  if (!isS3) throw new RequestError('missingToken', 'Request is missing Authentication Token');
  const query = target.slice(target.indexOf('?') + 1);
  const values = new Map<string, string>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) values.set(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
  }
  const needed = (name: string): string => {
    const value = values.get(`X-Amz-${name}`);
    if (value !== undefined && value !== '') return value;
    throw new RequestError(
      'incompleteSignature',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  };
  if (needed('Algorithm') !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${needed('Algorithm')}'`);
  const expires = Number(needed('Expires'));
  if (!Number.isInteger(expires) || expires < 0 || expires > MOST_EXPIRES) {
    throw incomplete('X-Amz-Expires must be less than a week (in seconds) that is 604800');
  }
  const rest = query.split('&').filter((pair) => !pair.startsWith('X-Amz-Signature='));
  return {
    credential: needed('Credential'),
    signedHeaders: needed('SignedHeaders').split(';'),
    signature: needed('Signature'),
    time: needed('Date'),
    token: values.get('X-Amz-Security-Token') ?? null,
    presigned: { query: rest.join('&'), expires },
  };
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

function checkTime({ time: text, presigned }: Signature, signedAt: number, now: number): void {
  if (presigned !== null) {
    if (signedAt + presigned.expires * 1000 < now) throw new RequestError('accessDenied', 'Request has expired');
    if (signedAt <= now + TOLERANCE_MS) return;
  }
  const shown = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
  if (signedAt < now - TOLERANCE_MS) {
    throw new RequestError(
      'skewedClock',
      `Signature expired: ${text} is now earlier than ${shown(now - TOLERANCE_MS)} (${shown(now)} - 15 min.)`,
    );
  }
  if (signedAt > now + TOLERANCE_MS) {
    throw new RequestError(
      'skewedClock',
      `Signature not yet current: ${text} is still later than ${shown(now + TOLERANCE_MS)} (${shown(now)} + 15 min.)`,
    );
  }
}

function canonicalRequest(
  { method, target, headers }: SignedRequest,
  { signedHeaders, presigned }: Signature,
  bodyHash: string,
  isS3: boolean,
): string {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const query = presigned?.query ?? (question < 0 ? '' : target.slice(question + 1));
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    method,
    canonicalPath(path, isS3),
    canonicalQuery(query),
    lines.join(''),
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

/** Each segment is encoded once more than it was sent; S3 is the exception. */
function canonicalPath(path: string, isS3: boolean): string {
  const segments = (path === '' ? '/' : path).split('/');
  return segments.map((segment) => (isS3 ? encode(decodePath(segment)) : encode(segment))).join('/');
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
