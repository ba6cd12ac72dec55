/** What operations of Cloud Control API share: reading inputs, shapes of answers, refusals. */
import { nearestTypeName, resourceType } from '../../catalogue/index.js';
import type { Call } from '../call.js';
import type { Json } from '../cloudformation/json.js';
import { liveResource, type LiveResource } from '../cloudformation/live.js';
import { ServiceError } from '../errors.js';
import type { Input } from '../service.js';
import type { RequestData } from './data.js';

const CODES = {
  ClientTokenConflictException: 409,
  RequestTokenNotFoundException: 404,
  ResourceNotFoundException: 404,
  TypeNotFoundException: 404,
  UnsupportedActionException: 405,
} as const;

export function refusal(code: string, message: string): ServiceError {
  return new ServiceError(code, message, (CODES as Readonly<Record<string, number>>)[code] ?? 400);
}

export function text(input: Input, key: string): string {
  const value = input[key];
  if (typeof value === 'string' && value !== '') return value;
  throw refusal('InvalidRequestException', `${key} must not be null`);
}

/** The type of an input. @throws ServiceError when there is none of this name. */
export function typeOf(input: Input): string {
  const type = text(input, 'TypeName');
  if (resourceType(type) !== undefined) return type;
  const near = nearestTypeName(type);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw refusal('TypeNotFoundException', `The type '${type}' cannot be found.${hint}`);
}

/**
 * The model that a list is narrowed by: "ListResources" of the Cloud Control API reference, `ResourceModel`.
 *
 * @param required - What the list handler of the type has to be told.
 * @throws ServiceError when something of that is missing.
 */
export function modelIn(input: Input, type: string, required: readonly string[]): Json {
  const written = input['ResourceModel'];
  let model: unknown = {};
  try {
    if (typeof written === 'string') model = JSON.parse(written);
  } catch {
    model = null;
  }
  if (typeof model !== 'object' || model === null || Array.isArray(model)) {
    throw refusal('InvalidRequestException', 'ResourceModel is no JSON object');
  }
  const missing = required.filter((name) => ((model as Json)[name] ?? null) === null);
  if (missing.length === 0) return model as Json;
  throw refusal(
    'InvalidRequestException',
    `Missing or invalid ResourceModel property in ${type} list handler request input. Required property: [${missing.join(', ')}]`,
  );
}

/** The identifier as properties. */
export function primary(type: string, identifier: string): Json {
  const names = resourceType(type)?.primaryIdentifier ?? [];
  const values = names.length <= 1 ? [identifier] : identifier.split('|');
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

/** All properties, as text. */
export function described(found: LiveResource): string {
  const { type, identifier, properties, attributes } = found;
  return JSON.stringify({ ...primary(type, identifier), ...properties, ...nested(attributes) });
}

/** `Compliance.Type` is a member of a member. */
function nested(attributes: Readonly<Record<string, string>>): Json {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const [first = '', ...rest] = name.split('.');
    if (rest.length === 0) shown[first] = value;
    else shown[first] = { ...(shown[first] as Json | undefined), [rest.join('.')]: value };
  }
  return shown;
}

/** The resource of an input. @throws ServiceError when it is not there. */
export function named(call: Call, input: Input): LiveResource {
  const type = typeOf(input);
  const identifier = text(input, 'Identifier');
  const found = liveResource(call.state, call.account, call.region, type, identifier);
  if (found !== undefined) return found;
  throw refusal(
    'ResourceNotFoundException',
    `Resource of type '${type}' with identifier '${identifier}' was not found.`,
  );
}

export function progress(request: RequestData): object {
  const { errorCode, message, model, identifier } = request;
  return {
    TypeName: request.type,
    ...(identifier !== undefined && { Identifier: identifier }),
    RequestToken: request.token,
    HooksRequestToken: request.hooksToken,
    Operation: request.operation,
    OperationStatus: request.status,
    EventTime: request.updatedAt / 1000,
    ...(model !== undefined && { ResourceModel: model }),
    ...(message !== undefined && { StatusMessage: message }),
    ...(errorCode !== undefined && { ErrorCode: errorCode }),
  };
}
