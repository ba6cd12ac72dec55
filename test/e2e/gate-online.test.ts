/** `stackade gate build --online` against a server that answers as the CloudFormation registry does. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gateBuild, gateBuildOnline, type BuildFlags } from '../../cli/gate/build.js';
import { gateCheck } from '../../cli/gate/check.js';
import { typesClient } from '../../cli/gate/types-client.js';
import type { Terminal } from '../../cli/terminal.js';
import { folderOf, removeFolders } from '../cli/check/support.js';

const TOPIC = {
  typeName: 'AWS::SNS::Topic',
  properties: { TopicName: { type: 'string', pattern: '^[a-z]+$' }, TopicArn: { type: 'string' } },
  readOnlyProperties: ['/properties/TopicArn'],
};
const PRIVATE = { typeName: 'Acme::Net::Zone', properties: { Size: { type: 'integer', maximum: 3 } } };
const ERRORS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  'Acme::Net::Denied': [403, 'AccessDenied'],
  'Acme::Net::Busy': [400, 'Throttling'],
  'Acme::Net::Unknown': [404, 'TypeNotFoundException'],
  'Acme::Net::Broken': [400, 'CFNRegistryException'],
};
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

let server: Server;
const asked: string[] = [];
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const type = new URLSearchParams(body).get('TypeName') ?? '';
      asked.push(type);
      response.setHeader('content-type', 'text/xml');
      const schema = { [TOPIC.typeName]: TOPIC, [PRIVATE.typeName]: PRIVATE, 'Acme::Net::Odd': { typeName: 'x' } }[
        type
      ];
      const [status, code] = schema === undefined ? (ERRORS[type] ?? [500, 'InternalFailure']) : [200, ''];
      response.statusCode = status;
      response.end(
        schema === undefined
          ? `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>said so</Message></Error></ErrorResponse>`
          : `<DescribeTypeResponse><DescribeTypeResult><Schema>${escaped(JSON.stringify(schema))}</Schema></DescribeTypeResult></DescribeTypeResponse>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['AWS_ACCESS_KEY_ID'] = 'a';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'b';
});
afterAll(async () => {
  process.env = before;
  removeFolders();
  await new Promise((resolve) => server.close(resolve));
});

async function run(
  folder: string,
  step: (terminal: Terminal) => number | Promise<number>,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const code = await step({
    cwd: folder,
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => void (stdout += text),
    tell: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

const online = (folder: string, types?: readonly string[], more: Partial<BuildFlags> = {}): ReturnType<typeof run> =>
  run(folder, (terminal) =>
    gateBuildOnline({ out: 'schemas', format: 'pretty', ...(types && { types }), ...more }, terminal, () =>
      typesClient({ region: 'eu-west-1', maxAttempts: 1 }),
    ),
  );
const check = async (folder: string, resource: object): Promise<number> => {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(folder, 't.json'), JSON.stringify({ Resources: { A: resource } }));
  return (await run(folder, (terminal) => gateCheck(['t.json'], { schemas: 'schemas', format: 'json' }, terminal)))
    .code;
};

it('takes what AWS says of its types and of those of the account, and keeps it', async () => {
  const folder = folderOf({});
  const { code, stdout, stderr } = await online(folder, ['AWS::SNS::Topic', 'Acme::Net::Zone']);
  expect([code, stderr]).toStrictEqual([0, '']);
  expect(stdout).toContain('2 schemas in schemas, as AWS has the types now in eu-west-1.');
  const topic = (properties: object): Promise<number> =>
    check(folder, { Type: 'AWS::SNS::Topic', Properties: properties });
  const verdicts = async (): Promise<readonly number[]> => [
    await topic({ TopicName: 'orders' }),
    await topic({ TopicName: 'Orders' }),
    await topic({ TopicArn: 'x' }),
    await topic({ DisplayName: 'x' }),
    await check(folder, { Type: 'Acme::Net::Zone', Properties: { Size: 3 } }),
    await check(folder, { Type: 'Acme::Net::Zone', Properties: { Size: 4 } }),
  ];
  expect(await verdicts()).toStrictEqual([0, 1, 1, 1, 0, 1]);
  // What AWS gave is not taken from the catalogue again, which has fewer limits.
  await run(folder, (terminal) => gateBuild({ out: 'schemas', format: 'json' }, terminal));
  expect(await verdicts()).toStrictEqual([0, 1, 1, 1, 0, 1]);
  asked.length = 0;
  await online(folder);
  expect(asked).toStrictEqual(['AWS::SNS::Topic', 'Acme::Net::Zone']);
});

it.each([
  ['Acme::Net::Denied', 'AWS1002', 'cloudformation:DescribeType'],
  ['Acme::Net::Busy', 'AWS1002', 'wait a minute'],
  ['Acme::Net::Unknown', 'AWS1002', 'registered or activated'],
  ['Acme::Net::Broken', 'AWS1002', 'CFNRegistryException'],
  ['Acme::Net::Odd', 'cannot be taken over', 'overlay'],
  ['Acme', 'there is no resource type', 'Acme'],
])('%s: one message, and nothing is written', async (type, said, help) => {
  const folder = folderOf({});
  const { code, stdout, stderr } = await online(folder, ['AWS::SNS::Topic', type]);
  expect([code, stdout, existsSync(join(folder, 'schemas'))]).toStrictEqual([2, '', false]);
  expect(stderr.match(/^error/gm)).toHaveLength(1);
  expect(stderr).toContain(said);
  expect(stderr).toContain(help);
  // A snapshot that is there stays as it was.
  await online(folder, ['AWS::SNS::Topic']);
  const bytes = readFileSync(join(folder, 'schemas', 'snapshot.json'), 'utf8');
  await online(folder, ['AWS::SNS::Topic', type]);
  expect(readFileSync(join(folder, 'schemas', 'snapshot.json'), 'utf8')).toBe(bytes);
});

it('a Region is needed, and given with --online only', async () => {
  const folder = folderOf({});
  const { code, stderr } = await run(folder, (terminal) =>
    gateBuild({ out: 'schemas', format: 'json', types: ['AWS::SNS::Topic'], region: 'eu-west-1' }, terminal),
  );
  expect([code, stderr.includes('--online')]).toStrictEqual([2, true]);
});
