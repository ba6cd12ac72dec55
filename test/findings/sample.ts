/** Reports that the tests of the reporters share. */
import {
  createFinding,
  createReport,
  lineCounter,
  type FileResult,
  type FindingInput,
  type Location,
  type NotEvaluated,
  type Report,
  type RuleInfo,
} from '../../findings/index.js';

export const STORAGE = `AWSTemplateFormatVersion: '2010-09-09'
Description: Storage for logs
Parameters:
  KmsKeyArn:
    Type: String
  Stage:
    Type: String
    Default: prod
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              SSEAlgorithm: AES256
  Images:
    Type: AWS::S3::Bucket
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: !Ref KmsKeyArn
      SqsManagedSseEnabled: false
`;

export const NETWORK = JSON.stringify({
  Resources: {
    Front: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/f/1',
        Port: 80,
        Protocol: 'HTTP',
      },
    },
  },
});

export const STORAGE_PATH = 'examples/bad/storage.yaml';
export const NETWORK_PATH = 'examples/bad/network.json';

export const SOURCES: ReadonlyMap<string, string> = new Map([
  [STORAGE_PATH, STORAGE],
  [NETWORK_PATH, NETWORK],
]);

/** The place of the `nth` time that `text` stands in a source. */
export function placeOf(file: string, text: string, pointer: string, nth = 1): Location {
  const source = SOURCES.get(file)!;
  let start = -1;
  for (let seen = 0; seen < nth; seen += 1) start = source.indexOf(text, start + 1);
  if (start < 0) throw new Error(`${text} is not in ${file}`);
  const counter = lineCounter(source);
  const from = counter.positionOf(start);
  const to = counter.positionOf(start + text.length);
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, pointer };
}

export const RULES: readonly RuleInfo[] = [
  {
    id: 's3-bucket-kms-encrypted',
    title: 'S3 bucket is encrypted with a customer managed key',
    description: 'Looks at the default encryption of every bucket.',
    risk: 'With keys that S3 owns nobody can withdraw access to the data by withdrawing the key, and no key policy guards who may read it.',
    remediation: {
      text: 'Name a KMS key in the default encryption of the bucket and turn the bucket key on.',
      cloudformation:
        'BucketEncryption:\n  ServerSideEncryptionConfiguration:\n    - ServerSideEncryptionByDefault:\n        SSEAlgorithm: aws:kms\n        KMSMasterKeyID: !GetAtt Key.Arn\n      BucketKeyEnabled: true\n',
    },
    severity: 'error',
    controls: ['ENC-S3-01'],
    docs: 'docs/rules/s3-bucket-kms-encrypted.md',
  },
  {
    id: 'sqs-queue-encrypted',
    title: 'SQS queue is encrypted',
    description: 'Looks at the key and the managed encryption of every queue.',
    risk: 'Messages rest in clear text.',
    remediation: { text: 'Set KmsMasterKeyId, or leave SqsManagedSseEnabled at true.' },
    severity: 'error',
    controls: ['ENC-SQS-01', 'ENC-SQS-02'],
    docs: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-encryption-at-rest.html',
  },
];

const BUCKET = {
  ruleId: 's3-bucket-kms-encrypted',
  controls: ['ENC-S3-01'],
  severity: 'error',
  title: 'S3 bucket is encrypted with a customer managed key',
  docs: 'docs/rules/s3-bucket-kms-encrypted.md',
} as const;

const INPUTS: readonly FindingInput[] = [
  {
    ...BUCKET,
    message: '`SSEAlgorithm` is `AES256`; `aws:kms` or `aws:kms:dsse` is asked for',
    help: 'Name a KMS key in the default encryption of the bucket and turn the bucket key on.',
    location: placeOf(
      STORAGE_PATH,
      'AES256',
      '/Resources/Logs/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm',
    ),
    resource: { logicalId: 'Logs', type: 'AWS::S3::Bucket' },
    labels: ['assumes-default:Stage'],
  },
  {
    ...BUCKET,
    message: 'bucket has no `BucketEncryption`',
    help: 'Name a KMS key in the default encryption of the bucket and turn the bucket key on.',
    location: placeOf(STORAGE_PATH, 'Images', '/Resources/Images'),
    resource: { logicalId: 'Images', type: 'AWS::S3::Bucket' },
  },
  {
    ruleId: 'OWN_LISTENER_RULE',
    severity: 'warning',
    title: 'OWN_LISTENER_RULE',
    message:
      'the listener takes HTTP without a redirect to HTTPS, so that what users type, passwords among it, can be read and changed on the way',
    location: placeOf(NETWORK_PATH, '"HTTP"', '/Resources/Front/Properties/Protocol'),
    resource: { logicalId: 'Front', type: 'AWS::ElasticLoadBalancingV2::Listener' },
  },
  {
    ruleId: 'W3010',
    severity: 'info',
    title: 'Template follows the resource schemas',
    message: 'template has no `AWSTemplateFormatVersion`',
    location: { file: NETWORK_PATH, line: 1, column: 1, endLine: 1, endColumn: 2, pointer: '' },
  },
];

const WAIVED: FindingInput = {
  ruleId: 'sqs-queue-encrypted',
  controls: ['ENC-SQS-01', 'ENC-SQS-02'],
  severity: 'error',
  title: 'SQS queue is encrypted',
  message: '`SqsManagedSseEnabled` is `false`',
  location: placeOf(STORAGE_PATH, 'false', '/Resources/Queue/Properties/SqsManagedSseEnabled'),
  resource: { logicalId: 'Queue', type: 'AWS::SQS::Queue' },
  waived: { reason: 'holds public prices only', owner: 'team-shop@example.com', expires: '2027-01-31' },
};

const NOT_EVALUATED: readonly NotEvaluated[] = [
  {
    path: STORAGE_PATH,
    ruleId: 'sqs-queue-key-alias',
    controls: ['KEY-SQS-01'],
    reason: '`KmsMasterKeyId` is a `Ref` to parameter `KmsKeyArn`, which has no value',
    parameters: ['KmsKeyArn'],
    location: placeOf(STORAGE_PATH, '!Ref KmsKeyArn', '/Resources/Queue/Properties/KmsMasterKeyId'),
  },
  {
    path: STORAGE_PATH,
    ruleId: 'sqs-queue-key-account',
    controls: [],
    reason: '`KmsMasterKeyId` hangs on parameters `KmsKeyArn` and `Stage`',
    parameters: ['KmsKeyArn', 'Stage'],
    location: placeOf(STORAGE_PATH, '!Ref KmsKeyArn', '/Resources/Queue/Properties/KmsMasterKeyId'),
  },
  {
    path: NETWORK_PATH,
    ruleId: 'schema-lint',
    controls: [],
    reason: 'the schema of `AWS::ElasticLoadBalancingV2::Listener` could not be loaded',
    parameters: [],
    location: null,
  },
];

const TOOL = { name: 'stackade', version: '0.1.0' };

const FILES: readonly FileResult[] = [
  {
    path: STORAGE_PATH,
    status: 'FAIL',
    rules: {
      's3-bucket-kms-encrypted': 'FAIL',
      'sqs-queue-encrypted': 'FAIL',
      'sqs-queue-key-alias': 'NOT_EVALUATED',
      'sqs-queue-key-account': 'NOT_EVALUATED',
      'sns-topic-encrypted': 'SKIP',
    },
  },
  {
    path: NETWORK_PATH,
    status: 'FAIL',
    rules: {
      OWN_LISTENER_RULE: 'FAIL',
      'listener-port-open': 'PASS',
      'schema-lint': 'NOT_EVALUATED',
      'sns-topic-encrypted': 'SKIP',
    },
  },
];

/** One report for every state that a reporter must be able to print. */
export const REPORTS: Readonly<Record<string, Report>> = {
  full: createReport({
    tool: TOOL,
    files: FILES,
    findings: [...INPUTS, WAIVED].map(createFinding),
    notEvaluated: NOT_EVALUATED,
  }),
  waived: createReport({
    tool: TOOL,
    files: [{ path: STORAGE_PATH, status: 'FAIL', rules: { 'sqs-queue-encrypted': 'FAIL' } }],
    findings: [createFinding(WAIVED)],
    notEvaluated: [],
  }),
  'not-evaluated': createReport({
    tool: TOOL,
    files: [{ path: STORAGE_PATH, status: 'NOT_EVALUATED', rules: { 'sqs-queue-key-alias': 'NOT_EVALUATED' } }],
    findings: [],
    notEvaluated: NOT_EVALUATED.slice(0, 1),
  }),
  clean: createReport({
    tool: TOOL,
    files: [
      { path: 'a.yaml', status: 'PASS', rules: { 'sqs-queue-encrypted': 'PASS', 'sns-topic-encrypted': 'SKIP' } },
      { path: 'b.yaml', status: 'SKIP', rules: { 'sqs-queue-encrypted': 'SKIP', 'sns-topic-encrypted': 'SKIP' } },
    ],
    findings: [],
    notEvaluated: [],
  }),
  nothing: createReport({ tool: TOOL, files: [], findings: [], notEvaluated: [] }),
};
