/**
 * Policies that AWS manages, as far as the sandbox has them
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html, read 2026-11-21).
 */
import type { ManagedPolicy } from './data.js';

type Statements = readonly Readonly<Record<string, unknown>>[];

const DOCUMENTS: Readonly<Record<string, Statements>> = {
  AdministratorAccess: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  AWSDenyAll: [{ Sid: 'DenyAll', Effect: 'Deny', Action: ['*'], Resource: '*' }],
  IAMFullAccess: [
    {
      Effect: 'Allow',
      Action: [
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ],
      Resource: '*',
    },
  ],
  IAMReadOnlyAccess: [
    {
      Effect: 'Allow',
      Action: [
        'iam:GenerateCredentialReport',
        'iam:GenerateServiceLastAccessedDetails',
        'iam:Get*',
        'iam:List*',
        'iam:SimulateCustomPolicy',
        'iam:SimulatePrincipalPolicy',
      ],
      Resource: '*',
    },
  ],
  AmazonS3FullAccess: [{ Effect: 'Allow', Action: ['s3:*', 's3-object-lambda:*'], Resource: '*' }],
  AmazonS3ReadOnlyAccess: [
    {
      Effect: 'Allow',
      Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
      Resource: '*',
    },
  ],
  AWSOrganizationsReadOnlyAccess: [
    { Effect: 'Allow', Action: ['organizations:Describe*', 'organizations:List*'], Resource: '*' },
  ],
};

const START = 'arn:aws:iam::aws:policy/';

/** By ARN. */
export const AWS_MANAGED: ReadonlyMap<string, ManagedPolicy> = new Map(
  Object.entries(DOCUMENTS).map(([name, Statement], index) => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement });
    const at = Date.UTC(2015, 1, 6, 18, 39, 46);
    const policy: ManagedPolicy = {
      name,
      path: '/',
      id: `ANPAAWSMANAGED${String(index).padStart(7, '0')}`,
      arn: START + name,
      description: null,
      createdAt: at,
      updatedAt: at,
      tags: new Map(),
      versions: new Map([['v1', { text, createdAt: at }]]),
      defaultVersion: 'v1',
      lastVersion: 1,
    };
    return [policy.arn, policy];
  }),
);

export const isAwsManaged = (arn: string): boolean => arn.startsWith(START);
