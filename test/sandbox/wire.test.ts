/** The sandbox over the wire: signatures, faults, pages, by the AWS SDK. */
import { request as httpRequest } from 'node:http';
import {
  CreatePolicyCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
  paginateListPolicies,
} from '@aws-sdk/client-organizations';
import { organizationsClient, readSnapshot } from '../../organization/index.js';
import { startSandbox } from '../../sandbox/index.js';
import { element } from '../../sandbox/protocols/xml.js';
import type { Credentials, Sandbox } from '../../sandbox/index.js';
import { verifySignature } from '../../sandbox/sigv4.js';
import { seeded } from './organization.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

let sandbox: Sandbox;
const clients: { destroy(): void }[] = [];
let clock = 0;

beforeEach(async () => {
  clock = 0;
  sandbox = await startSandbox({ organization: seeded(), now: () => Date.now() + clock });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await sandbox.close();
});

function client(credentials: Credentials = sandbox.credentials('111111111111'), maxAttempts = 1): OrganizationsClient {
  const made = new OrganizationsClient({ endpoint: sandbox.url, region: 'us-east-1', credentials, maxAttempts });
  clients.push(made);
  return made;
}

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no error',
    (error: unknown) => (error as Error).name,
  );

it('answers the SDK', async () => {
  const { Organization } = await client().send(new DescribeOrganizationCommand({}));
  expect(Organization).toMatchObject({ Id: 'o-exampleorgid', MasterAccountId: '111111111111' });
  const { Accounts } = await client().send(new ListAccountsCommand({}));
  expect(Accounts?.[0]?.JoinedTimestamp).toStrictEqual(new Date('2026-11-21T10:00:00Z'));
});

it('gives errors that the SDK knows, with their members', async () => {
  const create = new CreatePolicyCommand({ Name: 'x', Description: '', Content: '{', Type: 'SERVICE_CONTROL_POLICY' });
  await expect(client().send(create)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  const twice = new ListAccountsCommand({ MaxResults: 21 });
  await expect(client().send(twice)).rejects.toMatchObject({
    name: 'InvalidInputException',
    Reason: 'MAX_VALUE_EXCEEDED',
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
  });
});

it('is paged through by the SDK', async () => {
  const by = client();
  for (let index = 0; index < 41; index += 1) {
    const Content = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}';
    await by.send(
      new CreatePolicyCommand({ Name: `p${index}`, Description: '', Content, Type: 'SERVICE_CONTROL_POLICY' }),
    );
  }
  let count = 0;
  for await (const page of paginateListPolicies({ client: by }, { Filter: 'SERVICE_CONTROL_POLICY' })) {
    count += page.Policies?.length ?? 0;
  }
  expect(count).toBe(42);
});

describe('signatures', () => {
  it('with a wrong secret, an unknown key or a made-up token are refused', async () => {
    const good = sandbox.credentials('111111111111');
    const call = new DescribeOrganizationCommand({});
    expect(await nameOf(client(good).send(call))).toBe('no error');
    const wrong = client({ ...good, secretAccessKey: `${good.secretAccessKey}x` });
    expect(await nameOf(wrong.send(call))).toBe('InvalidSignatureException');
    const unknown = client({ ...good, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' });
    expect(await nameOf(unknown.send(call))).toBe('UnrecognizedClientException');
    const token = client({ ...good, sessionToken: 'made-up' });
    expect(await nameOf(token.send(call))).toBe('UnrecognizedClientException');
  });

  it('of another time are refused, until the client has set its clock', async () => {
    clock = 16 * 60 * 1000;
    const call = new DescribeOrganizationCommand({});
    await expect(client().send(call)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature expired: /) as string,
    });
    clock = -16 * 60 * 1000;
    await expect(client().send(call)).rejects.toMatchObject({
      message: expect.stringMatching(/^Signature not yet current: /) as string,
    });
  });

  it('are missing from a plain request, which is refused', async () => {
    const status = await new Promise((resolve, reject) => {
      httpRequest(sandbox.url, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end('{}');
    });
    expect(status).toBe(400);
  });

  // The example of the test suite that AWS publishes for the algorithm: "get-vanilla-query-order-key-case".
  const signed = {
    method: 'GET',
    target: '/?Param2=value2&Param1=value1',
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    },
    body: Buffer.from(''),
  };
  const secret = { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const now = Date.UTC(2015, 7, 30, 12, 36);
  const verify = (change: Partial<typeof signed>, at = now): unknown =>
    verifySignature({ ...signed, ...change }, (id) => (id === 'AKIDEXAMPLE' ? secret : undefined), at);

  it('of the published example are right', () => {
    expect(verify({})).toMatchObject({ accessKeyId: 'AKIDEXAMPLE', region: 'us-east-1', service: 'service' });
    expect(verify({ target: '/?Param1=value1&Param2=value2' })).toBeDefined();
  });

  it.each<readonly [what: string, change: Partial<typeof signed>, message: RegExp]>([
    [
      'claimed hash of the body',
      { headers: { ...signed.headers, ...{ 'x-amz-content-sha256': 'x' } } },
      /x-amz-content-sha256 header does not match/,
    ],
    ['body', { body: Buffer.from('x') }, /does not match the signature/],
    ['method', { method: 'POST' }, /does not match the signature/],
    ['path', { target: '/x?Param2=value2&Param1=value1' }, /does not match the signature/],
    ['query', { target: '/?Param2=value2&Param1=value3' }, /does not match the signature/],
    ['host', { headers: { ...signed.headers, host: 'example.com' } }, /does not match the signature/],
    [
      'list of signed headers',
      { headers: { ...signed.headers, authorization: signed.headers.authorization.replace('host;', '') } },
      /'host' must be a 'SignedHeader'/,
    ],
    [
      'date of the scope',
      { headers: { ...signed.headers, authorization: signed.headers.authorization.replace('/20150830', '/20150831') } },
      /Date in Credential scope/,
    ],
    [
      'algorithm',
      { headers: { ...signed.headers, authorization: signed.headers.authorization.replace('HMAC-SHA256', 'NONE') } },
      /Unsupported AWS 'algorithm'/,
    ],
    [
      'signature',
      {
        headers: {
          ...signed.headers,
          authorization: signed.headers.authorization.replace('Signature=b9', 'Signature='),
        },
      },
      /does not match the signature/,
    ],
  ])('with another %s are refused', (_, change, message) => {
    expect(() => verify(change)).toThrow(message);
  });

  it('are refused more than fifteen minutes away', () => {
    expect(() => verify({}, now + 15 * 60 * 1000 + 1)).toThrow(/Signature expired/);
    expect(() => verify({}, now - 15 * 60 * 1000 - 1)).toThrow(/not yet current/);
    expect(verify({}, now + 15 * 60 * 1000)).toBeDefined();
  });
});

describe('faults', () => {
  const call = new DescribeOrganizationCommand({});

  it('hit the request that is meant', async () => {
    sandbox.faults.add({ operation: 'DescribeOrganization', nth: 2, kind: 'throttle' });
    const results: string[] = [];
    for (let index = 0; index < 3; index += 1) results.push(await nameOf(client().send(call)));
    expect(results).toStrictEqual(['no error', 'TooManyRequestsException', 'no error']);
  });

  it('fail, close the connection, or lose the answer', async () => {
    sandbox.faults.add({ kind: 'fail' });
    expect(await nameOf(client().send(call))).toBe('ServiceException');
    sandbox.faults.clear();
    sandbox.faults.add({ kind: 'drop' });
    expect(await nameOf(client().send(call))).not.toBe('no error');
    sandbox.faults.clear();
    sandbox.faults.add({ operation: 'CreatePolicy', kind: 'lose' });
    const create = new CreatePolicyCommand({
      Name: 'x',
      Description: '',
      Content: '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}',
      Type: 'SERVICE_CONTROL_POLICY',
    });
    expect(await nameOf(client().send(create))).not.toBe('no error');
    expect([...sandbox.state.organization.policies.values()].some(({ name }) => name === 'x')).toBe(true);
  });

  it('are retried by the SDK', async () => {
    sandbox.faults.add({ kind: 'throttle' });
    expect(await nameOf(client(undefined, 2).send(call))).toBe('no error');
  });
});

it('takes no more calls than AWS when asked to', async () => {
  const slow = await startSandbox({ organization: seeded(), throttle: true, now: () => Date.now() });
  try {
    const by = new OrganizationsClient({
      endpoint: slow.url,
      region: 'us-east-1',
      credentials: slow.credentials('111111111111'),
      maxAttempts: 1,
    });
    clients.push(by);
    const names = await Promise.all(Array.from({ length: 30 }, () => nameOf(by.send(new ListAccountsCommand({})))));
    expect(names).toContain('TooManyRequestsException');
    expect(names).toContain('no error');
  } finally {
    await slow.close();
  }
});

it('writes XML that can be read, whatever characters a message repeats', () => {
  expect(element('Message', 'a\u0001<\u001b[31m&\n\uffff')).toBe(
    '<Message>a\ufffd&lt;\ufffd[31m&amp;&#10;\ufffd</Message>',
  );
});

it('refuses a port that is taken', async () => {
  await expect(startSandbox({ organization: seeded(), port: sandbox.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

it('is read by the client of this package', async () => {
  const reader = await organizationsClient({ endpoint: sandbox.url, credentials: sandbox.credentials('111111111111') });
  clients.push({
    destroy: () => {
      reader.close();
    },
  });
  const snapshot = await readSnapshot(reader);
  expect(snapshot).toMatchObject({
    organization: { id: 'o-exampleorgid', managementAccountId: '111111111111' },
    root: { id: 'r-ab12', enabledPolicyTypes: ['SERVICE_CONTROL_POLICY'] },
    units: { length: 4 },
    accounts: { length: 5 },
    delegatedAdministrators: { 'guardduty.amazonaws.com': ['222222222222'] },
  });
  expect(snapshot.attachments).toHaveLength(10);
});
