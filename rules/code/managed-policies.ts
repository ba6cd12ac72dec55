/**
 * What policies that AWS manages grant of S3, secrets, parameters and Lake Formation, as far as rules ask about it
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
 */
import type { Policy, Statement } from '../../iam/index.js';

const allow = (...patterns: readonly string[]): Statement => ({
  effect: 'Allow',
  action: { negated: false, patterns },
  resource: { negated: false, patterns: ['*'] },
  conditions: [],
});

const STATEMENTS: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow('*')],
  PowerUserAccess: [{ ...allow(), action: { negated: true, patterns: ['iam:*', 'organizations:*', 'account:*'] } }],
  AmazonS3FullAccess: [allow('s3:*', 's3-object-lambda:*')],
  AmazonS3ReadOnlyAccess: [
    allow('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'),
  ],
  AmazonSSMFullAccess: [allow('ssm:*')],
  AmazonSSMReadOnlyAccess: [allow('ssm:Describe*', 'ssm:Get*', 'ssm:List*')],
  SecretsManagerReadWrite: [allow('secretsmanager:*')],
  AWSLakeFormationDataAdmin: [
    allow('lakeformation:*'),
    { ...allow('lakeformation:PutDataLakeSettings'), effect: 'Deny' },
  ],
};

/** A policy that AWS manages. */
export interface ManagedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** @param arn - Of a managed policy. @returns `undefined` for one that is not known here. */
export function managedPolicy(arn: string): ManagedPolicy | undefined {
  const name = managedName(arn);
  if (name === undefined || !Object.hasOwn(STATEMENTS, name)) return undefined;
  return { name, policy: { version: '2012-10-17', statements: STATEMENTS[name]! } };
}

/** The name of a policy that AWS manages, without its path; `undefined` for other ARNs. */
export function managedName(arn: string): string | undefined {
  return /^arn:[^:]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}
