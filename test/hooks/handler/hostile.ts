/** Addresses and servers that mean ill: what CloudFormation never sends, and somebody who may invoke the function could. */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { makeHandler, readHandlerSettings } from '../../../hooks/handler/index.js';
import type { HandlerIo, PayloadAddress } from '../../../hooks/handler/index.js';
import { fetchPayload, MAX_PAYLOAD } from '../../../hooks/handler/payload-client.js';
import type { HookAnswer } from '../../../hooks/lambda/index.js';
import { BUCKET, bundleOf, stackEvent, templateOf } from '../lambda/support.js';

const GOOD = JSON.stringify({ template: templateOf(BUCKET, { BucketName: 'orders' }) });
const bundle = bundleOf();

export const stackAt = (payload: string): object => {
  const event = stackEvent('STACK');
  return { ...event, requestData: { ...(event['requestData'] as object), payload } };
};

const handlerWith = (fetch: HandlerIo['fetchPayload'], loopback: boolean): ReturnType<typeof makeHandler> =>
  makeHandler(
    readHandlerSettings({ AWS_REGION: 'eu-west-1', ...(loopback && { STACKADE_PAYLOAD_LOOPBACK: '1' }) }),
    { current: () => Promise.resolve({ bundle, name: 'package', age: 0 }) },
    {
      now: () => Date.parse('2026-11-21T08:00:00Z'),
      clock: () => performance.now(),
      after: (milliseconds) => {
        let timer: NodeJS.Timeout;
        const done = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, milliseconds);
        });
        return {
          done,
          cancel: () => {
            clearTimeout(timer);
          },
        };
      },
      fetchPayload: fetch,
      log: () => undefined,
    },
  );

// Addresses: good ones with pieces put in or taken out.

const HOSTS = [
  's3.amazonaws.com',
  'bkt.s3.eu-west-1.amazonaws.com',
  's3.dualstack.us-east-1.amazonaws.com',
  'bkt.s3.cn-north-1.amazonaws.com.cn',
  'bkt.s3-us-west-2.amazonaws.com',
];
const PIECES = [
  ...[
    '.evil.example',
    'evil.example/',
    'evil.example#',
    'evil.example?',
    'evil.example\\',
    'evil.example:443/',
    'evil',
  ],
  ...['@', 'user@', 'user:word@', '@evil.example', '@169.254.169.254', ':80', ':443', ':8443', ':443@evil.example'],
  ...[
    '.',
    '..',
    '-',
    '/',
    '\\',
    '#',
    '?',
    '%2e',
    '%2f',
    '%40',
    '%00',
    '%0d%0a',
    '\t',
    '\n',
    ' ',
    '\u3002',
    '\uff0e',
    '\u212a',
  ],
  ...[
    '[::1]',
    '[::ffff:169.254.169.254]',
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0251.0376.0251.0376',
    '169.254.169.254',
  ],
  ...['s3.', '.s3', 'dynamodb.', 's3-website.', 's3-object-lambda.', 'execute-api.', '.vpce', '.com', '.cn', '.on.aws'],
];
const SCHEMES = [
  'https://',
  'https://',
  'https://',
  'https:',
  'HTTPS://',
  'http://',
  'ftp://',
  'file://',
  '//',
  'https:\\\\',
  '',
];
const PATHS = ['/key?X-Amz-Signature=abc', '/../..//evil.example/', '/@evil.example', '//evil.example/k', '?x', ''];

export const ADDRESSES: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...SCHEMES),
    fc.oneof({ arbitrary: fc.constantFrom(...HOSTS), weight: 4 }, fc.constantFrom(...PIECES)),
    fc.array(fc.tuple(fc.constantFrom(...PIECES), fc.nat(40), fc.nat(2)), { maxLength: 2 }),
    fc.constantFrom(...PATHS),
  )
  .map(([scheme, host, edits, path]) => {
    const edited = edits.reduce(
      (text, [piece, at, dropped]) => text.slice(0, at) + piece + text.slice(at + dropped),
      host,
    );
    return scheme + edited + path;
  });

const DOMAINS = ['amazonaws.com', 'amazonaws.com.cn'];
const REGIONS = /^[a-z]+(?:-[a-z]+)+-[0-9]$/;

/** Whether a host is one of Amazon S3, read label by label from its end. */
export function isOfS3(hostname: string): boolean {
  const domain = DOMAINS.find((each) => hostname.endsWith(`.${each}`));
  if (domain === undefined) return false;
  const labels = hostname.slice(0, -domain.length - 1).split('.');
  if (REGIONS.test(labels.at(-1)!)) labels.pop();
  if (labels.at(-1) === 'dualstack') labels.pop();
  const service = labels.at(-1) ?? '';
  return service === 's3' || service === 's3-fips' || (service.startsWith('s3-') && REGIONS.test(service.slice(3)));
}

/** What the hook says of an address, and what it asked for; everything that is asked for has a good payload. */
export async function atAddress(
  address: string,
): Promise<{ readonly answer: HookAnswer; readonly asked: readonly PayloadAddress[] }> {
  const asked: PayloadAddress[] = [];
  const handler = handlerWith((each) => {
    asked.push(each);
    return Promise.resolve(GOOD);
  }, false);
  return { answer: await handler(stackAt(address)), asked };
}

// Servers: the right response with something wrong about it.

export interface Reply {
  readonly status: number;
  readonly body: keyof typeof BODIES;
  /** How far the announced length is from that of the body; `none`: it ends with the connection. */
  readonly length: number | 'none' | 'chunked';
  readonly header: string;
  readonly ending: 'end' | 'cut' | 'hang' | 'drip';
}

const BODIES = {
  good: Buffer.from(GOOD),
  truncated: Buffer.from(GOOD.slice(0, -3)),
  twice: Buffer.from(GOOD + GOOD),
  gzip: gzipSync(GOOD),
  'not UTF-8': Buffer.concat([Buffer.from('{"template": "'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
  // A surrogate in UTF-8, and a character in more bytes than it needs.
  'nearly UTF-8': Buffer.concat([
    Buffer.from('{"template": "'),
    Buffer.from([0xed, 0xa0, 0x80, 0xc0, 0xaf, 0x22, 0x7d]),
  ]),
  'UTF-16': Buffer.from(GOOD, 'utf16le'),
  list: Buffer.from(`[${GOOD}]`),
  text: Buffer.from(JSON.stringify(GOOD)),
  null: Buffer.from('null'),
  number: Buffer.from('1e999'),
  empty: Buffer.alloc(0),
  'no template': Buffer.from('{}'),
  'template of another kind': Buffer.from('{"template": {"Resources": {}}}'),
  'two templates': Buffer.from(`${GOOD.slice(0, -1)}, "Template": "x"}`),
  deep: Buffer.from('{"template": '.repeat(20_000)),
  'deep template': Buffer.from(JSON.stringify({ template: '['.repeat(50_000) })),
  'too much': Buffer.concat([Buffer.from(GOOD), Buffer.alloc(MAX_PAYLOAD, ' ')]),
} as const;

const HEADERS: Readonly<Record<string, boolean>> = {
  '': true,
  'Content-Encoding: identity': true,
  'Content-Type: text/html': true,
  'Content-Encoding: gzip': false,
  'Content-Encoding: br, identity': false,
  'Content-Encoding: ': false,
  'Content-Length: 2': false,
  [`X: ${'x'.repeat(20_000)}`]: false,
};

/** Large bodies are rare: they take most of the time. */
const LARGE = new Set(['too much', 'deep', 'deep template']);
const SMALL = Object.keys(BODIES).filter((name) => !LARGE.has(name)) as (keyof typeof BODIES)[];

export const REPLIES: fc.Arbitrary<Reply> = fc.record({
  status: fc.oneof(
    { arbitrary: fc.constant(200), weight: 3 },
    fc.constantFrom(101, 201, 203, 204, 206, 301, 302, 304, 307, 308, 400, 403, 404, 416, 500, 503, 999),
  ),
  body: fc.oneof({ arbitrary: fc.constant<'good'>('good'), weight: 2 }, fc.constantFrom(...SMALL)),
  length: fc.oneof(
    { arbitrary: fc.constant(0), weight: 3 },
    fc.constantFrom<Reply['length']>(-1, 1, 1e12, MAX_PAYLOAD, 'none', 'chunked'),
  ),
  header: fc.oneof({ arbitrary: fc.constant(''), weight: 3 }, fc.constantFrom(...Object.keys(HEADERS))),
  ending: fc.oneof(
    { arbitrary: fc.constant<'end'>('end'), weight: 5 },
    fc.constantFrom<Reply['ending']>('cut', 'hang', 'drip'),
  ),
});

/** One reply for each body that takes long. */
export const LARGE_REPLIES: readonly Reply[] = [...LARGE].map((body) => ({
  status: 200,
  body: body as Reply['body'],
  length: 'chunked',
  header: '',
  ending: 'end',
}));

/** Whether a reply is a payload that came as a whole. */
export function isWhole({ status, body, length, header, ending }: Reply): boolean {
  return (
    status === 200 &&
    body === 'good' &&
    (length === 0 || length === 'none' || length === 'chunked') &&
    HEADERS[header] === true &&
    ending === 'end'
  );
}

/** Servers on loopback: one that replies, and one that nobody may ask. */
export class Servers {
  private readonly server: Server;
  private readonly foreign: Server;
  private readonly sockets = new Set<Socket>();
  private readonly replies = new Map<string, Reply>();
  /** How often the other server was asked. */
  strayed = 0;

  constructor() {
    this.server = createServer((socket) => {
      this.keep(socket);
      socket.once('data', (request) => {
        const reply = this.replies.get(request.toString('latin1').split(' ')[1]!);
        if (reply === undefined) socket.destroy();
        else this.send(socket, reply);
      });
    });
    this.foreign = createServer((socket) => {
      this.strayed += 1;
      this.keep(socket);
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`);
    });
  }

  async open(): Promise<void> {
    for (const each of [this.server, this.foreign]) {
      await new Promise<void>((done) => void each.listen(0, '127.0.0.1', done));
    }
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    this.foreign.close();
  }

  /** What the hook says of a reply. For one that never ends there is less time. */
  async ask(reply: Reply): Promise<HookAnswer> {
    const path = `/${this.replies.size}`;
    this.replies.set(path, reply);
    const { port } = this.server.address() as AddressInfo;
    const isEndless = reply.ending === 'hang' || reply.ending === 'drip';
    return handlerWith(fetchPayload, true)(stackAt(`http://127.0.0.1:${port}${path}`), {
      getRemainingTimeInMillis: () => (isEndless ? 1_400 : 25_000),
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
  }

  private send(socket: Socket, { status, body: name, length, header, ending }: Reply): void {
    const body = BODIES[name];
    const { port } = this.foreign.address() as AddressInfo;
    const lines = [
      `HTTP/1.1 ${status} X`,
      `Location: http://127.0.0.1:${port}/`,
      ...(status === 101 ? ['Upgrade: x', 'Connection: Upgrade'] : []),
      ...(header === '' ? [] : [header]),
      ...(typeof length === 'number' ? [`Content-Length: ${Math.max(0, body.length + length)}`] : []),
      ...(length === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
    ];
    const framed =
      length === 'chunked' && body.length > 0
        ? Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])
        : length === 'chunked'
          ? Buffer.from('0\r\n\r\n')
          : body;
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const half = framed.subarray(0, Math.floor(framed.length / 2));
    if (ending === 'end') socket.end(framed);
    else if (ending === 'cut') socket.write(half, () => socket.destroy());
    else if (ending === 'hang') socket.write(half);
    else {
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => {
        clearInterval(timer);
      });
    }
  }
}
