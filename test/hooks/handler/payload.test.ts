/** Payloads over HTTP, against a server of this machine: what is taken, what is refused, and that nothing else is asked for. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HandlerFault, readAddress } from '../../../hooks/handler/index.js';
import { fetchPayload, MAX_PAYLOAD } from '../../../hooks/handler/payload-client.js';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const asked: string[] = [];
let answers: Answer[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method!} ${request.url!} ${String(request.headers['accept-encoding'])}`);
  (answers.length > 1 ? answers.shift()! : answers[0]!)(response, request);
});

beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const fetched = (path: string, timeout: number, ...given: Answer[]): Promise<string> => {
  answers = given;
  const { port } = server.address() as AddressInfo;
  return fetchPayload(readAddress(`http://127.0.0.1:${port}${path}`, true), timeout);
};
const refusal = async (...given: Answer[]): Promise<string> => {
  const error: unknown = await fetched('/k?secret', 5_000, ...given).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HandlerFault);
  expect((error as HandlerFault).message).not.toContain('secret');
  return (error as HandlerFault).message;
};
const says =
  (status: number, body: string | Buffer = '', headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

it('gives the text behind the address with its query, asked for once', async () => {
  expect(await fetched('/k?X-Amz-Signature=a%2Fb', 5_000, says(200, '{"template": "ü"}'))).toBe('{"template": "ü"}');
  expect(asked).toStrictEqual(['GET /k?X-Amz-Signature=a%2Fb identity']);
});

it('tries again when S3 is busy or drops the connection', async () => {
  const drop: Answer = (response) => response.destroy();
  expect(await fetched('/k', 5_000, says(503), drop, says(200, 'x'))).toBe('x');
  expect(asked).toHaveLength(3);
  expect(await refusal(says(503))).toContain('Amazon S3 answered 503; try again');
  expect(asked).toHaveLength(6);
});

it.each<readonly [string, Answer, string]>([
  ['denied or over', says(403), 'its address is not valid any more'],
  ['gone', says(404), 'status 404'],
  [
    'a redirect',
    says(307, '', { location: 'http://127.0.0.1:1/' }),
    'leads elsewhere (status 307), and redirects are not followed',
  ],
  ['compressed', says(200, 'x', { 'content-encoding': 'gzip' }), 'is encoded as `gzip`'],
  ['no UTF-8', says(200, Buffer.from([0xc3, 0x28])), 'is not UTF-8'],
  [
    'announced as too large',
    says(200, 'x', { 'content-length': String(MAX_PAYLOAD + 1) }),
    'more than 10 MB; split the stack',
  ],
])('%s is refused at once', async (_, answer, said) => {
  expect(await refusal(answer)).toContain(said);
  expect(asked).toHaveLength(1);
});

it('stops to read when there is more than was told of', async () => {
  let sent = 0;
  const endless: Answer = (response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const more = (): void => {
      sent += 1;
      if (!response.destroyed && sent < 100) response.write(chunk, () => setImmediate(more));
    };
    more();
  };
  expect(await refusal(endless)).toContain('more than 10 MB');
  expect(sent).toBeLessThan(60);
});

it('gives up when the time is over, also in the middle', async () => {
  const begun: Answer = (response) => void response.writeHead(200).write('x');
  for (const slow of [() => undefined, begun]) {
    await expect(fetched('/k', 60, slow)).rejects.toThrow('did not come within 0 s; a function in a VPC');
  }
});

it('says when nobody answers', async () => {
  const { port } = server.address() as AddressInfo;
  const closed = createServer();
  await new Promise<void>((done) => void closed.listen(0, '127.0.0.1', done));
  const other = (closed.address() as AddressInfo).port;
  await new Promise((done) => closed.close(done));
  expect(other).not.toBe(port);
  await expect(fetchPayload(readAddress(`http://127.0.0.1:${other}/`, true), 5_000)).rejects.toThrow('(ECONNREFUSED)');
});
