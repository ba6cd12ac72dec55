/**
 * `AWS::Serverless::Api` and `AWS::Serverless::HttpApi`: the API, its stage and its domain name.
 *
 * Follows "AWS::Serverless::Api" and "AWS::Serverless::HttpApi" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html). Authorizers,
 * usage plans and the definition that SAM makes from the events of functions are not made.
 */
import type { Located } from '../origins.js';
import type { Declared } from '../sections.js';
import type { Entry, ServerlessResource } from './resource.js';

/** The plain resources of a REST API. */
export function restApiResources(sam: ServerlessResource): readonly Declared[] {
  const location = sam.s3Location(sam.property('DefinitionUri'), { bucket: 'Bucket', key: 'Key', version: 'Version' });
  const endpoint = sam.property('EndpointConfiguration');
  const tracing = sam.property('TracingEnabled');
  const api = sam.declare(
    sam.own('AWS::ApiGateway::RestApi'),
    'AWS::ApiGateway::RestApi',
    ...sam.handedOn('Name', 'Description', 'BinaryMediaTypes', 'MinimumCompressionSize', 'FailOnWarnings'),
    ...sam.handedOn('DisableExecuteApiEndpoint', 'ApiKeySourceType', 'Mode', 'SecurityPolicy'),
    ['Body', sam.property('DefinitionBody')],
    ['BodyS3Location', location],
    ['EndpointConfiguration', endpoint && endpointOf(sam, endpoint)],
    ['Policy', resourcePolicy(sam)],
    ['Tags', sam.tagList()],
  );
  const stageName = sam.text('StageName');
  const stage = sam.declare(
    stageName !== undefined && /^[A-Za-z0-9]+$/.test(stageName)
      ? `${sam.id}${stageName}Stage`
      : sam.own('AWS::ApiGateway::Stage'),
    'AWS::ApiGateway::Stage',
    ['RestApiId', sam.ref(sam.id)],
    ...sam.handedOn('StageName', 'AccessLogSetting', 'CacheClusterEnabled', 'CacheClusterSize', 'CanarySetting'),
    ...sam.handedOn('MethodSettings', 'Variables'),
    ['TracingEnabled', tracing],
    ['Tags', sam.tagList()],
  );
  return [api, stage, ...domainOf(sam, 'AWS::ApiGateway::DomainName')];
}

/** The types of endpoint as the plain resource lists them. */
function endpointOf(sam: ServerlessResource, endpoint: Located): Located {
  return sam.origins.inBranches(endpoint, (branch) => {
    if (typeof branch.node === 'string') {
      return sam.origins.map(branch.path, [['Types', sam.origins.list(branch.path, [branch])]]);
    }
    const type = sam.origins.child(branch, 'Type');
    if (type === undefined) return branch;
    const rest = sam.origins.entries(branch).filter(([key]) => key !== 'Type');
    return sam.origins.map(branch.path, [['Types', sam.origins.list(type.path, [type])], ...rest]);
  });
}

/** The resource policy, as far as it is written as statements. */
function resourcePolicy(sam: ServerlessResource): Located | undefined {
  const auth = sam.property('Auth');
  const policy = auth && sam.origins.child(auth, 'ResourcePolicy');
  const statements = policy && sam.origins.child(policy, 'CustomStatements');
  if (statements === undefined) return undefined;
  return sam.origins.map(policy!.path, [
    ['Version', { node: '2012-10-17', path: policy!.path }],
    ['Statement', statements],
  ]);
}

/** The plain resources of an HTTP API. */
export function httpApiResources(sam: ServerlessResource): readonly Declared[] {
  const location = sam.s3Location(sam.property('DefinitionUri'), { bucket: 'Bucket', key: 'Key', version: 'Version' });
  const api = sam.declare(
    sam.own('AWS::ApiGatewayV2::Api'),
    'AWS::ApiGatewayV2::Api',
    ...sam.handedOn('Name', 'Description', 'CorsConfiguration', 'DisableExecuteApiEndpoint', 'FailOnWarnings', 'Tags'),
    ['Body', sam.property('DefinitionBody')],
    ['BodyS3Location', location],
  );
  const stage = sam.declare(
    sam.own('AWS::ApiGatewayV2::Stage'),
    'AWS::ApiGatewayV2::Stage',
    ['ApiId', sam.ref(sam.id)],
    ['StageName', sam.property('StageName') ?? sam.constant('$default')],
    ...sam.handedOn('AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings', 'StageVariables', 'Tags'),
    ['AutoDeploy', sam.constant(true)],
  );
  return [api, stage, ...domainOf(sam, 'AWS::ApiGatewayV2::DomainName')];
}

function domainOf(sam: ServerlessResource, type: string): readonly Declared[] {
  const domain = sam.property('Domain');
  if (domain === undefined || sam.origins.child(domain, 'DomainName') === undefined) return [];
  const part = (name: string): Located | undefined => sam.origins.child(domain, name);
  const certificate = part('CertificateArn');
  const endpoint = part('EndpointConfiguration');
  const policy = part('SecurityPolicy');
  const entries: Entry[] = [['DomainName', part('DomainName')]];
  if (type === 'AWS::ApiGateway::DomainName') {
    const regional = endpoint === undefined || endpoint.node === 'REGIONAL';
    entries.push(
      [regional ? 'RegionalCertificateArn' : 'CertificateArn', certificate],
      ['EndpointConfiguration', sam.map(['Types', sam.list(endpoint ?? sam.constant('REGIONAL'))])],
      ['SecurityPolicy', policy],
    );
  } else {
    const configuration = sam.map(
      ['CertificateArn', certificate],
      ['EndpointType', endpoint ?? sam.constant('REGIONAL')],
      ['SecurityPolicy', policy],
    );
    entries.push(['DomainNameConfigurations', sam.list(configuration)]);
  }
  entries.push(['MutualTlsAuthentication', part('MutualTlsAuthentication')]);
  return [sam.declare(sam.own(type), type, ...entries)];
}
