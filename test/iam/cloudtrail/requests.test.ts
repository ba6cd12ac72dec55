/** From CloudTrail records to requests: actions, resources, callers, condition keys, and what a record cannot tell. */
import fc from 'fast-check';
import { requestsOfRecord } from '../../../iam/cloudtrail/index.js';
import type { TrailRequest } from '../../../iam/cloudtrail/index.js';
import type { Value } from '../../../template/index.js';
import { record, ROLE_SESSION, USER } from './records.js';
import type { Loose } from './records.js';

function read(value: Loose): readonly TrailRequest[] {
  const reading = requestsOfRecord(value);
  if (reading.kind !== 'requests') throw new Error(`${reading.kind}: ${reading.reason}`);
  return reading.requests;
}

/** `action resource`, with ` ~` when the record does not name the whole resource. */
function decisions(value: Loose): string[] {
  return read(value).map(
    ({ request, uncertain }) => `${request.action} ${request.resource}${uncertain.length > 0 ? ' ~' : ''}`,
  );
}

const S3 = 's3.amazonaws.com';
const ROLE = 'arn:aws:iam::111122223333:role/service/Runner';

describe('action and resource', () => {
  it.each<[string, string, Value, string[], Loose?]>([
    [S3, 'GetObject', { bucketName: 'b', key: 'a/b c' }, ['s3:GetObject arn:aws:s3:::b/a/b c']],
    [S3, 'HeadObject', { bucketName: 'b', key: 'k' }, ['s3:GetObject arn:aws:s3:::b/k']],
    [S3, 'ListObjectsV2', { bucketName: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
    [S3, 'ListBuckets', null, ['s3:ListAllMyBuckets *']],
    [S3, 'PutBucketEncryption', { bucketName: 'b' }, ['s3:PutEncryptionConfiguration arn:aws:s3:::b']],
    [S3, 'DeletePublicAccessBlock', { bucketName: 'b' }, ['s3:PutBucketPublicAccessBlock arn:aws:s3:::b']],
    [
      S3,
      'CopyObject',
      { bucketName: 'to', key: 'k', 'x-amz-copy-source': '/from/a%20b?versionId=1' },
      ['s3:PutObject arn:aws:s3:::to/k', 's3:GetObject arn:aws:s3:::from/a b'],
    ],
    [
      S3,
      'DeleteObjects',
      { bucketName: 'b', delete: { object: [{ key: 'x' }, { key: 'y' }] } },
      ['s3:DeleteObject arn:aws:s3:::b/x', 's3:DeleteObject arn:aws:s3:::b/y'],
    ],
    [S3, 'PutObject', { bucketName: 'b' }, ['s3:PutObject arn:aws:s3:::b/* ~']],
    [S3, 'GetObject', { bucketName: 'b', key: 'k' }, ['s3:GetObject arn:aws-cn:s3:::b/k'], { awsRegion: 'cn-north-1' }],
    [
      'lambda.amazonaws.com',
      'CreateFunction20150331',
      { functionName: 'f', role: ROLE },
      ['lambda:CreateFunction arn:aws:lambda:eu-central-1:111122223333:function:f', `iam:PassRole ${ROLE}`],
    ],
    [
      'lambda.amazonaws.com',
      'Invoke',
      { functionName: 'arn:aws:lambda:eu-central-1:444455556666:function:g' },
      ['lambda:InvokeFunction arn:aws:lambda:eu-central-1:444455556666:function:g'],
    ],
    [
      'ec2.amazonaws.com',
      'StopInstances',
      { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
      [
        'ec2:StopInstances arn:aws:ec2:eu-central-1:111122223333:instance/i-1',
        'ec2:StopInstances arn:aws:ec2:eu-central-1:111122223333:instance/i-2',
      ],
    ],
    [
      'kms.amazonaws.com',
      'Decrypt',
      { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
      ['kms:Decrypt arn:aws:kms:eu-central-1:444455556666:key/1'],
      {
        resources: [
          { ARN: 'arn:aws:kms:eu-central-1:444455556666:key/1', accountId: '444455556666', type: 'AWS::KMS::Key' },
        ],
      },
    ],
    ['monitoring.amazonaws.com', 'ListMetrics', {}, ['cloudwatch:ListMetrics * ~']],
    ['tagging.amazonaws.com', 'GetResources', {}, ['tag:GetResources *']],
    ['iam.amazonaws.com', 'GetRole', { roleName: 'R' }, ['iam:GetRole arn:aws:iam::111122223333:role/R ~']],
    [
      'sqs.amazonaws.com',
      'CreateQueue',
      { queueName: 'q' },
      ['sqs:CreateQueue arn:aws:sqs:eu-central-1:111122223333:q'],
    ],
    [
      'sts.amazonaws.com',
      'AssumeRole',
      { roleArn: ROLE, roleSessionName: 's', sourceIdentity: 'alice', tags: [{ key: 'tenant', value: 'a' }] },
      [`sts:AssumeRole ${ROLE}`, `sts:TagSession ${ROLE}`, `sts:SetSourceIdentity ${ROLE}`],
    ],
  ])('%s %s %#', (source, name, parameters, expected, over = {}) => {
    expect(decisions(record(source, name, parameters, over))).toStrictEqual(expected);
  });

  it('takes the owner of a resource from the record or from the ARN', () => {
    const owned = { resources: [{ ARN: 'arn:aws:s3:::b', accountId: '444455556666', type: 'AWS::S3::Bucket' }] };
    const [request] = read(record(S3, 'GetObject', { bucketName: 'b', key: 'k' }, owned));
    expect(request!.request.resourceAccount).toBe('444455556666');
    expect(request!.request.context['aws:ResourceAccount']).toBe('444455556666');
    const [other] = read(record(S3, 'GetObject', { bucketName: 'b', key: 'k' }));
    expect(other!.request).not.toHaveProperty('resourceAccount');
    expect(other!.unknownKeys).toContain('aws:ResourceAccount');
  });
});

describe('the caller', () => {
  it('of a role session is the session, and aws:PrincipalArn the role with its path', () => {
    const [{ request, unknownKeys }] = read(record(S3, 'ListBuckets', null)) as [TrailRequest];
    expect(request.principal).toBe('arn:aws:sts::111122223333:assumed-role/Deploy/alice');
    expect(request.sessionIssuer).toBe('arn:aws:iam::111122223333:role/team/Deploy');
    expect(request.context).toMatchObject({
      'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/team/Deploy',
      'aws:PrincipalAccount': '111122223333',
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalIsAWSService': 'false',
      'aws:userid': 'AROAEXAMPLEEXAMPLE01:alice',
      'aws:TokenIssueTime': '2026-11-20T08:00:00Z',
      'aws:MultiFactorAuthPresent': 'false',
      'aws:SourceIdentity': 'alice',
      'aws:ViaAWSService': 'false',
    });
    expect(request.absent).toEqual(
      expect.arrayContaining(['aws:username', 'aws:PrincipalServiceName', 'aws:CalledVia']),
    );
    expect(unknownKeys).toEqual(
      expect.arrayContaining([
        'aws:PrincipalTag/*',
        'aws:PrincipalOrgID',
        'aws:PrincipalOrgPaths',
        'aws:ResourceTag/*',
      ]),
    );
  });

  it('with long-term keys has no keys of a session', () => {
    const [{ request }] = read(record(S3, 'ListBuckets', null, { userIdentity: USER })) as [TrailRequest];
    expect(request.principal).toBe('arn:aws:iam::111122223333:user/people/bob');
    expect(request.context['aws:username']).toBe('bob');
    expect(request.absent).toEqual(
      expect.arrayContaining(['aws:TokenIssueTime', 'aws:MultiFactorAuthPresent', 'aws:SourceIdentity']),
    );
  });

  it('behind a service leaves open whether the call was forwarded', () => {
    const userIdentity = { ...ROLE_SESSION, invokedBy: 'cloudformation.amazonaws.com' };
    const sourceIPAddress = 'cloudformation.amazonaws.com';
    const [{ request, unknownKeys }] = read(record(S3, 'ListBuckets', null, { userIdentity, sourceIPAddress })) as [
      TrailRequest,
    ];
    expect(unknownKeys).toEqual(
      expect.arrayContaining(['aws:ViaAWSService', 'aws:CalledVia', 'aws:SourceIp', 'aws:SourceVpce']),
    );
    expect(request.context).not.toHaveProperty('aws:ViaAWSService');
  });

  it('that is a service has its name', () => {
    const userIdentity = {
      type: 'AWSService',
      invokedBy: 'logs.amazonaws.com',
      inScopeOf: { sourceArn: 'arn:aws:logs:eu-central-1:111122223333:*', sourceAccount: '111122223333' },
    };
    const [{ request }] = read(record(S3, 'PutObject', { bucketName: 'b', key: 'k' }, { userIdentity })) as [
      TrailRequest,
    ];
    expect(request.principal).toStrictEqual({ service: 'logs.amazonaws.com' });
    expect(request.context).toMatchObject({
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'logs.amazonaws.com',
      'aws:SourceAccount': '111122223333',
    });
  });

  it('of AssumeRoleWithWebIdentity is known to its provider', () => {
    const userIdentity = {
      type: 'WebIdentityUser',
      identityProvider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
    };
    const [{ request }] = read(
      record(
        'sts.amazonaws.com',
        'AssumeRoleWithWebIdentity',
        { roleArn: ROLE, roleSessionName: 'x' },
        { userIdentity },
      ),
    ) as [TrailRequest];
    expect(request).toMatchObject({ action: 'sts:AssumeRoleWithWebIdentity', resource: ROLE });
    expect(request.principal).toStrictEqual({ federated: userIdentity.identityProvider });
  });

  it('from another account without ARN makes the record incomplete', () => {
    const userIdentity = { type: 'AWSAccount', principalId: 'AROAOTHER:x', accountId: '444455556666' };
    expect(requestsOfRecord(record(S3, 'ListObjects', { bucketName: 'b' }, { userIdentity }))).toStrictEqual({
      kind: 'incomplete',
      eventId: '00000000-0000-4000-8000-000000000001',
      reason: 'the caller is known only as `AROAOTHER:x` of account 444455556666',
    });
  });
});

describe('the network', () => {
  it('through a VPC endpoint has no aws:SourceIp', () => {
    const over = { vpcEndpointId: 'vpce-1', vpcEndpointAccountId: '111122223333', sourceIPAddress: '10.0.0.5' };
    const [{ request, unknownKeys }] = read(record(S3, 'ListBuckets', null, over)) as [TrailRequest];
    expect(request.context).toMatchObject({
      'aws:SourceVpce': 'vpce-1',
      'aws:VpceAccount': '111122223333',
      'aws:VpcSourceIp': '10.0.0.5',
    });
    expect(request.absent).toContain('aws:SourceIp');
    expect(unknownKeys).toContain('aws:SourceVpc');
  });

  it('on the public path has no key of an endpoint', () => {
    const [{ request }] = read(record(S3, 'ListBuckets', null)) as [TrailRequest];
    expect(request.context['aws:SourceIp']).toBe('203.0.113.9');
    expect(request.absent).toEqual(expect.arrayContaining(['aws:SourceVpce', 'aws:SourceVpc']));
  });
});

describe('tags of the request', () => {
  it.each<[string, string, Value, Record<string, string>]>([
    ['sqs.amazonaws.com', 'CreateQueue', { queueName: 'q', tags: { team: 'a' } }, { team: 'a' }],
    ['iam.amazonaws.com', 'TagRole', { roleName: 'R', tags: [{ key: 'team', value: 'a' }] }, { team: 'a' }],
    [
      'ec2.amazonaws.com',
      'CreateVolume',
      { tagSpecificationSet: { items: [{ resourceType: 'volume', tags: [{ key: 'team', value: 'a' }] }] } },
      { team: 'a' },
    ],
    ['ec2.amazonaws.com', 'CreateTags', { tagSet: { items: [{ key: 'team', value: 'a' }] } }, { team: 'a' }],
    ['kms.amazonaws.com', 'TagResource', { keyId: 'k', tags: [{ tagKey: 'team', tagValue: 'a' }] }, { team: 'a' }],
    ['iam.amazonaws.com', 'UntagRole', { roleName: 'R', tagKeys: ['team'] }, { team: '' }],
  ])('%s %s', (source, name, parameters, tags) => {
    const [{ request }] = read(record(source, name, parameters)) as [TrailRequest];
    expect(request.context['aws:TagKeys']).toStrictEqual(Object.keys(tags));
    for (const [key, value] of Object.entries(tags)) expect(request.context[`aws:RequestTag/${key}`]).toBe(value);
  });

  it('are absent when the parameters have none, and unknown without parameters', () => {
    const [none] = read(record('sqs.amazonaws.com', 'CreateQueue', { queueName: 'q' }));
    expect(none!.request.absent).toEqual(expect.arrayContaining(['aws:RequestTag/*', 'aws:TagKeys']));
    const [cut] = read(record('sqs.amazonaws.com', 'CreateQueue', null));
    expect(cut!.unknownKeys).toEqual(expect.arrayContaining(['aws:RequestTag/*', 'aws:TagKeys']));
  });
});

describe('what CloudTrail Lake notes', () => {
  it('takes the place of what a record cannot tell', () => {
    const eventContext = {
      requestContext: { 'aws:PrincipalOrgID': 'o-example0000', 'aws:PrincipalOrgPaths': ['o-example0000/r-ab12/'] },
      tagContext: { principalTags: { tenant: 'a' }, resourceTags: [{ arn: 'arn:aws:s3:::b', tags: { owner: 'x' } }] },
    };
    const [{ request, unknownKeys }] = read(record(S3, 'ListBuckets', null, { eventContext })) as [TrailRequest];
    expect(request.context).toMatchObject({
      'aws:PrincipalOrgID': 'o-example0000',
      'aws:PrincipalOrgPaths': ['o-example0000/r-ab12/'],
      'aws:PrincipalTag/tenant': 'a',
      'aws:ResourceTag/owner': 'x',
    });
    expect(unknownKeys).not.toContain('aws:PrincipalOrgID');
  });
});

describe('what came of the call', () => {
  const outcome = (errorCode?: string, errorMessage?: string): unknown => {
    const reading = requestsOfRecord(
      record(S3, 'ListBuckets', null, {
        ...(errorCode === undefined ? {} : { errorCode }),
        ...(errorMessage === undefined ? {} : { errorMessage }),
      }),
    );
    return reading.kind === 'requests' ? reading.outcome : undefined;
  };

  it('tells which layer denied', () => {
    const who = 'User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:ListAllMyBuckets';
    expect(outcome()).toStrictEqual({ kind: 'succeeded' });
    expect(outcome('NoSuchBucket')).toStrictEqual({ kind: 'failed', errorCode: 'NoSuchBucket' });
    expect(outcome('Client.UnauthorizedOperation')).toStrictEqual({
      kind: 'denied',
      errorCode: 'Client.UnauthorizedOperation',
    });
    expect(
      outcome('AccessDenied', `${who} because no permissions boundary allows the s3:ListAllMyBuckets action`),
    ).toStrictEqual({ kind: 'denied', errorCode: 'AccessDenied', layer: 'boundary', explicit: false });
    const policyArn = 'arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-1';
    expect(
      outcome('AccessDenied', `${who} with an explicit deny in a service control policy: ${policyArn}`),
    ).toStrictEqual({ kind: 'denied', errorCode: 'AccessDenied', layer: 'scp', explicit: true, policyArn });
  });
});

describe('records without a decision', () => {
  it.each<[Loose, string]>([
    [record('signin.amazonaws.com', 'ConsoleLogin', null), 'noDecision'],
    [record('kms.amazonaws.com', 'RotateKey', null, { eventType: 'AwsServiceEvent' }), 'noDecision'],
    [record('s3.amazonaws.com', 'NoSuchCallEver', null), 'incomplete'],
    [record('s3.amazonaws.com', 'ListBuckets', null, { eventVersion: '2.0' }), 'incomplete'],
    [record('s3.amazonaws.com', 'ListBuckets', null, { userIdentity: { type: 'Unknown' } }), 'incomplete'],
    [{}, 'incomplete'],
  ])('%#', (value, kind) => {
    expect(requestsOfRecord(value).kind).toBe(kind);
  });

  it('never throws, whatever a record holds', () => {
    const odd = fc.jsonValue() as fc.Arbitrary<Value>;
    fc.assert(
      fc.property(
        odd,
        odd,
        fc.constantFrom('GetObject', 'RunInstances', 'AssumeRole'),
        (parameters, identity, name) => {
          const source = name === 'GetObject' ? S3 : name === 'AssumeRole' ? 'sts.amazonaws.com' : 'ec2.amazonaws.com';
          requestsOfRecord(record(source, name, parameters, { userIdentity: identity, eventContext: parameters }));
          requestsOfRecord(record(source, name, parameters, { resources: parameters, tlsDetails: identity }));
        },
      ),
      { numRuns: 500 },
    );
  });
});
