/** Records like those of a trail of some accounts: roles with many sessions that call the same things over and over. */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';

const ACCOUNTS = ['111122223333', '444455556666', '777788889999', '222233334444'];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const CALLS: readonly (readonly [source: string, name: string, parameters: (index: number) => Json])[] = [
  [
    'ec2',
    'DescribeInstances',
    (i) => ({ instancesSet: { items: [{ instanceId: `i-${hex(i, 17)}` }] }, filterSet: {} }),
  ],
  ['s3', 'GetBucketAcl', (i) => ({ bucketName: `bucket-${i % 50}`, Host: 's3.eu-central-1.amazonaws.com', acl: '' })],
  ['s3', 'PutObject', (i) => ({ bucketName: `bucket-${i % 50}`, key: `path/${i}/file.bin`, Host: 'bucket' })],
  [
    'sts',
    'AssumeRole',
    (i) => ({ roleArn: `arn:aws:iam::${ACCOUNTS[i % 4]!}:role/role-${i % 20}`, roleSessionName: `session-${i % 300}` }),
  ],
  ['kms', 'Decrypt', (i) => ({ encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::bucket-${i % 50}` } })],
  ['dynamodb', 'DescribeTable', (i) => ({ tableName: `table-${i % 30}` })],
  ['logs', 'CreateLogStream', (i) => ({ logGroupName: `/aws/lambda/f-${i % 40}`, logStreamName: hex(i, 32) })],
  [
    'lambda',
    'UpdateFunctionConfiguration20150331v2',
    (i) => ({ functionName: `f-${i % 40}`, role: `arn:aws:iam::111122223333:role/lambda-${i % 5}` }),
  ],
  ['iam', 'GetRole', (i) => ({ roleName: `role-${i % 20}` })],
  ['cloudtrail', 'DescribeTrails', () => ({ trailNameList: [], includeShadowTrails: false })],
  ['sqs', 'ListQueues', () => null],
  ['cloudformation', 'DescribeStacks', (i) => ({ stackName: `stack-${i % 60}` })],
];

/** Digits that look like chance and are not. */
function hex(index: number, length: number): string {
  return createHash('md5').update(String(index)).digest('hex').slice(0, length);
}

/** How many calls a session makes. */
const CALLS_OF_SESSION = 50;
/** Hexadecimal digits of chance, of which ids take pieces: to compute each anew would take longer than the rest. */
const NOISE = randomBytes(2 ** 16).toString('hex');
const noise = (index: number, length: number): string => {
  const at = Math.imul(index + 1, 2654435761) >>> 1;
  const start = at % (NOISE.length - length);
  return NOISE.slice(start, start + length);
};

/** The text of one record. */
export function trailRecord(index: number): string {
  const [service, eventName, parameters] = CALLS[(index * 7) % CALLS.length]!;
  const number = Math.floor(index / CALLS_OF_SESSION);
  const account = ACCOUNTS[number % ACCOUNTS.length]!;
  const role = `role-${number % 20}`;
  const name = `session-${number}`;
  const id = `AROA${hex(number % 20, 17).toUpperCase()}`;
  const issuer = { type: 'Role', principalId: id, arn: `arn:aws:iam::${account}:role/${role}`, accountId: account };
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${id}:${name}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
      accountId: account,
      accessKeyId: `ASIA${noise(number, 16).toUpperCase()}`,
      sessionContext: {
        sessionIssuer: { ...issuer, userName: role },
        attributes: { creationDate: '2026-11-20T08:00:00Z', mfaAuthenticated: 'false' },
        ...(number % 2 === 0 ? { sourceIdentity: name } : {}),
      },
    },
    eventTime: new Date(1_795_200_000_000 + index * 50).toISOString().replace(/\.\d+Z/, 'Z'),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: index % 9 === 0 ? 'us-east-1' : 'eu-central-1',
    sourceIPAddress: `203.0.113.${number % 250}`,
    userAgent: 'Boto3/1.34.11 md/Botocore#1.34.11 ua/2.0 os/linux#5.10.220 md/arch#x86_64 lang/python#3.11.9',
    requestParameters: parameters(index),
    responseElements: null,
    requestID: `${noise(index, 8)}-${noise(index + 3, 4)}-4${noise(index + 5, 3)}-8333-${noise(index + 7, 12)}`,
    eventID: `${noise(index, 8)}-1111-4${noise(index + 9, 3)}-9${noise(index + 11, 3)}-${String(index).padStart(12, '0')}`,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${service}.eu-central-1.amazonaws.com`,
    },
  });
}

/**
 * Writes one file with one list of records, record by record.
 *
 * @returns Its bytes before compression.
 */
export async function writeTrail(path: string, from: number, count: number): Promise<number> {
  const gzip = createGzip({ level: 1 });
  const file = createWriteStream(path);
  gzip.pipe(file);
  let bytes = 0;
  let open = '{"Records":[';
  for (let index = 0; index < count; index++) {
    open += `${index === 0 ? '' : ','}${trailRecord(from + index)}`;
    if (open.length < 2 ** 18) continue;
    bytes += open.length;
    await written(gzip, open);
    open = '';
  }
  bytes += open.length + 2;
  gzip.end(`${open}]}`);
  await finished(file);
  return bytes;
}

async function written(gzip: Gzip, text: string): Promise<void> {
  if (!gzip.write(text)) await once(gzip, 'drain');
}
