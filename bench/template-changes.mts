/** `stackade diff` of a template of 500 resources with 200 policies, of which some change, or none. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastest, run } from './processes.mjs';
import type { Row } from './report.mjs';

const EACH = 100;
/** Every fifth role may write, every tenth bucket is read by another account. */
const [WRITES, SHARED] = [5, 10];

const statement = (parts: object): object => ({ Effect: 'Allow', ...parts });
const document = (...statements: readonly object[]): object => ({ Version: '2012-10-17', Statement: statements });
const TLS = { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

function template(isChanged: boolean): string {
  const resources: Record<string, object> = {};
  const trust = statement({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  for (let index = 0; index < EACH; index++) {
    const add = (name: string, type: string, properties: object): void => {
      resources[`${name}${index}`] = { Type: type, Properties: properties };
    };
    const objects = { 'Fn::Sub': `\${Bucket${index}.Arn}/*` };
    const reads = [
      'dynamodb:GetItem',
      'dynamodb:Query',
      ...(isChanged && index % WRITES === 0 ? ['dynamodb:PutItem'] : []),
    ];
    const logs = 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/app/';
    add('Table', 'AWS::DynamoDB::Table', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    add('Role', 'AWS::IAM::Role', { AssumeRolePolicyDocument: document(trust) });
    add('Policy', 'AWS::IAM::Policy', {
      PolicyName: `p${index}`,
      Roles: [{ Ref: `Role${index}` }],
      PolicyDocument: document(
        statement({ Action: reads, Resource: { 'Fn::GetAtt': [`Table${index}`, 'Arn'] } }),
        statement({
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::Sub': `${logs}${index}:*` },
        }),
        { ...TLS, Resource: '*' },
      ),
    });
    add('Bucket', 'AWS::S3::Bucket', {});
    const share = statement({ Principal: { AWS: '111122223333' }, Action: 's3:GetObject', Resource: objects });
    add('BucketPolicy', 'AWS::S3::BucketPolicy', {
      Bucket: { Ref: `Bucket${index}` },
      PolicyDocument: document(
        { ...TLS, Principal: '*', Resource: objects },
        ...(isChanged && index % SHARED === 0 ? [share] : []),
      ),
    });
  }
  return JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: resources }, null, 1);
}

export async function templateChanges(work: string, command: string): Promise<Row[]> {
  const folder = join(work, 'changes');
  mkdirSync(folder, { recursive: true });
  const [older, newer, output] = ['old.json', 'new.json', 'diff.json'].map((name) => join(folder, name));
  writeFileSync(older!, template(false));
  writeFileSync(newer!, template(true));
  const measure = async (right: string, exitCode: number): Promise<string> => {
    const words = [command, 'diff', older!, right, '--format', 'json'];
    const taken = await fastest(3, () => run(process.execPath, words, output!));
    if (taken.exitCode !== exitCode) throw new Error(`exit code ${taken.exitCode}: ${readFileSync(output!, 'utf8')}`);
    return `**${taken.seconds.toFixed(2)} s**, ${taken.peakMegabytes?.toFixed(0) ?? '?'} MB`;
  };
  const size = `${5 * EACH} resources, ${2 * EACH} policies`;
  const goal = 'below 2 s';
  return [
    { what: '`diff`, whole process', size: `${size}, 30 of which change`, result: await measure(newer!, 1), goal },
    { what: '`diff`, whole process', size: `${size}, nothing changes`, result: await measure(older!, 0), goal },
  ];
}
