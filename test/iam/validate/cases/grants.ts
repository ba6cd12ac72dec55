/** Grants that are too broad, statements without effect, and service control policies. */
import { at, BUCKET, identity, OBJECTS, rcp, resource, scp, when, type Case } from './support.js';

const role = 'arn:aws:iam::111122223333:role/app';
const linked = 'arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';
const PASS = 'Who may pass any role to a service can have the service do what the role may, up to everything.';
const LINKED = 'A service-linked role lets its service act in the account; each should be created on purpose.';
const passing = { Action: 'iam:PassRole', Resource: role };
const creating = { Action: 'iam:CreateServiceLinkedRole', Resource: linked };
const others = { Action: undefined, NotAction: ['iam:CreateServiceLinkedRole', 's3:*'] };
const rest = { Action: undefined, NotAction: ['iam:PassRole', 's3:*'] };

export const GRANTS: readonly Case[] = [
  { code: 'PASS_ROLE_WITH_STAR_IN_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:PassRole', Resource: '*' }), path: at('Action'), good: identity(passing), why: PASS },
  { code: 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:Pass*', Resource: '*' }), path: at('Action'), good: identity(passing), why: PASS },
  { code: 'PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION', kind: 'identity', bad: identity({ ...others, Resource: 'arn:aws:iam::111122223333:role/*' }), path: at('NotAction'), good: identity(passing), besides: ['IAM4002', 'IAM4004'], why: PASS },
  { code: 'PASS_ROLE_WITH_NOT_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:PassRole', Resource: undefined, NotResource: role }), path: at('Action'), good: identity(passing), why: PASS },
  { code: 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:Pass*', Resource: undefined, NotResource: role }), path: at('Action'), good: identity(passing), why: PASS },
  { code: 'PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE', kind: 'identity', bad: identity({ ...others, Resource: undefined, NotResource: role }), path: at('NotAction'), good: identity(passing), besides: ['IAM4002', 'IAM4003', 'IAM4004'], why: PASS },
  { code: 'CREATE_SLR_WITH_STAR_IN_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:CreateServiceLinkedRole', Resource: '*' }), path: at('Action'), good: identity(creating), why: LINKED },
  { code: 'CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:CreateService*', Resource: '*' }), path: at('Action'), good: identity(creating), why: LINKED },
  { code: 'CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION', kind: 'identity', bad: identity({ ...rest, Resource: 'arn:aws:iam::111122223333:role/*' }), path: at('NotAction'), good: identity(creating), besides: ['IAM4002', 'IAM4004'], why: LINKED },
  { code: 'CREATE_SLR_WITH_NOT_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:CreateServiceLinkedRole', Resource: undefined, NotResource: linked }), path: at('Action'), good: identity(creating), why: LINKED },
  { code: 'CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE', kind: 'identity', bad: identity({ Action: 'iam:CreateService*', Resource: undefined, NotResource: linked }), path: at('Action'), good: identity(creating), why: LINKED },
  { code: 'CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE', kind: 'identity', bad: identity({ ...rest, Resource: undefined, NotResource: linked }), path: at('NotAction'), good: identity(creating), besides: ['IAM4002', 'IAM4004'], why: LINKED },
  { code: 'IAM4001', kind: 'identity', bad: identity({ Action: '*', Resource: '*' }), path: at(), good: identity({}), besides: ['CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE', 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE'], why: 'Whoever holds the credentials of the identity holds the account.' },
  { code: 'IAM4002', kind: 'identity', bad: identity({ Action: 'iam:PutRolePolicy', Resource: '*' }), path: at('Action'), good: identity({ Action: 'iam:PutRolePolicy', Resource: role }), why: 'From such an action everything else in the account can be had: a policy with all permissions, a key of an administrator, a role that trusts the caller.' },
  { code: 'IAM4003', kind: 'identity', bad: identity({ Action: 'iam:PassRole', Resource: '*', ...when('StringEquals', 'iam:PassedToService', 'lambda.amazonaws.com') }, { Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' }), path: at('Action'), good: identity({ ...passing, ...when('StringEquals', 'iam:PassedToService', 'lambda.amazonaws.com') }, { Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' }), why: 'A service that takes a role runs what the caller gives it, with everything that the role may do.' },
  { code: 'IAM4004', kind: 'identity', bad: identity({ Action: undefined, NotAction: ['iam:*', 's3:*', 'lambda:*', 'glue:*', 'ssm:*', 'ec2-instance-connect:*', 'cloudformation:*', 'codestar:*', 'codebuild:*', 'apprunner:*', 'bedrock-agentcore:*', 'ec2:*', 'ecs:*', 'sagemaker:*'], Resource: '*' }), path: at('NotAction'), good: identity({}), why: 'Services that AWS adds later are allowed from their first day.' },
  { code: 'IAM4012', kind: 'resource', bad: resource({ Principal: '*' }), path: at('Principal'), good: resource({ Principal: '*', ...when('StringEquals', 'aws:PrincipalOrgID', 'o-exampleorgid') }), why: 'Everybody on the internet can use the resource, unless a setting such as S3 Block Public Access stands in the way.' },
  { code: 'IAM4016', kind: 'resource', bad: resource({ Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/app' } }), path: at('NotPrincipal'), good: resource({ Effect: 'Deny', Principal: '*', ...when('ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/app') }), why: 'AWS denies principals with a permissions boundary whatever the list says, and a role needs its sessions in the list too.' },
  { code: 'IAM4005', kind: 'identity', bad: identity({ Action: 's3:ListAllMyBuckets', Resource: BUCKET }), path: at(), good: identity({ Action: 's3:ListAllMyBuckets', Resource: '*' }), why: 'The statement has no effect: a grant is missing, or a denial does not protect.' },
  { code: 'IAM4014', kind: 'identity', bad: identity({ Action: ['s3:GetObject', 's3:ListBucket'] }), path: at('Action', 1), good: identity({ Action: ['s3:GetObject', 's3:ListBucket'], Resource: [BUCKET, OBJECTS] }), why: 'The action is neither allowed nor denied by the statement.' },
  { code: 'IAM4006', kind: 'identity', bad: identity({}, { Effect: 'Deny', Action: 's3:Get*', Resource: '*' }), path: at(), good: identity({}, { Effect: 'Deny', Action: 's3:Put*', Resource: '*' }), why: 'A denial always wins, so the grant has no effect.' },
  { code: 'IAM4007', kind: 'identity', bad: identity({}, { Action: 's3:Get*' }), path: at(), good: identity({}, { Action: 's3:Put*' }), why: 'Who narrows one of the two later leaves the other open.' },
  { code: 'IAM4008', kind: 'scp', bad: scp({ Effect: 'Allow', Action: 's3:*' }), path: at(), good: scp({}), why: 'While `FullAWSAccess` is attached beside it the policy changes nothing; without it, one level that lacks the list blocks everything below.' },
  { code: 'IAM4009', kind: 'scp', bad: scp({ Action: '*' }), path: at(), good: scp({ Action: '*', ...when('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/rescue') }), why: 'Nobody in the accounts can do anything, not even repair what is broken. That can be meant, for accounts that are closed.' },
  { code: 'IAM4010', kind: 'scp', bad: scp({ Action: '*', ...when('StringNotEquals', 'aws:RequestedRegion', 'eu-central-1') }), path: at('Condition', 'StringNotEquals', 'aws:RequestedRegion'), good: scp({ Action: undefined, NotAction: ['iam:*', 'organizations:*', 'route53:*', 'cloudfront:*', 'support:*', 'sts:*'], ...when('StringNotEquals', 'aws:RequestedRegion', 'eu-central-1') }), why: 'Global services answer in `us-east-1`: nobody can manage roles, DNS or support cases.' },
  { code: 'IAM4011', kind: 'rcp', bad: rcp({ Action: ['s3:*', 'iam:*'] }), path: at('Action', 1), good: rcp({}), why: 'Resources of the service are not protected. AWS refuses to save the policy, unless it has added the service since.' },
  {
    code: 'IAM4015',
    kind: 'identity',
    bad: identity({ Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/\u2013*' }),
    path: [],
    good: identity({ Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/-*' }),
    why: 'IAM refuses the policy with a message that does not name the character.',
  },
  {
    code: 'IAM4090',
    kind: 'identity',
    bad: identity({ Action: Array.from({ length: 1_500 }, (_, index) => `s3:Get*${index}*`), Resource: '*' }),
    path: [],
    good: identity({}),
    besides: ['INVALID_ACTION', 'REDUNDANT_ACTION', 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA'],
    why: 'Other findings stand; only what is said twice may be missing.',
  },
];
