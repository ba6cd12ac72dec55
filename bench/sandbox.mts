/** The sandbox: its start, and signed requests that are verified and decided by every kind of policy. */
import { createHash, createHmac } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { readOrganization } from '../organization/index.js';
import { seedOrganization, startSandbox } from '../sandbox/index.js';
import type { Credentials, Sandbox } from '../sandbox/index.js';
import type { Row } from './report.mjs';

const TEXT = `version: 1
organization: { managementAccount: '111111111111', homeRegion: us-east-1 }
root:
  accounts: [{ id: '111111111111', name: management }]
  units:
    - name: Workloads
      units: [{ name: Production, accounts: [{ id: '222222222222', name: shop }] }]
`;
const REQUESTS = 3_000;
const AT_ONCE = 16;

type Call = (form: Readonly<Record<string, string>>, by: Credentials) => Promise<string>;

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Signs and sends forms to IAM and STS by hand: the SDK's own time is not what is measured. */
function caller(sandbox: Sandbox, agent: Agent): Call {
  const host = sandbox.url.slice('http://'.length);
  return (form, { accessKeyId, secretAccessKey, sessionToken }) => {
    const service = form['Version'] === '2011-06-15' ? 'sts' : 'iam';
    const body = new URLSearchParams(form).toString();
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      host,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(headers).sort();
    const scope = `${time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const lines = names.map((name) => `${name}:${headers[name]!}\n`).join('');
    const canonical = ['POST', '/', '', lines, names.join(';'), hash(body)].join('\n');
    const key = ['us-east-1', service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, time.slice(0, 8)));
    const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n')).toString('hex');
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return new Promise((resolve, reject) => {
      const sent = httpRequest(sandbox.url, { method: 'POST', headers, agent }, (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(text));
        });
      });
      sent.on('error', reject).end(body);
    });
  };
}

export async function sandboxes(): Promise<Row[]> {
  const { organization } = readOrganization(TEXT, 'org.yaml');
  if (organization === null) throw new Error('not read');
  const before = performance.now();
  const types = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'];
  const sandbox = await startSandbox({ organization: seedOrganization(organization, Date.now(), types) });
  const started = performance.now() - before;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    const data = sandbox.state.organization;
    const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*', Condition: { StringEquals: { 'aws:userid': 'x' } } };
    for (const target of [data.root.id, ...data.units.keys(), '222222222222']) {
      const content = JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
      const id = `p-${target.replaceAll('-', '')}`;
      data.policies.set(id, { id, name: id, type: types[0]!, description: '', content, awsManaged: false });
      data.attachments.get(target)!.push(id);
    }
    const call = caller(sandbox, agent);
    const iam = { Version: '2010-05-08' };
    const admin = sandbox.credentials('222222222222');
    const statement = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole' };
    await call(
      {
        ...iam,
        Action: 'CreateRole',
        RoleName: 'bench',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMFullAccess',
      },
      admin,
    );
    const PolicyArn = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess';
    await call({ ...iam, Action: 'AttachRolePolicy', RoleName: 'bench', PolicyArn }, admin);
    const answer = await call(
      {
        Version: '2011-06-15',
        Action: 'AssumeRole',
        RoleArn: 'arn:aws:iam::222222222222:role/bench',
        RoleSessionName: 'bench',
        'PolicyArns.member.1.arn': PolicyArn,
      },
      admin,
    );
    const part = (name: string): string => new RegExp(`<${name}>([^<]+)`).exec(answer)![1]!;
    const session = {
      accessKeyId: part('AccessKeyId'),
      secretAccessKey: part('SecretAccessKey'),
      sessionToken: part('SessionToken'),
    };
    const start = performance.now();
    let left = REQUESTS;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await call({ ...iam, Action: 'GetRole', RoleName: 'bench' }, session);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const took = performance.now() - start;
    return [
      {
        what: 'start a sandbox in a process that has loaded it',
        size: '2 accounts',
        result: `**${started.toFixed(0)} ms**`,
        goal: 'under 500 ms',
      },
      {
        what: 'signed requests of a session, verified and decided by SCPs of four levels, boundary and session policy; the client signs in the same process',
        size: `${REQUESTS} requests, ${AT_ONCE} at once`,
        result: `**${Math.round((REQUESTS / took) * 1000)} a second**`,
        goal: '500 a second',
      },
    ];
  } finally {
    agent.destroy();
    await sandbox.close();
  }
}
