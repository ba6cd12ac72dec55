/**
 * Shapes of policies that AWS documents, mostly in the examples of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_examples.html) and of the services' guides: nothing is
 * found in them but what is listed beside them.
 */
import type { PolicyKind } from '../../../iam/index.js';
import { validatePolicy } from '../../../iam/validate/index.js';
import type { Value } from '../../../template/index.js';

type Statement = Readonly<Record<string, Value>>;
type Example = readonly [title: string, kind: PolicyKind, statements: readonly Statement[], found?: readonly string[]];

const A = '111122223333';
const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket';

const EXAMPLES: readonly Example[] = [
  [
    'Lambda: calls of one function only',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 'cloudformation:DescribeType'],
        Resource: '*',
        Condition: { ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:eu-central-1:${A}:function:orders` } },
      },
    ],
  ],
  [
    'IAM: dates',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: `${bucket}/*`,
        Condition: {
          DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' },
        },
      },
    ],
  ],
  [
    'IAM: home folders with variables',
    'identity',
    [
      { Effect: 'Allow', Action: ['s3:ListAllMyBuckets', 's3:GetBucketLocation'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucket,
        Condition: { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:username}/*'] } },
      },
      {
        Effect: 'Allow',
        Action: 's3:*',
        Resource: [`${bucket}/home/\${aws:username}`, `${bucket}/home/\${aws:username}/*`],
      },
    ],
  ],
  [
    'IAM: full access limited to own Regions',
    'identity',
    [
      {
        Effect: 'Deny',
        NotAction: ['cloudfront:*', 'iam:*', 'organizations:*', 'route53:*', 'support:*'],
        Resource: '*',
        Condition: {
          StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'] },
        },
      },
    ],
  ],
  [
    'IAM: source addresses',
    'identity',
    [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      },
    ],
  ],
  [
    'IAM: EC2 instances by tag',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['ec2:StartInstances', 'ec2:StopInstances'],
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringEquals: { 'aws:ResourceTag/Owner': '${aws:username}' } },
      },
      { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
    ],
  ],
  [
    'IAM: tags of a secret',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:ResourceTag/access-project': '${aws:PrincipalTag/access-project}',
            'aws:ResourceTag/access-team': '${aws:PrincipalTag/access-team}',
          },
        },
      },
    ],
  ],
  [
    'IAM: tags in requests',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: 'ec2:CreateTags',
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: {
          StringEquals: { 'aws:RequestTag/environment': ['preprod', 'production'] },
          'ForAllValues:StringEquals': { 'aws:TagKeys': 'environment' },
        },
      },
    ],
  ],
  [
    'IAM: pass one role',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['iam:GetRole', 'iam:PassRole'],
        Resource: `arn:aws:iam::${A}:role/EC2-roles-for-XYZ-*`,
      },
    ],
  ],
  [
    'IAM: pass roles to one service',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'cloudwatch.amazonaws.com' } },
      },
    ],
  ],
  [
    'IAM: assume a role',
    'identity',
    [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${A}:role/Test*` }],
  ],
  [
    'IAM: read-only access',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['iam:GenerateCredentialReport', 'iam:Get*', 'iam:List*', 'iam:SimulateCustomPolicy'],
        Resource: '*',
      },
    ],
  ],
  [
    'IAM: simulator',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: [
          'iam:GetContextKeysForCustomPolicy',
          'iam:GetContextKeysForPrincipalPolicy',
          'iam:SimulateCustomPolicy',
          'iam:SimulatePrincipalPolicy',
        ],
        Resource: '*',
      },
    ],
  ],
  [
    'IAM: own keys, with MFA',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:ListAccessKeys'],
        Resource: 'arn:aws:iam::*:user/${aws:username}',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      },
      {
        Effect: 'Deny',
        NotAction: ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'iam:ListMFADevices', 'sts:GetSessionToken'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
  ],
  [
    'IAM: boundary for delegation',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: ['iam:AttachUserPolicy', 'iam:CreateUser', 'iam:PutUserPolicy'],
        Resource: '*',
        Condition: { StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${A}:policy/XCompanyBoundaries` } },
      },
    ],
  ],
  [
    'IAM: boundary',
    'boundary',
    [
      { Effect: 'Allow', Action: ['s3:*', 'cloudwatch:*', 'ec2:*'], Resource: '*' },
      { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
    ],
  ],
  [
    'IAM: service-linked role of one service',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: 'arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*',
        Condition: { StringLike: { 'iam:AWSServiceName': 'autoscaling.amazonaws.com' } },
      },
    ],
  ],
  [
    'DynamoDB: leading keys',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: [
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
        ],
        Resource: `arn:aws:dynamodb:us-west-2:${A}:table/GameScores`,
        Condition: {
          'ForAllValues:StringEquals': {
            'dynamodb:LeadingKeys': ['${www.amazon.com:user_id}'],
            'dynamodb:Attributes': ['UserId', 'TopScore'],
          },
          StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
    ],
  ],
  [
    'Lambda: logs of a function',
    'identity',
    [
      { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: `arn:aws:logs:us-east-1:${A}:*` },
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [`arn:aws:logs:us-east-1:${A}:log-group:/aws/lambda/my-function:*`],
      },
    ],
  ],
  [
    'Lambda: basic execution',
    'identity',
    [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }],
  ],
  [
    'EventBridge: put events',
    'identity',
    [
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: `arn:aws:events:us-east-1:${A}:event-bus/default`,
        Condition: { 'ForAllValues:StringEquals': { 'events:source': 'com.example' } },
      },
    ],
  ],
  [
    'EKS: pod identity',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    ],
  ],
  [
    'ECS: tasks, with the confused deputy in mind',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-west-2:${A}:*` },
          StringEquals: { 'aws:SourceAccount': A },
        },
      },
    ],
  ],
  [
    'IAM: external id',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': '12345' } },
      },
    ],
  ],
  [
    'IAM: session tags',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${A}:user/test-session-tags` },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringLike: { 'aws:RequestTag/Project': '*', 'aws:RequestTag/CostCenter': '*' },
          StringEquals: { 'aws:RequestTag/Department': ['Engineering', 'Marketing'] },
          'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['Project', 'Department'] },
        },
      },
    ],
    ['EQUIVALENT_TO_NULL_FALSE', 'EQUIVALENT_TO_NULL_FALSE'],
  ],
  [
    'IAM: SAML',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${A}:saml-provider/ExampleOrgSSOProvider` },
        Action: 'sts:AssumeRoleWithSAML',
        Condition: {
          StringEquals: { 'saml:edupersonorgdn': 'ExampleOrg', 'saml:aud': 'https://signin.aws.amazon.com/saml' },
        },
      },
    ],
  ],
  [
    'Cognito: identity pool',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:12345678-ffff-ffff-ffff-123456' },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
        },
      },
    ],
  ],
  [
    'IAM Roles Anywhere',
    'trust',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'rolesanywhere.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:rolesanywhere:us-east-1:${A}:trust-anchor/abc` } },
      },
    ],
  ],
  [
    'S3: public website',
    'resource',
    [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucket}/*` }],
    ['IAM4012'],
  ],
  [
    'S3: CloudFront origin access control',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: `${bucket}/*`,
        Condition: { StringEquals: { 'AWS:SourceArn': `arn:aws:cloudfront::${A}:distribution/EDFDVBD6EXAMPLE` } },
      },
    ],
  ],
  [
    'S3: TLS and encryption',
    'resource',
    [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: `${bucket}/*`,
        Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucket, `${bucket}/*`],
        Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
      },
    ],
  ],
  [
    'S3: VPC endpoint',
    'resource',
    [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucket, `${bucket}/*`],
        Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } },
      },
    ],
  ],
  [
    'S3: organization',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: `${bucket}/*`,
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-xxxxxxxxxxx'] } },
      },
    ],
  ],
  [
    'S3: organization paths',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `${bucket}/*`,
        Condition: {
          'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'] },
        },
      },
    ],
  ],
  [
    'S3: access points',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: '*',
        Resource: [bucket, `${bucket}/*`],
        Condition: { StringEquals: { 's3:DataAccessPointAccount': A } },
      },
    ],
  ],
  [
    'S3: server access logs',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: ['s3:PutObject'],
        Resource: `${bucket}/logs*`,
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::amzn-s3-demo-source-bucket' },
          StringEquals: { 'aws:SourceAccount': A },
        },
      },
    ],
  ],
  [
    'S3: load balancer logs',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `${bucket}/prefix/AWSLogs/${A}/*`,
        Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:elasticloadbalancing:us-east-1:${A}:loadbalancer/*` } },
      },
    ],
  ],
  [
    'S3: inventory',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: [`${bucket}/*`],
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::amzn-s3-demo-source-bucket' },
          StringEquals: { 'aws:SourceAccount': A, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      },
    ],
  ],
  [
    'SQS: from SNS',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:us-east-2:${A}:MyQueue`,
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:us-east-2:${A}:MyTopic` } },
      },
    ],
  ],
  [
    'SQS: from S3',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['SQS:SendMessage'],
        Resource: `arn:aws:sqs:us-east-2:${A}:queue`,
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:amzn-s3-demo-bucket' },
          StringEquals: { 'aws:SourceAccount': A },
        },
      },
    ],
  ],
  [
    'SNS: alarms',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'SNS:Publish',
        Resource: `arn:aws:sns:us-east-2:${A}:MyTopic`,
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:us-east-2:${A}:alarm:*` },
          StringEquals: { 'aws:SourceAccount': A },
        },
      },
    ],
  ],
  [
    'KMS: log groups',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 'logs.us-east-1.amazonaws.com' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        Resource: '*',
        Condition: {
          ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-east-1:${A}:log-group:name` },
        },
      },
    ],
  ],
  [
    'KMS: whole account',
    'resource',
    [
      {
        Sid: 'Enable IAM policies',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  ],
  [
    'Lambda: permission of a function',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: `arn:aws:lambda:us-east-2:${A}:function:my-function`,
        Condition: { StringEquals: { 'AWS:SourceAccount': A }, ArnLike: { 'AWS:SourceArn': bucket } },
      },
    ],
  ],
  [
    'Lambda: function URL',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 'lambda:InvokeFunctionUrl',
        Resource: `arn:aws:lambda:us-east-1:${A}:function:my-function`,
        Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      },
    ],
  ],
  [
    'Secrets Manager: one role',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${A}:role/EC2RoleToAccessSecrets` },
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
      },
    ],
  ],
  [
    'ECR: pull',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      },
    ],
  ],
  [
    'EFS: enforce TLS',
    'resource',
    [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        Resource: `arn:aws:elasticfilesystem:us-west-2:${A}:file-system/fs-12345678`,
        Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
      },
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: '*',
        Resource: `arn:aws:elasticfilesystem:us-west-2:${A}:file-system/fs-12345678`,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
    ['IAM4012'],
  ],
  [
    'API Gateway: source addresses',
    'resource',
    [
      { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'execute-api:Invoke',
        Resource: 'execute-api:/*',
        Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } },
      },
    ],
    ['IAM4012'],
  ],
  [
    'VPC endpoint: organization',
    'vpce',
    [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-xxxxxxxxxxx', 'aws:ResourceOrgID': 'o-xxxxxxxxxxx' } },
      },
    ],
  ],
  ['SCP: full access', 'scp', [{ Effect: 'Allow', Action: '*', Resource: '*' }]],
  [
    'SCP: leave the organization',
    'scp',
    [{ Effect: 'Deny', Action: ['organizations:LeaveOrganization'], Resource: '*' }],
  ],
  [
    'SCP: root user',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:root'] } },
      },
    ],
    ['STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS'],
  ],
  [
    'SCP: instance types',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: 'ec2:RunInstances',
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringNotEquals: { 'ec2:InstanceType': 't2.micro' } },
      },
    ],
  ],
  [
    'SCP: MFA for stopping',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: ['ec2:StopInstances', 'ec2:TerminateInstances'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': false } },
      },
    ],
  ],
  [
    'SCP: required tags',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: ['secretsmanager:CreateSecret', 'ec2:RunInstances'],
        Resource: ['arn:aws:secretsmanager:*:*:secret:*', 'arn:aws:ec2:*:*:instance/*', 'arn:aws:ec2:*:*:volume/*'],
        Condition: { Null: { 'aws:RequestTag/Project': 'true' } },
      },
    ],
  ],
  [
    'SCP: protect a role',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: [
          'iam:AttachRolePolicy',
          'iam:DeleteRole',
          'iam:DeleteRolePolicy',
          'iam:DetachRolePolicy',
          'iam:PutRolePolicy',
          'iam:UpdateAssumeRolePolicy',
          'iam:UpdateRole',
        ],
        Resource: ['arn:aws:iam::*:role/name-of-role-to-deny'],
        Condition: { StringNotLike: { 'aws:PrincipalARN': 'arn:aws:iam::*:role/name-of-admin-role-to-allow' } },
      },
    ],
    ['STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS'],
  ],
  [
    'SCP: IMDSv2',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: 'ec2:RunInstances',
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } },
      },
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: { NumericLessThan: { 'ec2:RoleDelivery': '2.0' } } },
    ],
  ],
  [
    'SCP: data perimeter',
    'scp',
    [
      {
        Effect: 'Deny',
        Action: ['s3:*', 'sqs:*'],
        Resource: '*',
        Condition: { StringNotEqualsIfExists: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
      },
    ],
  ],
  [
    'RCP: TLS',
    'rcp',
    [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*', 'sts:*'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } },
      },
    ],
  ],
  [
    'RCP: OIDC claims',
    'rcp',
    [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Resource: '*',
        Condition: {
          StringNotLikeIfExists: { 'token.actions.githubusercontent.com:sub': 'repo:my-org/*' },
          Null: { 'token.actions.githubusercontent.com:aud': 'false' },
        },
      },
    ],
  ],
];

const CASES = EXAMPLES.map(([title, kind, statements, found = []]) => ({ title, kind, statements, found }));

it.each(CASES)('$title', ({ kind, statements, found }) => {
  const findings = validatePolicy({ Version: '2012-10-17', Statement: statements }, kind);
  const told = findings.map(({ code, path, message }) => `${code} ${path.join('/')}: ${message}`);
  expect(told.map((each) => each.slice(0, each.indexOf(' ')))).toStrictEqual(found);
});
