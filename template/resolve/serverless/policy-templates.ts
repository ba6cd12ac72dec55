/**
 * Policy templates of AWS SAM: the statements that a name such as `S3ReadPolicy` stands for.
 *
 * Data of "AWS SAM policy templates" in the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html,
 * read 2026-11-21). A template is a list of statements; a statement is its actions, its resources and, for two templates,
 * a condition. Actions of one service are written `service:One Two`. In resources `$` stands for
 * `arn:${AWS::Partition}:` and `@` for `${AWS::Region}:${AWS::AccountId}:`.
 */
import type { Path, Value } from '../../values.js';
import { isVariableName, subParts } from '../intrinsics.js';
import type { Located, Origins } from '../origins.js';

type Statement = readonly [actions: string, resources: string, condition?: readonly [key: string, value: string]];

const TABLE = '$dynamodb:@table/${TableName}';
const TABLE_AND_INDEXES = `${TABLE} ${TABLE}/index/*`;
const CLUSTER = '$elasticmapreduce:@cluster/${ClusterId}';
const COLLECTION = '$rekognition:@collection/${CollectionId}';
const BUCKET = '$s3:::${BucketName}';
const IDENTITY = '$ses:@identity/${IdentityName}';
const STATE_MACHINE = '$states:@stateMachine:${StateMachineName}';
const KEY = '$kms:@key/${KeyId}';
const FIREHOSE = '$firehose:@deliverystream/${DeliveryStreamName}';
const STREAM = '$kinesis:@stream/${StreamName}';
const QUEUE = '$sqs:@${QueueName}';
const REPOSITORY = '$codecommit:@${RepositoryName}';

const SSM_READ = (parameter: string): readonly Statement[] => [
  ['ssm:DescribeParameters', '*'],
  ['ssm:GetParameters GetParameter GetParametersByPath', `$ssm:@parameter${parameter}`],
];

const TEMPLATES: Readonly<Record<string, readonly Statement[]>> = {
  AMIDescribePolicy: [['ec2:DescribeImages', '*']],
  AWSSecretsManagerGetSecretValuePolicy: [['secretsmanager:GetSecretValue', '${SecretArn}']],
  AWSSecretsManagerRotationPolicy: [
    [
      'secretsmanager:DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage',
      '$secretsmanager:@secret:*',
      ['secretsmanager:resource/AllowRotationLambdaArn', '$lambda:@function:${FunctionName}'],
    ],
    ['secretsmanager:GetRandomPassword', '*'],
  ],
  AcmGetCertificatePolicy: [['acm:GetCertificate', '${CertificateArn}']],
  AthenaQueryPolicy: [
    [
      'athena:ListWorkGroups GetExecutionEngine GetExecutionEngines GetNamespace GetCatalogs GetNamespaces GetTables GetTable',
      '*',
    ],
    [
      'athena:StartQueryExecution GetQueryResults DeleteNamedQuery GetNamedQuery ListQueryExecutions StopQueryExecution ' +
        'GetQueryResultsStream ListNamedQueries CreateNamedQuery GetQueryExecution BatchGetNamedQuery ' +
        'BatchGetQueryExecution GetWorkGroup',
      '$athena:@workgroup/${WorkGroupName}',
    ],
  ],
  CloudFormationDescribeStacksPolicy: [['cloudformation:DescribeStacks', '$cloudformation:@stack/*']],
  CloudWatchDashboardPolicy: [['cloudwatch:GetDashboard ListDashboards PutDashboard ListMetrics', '*']],
  CloudWatchDescribeAlarmHistoryPolicy: [['cloudwatch:DescribeAlarmHistory', '*']],
  CloudWatchPutMetricPolicy: [['cloudwatch:PutMetricData', '*']],
  CodeCommitCrudPolicy: [
    [
      'codecommit:GitPull GitPush CreateBranch DeleteBranch GetBranch ListBranches MergeBranchesByFastForward ' +
        'MergeBranchesBySquash MergeBranchesByThreeWay UpdateDefaultBranch BatchDescribeMergeConflicts ' +
        'CreateUnreferencedMergeCommit DescribeMergeConflicts GetMergeCommit GetMergeOptions BatchGetPullRequests ' +
        'CreatePullRequest DescribePullRequestEvents GetCommentsForPullRequest GetCommitsFromMergeBase ' +
        'GetMergeConflicts GetPullRequest ListPullRequests MergePullRequestByFastForward MergePullRequestBySquash ' +
        'MergePullRequestByThreeWay PostCommentForPullRequest UpdatePullRequestDescription UpdatePullRequestStatus ' +
        'UpdatePullRequestTitle DeleteFile GetBlob GetFile GetFolder PutFile DeleteCommentContent GetComment ' +
        'GetCommentsForComparedCommit PostCommentForComparedCommit PostCommentReply UpdateComment BatchGetCommits ' +
        'CreateCommit GetCommit GetCommitHistory GetDifferences GetObjectIdentifier GetReferences GetTree ' +
        'GetRepository UpdateRepositoryDescription ListTagsForResource TagResource UntagResource ' +
        'GetRepositoryTriggers PutRepositoryTriggers TestRepositoryTriggers GetBranch GetCommit UploadArchive ' +
        'GetUploadArchiveStatus CancelUploadArchive',
      REPOSITORY,
    ],
  ],
  CodeCommitReadPolicy: [
    [
      'codecommit:GitPull GetBranch ListBranches BatchDescribeMergeConflicts DescribeMergeConflicts GetMergeCommit ' +
        'GetMergeOptions BatchGetPullRequests DescribePullRequestEvents GetCommentsForPullRequest ' +
        'GetCommitsFromMergeBase GetMergeConflicts GetPullRequest ListPullRequests GetBlob GetFile GetFolder ' +
        'GetComment GetCommentsForComparedCommit BatchGetCommits GetCommit GetCommitHistory GetDifferences ' +
        'GetObjectIdentifier GetReferences GetTree GetRepository ListTagsForResource GetRepositoryTriggers ' +
        'TestRepositoryTriggers GetBranch GetCommit GetUploadArchiveStatus',
      REPOSITORY,
    ],
  ],
  CodePipelineLambdaExecutionPolicy: [['codepipeline:PutJobSuccessResult PutJobFailureResult', '*']],
  CodePipelineReadOnlyPolicy: [['codepipeline:ListPipelineExecutions', '$codepipeline:@${PipelineName}']],
  ComprehendBasicAccessPolicy: [
    [
      'comprehend:BatchDetectKeyPhrases DetectDominantLanguage DetectEntities BatchDetectEntities DetectKeyPhrases ' +
        'DetectSentiment BatchDetectDominantLanguage BatchDetectSentiment',
      '*',
    ],
  ],
  CostExplorerReadOnlyPolicy: [
    [
      'ce:GetCostAndUsage GetDimensionValues GetReservationCoverage GetReservationPurchaseRecommendation ' +
        'GetReservationUtilization GetTags',
      '*',
    ],
  ],
  DynamoDBBackupFullAccessPolicy: [
    ['dynamodb:CreateBackup DescribeContinuousBackups', TABLE],
    ['dynamodb:DeleteBackup DescribeBackup ListBackups', `${TABLE}/backup/*`],
  ],
  DynamoDBCrudPolicy: [
    [
      'dynamodb:GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable ' +
        'ConditionCheckItem',
      TABLE_AND_INDEXES,
    ],
  ],
  DynamoDBReadPolicy: [['dynamodb:GetItem Scan Query BatchGetItem DescribeTable', TABLE_AND_INDEXES]],
  DynamoDBReconfigurePolicy: [['dynamodb:UpdateTable', TABLE]],
  DynamoDBRestoreFromBackupPolicy: [
    ['dynamodb:RestoreTableFromBackup', `${TABLE}/backup/*`],
    ['dynamodb:PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem', TABLE],
  ],
  DynamoDBStreamReadPolicy: [
    ['dynamodb:DescribeStream GetRecords GetShardIterator', `${TABLE}/stream/\${StreamName}`],
    ['dynamodb:ListStreams', `${TABLE}/stream/*`],
  ],
  DynamoDBWritePolicy: [['dynamodb:PutItem UpdateItem BatchWriteItem', TABLE_AND_INDEXES]],
  EC2CopyImagePolicy: [['ec2:CopyImage', '$ec2:@image/${ImageId}']],
  EC2DescribePolicy: [['ec2:DescribeRegions DescribeInstances', '*']],
  EFSWriteAccessPolicy: [
    [
      'elasticfilesystem:ClientMount ClientWrite',
      '$elasticfilesystem:@file-system/${FileSystem}',
      ['elasticfilesystem:AccessPointArn', '$elasticfilesystem:@access-point/${AccessPoint}'],
    ],
  ],
  EKSDescribePolicy: [['eks:DescribeCluster ListClusters', '*']],
  EcsRunTaskPolicy: [['ecs:RunTask', '$ecs:@task-definition/${TaskDefinition}']],
  ElasticMapReduceAddJobFlowStepsPolicy: [['elasticmapreduce:AddJobFlowSteps', CLUSTER]],
  ElasticMapReduceCancelStepsPolicy: [['elasticmapreduce:CancelSteps', CLUSTER]],
  ElasticMapReduceModifyInstanceFleetPolicy: [['elasticmapreduce:ModifyInstanceFleet ListInstanceFleets', CLUSTER]],
  ElasticMapReduceModifyInstanceGroupsPolicy: [['elasticmapreduce:ModifyInstanceGroups ListInstanceGroups', CLUSTER]],
  ElasticMapReduceSetTerminationProtectionPolicy: [['elasticmapreduce:SetTerminationProtection', CLUSTER]],
  ElasticMapReduceTerminateJobFlowsPolicy: [['elasticmapreduce:TerminateJobFlows', CLUSTER]],
  ElasticsearchHttpPostPolicy: [['es:ESHttpPost ESHttpPut', '$es:@domain/${DomainName}/*']],
  EventBridgePutEventsPolicy: [['events:PutEvents', '$events:@event-bus/${EventBusName}']],
  FilterLogEventsPolicy: [['logs:FilterLogEvents', '$logs:@log-group:${LogGroupName}:log-stream:*']],
  FirehoseCrudPolicy: [
    [
      'firehose:CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream PutRecord PutRecordBatch ' +
        'UpdateDestination',
      FIREHOSE,
    ],
  ],
  FirehoseWritePolicy: [['firehose:PutRecord PutRecordBatch', FIREHOSE]],
  KMSDecryptPolicy: [['kms:Decrypt', KEY]],
  KMSEncryptPolicy: [['kms:Encrypt', KEY]],
  KMSEncryptPolicy_v2: [
    [
      'kms:Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair ' +
        'GenerateDataKeyPairWithoutPlaintext',
      KEY,
    ],
  ],
  KinesisCrudPolicy: [
    [
      'kinesis:AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream ' +
        'DescribeStreamSummary GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream MergeShards PutRecord ' +
        'PutRecords SplitShard RemoveTagsFromStream',
      STREAM,
    ],
  ],
  KinesisStreamReadPolicy: [
    ['kinesis:ListStreams DescribeLimits', '$kinesis:@stream/*'],
    ['kinesis:DescribeStream DescribeStreamSummary GetRecords GetShardIterator', STREAM],
  ],
  LambdaInvokePolicy: [['lambda:InvokeFunction', '$lambda:@function:${FunctionName}*']],
  MobileAnalyticsWriteOnlyAccessPolicy: [['mobileanalytics:PutEvents', '*']],
  OrganizationsListAccountsPolicy: [['organizations:ListAccounts', '*']],
  PinpointEndpointAccessPolicy: [
    [
      'mobiletargeting:GetEndpoint UpdateEndpoint UpdateEndpointsBatch',
      '$mobiletargeting:@apps/${PinpointApplicationId}/endpoints/*',
    ],
  ],
  PollyFullAccessPolicy: [
    ['polly:GetLexicon DeleteLexicon', '$polly:@lexicon/${LexiconName}'],
    ['polly:DescribeVoices ListLexicons PutLexicon SynthesizeSpeech', '$polly:@lexicon/*'],
  ],
  RekognitionDetectOnlyPolicy: [['rekognition:DetectFaces DetectLabels DetectModerationLabels DetectText', '*']],
  RekognitionFacesManagementPolicy: [
    ['rekognition:IndexFaces DeleteFaces SearchFaces SearchFacesByImage ListFaces', COLLECTION],
  ],
  RekognitionFacesPolicy: [['rekognition:CompareFaces DetectFaces', '*']],
  RekognitionLabelsPolicy: [['rekognition:DetectLabels DetectModerationLabels', '*']],
  RekognitionNoDataAccessPolicy: [
    ['rekognition:CompareFaces DetectFaces DetectLabels DetectModerationLabels', COLLECTION],
  ],
  RekognitionReadPolicy: [['rekognition:ListCollections ListFaces SearchFaces SearchFacesByImage', COLLECTION]],
  RekognitionWriteOnlyAccessPolicy: [['rekognition:CreateCollection IndexFaces', COLLECTION]],
  Route53ChangeResourceRecordSetsPolicy: [
    ['route53:ChangeResourceRecordSets', '$route53:::hostedzone/${HostedZoneId}'],
  ],
  S3CrudPolicy: [
    [
      's3:GetObject ListBucket GetBucketLocation GetObjectVersion PutObject PutObjectAcl GetLifecycleConfiguration ' +
        'PutLifecycleConfiguration DeleteObject',
      `${BUCKET} ${BUCKET}/*`,
    ],
  ],
  S3FullAccessPolicy: [
    [
      's3:GetObject GetObjectAcl GetObjectVersion PutObject PutObjectAcl DeleteObject DeleteObjectTagging ' +
        'DeleteObjectVersionTagging GetObjectTagging GetObjectVersionTagging PutObjectTagging PutObjectVersionTagging',
      `${BUCKET}/*`,
    ],
    ['s3:ListBucket GetBucketLocation GetLifecycleConfiguration PutLifecycleConfiguration', BUCKET],
  ],
  S3ReadPolicy: [
    ['s3:GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration', `${BUCKET} ${BUCKET}/*`],
  ],
  S3WritePolicy: [['s3:PutObject PutObjectAcl PutLifecycleConfiguration', `${BUCKET} ${BUCKET}/*`]],
  SESBulkTemplatedCrudPolicy: [
    [
      'ses:GetIdentityVerificationAttributes SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail ' +
        'VerifyEmailIdentity',
      IDENTITY,
    ],
  ],
  SESBulkTemplatedCrudPolicy_v2: [
    [
      'ses:SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail',
      `${IDENTITY} $ses:@template/\${TemplateName}`,
    ],
    ['ses:GetIdentityVerificationAttributes VerifyEmailIdentity', '*'],
  ],
  SESCrudPolicy: [['ses:GetIdentityVerificationAttributes SendEmail SendRawEmail VerifyEmailIdentity', IDENTITY]],
  SESEmailTemplateCrudPolicy: [
    ['ses:CreateTemplate GetTemplate ListTemplates UpdateTemplate DeleteTemplate TestRenderTemplate', '*'],
  ],
  SESSendBouncePolicy: [['ses:SendBounce', IDENTITY]],
  SNSCrudPolicy: [
    ['sns:ListSubscriptionsByTopic CreateTopic SetTopicAttributes Subscribe Publish', '$sns:@${TopicName}*'],
  ],
  SNSPublishMessagePolicy: [['sns:Publish', '$sns:@${TopicName}']],
  // SAM also writes `sqs:ChangeMessageVisibilityBatch` and `sqs:DeleteMessageBatch`. IAM has no such actions: the batch
  // calls are decided as `sqs:ChangeMessageVisibility` and `sqs:DeleteMessage`
  // (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html).
  // Whoever names the policy template could not mend a finding about them.
  SQSPollerPolicy: [['sqs:ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage', QUEUE]],
  SQSSendMessagePolicy: [['sqs:SendMessage*', QUEUE]],
  SSMParameterReadPolicy: SSM_READ('/${ParameterName}'),
  SSMParameterWithSlashPrefixReadPolicy: SSM_READ('${ParameterName}'),
  SageMakerCreateEndpointConfigPolicy: [
    ['sagemaker:CreateEndpointConfig', '$sagemaker:@endpoint-config/${EndpointConfigName}'],
  ],
  SageMakerCreateEndpointPolicy: [['sagemaker:CreateEndpoint', '$sagemaker:@endpoint/${EndpointName}']],
  ServerlessRepoReadWriteAccessPolicy: [
    [
      'serverlessrepo:CreateApplication CreateApplicationVersion UpdateApplication GetApplication ListApplications ' +
        'ListApplicationVersions ListApplicationDependencies',
      '$serverlessrepo:@applications/*',
    ],
  ],
  StepFunctionsCallbackPolicy: [['states:SendTaskFailure SendTaskHeartbeat SendTaskSuccess', STATE_MACHINE]],
  StepFunctionsExecutionPolicy: [['states:StartExecution', STATE_MACHINE]],
  StepFunctionsExecutionPolicy_v2: [['states:StartExecution StartSyncExecution', STATE_MACHINE]],
  TextractDetectAnalyzePolicy: [
    ['textract:DetectDocumentText StartDocumentTextDetection StartDocumentAnalysis AnalyzeDocument', '*'],
  ],
  TextractGetResultPolicy: [['textract:GetDocumentTextDetection GetDocumentAnalysis', '*']],
  TextractPolicy: [['textract:*', '*']],
  VPCAccessPolicy: [
    ['ec2:CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DetachNetworkInterface', '*'],
  ],
};

/** The names of the policy templates. */
export const POLICY_TEMPLATE_NAMES: ReadonlySet<string> = new Set(Object.keys(TEMPLATES));

/** The policy document that a policy template stands for, with the values of its parameters. */
export function policyOfTemplate(origins: Origins, name: string, parameters: Located): Located {
  const { path } = parameters;
  const constant = (node: Value): Located => origins.constant(path, node);
  const text = (pattern: string): Located => textOf(origins, pattern, parameters, path);
  const statements = TEMPLATES[name]!.map(([actions, resources, condition]) => {
    const places = resources.split(' ').map(text);
    return origins.map(path, [
      ['Effect', constant('Allow')],
      ['Action', constant(actionsOf(actions))],
      ['Resource', places.length === 1 ? places[0]! : origins.list(path, places)],
      ...(condition === undefined
        ? []
        : ([
            [
              'Condition',
              origins.map(path, [['StringEquals', origins.map(path, [[condition[0], text(condition[1])]])]]),
            ],
          ] as const)),
    ]);
  });
  return origins.map(path, [['Statement', origins.list(path, statements)]]);
}

function actionsOf(actions: string): readonly string[] {
  const [service, names] = actions.split(':') as [string, string];
  return names.split(' ').map((action) => `${service}:${action}`);
}

/** `Fn::Sub` of a pattern whose variables are the parameters of the policy template. */
function textOf(origins: Origins, pattern: string, parameters: Located, path: Path): Located {
  const written = pattern
    .replace(/^\$(?!\{)/, 'arn:${AWS::Partition}:')
    .replace('@', '${AWS::Region}:${AWS::AccountId}:');
  const variables: (readonly [string, Located])[] = [];
  for (const part of subParts(written)) {
    const name = typeof part === 'string' ? '' : part.name;
    if (name === '' || name.includes('::') || !isVariableName(name)) continue;
    variables.push([name, origins.child(parameters, name) ?? origins.constant(path, { Ref: name })]);
  }
  if (variables.length === 0 && !written.includes('${')) return { node: written, path };
  if (variables.length === 0) return origins.map(path, [['Fn::Sub', { node: written, path }]]);
  const argument = origins.list(path, [{ node: written, path }, origins.map(path, variables)]);
  return origins.map(path, [['Fn::Sub', argument]]);
}
