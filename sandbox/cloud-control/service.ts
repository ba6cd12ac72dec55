/** AWS Cloud Control API (https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_Operations.html). */
import { handlerActions, requiredOfList } from '../../analyzers/scan/index.js';
import type { Call } from '../call.js';
import { hooksAt } from '../cloudformation/hooks/data.js';
import { installationOf } from '../cloudformation/installation.js';
import { liveResources, type LiveResource } from '../cloudformation/live.js';
import { jsonProtocol } from '../protocols/json.js';
import type { Input, Operation, Service } from '../service.js';
import { HANDLER_RIGHTS, REQUESTS, type RequestData } from './data.js';
import { begin } from './requests.js';
import { described, modelIn, named, primary, progress, refusal, text, typeOf } from './shapes.js';

/** Actions that reading a type takes besides those of Cloud Control API, where the sandbox has the service. */
const READS: Readonly<Record<string, readonly [list: string, get: string]>> = {
  'AWS::IAM::Role': ['iam:ListRoles', 'iam:GetRole'],
  'AWS::IAM::User': ['iam:ListUsers', 'iam:GetUser'],
  'AWS::IAM::ManagedPolicy': ['iam:ListPolicies', 'iam:GetPolicy'],
  'AWS::S3::Bucket': ['s3:ListAllMyBuckets', 's3:GetEncryptionConfiguration'],
  'AWS::S3::BucketPolicy': ['s3:ListAllMyBuckets', 's3:GetBucketPolicy'],
  'AWS::CloudFormation::LambdaHook': ['cloudformation:ListTypes', 'cloudformation:BatchDescribeTypeConfigurations'],
  'AWS::CloudFormation::GuardHook': ['cloudformation:ListTypes', 'cloudformation:BatchDescribeTypeConfigurations'],
  'AWS::AccessAnalyzer::Analyzer': ['access-analyzer:ListAnalyzers', 'access-analyzer:GetAnalyzer'],
};

/** Actions of the handlers of a type, where somebody wants them to be asked for. */
function handlersOf(call: Call, type: string): ReturnType<typeof handlerActions> {
  const { managementAccountId } = call.state.organization;
  return HANDLER_RIGHTS.of(call.state, managementAccountId).areAsked ? handlerActions(type) : undefined;
}

function arnOf({ type, physicalId, attributes }: LiveResource): string {
  if (type === 'AWS::S3::BucketPolicy') return `arn:aws:s3:::${physicalId}`;
  return [...Object.values(attributes), physicalId].find((each) => each.startsWith('arn:')) ?? '*';
}

const MOST = 100;

function listResources(call: Call, input: Input): object {
  call.authorize('cloudformation:ListResources');
  const type = typeOf(input);
  const [action] = READS[type] ?? [];
  if (action !== undefined) call.authorize(action);
  for (const each of handlersOf(call, type)?.list ?? []) call.authorize(each);
  const model = modelIn(input, type, requiredOfList(type));
  const all = liveResources(call.state, call.account, call.region, type).filter(({ properties, attributes }) =>
    Object.entries(model).every(
      ([name, value]) => JSON.stringify(properties[name] ?? attributes[name]) === JSON.stringify(value),
    ),
  );
  const most = Number(input['MaxResults'] ?? MOST);
  if (!Number.isInteger(most) || most < 1 || most > MOST) {
    throw refusal('InvalidRequestException', `MaxResults must be from 1 to ${MOST}`);
  }
  // A token is the last identifier that was given: what comes and goes meanwhile moves nothing.
  const after = tokenOf(input, type);
  const rest = after === undefined ? all : all.filter(({ identifier }) => identifier > after);
  const shown = rest.slice(0, most);
  const last = shown.at(-1);
  return {
    TypeName: type,
    ResourceDescriptions: shown.map(({ identifier }) => ({
      Identifier: identifier,
      Properties: JSON.stringify(primary(type, identifier)),
    })),
    ...(rest.length > most &&
      last !== undefined && {
        NextToken: Buffer.from(JSON.stringify([type, last.identifier])).toString('base64url'),
      }),
  };
}

function tokenOf(input: Input, type: string): string | undefined {
  const token = input['NextToken'];
  if (token === undefined || token === null) return undefined;
  if (typeof token !== 'string') throw refusal('InvalidRequestException', 'NextToken is not valid');
  try {
    const [of, identifier] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (of === type && typeof identifier === 'string') return identifier;
  } catch {
    // Not one of ours.
  }
  throw refusal('InvalidRequestException', 'NextToken is not valid');
}

function getResource(call: Call, input: Input): object {
  call.authorize('cloudformation:GetResource');
  const found = named(call, input);
  const [, action] = READS[found.type] ?? [];
  if (action !== undefined) call.authorize(action, arnOf(found), { owner: call.account });
  const handlers = handlersOf(call, found.type);
  for (const each of handlers?.read ?? []) call.authorize(each);
  const { type, identifier } = found;
  return { TypeName: type, ResourceDescription: { Identifier: identifier, Properties: described(found) } };
}

function requestsOf(call: Call): Map<string, RequestData> {
  return REQUESTS.of(call.state, call.account, call.region).requests;
}

function change(operation: RequestData['operation']): Operation {
  const name = { CREATE: 'CreateResource', UPDATE: 'UpdateResource', DELETE: 'DeleteResource' }[operation];
  return (call, input) => {
    call.authorize(`cloudformation:${name}`);
    const type = typeOf(input);
    const written = JSON.stringify(input);
    const clientToken = input['ClientToken'] === undefined ? undefined : text(input, 'ClientToken');
    const same = [...requestsOf(call).values()].find(
      (each) => clientToken !== undefined && each.clientToken === clientToken,
    );
    if (same !== undefined) {
      if (same.input === written && same.operation === operation) return { ProgressEvent: progress(same) };
      throw refusal('ClientTokenConflictException', 'The client token is used by another request.');
    }
    const request = begin(installationOf(call.host), call, { operation, type, input, clientToken, written });
    requestsOf(call).set(request.token, request);
    return { ProgressEvent: progress(request) };
  };
}

function getResourceRequestStatus(call: Call, input: Input): object {
  call.authorize('cloudformation:GetResourceRequestStatus');
  const token = text(input, 'RequestToken');
  const request = requestsOf(call).get(token);
  if (request === undefined) {
    throw refusal('RequestTokenNotFoundException', `The request token ${token} cannot be found.`);
  }
  const asked = [...hooksAt(call.state, call.account, call.region).results.values()].filter(
    ({ target }) => target.id === request.hooksToken,
  );
  return {
    ProgressEvent: progress(request),
    ...(asked.length > 0 && {
      HooksProgressEvent: asked.map((result) => ({
        HookTypeName: result.typeName,
        HookTypeVersionId: result.versionId,
        HookTypeArn: result.typeArn,
        InvocationPoint: 'PRE_PROVISION',
        HookStatus: result.status,
        HookEventTime: result.invokedAt / 1000,
        ...(result.reason !== undefined && { HookStatusMessage: result.reason }),
        FailureMode: result.failureMode,
      })),
    }),
  };
}

function listResourceRequests(call: Call, input: Input): object {
  call.authorize('cloudformation:ListResourceRequests');
  const { Operations: operations, OperationStatuses: statuses } = (input['ResourceRequestStatusFilter'] ?? {}) as {
    readonly Operations?: readonly string[];
    readonly OperationStatuses?: readonly string[];
  };
  const all = [...requestsOf(call).values()]
    .reverse()
    .filter(
      ({ operation, status }) => (operations?.includes(operation) ?? true) && (statuses?.includes(status) ?? true),
    );
  const start = Number(input['NextToken'] ?? 0);
  const end = start + Number(input['MaxResults'] ?? 20);
  return {
    ResourceRequestStatusSummaries: all.slice(start, end).map(progress),
    ...(end < all.length && { NextToken: String(end) }),
  };
}

export const CLOUD_CONTROL: Service = {
  name: 'cloudcontrolapi',
  protocol: jsonProtocol('CloudApiService', '1.0'),
  operations: {
    CreateResource: change('CREATE'),
    DeleteResource: change('DELETE'),
    GetResource: getResource,
    GetResourceRequestStatus: getResourceRequestStatus,
    ListResourceRequests: listResourceRequests,
    ListResources: listResources,
    UpdateResource: change('UPDATE'),
  },
};
