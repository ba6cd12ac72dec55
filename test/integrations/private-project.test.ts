/**
 * The private build project: it passes the own packs and the rules of AWS Control Tower but for what is listed with a
 * reason, each way to open its network or its role is a finding, and its role may do what is listed and nothing else.
 */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { plainJson, type Json } from '../../cli/check/plain.js';
import { parsePolicy } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import { equivalent, noNewAccess } from '../../iam/prove/index.js';
import { openTemplate } from '../../rules/index.js';
import { readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { check, reportOf } from '../cli/check/support.js';
import { controlTowerFolder, controlTowerRules, describeWithReference, validateFiles } from '../support/reference.js';
import { repositoryRoot } from '../support/repository.js';
import { readBuildSpec, runBuild } from './codebuild.js';
import { emptyFolder, GOOD, Programs, put, removeFolders } from './programs.js';

afterEach(removeFolders);

type Map = Readonly<Record<string, Json>>;
interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, Json>;
}
type Resources = Record<string, Resource>;

const folder = join(repositoryRoot(), 'integrations', 'codebuild');
const file = join(folder, 'private-project.yaml');
const text = readFileSync(file, 'utf8');
const settings = readFileSync(join(folder, 'stackade.yaml'), 'utf8');
const [ACCOUNT, REGION] = ['111122223333', 'eu-central-1'];
const PARAMETERS = { OrganizationId: 'o-exampleorgid', S3PrefixList: 'pl-6ea54007', Owner: 'platform@example.com' };

/** The template as written, to be changed. */
function written(): { Resources: Resources } {
  return plainJson(readTemplate(text, file).source!.value) as unknown as { Resources: Resources };
}

/** What `check` says of templates; the first is `0.json`. */
async function findings(templates: readonly unknown[], pack: readonly string[]): Promise<ReturnType<typeof reportOf>> {
  const place = emptyFolder();
  const files = Object.fromEntries(templates.map((each, index) => [`${index}.json`, JSON.stringify(each)]));
  put(place, { ...files, 'stackade.yaml': settings });
  const parameters = Object.entries(PARAMETERS).map(([name, value]) => `${name}=${value}`);
  return reportOf(await check(place, Object.keys(files), { pack, account: ACCOUNT, region: REGION, parameters }));
}

/** Findings that stay, and why. */
const OWN: Readonly<Record<string, string>> = {
  'tagging-resource-required-tags':
    'the other tags are those of the stack, which CloudFormation puts on everything in it',
  's3-bucketpolicy-known-networks': 'pipelines read and write artifacts from networks of AWS that nobody knows',
  's3-bucket-key-fits-class': 'access logs of Amazon S3 cannot be written with a key of AWS KMS',
};

it('passes the own packs', async () => {
  const all = ['cost', 'data', 'encryption', 'foundation', 'identity', 'logging', 'network', 'pipelines', 'resilience'];
  const report = await findings([written()], [...all, 'tagging', 'tenant']);
  const found = report.findings.map(({ ruleId, resource, message }) => `${ruleId} ${resource?.logicalId}: ${message}`);
  expect(found.filter((finding) => !Object.hasOwn(OWN, finding.split(' ')[0]!))).toStrictEqual([]);
  expect([...new Set(report.findings.map(({ ruleId }) => ruleId))].sort()).toStrictEqual(Object.keys(OWN).sort());
  // Who reads packages through the service is up to the account.
  expect(report.notEvaluated.map(({ ruleId }) => ruleId)).toStrictEqual(['kms-key-policy-duties-separate']);
});

/** Rules of AWS Control Tower that stay, and why. */
const CONTROL_TOWER: Readonly<Record<string, string>> = {
  s3_bucket_default_encryption_kms_check: 'access logs cannot be written with a key of AWS KMS',
  s3_bucket_logging_enabled_check: 'the bucket of access logs is one itself',
  s3_event_notifications_enabled_check: 'nothing waits for objects',
  s3_bucket_object_lock_enabled_check: 'artifacts expire after 90 days',
  s3_bucket_policy_ssl_requests_only_check: 'the statement is there; the rule does not read `Fn::Sub`',
};

describeWithReference('cfn-guard', () => {
  it('finds nothing else with the rules of AWS Control Tower', async () => {
    const types = [...new Set(Object.values(written().Resources).map(({ Type }) => Type))];
    const rules = controlTowerRules().filter((rule) => types.some((type) => rule.text.includes(type)));
    expect(rules.length).toBeGreaterThan(20);
    const { reports } = await validateFiles(
      rules.map(({ path }) => join(controlTowerFolder, path)),
      [file],
    );
    expect([...new Set(reports[0]!.failed)].sort()).toStrictEqual(Object.keys(CONTROL_TOWER).sort());
  });
});

const ENDPOINTS = {
  LogsEndpoint: 'logs',
  CodeArtifactApiEndpoint: 'codeartifact.api',
  CodeArtifactRepositoriesEndpoint: 'codeartifact.repositories',
  StsEndpoint: 'sts',
  S3Endpoint: 's3',
};

type Change = (resources: Resources) => void;
const of = (resources: Resources, id: string): Record<string, Json> => resources[id]!.Properties;
const without =
  (id: string): Change =>
  (resources) =>
    Reflect.deleteProperty(resources, id);
const set =
  (id: string, values: Map): Change =>
  (resources) =>
    Object.assign(of(resources, id), values);

/** What is changed; the control and rule that tell it; words of the message. */
const VECTORS: readonly (readonly [string, Change, string, string, string])[] = [
  ...Object.entries(ENDPOINTS).map(
    ([id, service]) =>
      [
        `no endpoint for ${service}`,
        without(id),
        'PIPE-VPCE-01',
        'codebuild-project-private-endpoints',
        `no endpoint for \`${service}\``,
      ] as const,
  ),
  ...Object.keys(ENDPOINTS)
    .filter((id) => id !== 'S3Endpoint')
    .map(
      (id) =>
        [
          `${id} without private DNS`,
          set(id, { PrivateDnsEnabled: false }),
          'NET-VPCE-05',
          'ec2-vpc-endpoint-private-dns',
          '`false`',
        ] as const,
    ),
  [
    'the endpoint of Amazon S3 on another route table',
    (resources) => {
      resources['Other'] = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
      set('S3Endpoint', { RouteTableIds: [{ Ref: 'Other' }] })(resources);
    },
    'PIPE-VPCE-01',
    'codebuild-project-private-endpoints',
    'leaves out the route table of `SubnetA`',
  ],
  [
    'one subnet',
    (resources) => {
      const config = of(resources, 'Build')['VpcConfig'] as Map;
      set('Build', { VpcConfig: { ...config, Subnets: [{ Ref: 'SubnetA' }] } })(resources);
    },
    'PIPE-CB-01',
    'codebuild-project-in-vpc',
    'fewer subnets',
  ],
  [
    'privileged builds',
    (resources) => {
      const environment = of(resources, 'Build')['Environment'] as Map;
      set('Build', { Environment: { ...environment, PrivilegedMode: true } })(resources);
    },
    'PIPE-CB-02',
    'codebuild-project-unprivileged',
    '`true`',
  ],
  [
    'a route to a NAT gateway',
    (resources) => {
      const route = {
        RouteTableId: { Ref: 'RouteTable' },
        DestinationCidrBlock: '0.0.0.0/0',
        NatGatewayId: 'nat-0a1b2c3d',
      };
      resources['Route'] = { Type: 'AWS::EC2::Route', Properties: route };
    },
    'NET-ROUTE-01',
    'ec2-isolated-network-no-internet',
    'the route to `0.0.0.0/0` goes from the subnet `SubnetA` to a NAT gateway',
  ],
  [
    'a role with codeartifact:*',
    (resources) => {
      const [{ PolicyDocument }] = of(resources, 'BuildRole')['Policies'] as unknown as [
        { PolicyDocument: { Statement: { Sid: string; Action: Json }[] } },
      ];
      PolicyDocument.Statement.find(({ Sid }) => Sid === 'Packages')!.Action = 'codeartifact:*';
    },
    'PIPE-CB-03',
    'iam-role-build-registry-scoped',
    'a build may `codeartifact:',
  ],
  [
    'a name that no service has',
    set('StsEndpoint', { ServiceName: 'com.amazon.aws.eu-central-1.sts' }),
    'PIPE-VPCE-01',
    'ec2-vpc-endpoint-service-exists',
    'names begin with `com.amazonaws.`',
  ],
  [
    'a private repository that fetches from a public one',
    set('Repository', { ExternalConnections: ['public:npmjs'] }),
    'PIPE-CA-01',
    'codeartifact-repository-no-public-connection',
    'fetches packages from a public registry itself',
  ],
  [
    'an endpoint without a policy',
    (resources) => Reflect.deleteProperty(of(resources, 'LogsEndpoint'), 'PolicyDocument'),
    'NET-VPCE-02',
    'ec2-vpc-endpoint-policy-narrow',
    'no `PolicyDocument`',
  ],
  [
    'an endpoint without a group of its own',
    (resources) => Reflect.deleteProperty(of(resources, 'LogsEndpoint'), 'SecurityGroupIds'),
    'NET-VPCE-04',
    'ec2-vpc-endpoint-several-zones',
    'no security group of its own',
  ],
];

it('each way to open it is a finding', async () => {
  const templates = VECTORS.map(([, change]) => {
    const template = written();
    change(template.Resources);
    return template;
  });
  const report = await findings([written(), ...templates], ['network', 'pipelines']);
  const at = (index: number): typeof report.findings =>
    report.findings.filter(({ location }) => location.file === `${index}.json`);
  const told = (index: number): readonly string[] => at(index).map(({ ruleId, message }) => `${ruleId} ${message}`);
  const known = new Set(told(0));
  VECTORS.forEach(([name, , control, rule, words], index) => {
    const fresh = at(index + 1).filter(
      ({ ruleId, message }) => ruleId === rule && !known.has(`${ruleId} ${message}`) && message.includes(words),
    );
    expect([name, fresh.map(({ controls }) => controls.includes(control))]).toStrictEqual([
      name,
      // Such as both subnets behind a route.
      expect.arrayContaining([true]),
    ]);
    // Exactly the service that is missing is named.
    const missing = told(index + 1).filter((each) => each.startsWith('codebuild-project-private-endpoints'));
    expect([name, missing.length]).toStrictEqual([
      name,
      rule === 'codebuild-project-private-endpoints' ? 1 : expect.any(Number),
    ]);
  });
});

describe('the role of the builds', () => {
  const place = { accountId: ACCOUNT, region: REGION, partition: 'aws', stackName: 'build', parameters: PARAMETERS };
  const read = openTemplate(text, file, place);
  if (read.kind !== 'opened') throw new Error('the template cannot be read');
  const { Resources: deployed } = plainJson(read.template.supposed().resolution.document.value) as unknown as {
    Resources: Resources;
  };
  const policy = (document: unknown): Policy => parsePolicy(document as Value, 'identity').policy!;
  const [{ PolicyDocument }] = deployed['BuildRole']!.Properties['Policies'] as unknown as [{ PolicyDocument: Json }];
  const own = policy(PolicyDocument);
  const arn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
  const subnets = own.statements
    .find(({ sid }) => sid === 'NetworkInterface')!
    .resource!.patterns.filter((one) => /:(?:subnet|security-group)\//.test(one));
  const inSubnets = { 'ec2:Subnet': subnets.filter((one) => one.includes(':subnet/')) };
  const listed = {
    'sts:GetCallerIdentity': { Resource: '*' },
    'sts:GetServiceBearerToken': {
      Resource: '*',
      Condition: { StringEquals: { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' } },
    },
    'codeartifact:GetAuthorizationToken': { Resource: arn('codeartifact', 'domain/private-build') },
    'codeartifact:GetRepositoryEndpoint': { Resource: arn('codeartifact', 'repository/private-build/private') },
    'codeartifact:ReadFromRepository': { Resource: arn('codeartifact', 'repository/private-build/private') },
    'logs:CreateLogStream': { Resource: arn('logs', 'log-group:/build/private-build:*') },
    'logs:PutLogEvents': { Resource: arn('logs', 'log-group:/build/private-build:*') },
    ...Object.fromEntries(
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'].map((action) => [
        action,
        {
          Resource: `arn:aws:s3:::private-build-artifacts-${ACCOUNT}-${REGION}/*`,
          Condition: { StringEquals: { 'aws:ResourceAccount': ACCOUNT } },
        },
      ]),
    ),
    ...Object.fromEntries(
      ['DhcpOptions', 'NetworkInterfaces', 'SecurityGroups', 'Subnets', 'Vpcs'].map((each) => [
        `ec2:Describe${each}`,
        { Resource: '*' },
      ]),
    ),
    'ec2:CreateNetworkInterface': { Resource: [arn('ec2', 'network-interface/*'), ...subnets] },
    'ec2:CreateNetworkInterfacePermission': {
      Resource: arn('ec2', 'network-interface/*'),
      Condition: { StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' }, ArnEquals: inSubnets },
    },
    'ec2:DeleteNetworkInterface': {
      Resource: arn('ec2', 'network-interface/*'),
      Condition: { ArnEquals: inSubnets },
    },
    ...Object.fromEntries(
      ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => [
        action,
        {
          Resource: own.statements.find(({ sid }) => sid === 'KeyOfArtifacts')!.resource!.patterns[0]!,
          Condition: { StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` } },
        },
      ]),
    ),
  };
  const documentOf = (actions: typeof listed): Policy =>
    policy({
      Version: '2012-10-17',
      Statement: Object.entries(actions).map(([Action, rest]) => ({ Effect: 'Allow', Action, ...rest })),
    });

  it('may do what is listed, and nothing else', () => {
    expect(subnets).toHaveLength(3);
    expect(equivalent([own], [documentOf(listed)], 'identity').kind).toBe('HOLDS');
  });

  it('one action less, or one resource more, would be told', () => {
    const { 'sts:GetCallerIdentity': whoAmI, ...less } = listed;
    expect(whoAmI.Resource).toBe('*');
    expect(noNewAccess([documentOf(less as typeof listed)], [own], 'identity')).toMatchObject({
      kind: 'FAILS',
      counterexample: { action: 'sts:getcalleridentity' },
    });
    const wider = { ...listed, 'logs:PutLogEvents': { Resource: arn('logs', '*') } };
    expect(noNewAccess([own], [documentOf(wider)], 'identity').kind).toBe('FAILS');
  });
});

it('its build logs in to the registry, installs from it and checks', () => {
  const { BuildSpec } = written().Resources['Build']!.Properties['Source'] as { BuildSpec: string };
  const place = emptyFolder();
  const programs = new Programs(place);
  programs.stackadeByNode();
  programs.recorded('npm');
  programs.recorded('aws', '[ "$1" = codeartifact ] || echo 111122223333');
  put(join(place, 'source'), { 'stackade.yaml': 'lint: { enabled: false }\n', 'templates/topic.yaml': GOOD });
  const env = { CODEBUILD_SRC_DIR_stackade: '/stackade', PACKAGE_DOMAIN: 'd', PACKAGE_REPOSITORY: 'r' };
  const { exitCode } = runBuild(readBuildSpec(BuildSpec), join(place, 'source'), { ...programs.env(), ...env });
  expect(exitCode).toBe(0);
  expect(programs.started()).toStrictEqual([
    ['aws', 'sts', 'get-caller-identity', '--query', 'Account', '--output', 'text'],
    [
      'aws',
      'codeartifact',
      'login',
      '--tool',
      'npm',
      '--domain',
      'd',
      '--domain-owner',
      '111122223333',
      '--repository',
      'r',
    ],
    ['npm', '--prefix', '/stackade', 'ci'],
  ]);
});
