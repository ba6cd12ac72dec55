/** Makes, changes and deletes a resource on request: hooks are asked first, then whoever makes the resources of stacks. */
import { resourceType } from '../../catalogue/index.js';
import type { Call } from '../call.js';
import { newId, type ResourceData } from '../cloudformation/data.js';
import type { Installation } from '../cloudformation/installation.js';
import type { Json } from '../cloudformation/json.js';
import { identifierOf, liveResource, type LiveResource } from '../cloudformation/live.js';
import { looseStack } from '../cloudformation/resources.js';
import { handlerCode, hooksFailed } from '../cloudformation/failures.js';
import { isReplaced } from '../cloudformation/replacement.js';
import { ResourceFailure } from '../cloudformation/surroundings.js';
import type { DeclaredResource } from '../cloudformation/template.js';
import { RequestError, ServiceError } from '../errors.js';
import type { Input } from '../service.js';
import type { RequestData } from './data.js';
import { patched, PatchFailure } from './patch.js';
import { described, named, refusal } from './shapes.js';

interface Asked {
  readonly operation: RequestData['operation'];
  readonly type: string;
  readonly input: Input;
  readonly clientToken: string | undefined;
  readonly written: string;
}

/** A fault with the code of a handler (https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ProgressEvent.html). */
class HandlerFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Starts a request, which goes on by itself. @throws ServiceError for an input that cannot be one. */
export function begin(installation: Installation, call: Call, asked: Asked): RequestData {
  const { operation, type, input, clientToken, written } = asked;
  const current = operation === 'CREATE' ? undefined : named(call, input);
  const wanted = wantedOf(asked, current);
  const roleArn = typeof input['RoleArn'] === 'string' ? input['RoleArn'] : undefined;
  if (roleArn !== undefined) {
    call.authorize('iam:PassRole', roleArn, { context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } });
  }
  const by =
    roleArn === undefined
      ? call
      : installation.engine.maker({ account: call.account, region: call.region, by: call, input }, roleArn);
  const now = call.now;
  const request: RequestData = {
    ...{ token: newId(), hooksToken: newId(), operation, type, clientToken, input: written, createdAt: now },
    identifier: current?.identifier,
    status: 'IN_PROGRESS',
    errorCode: undefined,
    message: undefined,
    model: operation === 'DELETE' ? undefined : JSON.stringify(wanted),
    updatedAt: now,
  };
  installation.engine.go(run(installation, by, request, wanted, current));
  return request;
}

/** The properties that the resource shall have; empty when it shall be gone. */
function wantedOf({ operation, type, input }: Asked, current: LiveResource | undefined): Json {
  if (operation === 'DELETE') return {};
  const key = operation === 'CREATE' ? 'DesiredState' : 'PatchDocument';
  const written = input[key];
  if (typeof written !== 'string') throw refusal('InvalidRequestException', `${key} must not be null`);
  const wanted = operation === 'CREATE' ? parsed(written) : patchedOf(current!, written);
  const known = resourceType(type)!;
  const extra = Object.keys(wanted).find((name) => !known.properties.has(name));
  if (extra !== undefined) {
    throw refusal('InvalidRequestException', `Model validation failed (#: extraneous key [${extra}] is not permitted)`);
  }
  const missing = [...known.properties.values()].find(({ name, required }) => required && wanted[name] === undefined);
  if (missing !== undefined) {
    throw refusal('InvalidRequestException', `Model validation failed (#: required key [${missing.name}] not found)`);
  }
  if (current !== undefined && isReplaced(type, current.properties, wanted)) {
    throw refusal('NotUpdatableException', 'Invalid patch update: createOnlyProperties cannot be updated');
  }
  return wanted;
}

function parsed(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw refusal('InvalidRequestException', 'DesiredState is no JSON object');
}

function patchedOf({ properties }: LiveResource, text: string): Json {
  try {
    return patched(properties, text);
  } catch (error) {
    if (!(error instanceof PatchFailure)) throw error;
    throw refusal('InvalidRequestException', `Invalid patch update: ${error.message}`);
  }
}

async function run(
  installation: Installation,
  call: Call,
  request: RequestData,
  wanted: Json,
  current: LiveResource | undefined,
): Promise<void> {
  const { world } = installation.engine;
  await world.pause();
  try {
    await askHooks(installation, call, request, wanted, current);
    const identifier = await make(installation, call, request, wanted, current);
    request.identifier = identifier;
    request.status = 'SUCCESS';
    const found = liveResource(call.state, call.account, call.region, request.type, identifier);
    request.model = found === undefined ? undefined : described(found);
  } catch (error) {
    const [code, message] = told(error);
    request.status = 'FAILED';
    request.errorCode = code;
    request.message = message;
  }
  request.updatedAt = world.now();
}

function told(error: unknown): readonly [code: string, message: string] {
  if (error instanceof HandlerFailure) return [error.code, error.message];
  if (error instanceof ResourceFailure) {
    return [error.message.includes('already exists') ? 'AlreadyExists' : 'GeneralServiceException', error.message];
  }
  if (error instanceof RequestError) return ['AccessDenied', error.message];
  if (error instanceof ServiceError) return [handlerCode(error.code), error.message];
  throw error;
}

async function askHooks(
  { engine }: Installation,
  call: Call,
  { operation: action, type, hooksToken }: RequestData,
  properties: Json,
  current: LiveResource | undefined,
): Promise<void> {
  const stack = looseStack(call.state, call.account, call.region);
  const blocking = await engine.hooks.ask(
    {
      ...{ target: 'RESOURCE', stack, call, changeSetId: null, action, type, properties, requestToken: hooksToken },
      logicalId: current?.identifier ?? `${type.replaceAll('::', '')}-${hooksToken}`,
      previous: current?.properties ?? {},
    },
    () => undefined,
  );
  if (blocking.length > 0) throw new HandlerFailure('NonCompliant', hooksFailed(blocking));
}

/** @returns What the resource is called. */
async function make(
  { engine }: Installation,
  call: Call,
  { operation, type, token }: RequestData,
  properties: Json,
  current: LiveResource | undefined,
): Promise<string> {
  const loose = looseStack(call.state, call.account, call.region);
  const provider = engine.world.provider(type);
  const { recorded } = current ?? {};
  const stack = recorded?.stack ?? loose;
  const resource = (logicalId: string): DeclaredResource => ({
    ...{ logicalId, type, properties, deletionPolicy: 'Delete', updateReplacePolicy: 'Delete' },
    ...{ dependsOn: [], attributes: '' },
  });
  if (current === undefined) {
    const logicalId = token.slice(0, 8);
    const made = await provider.create({ stack, call, resource: resource(logicalId) });
    const record: ResourceData = recordOf(resource(logicalId), made, engine.world.now());
    loose.resources.set(token, record);
    return identifierOf(type, { ...made, properties });
  }
  const record: ResourceData = recorded?.resource ?? recordOf(resource(token.slice(0, 8)), current, 0);
  const before: ResourceData = { ...record, properties: current.properties };
  if (operation === 'DELETE') {
    await provider.delete({ stack, call }, before);
    if (stack === loose) for (const [key, each] of loose.resources) if (each === record) loose.resources.delete(key);
    record.isGone = true;
  } else {
    const made = await provider.update({ stack, call, resource: resource(record.logicalId) }, before);
    record.attributes = made.attributes;
    if (stack === loose) record.properties = properties;
    else record.actual = properties;
  }
  return current.identifier;
}

function recordOf(
  { logicalId, type, properties, deletionPolicy }: DeclaredResource,
  { physicalId, attributes }: Pick<LiveResource, 'physicalId' | 'attributes'>,
  updatedAt: number,
): ResourceData {
  const status = 'CREATE_COMPLETE';
  return { logicalId, type, physicalId, attributes, properties, status, reason: undefined, updatedAt, deletionPolicy };
}
