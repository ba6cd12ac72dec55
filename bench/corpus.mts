/**
 * Templates as teams write them: common architectures put together from modules, with parameters, mappings, conditions,
 * intrinsics, tags, inline code and policies. Some settings are good, some are forgotten, some are wrong.
 */
import type { Value, ValueMap } from '../template/index.js';
import { jsonText } from '../test/support/json.js';
import { Random } from '../test/support/random.js';
import { yamlText } from '../test/support/yaml.js';

export interface BenchTemplate {
  readonly name: string;
  readonly text: string;
  readonly resources: number;
}

type Resources = Record<string, Value>;

const ref = (name: string): ValueMap => ({ Ref: name });
const sub = (text: string): ValueMap => ({ 'Fn::Sub': text });
const att = (id: string, attribute: string): ValueMap => ({ 'Fn::GetAtt': [id, attribute] });
const production = (yes: Value, no: Value): ValueMap => ({ 'Fn::If': ['IsProduction', yes, no] });
const noValue = ref('AWS::NoValue');

/** Writes the modules of one template; `prefix` keeps logical ids of repeated modules apart. */
class Modules {
  constructor(
    private readonly random: Random,
    private readonly resources: Resources,
  ) {}

  private add(id: string, type: string, properties: ValueMap, more: ValueMap = {}): void {
    this.resources[id] = { Type: type, ...more, Properties: properties };
  }

  private tags(name: string): Value {
    return [
      { Key: 'Name', Value: sub(`\${AWS::StackName}-${name}`) },
      { Key: 'Environment', Value: ref('Environment') },
      { Key: 'CostCenter', Value: this.random.pick(['4711', '4712', '9000']) },
      ...(this.random.chance(0.5) ? [{ Key: 'Owner', Value: 'platform-team' }] : []),
    ];
  }

  /** The setting, mostly as it should be. */
  private mostly<T extends Value>(right: T, wrong: T | undefined): Record<string, never> | T {
    return this.random.chance(0.75) || wrong === undefined ? right : wrong;
  }

  private bucket(id: string): void {
    const encryption = this.random.pick<Value>([
      { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: att('DataKey', 'Arn') },
      { SSEAlgorithm: 'AES256' },
    ]);
    this.add(
      id,
      'AWS::S3::Bucket',
      {
        BucketName: sub(`\${AWS::AccountId}-${id.toLowerCase()}-\${AWS::Region}`),
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: encryption }],
        },
        VersioningConfiguration: { Status: this.mostly('Enabled', 'Suspended') },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: this.mostly(true, false),
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [
            { Id: 'expire-old-versions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
          ],
        },
        ...(this.random.chance(0.6)
          ? {
              LoggingConfiguration: {
                DestinationBucketName: { 'Fn::ImportValue': 'access-logs-bucket' },
                LogFilePrefix: `${id}/`,
              },
            }
          : {}),
        Tags: this.tags(id),
      },
      { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
    );
  }

  private role(id: string, service: string, actions: readonly string[], resource: Value): void {
    this.add(id, 'AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      },
      ManagedPolicyArns: [sub('arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')],
      Policies: [
        {
          PolicyName: 'access',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Sid: 'Data', Effect: 'Allow', Action: actions, Resource: resource }],
          },
        },
      ],
    });
  }

  key(): void {
    this.add(
      'DataKey',
      'AWS::KMS::Key',
      {
        Description: 'Encrypts the data of this stack',
        EnableKeyRotation: this.mostly(true, false),
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Administration',
              Effect: 'Allow',
              Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
              Action: 'kms:*',
              Resource: '*',
            },
          ],
        },
      },
      { DeletionPolicy: 'Retain' },
    );
    this.add('DataKeyAlias', 'AWS::KMS::Alias', {
      AliasName: sub('alias/${AWS::StackName}-data'),
      TargetKeyId: ref('DataKey'),
    });
  }

  network(prefix: string): void {
    const vpc = `${prefix}Vpc`;
    this.add(vpc, 'AWS::EC2::VPC', {
      CidrBlock: { 'Fn::FindInMap': ['Networks', ref('Environment'), 'Cidr'] },
      EnableDnsHostnames: true,
      EnableDnsSupport: true,
      Tags: this.tags('vpc'),
    });
    this.add(`${prefix}Gateway`, 'AWS::EC2::InternetGateway', { Tags: this.tags('gateway') });
    this.add(`${prefix}Attachment`, 'AWS::EC2::VPCGatewayAttachment', {
      VpcId: ref(vpc),
      InternetGatewayId: ref(`${prefix}Gateway`),
    });
    for (const zone of [0, 1]) {
      this.add(`${prefix}Subnet${zone}`, 'AWS::EC2::Subnet', {
        VpcId: ref(vpc),
        AvailabilityZone: { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] },
        CidrBlock: { 'Fn::Select': [zone, { 'Fn::Cidr': [att(vpc, 'CidrBlock'), 4, 8] }] },
        MapPublicIpOnLaunch: this.mostly(false, true),
        Tags: this.tags(`subnet-${zone}`),
      });
      this.add(`${prefix}RouteTable${zone}`, 'AWS::EC2::RouteTable', {
        VpcId: ref(vpc),
        Tags: this.tags(`routes-${zone}`),
      });
      this.add(`${prefix}Association${zone}`, 'AWS::EC2::SubnetRouteTableAssociation', {
        SubnetId: ref(`${prefix}Subnet${zone}`),
        RouteTableId: ref(`${prefix}RouteTable${zone}`),
      });
    }
    this.add(
      `${prefix}Route`,
      'AWS::EC2::Route',
      {
        RouteTableId: ref(`${prefix}RouteTable0`),
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: ref(`${prefix}Gateway`),
      },
      { DependsOn: `${prefix}Attachment` },
    );
  }

  api(prefix: string): void {
    const table = `${prefix}Table`;
    this.add(
      table,
      'AWS::DynamoDB::Table',
      {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: this.mostly(true, false) },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: att('DataKey', 'Arn') },
        Tags: this.tags('table'),
      },
      { DeletionPolicy: 'Retain' },
    );
    this.role(
      `${prefix}Role`,
      'lambda.amazonaws.com',
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      att(table, 'Arn'),
    );
    for (const verb of ['Read', 'Write']) {
      const id = `${prefix}${verb}`;
      this.add(`${id}Logs`, 'AWS::Logs::LogGroup', {
        LogGroupName: sub(`/aws/lambda/\${AWS::StackName}-${id}`),
        RetentionInDays: production(365, 30),
        ...(this.random.chance(0.5) ? { KmsKeyId: att('DataKey', 'Arn') } : {}),
      });
      this.add(id, 'AWS::Lambda::Function', {
        FunctionName: sub(`\${AWS::StackName}-${id}`),
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        MemorySize: 512,
        Timeout: 30,
        Role: att(`${prefix}Role`, 'Arn'),
        Environment: { Variables: { TABLE: ref(table), LOG_LEVEL: production('warn', 'debug') } },
        TracingConfig: { Mode: 'Active' },
        Code: {
          ZipFile:
            "const { DynamoDB } = require('@aws-sdk/client-dynamodb');\nexports.handler = async (event) => {\n  console.log(JSON.stringify(event));\n  return { statusCode: 200, body: 'ok' };\n};\n",
        },
        Tags: this.tags(id),
      });
    }
    this.add(`${prefix}Http`, 'AWS::ApiGatewayV2::Api', {
      Name: sub(`\${AWS::StackName}-${prefix}`),
      ProtocolType: 'HTTP',
    });
    this.add(`${prefix}Stage`, 'AWS::ApiGatewayV2::Stage', {
      ApiId: ref(`${prefix}Http`),
      StageName: '$default',
      AutoDeploy: true,
      ...(this.random.chance(0.5)
        ? { AccessLogSettings: { DestinationArn: att(`${prefix}ReadLogs`, 'Arn'), Format: '$context.requestId' } }
        : {}),
    });
    this.add(`${prefix}Invoke`, 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref(`${prefix}Read`),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${prefix}Http}/*`),
    });
  }

  web(prefix: string): void {
    this.add(`${prefix}BalancerGroup`, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Load balancer',
      VpcId: ref('NetVpc'),
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: 'HTTPS from anywhere' },
        ...(this.random.chance(0.3) ? [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }] : []),
      ],
      Tags: this.tags('balancer'),
    });
    this.add(`${prefix}Balancer`, 'AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      Subnets: [ref('NetSubnet0'), ref('NetSubnet1')],
      SecurityGroups: [ref(`${prefix}BalancerGroup`)],
      LoadBalancerAttributes: [
        { Key: 'deletion_protection.enabled', Value: this.mostly('true', 'false') },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'access_logs.s3.enabled', Value: 'true' },
      ],
    });
    this.add(`${prefix}Listener`, 'AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: ref(`${prefix}Balancer`),
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      Certificates: [{ CertificateArn: ref('CertificateArn') }],
      DefaultActions: [{ Type: 'forward', TargetGroupArn: ref(`${prefix}Targets`) }],
    });
    this.add(`${prefix}Targets`, 'AWS::ElasticLoadBalancingV2::TargetGroup', {
      Port: 8443,
      Protocol: this.mostly('HTTPS', 'HTTP'),
      VpcId: ref('NetVpc'),
      HealthCheckPath: '/health',
      TargetType: 'ip',
    });
    this.add(`${prefix}Cluster`, 'AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: this.mostly('enabled', 'disabled') }],
    });
    this.role(
      `${prefix}TaskRole`,
      'ecs-tasks.amazonaws.com',
      ['secretsmanager:GetSecretValue'],
      ref('DatabaseSecretArn'),
    );
    this.add(`${prefix}Task`, 'AWS::ECS::TaskDefinition', {
      Cpu: '512',
      Memory: '1024',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      TaskRoleArn: att(`${prefix}TaskRole`, 'Arn'),
      ExecutionRoleArn: att(`${prefix}TaskRole`, 'Arn'),
      ContainerDefinitions: [
        {
          Name: 'app',
          Image: sub('${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/app:${ImageTag}'),
          Essential: true,
          ReadonlyRootFilesystem: this.mostly(true, false),
          User: '1000',
          PortMappings: [{ ContainerPort: 8443 }],
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: {
              'awslogs-group': ref(`${prefix}Logs`),
              'awslogs-region': ref('AWS::Region'),
              'awslogs-stream-prefix': 'app',
            },
          },
        },
      ],
    });
    this.add(`${prefix}Logs`, 'AWS::Logs::LogGroup', { RetentionInDays: 365 });
    this.add(
      `${prefix}Service`,
      'AWS::ECS::Service',
      {
        Cluster: ref(`${prefix}Cluster`),
        TaskDefinition: ref(`${prefix}Task`),
        DesiredCount: production(4, 1),
        LaunchType: 'FARGATE',
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: this.mostly('DISABLED', 'ENABLED'),
            SecurityGroups: [ref(`${prefix}BalancerGroup`)],
            Subnets: [ref('NetSubnet0'), ref('NetSubnet1')],
          },
        },
        LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8443, TargetGroupArn: ref(`${prefix}Targets`) }],
      },
      { DependsOn: [`${prefix}Listener`] },
    );
  }

  database(prefix: string): void {
    this.add(`${prefix}Subnets`, 'AWS::RDS::DBSubnetGroup', {
      DBSubnetGroupDescription: 'Private subnets',
      SubnetIds: [ref('NetSubnet0'), ref('NetSubnet1')],
    });
    this.add(
      `${prefix}Cluster`,
      'AWS::RDS::DBCluster',
      {
        Engine: 'aurora-postgresql',
        EngineVersion: '16.2',
        MasterUsername: 'app',
        ManageMasterUserPassword: true,
        StorageEncrypted: this.mostly(true, false),
        KmsKeyId: ref('DataKey'),
        BackupRetentionPeriod: production(35, 7),
        DeletionProtection: production(true, false),
        CopyTagsToSnapshot: true,
        EnableIAMDatabaseAuthentication: this.mostly(true, false),
        EnableCloudwatchLogsExports: ['postgresql'],
        DBSubnetGroupName: ref(`${prefix}Subnets`),
        Tags: this.tags('database'),
      },
      { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' },
    );
    for (const index of [1, 2]) {
      this.add(
        `${prefix}Instance${index}`,
        'AWS::RDS::DBInstance',
        {
          DBClusterIdentifier: ref(`${prefix}Cluster`),
          DBInstanceClass: production('db.r6g.large', 'db.t4g.medium'),
          Engine: 'aurora-postgresql',
          PubliclyAccessible: this.mostly(false, true),
          AutoMinorVersionUpgrade: true,
          MonitoringInterval: 60,
          EnablePerformanceInsights: true,
        },
        index === 2 ? { Condition: 'IsProduction' } : {},
      );
    }
    this.add(`${prefix}Alarm`, 'AWS::CloudWatch::Alarm', {
      AlarmDescription: 'Processor load of the database',
      Namespace: 'AWS/RDS',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'DBClusterIdentifier', Value: ref(`${prefix}Cluster`) }],
      Statistic: 'Average',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 80,
      ComparisonOperator: 'GreaterThanThreshold',
      ...(this.random.chance(0.7) ? { AlarmActions: [ref('AlarmTopicArn')] } : {}),
    });
  }

  pipeline(prefix: string): void {
    this.bucket(`${prefix}Raw`);
    this.add(`${prefix}Dead`, 'AWS::SQS::Queue', { KmsMasterKeyId: ref('DataKey'), MessageRetentionPeriod: 1_209_600 });
    this.add(`${prefix}Queue`, 'AWS::SQS::Queue', {
      VisibilityTimeout: 180,
      ...(this.random.chance(0.7) ? { SqsManagedSseEnabled: true } : {}),
      ...(this.random.chance(0.7)
        ? { RedrivePolicy: { deadLetterTargetArn: att(`${prefix}Dead`, 'Arn'), maxReceiveCount: 5 } }
        : {}),
    });
    this.add(`${prefix}Topic`, 'AWS::SNS::Topic', { KmsMasterKeyId: production(ref('DataKey'), noValue) });
    this.add(`${prefix}Subscription`, 'AWS::SNS::Subscription', {
      Protocol: 'sqs',
      TopicArn: ref(`${prefix}Topic`),
      Endpoint: att(`${prefix}Queue`, 'Arn'),
    });
    this.add(`${prefix}QueuePolicy`, 'AWS::SQS::QueuePolicy', {
      Queues: [ref(`${prefix}Queue`)],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: att(`${prefix}Queue`, 'Arn'),
            Condition: { ArnEquals: { 'aws:SourceArn': ref(`${prefix}Topic`) } },
          },
        ],
      },
    });
    this.add(`${prefix}Schedule`, 'AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      State: production('ENABLED', 'DISABLED'),
      Targets: [{ Id: 'queue', Arn: att(`${prefix}Queue`, 'Arn'), Input: '{"source": "schedule"}' }],
    });
    this.add(`${prefix}Stream`, 'AWS::Kinesis::Stream', {
      ShardCount: 2,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: ref('DataKey') },
    });
  }

  site(prefix: string): void {
    this.bucket(`${prefix}Assets`);
    this.add(`${prefix}Access`, 'AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: {
        Name: sub(`\${AWS::StackName}-${prefix}`),
        OriginAccessControlOriginType: 's3',
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      },
    });
    this.add(`${prefix}Distribution`, 'AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Enabled: true,
        Comment: 'The public site',
        DefaultRootObject: 'index.html',
        HttpVersion: 'http2and3',
        Origins: [
          {
            Id: 'assets',
            DomainName: att(`${prefix}Assets`, 'RegionalDomainName'),
            OriginAccessControlId: ref(`${prefix}Access`),
            S3OriginConfig: { OriginAccessIdentity: '' },
          },
        ],
        DefaultCacheBehavior: {
          TargetOriginId: 'assets',
          ViewerProtocolPolicy: this.mostly('redirect-to-https', 'allow-all'),
          CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
          Compress: true,
        },
        ViewerCertificate: {
          AcmCertificateArn: ref('CertificateArn'),
          MinimumProtocolVersion: this.mostly('TLSv1.2_2021', 'TLSv1.1_2016'),
          SslSupportMethod: 'sni-only',
        },
      },
    });
    this.add(`${prefix}BucketPolicy`, 'AWS::S3::BucketPolicy', {
      Bucket: ref(`${prefix}Assets`),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [att(`${prefix}Assets`, 'Arn'), { 'Fn::Join': ['', [att(`${prefix}Assets`, 'Arn'), '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Action: 's3:GetObject',
            Resource: sub(`\${${prefix}Assets.Arn}/*`),
            Condition: {
              StringEquals: {
                'AWS:SourceArn': sub(`arn:aws:cloudfront::\${AWS::AccountId}:distribution/\${${prefix}Distribution}`),
              },
            },
          },
        ],
      },
    });
  }
}

const frame: ValueMap = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'One service with its network, data and delivery. Owned by the platform team.',
  Parameters: {
    Environment: {
      Type: 'String',
      Default: 'dev',
      AllowedValues: ['dev', 'stage', 'prod'],
      Description: 'Where it runs',
    },
    ImageTag: { Type: 'String', Default: 'latest' },
    CertificateArn: { Type: 'String' },
    AlarmTopicArn: { Type: 'String' },
    DatabaseSecretArn: { Type: 'String', NoEcho: true },
  },
  Mappings: {
    Networks: { dev: { Cidr: '10.10.0.0/16' }, stage: { Cidr: '10.20.0.0/16' }, prod: { Cidr: '10.30.0.0/16' } },
  },
  Conditions: { IsProduction: { 'Fn::Equals': [ref('Environment'), 'prod'] } },
};

/** The value of one template with as many whole modules as reach `size` resources. */
export function benchValue(seed: number, size: number): ValueMap {
  const random = new Random(seed);
  const resources: Resources = {};
  const modules = new Modules(random, resources);
  modules.key();
  modules.network('Net');
  for (let number = 1; Object.keys(resources).length < size; number++) {
    const module = random.pick(['api', 'web', 'database', 'pipeline', 'site'] as const);
    modules[module](`${random.pick(['Orders', 'Billing', 'Search', 'Media', 'Audit'])}${number}`);
  }
  return {
    ...frame,
    Resources: resources,
    Outputs: { KeyArn: { Value: att('DataKey', 'Arn'), Export: { Name: sub('${AWS::StackName}-key') } } },
  };
}

/** `count` templates of `smallest` to `largest` resources, four of five in YAML. */
export function benchCorpus(count: number, smallest = 20, largest = 60): BenchTemplate[] {
  return Array.from({ length: count }, (_, index) => {
    const value = benchValue(index + 1, smallest + new Random(index).below(largest - smallest - 8));
    const resources = Object.keys(value['Resources'] as ValueMap).length;
    const name = `service-${String(index + 1).padStart(4, '0')}`;
    return index % 5 === 0
      ? { name: `${name}.json`, text: JSON.stringify(JSON.parse(jsonText(value)), null, 2), resources }
      : { name: `${name}.yaml`, text: yamlText(value, { random: new Random(index) }), resources };
  });
}
