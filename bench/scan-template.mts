/** `stackade scan template` on a template of 500 resources with 200 policies, and the engine against reading alone. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanTemplate, supposedOf } from '../analyzers/policies/index.js';
import type { Report } from '../findings/index.js';
import { readTemplate } from '../template/index.js';
import type { Row } from './report.mjs';
import { fastest, run } from './processes.mjs';
import { ratio, sideBySide } from './timing.mjs';

const ROLES = 60;
const BUCKETS = 40;
const QUEUES = 40;
const TABLES = 280;

const document = (...statements: readonly string[]): string =>
  `{ Version: '2012-10-17', Statement: [${statements.join(', ')}] }`;

/** Each role has two policies, buckets and queues one each. */
function template(): string {
  const lines = ['Resources:'];
  const add = (id: string, type: string, properties: string): void => {
    lines.push(`  ${id}:`, `    Type: ${type}`, `    Properties: ${properties}`);
  };
  for (let each = 0; each < BUCKETS; each++) {
    add(`Bucket${each}`, 'AWS::S3::Bucket', `{ BucketName: !Sub 'b-${each}-\${AWS::AccountId}' }`);
    const everything = `[!GetAtt Bucket${each}.Arn, !Sub '\${Bucket${each}.Arn}/*']`;
    const tls = `{ Effect: Deny, Principal: '*', Action: 's3:*', Resource: ${everything}, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }`;
    const read = `{ Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '\${Bucket${each}.Arn}/*', Condition: { StringEquals: { 'aws:PrincipalOrgID': o-abcdefghij } } }`;
    const policy = `{ Bucket: !Ref Bucket${each}, PolicyDocument: ${document(tls, read)} }`;
    add(`BucketPolicy${each}`, 'AWS::S3::BucketPolicy', policy);
  }
  for (let each = 0; each < ROLES; each++) {
    const trust = `{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }`;
    const objects = `{ Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: !Sub '\${Bucket${each % BUCKETS}.Arn}/*' }`;
    const items = `{ Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: !GetAtt Table${each}.Arn }`;
    const own = `[{ PolicyName: own, PolicyDocument: ${document(objects, items)} }]`;
    add(`Role${each}`, 'AWS::IAM::Role', `{ AssumeRolePolicyDocument: ${document(trust)}, Policies: ${own} }`);
  }
  for (let each = 0; each < QUEUES; each++) {
    add(`Queue${each}`, 'AWS::SQS::Queue', '{ VisibilityTimeout: 60 }');
    const source = `{ ArnEquals: { 'aws:SourceArn': !Sub 'arn:aws:sns:eu-west-1:\${AWS::AccountId}:t-${each}' } }`;
    const send = `{ Effect: Allow, Principal: { Service: sns.amazonaws.com }, Action: 'sqs:SendMessage', Resource: !GetAtt Queue${each}.Arn, Condition: ${source} }`;
    add(
      `QueuePolicy${each}`,
      'AWS::SQS::QueuePolicy',
      `{ Queues: [!Ref Queue${each}], PolicyDocument: ${document(send)} }`,
    );
  }
  for (let each = 0; each < TABLES; each++) {
    const key =
      'AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }]';
    add(`Table${each}`, 'AWS::DynamoDB::Table', `{ BillingMode: PAY_PER_REQUEST, ${key} }`);
  }
  return `${lines.join('\n')}\n`;
}

export async function scanTemplates(work: string, command: string): Promise<Row[]> {
  const text = template();
  const { source } = readTemplate(text, 'policies.yaml');
  const { found, findings } = scanTemplate(source!, supposedOf(source!));
  const resources = found.supposed.resolution.model.resources.size;
  if (resources !== 500 || found.policies.length !== 200 || findings.length > 0) {
    throw new Error(`${resources} resources, ${found.policies.length} policies, ${findings.length} findings`);
  }
  const folder = join(work, 'scan-template');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'policies.yaml');
  writeFileSync(file, text);
  const words = [
    command,
    'scan',
    'template',
    file,
    '--access-not-granted',
    'iam:PassRole',
    's3:Delete*',
    '--format',
    'json',
  ];
  const output = join(folder, 'report.json');
  const whole = await fastest(5, () => run(process.execPath, words, output));
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  if (report.files[0]?.status !== 'PASS') throw new Error(`the command finds another thing: ${output}`);
  const [reading, scanning] = sideBySide(10, [
    () => readTemplate(text, 'policies.yaml'),
    () => {
      const again = readTemplate(text, 'policies.yaml').source!;
      return scanTemplate(again, supposedOf(again), { notGranted: ['iam:PassRole', 's3:Delete*'] });
    },
  ]);
  const size = `500 resources, 200 policies (${(text.length / 1e3).toFixed(0)} kB YAML)`;
  return [
    {
      what: '`scan template`, whole process',
      size,
      result: `**${whole.seconds.toFixed(2)} s**, ${whole.peakMegabytes?.toFixed(0) ?? '?'} MB`,
      goal: 'below 2 s',
    },
    { what: 'scan against reading alone, in one process', size, result: ratio(scanning!, reading!) },
  ];
}
