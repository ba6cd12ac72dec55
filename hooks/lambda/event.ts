/**
 * The event of a Lambda Hook, read: AWS CloudFormation Hooks User Guide, "Create Lambda functions to evaluate resources for
 * Lambda Hooks". Its page spells some keys in two ways, so names of the envelope are compared without regard to case; what
 * is in the properties of a resource is the user's, and is left as it is.
 */
export type Action = 'CREATE' | 'UPDATE' | 'DELETE';

/** A resource as it will be, and as it was. */
export interface ResourceChange {
  readonly action: Action;
  readonly logicalId: string;
  readonly type: string;
  /** Empty on a deletion. */
  readonly properties: JsonMap;
  /** `null` when there was none, or nothing is known of it. */
  readonly previous: JsonMap | null;
}

export type JsonMap = Readonly<Record<string, unknown>>;

/** What every target has. */
interface Common {
  readonly action: Action;
  readonly accountId: string;
  /** As the stack's ARN has them; Cloud Control has no stack. */
  readonly stack: { readonly partition: string; readonly region: string; readonly name: string } | null;
}

export type HookEvent =
  | (Common & { readonly target: 'RESOURCE'; readonly resource: ResourceChange })
  | (Common & { readonly target: 'STACK'; readonly name: string; readonly template: string })
  | (Common & {
      readonly target: 'CHANGE_SET';
      readonly name: string;
      readonly template: string;
      readonly changes: readonly ResourceChange[];
    });

/** What to do about an event of another form than the guide has: nobody who deploys a stack can mend it. */
export const REPORT = 'tell the owner of the hook, who finds the call in its log by its token';

/** An event that cannot be decided on, with the reason. */
export class EventError extends Error {
  /** @param help - What to do, as an instruction. */
  constructor(
    message: string,
    readonly help: string = REPORT,
  ) {
    super(message);
  }
}

const ACTION = /^(CREATE|UPDATE|DELETE)_PRE_PROVISION$/;
const ACCOUNT = /^[0-9]{12}$/;
const STACK = /^arn:([a-z0-9-]+):cloudformation:([a-z0-9-]+):([0-9]{12}):stack\/([A-Za-z][A-Za-z0-9-]{0,127})\/[^/]+$/;
const TYPE = /^[A-Za-z0-9_@-]+(?:::[A-Za-z0-9_@-]+){1,3}$/;

/** The token that the answer has to carry; `null` when the event has none. Nothing else of the event needs to be right. */
export function tokenOf(event: unknown): string | null {
  try {
    const token = isJsonMap(event) ? member(event, 'clientRequestToken') : undefined;
    return typeof token === 'string' ? token : null;
  } catch {
    return null;
  }
}

/**
 * The address in the event of a stack or a change set, behind which its payload stands; `null` when the event has none or is
 * of another target. It does not throw: what is wrong with an event is told when it is read.
 */
export function payloadAddress(event: unknown): string | null {
  try {
    const data = isJsonMap(event) ? member(event, 'requestData') : undefined;
    if (!isJsonMap(data)) return null;
    const target = member(data, 'targetName');
    const address = member(data, 'payload');
    return (target === 'STACK' || target === 'CHANGE_SET') && typeof address === 'string' ? address : null;
  } catch {
    return null;
  }
}

/**
 * Reads an event.
 *
 * @param payload - The text behind the address that events of stacks and change sets carry; `null` when there is none.
 * @throws EventError with the reason when anything that the decision needs is missing or of another form.
 */
export function readEvent(event: unknown, payload: string | null): HookEvent {
  const envelope = map(event, 'the event');
  const data = map(member(envelope, 'requestData'), '`requestData`');
  const targetName = text(member(data, 'targetName'), '`requestData.targetName`');
  const accountId = text(member(envelope, 'awsAccountId'), '`awsAccountId`');
  if (!ACCOUNT.test(accountId)) throw new EventError('`awsAccountId` is no account id of 12 digits');
  const stack = stackOf(member(envelope, 'stackId'), accountId);
  const point = member(envelope, 'actionInvocationPoint');
  // The schema of the guide leaves the point out for change sets, which have only one.
  const action = targetName === 'CHANGE_SET' && isNothing(point) ? 'CREATE' : actionOf(point);
  const common = { action, accountId, stack };
  const name = text(member(data, 'targetLogicalId'), '`requestData.targetLogicalId`');
  if (targetName === 'STACK' || targetName === 'CHANGE_SET') {
    return { ...common, name, ...bodyOf(payload, targetName, action) };
  }
  if (!TYPE.test(targetName)) throw new EventError(`\`${targetName}\` is no target that this hook knows`);
  const model = map(member(data, 'targetModel'), '`requestData.targetModel`');
  const resource = { action, logicalId: name, type: targetName };
  const previous = mapOrNothing(member(model, 'previousResourceProperties'), '`previousResourceProperties`');
  if (action === 'DELETE') {
    return { ...common, target: 'RESOURCE', resource: { ...resource, properties: {}, previous } };
  }
  const written = member(model, 'resourceProperties');
  if (written === undefined) throw new EventError('`resourceProperties` is missing');
  const properties = mapOrNothing(written, '`resourceProperties`') ?? {};
  return { ...common, target: 'RESOURCE', resource: { ...resource, properties, previous } };
}

function bodyOf(
  payload: string | null,
  target: 'STACK' | 'CHANGE_SET',
  action: Action,
):
  | { readonly target: 'STACK'; readonly template: string }
  | { readonly target: 'CHANGE_SET'; readonly template: string; readonly changes: readonly ResourceChange[] } {
  if (payload === null) throw new EventError('the payload of the event was not fetched');
  const body = map(parse(payload, 'the payload'), 'the payload');
  const template = member(body, 'template');
  if (target === 'STACK') {
    if (action === 'DELETE' && (isNothing(template) || template === '')) return { target, template: '' };
    return { target, template: text(template, '`template` of the payload') };
  }
  const changes = member(body, 'changedResources');
  if (!Array.isArray(changes)) throw new EventError('`changedResources` of the payload is no list');
  return { target, template: text(template, '`template` of the payload'), changes: changes.map(changeOf) };
}

function changeOf(written: unknown, index: number): ResourceChange {
  const what = `\`changedResources[${index}]\``;
  const change = map(written, what);
  const action = text(member(change, 'action'), `\`action\` of ${what}`);
  if (action !== 'CREATE' && action !== 'UPDATE' && action !== 'DELETE') {
    throw new EventError(`\`${action}\` of ${what} is no action that this hook knows`);
  }
  const type = text(member(change, 'resourceType'), `\`resourceType\` of ${what}`);
  if (!TYPE.test(type)) throw new EventError(`\`${type}\` of ${what} is no resource type`);
  return {
    action,
    logicalId: text(member(change, 'logicalResourceId'), `\`logicalResourceId\` of ${what}`),
    type,
    properties: action === 'DELETE' ? {} : contextOf(member(change, 'afterContext'), `\`afterContext\` of ${what}`),
    previous: isNothing(member(change, 'beforeContext'))
      ? null
      : contextOf(member(change, 'beforeContext'), `\`beforeContext\` of ${what}`),
  };
}

/** A context is a text of JSON with the key `Properties`. */
function contextOf(written: unknown, what: string): JsonMap {
  const context = map(parse(text(written, what), what), what);
  return mapOrNothing(member(context, 'Properties'), `\`Properties\` of ${what}`) ?? {};
}

function stackOf(written: unknown, accountId: string): Common['stack'] {
  if (isNothing(written) || written === '') return null;
  const [, partition, region, account, name] = STACK.exec(text(written, '`stackId`')) ?? [];
  if (partition === undefined || region === undefined || name === undefined) {
    throw new EventError('`stackId` is no ARN of a stack');
  }
  if (account !== accountId) throw new EventError('`stackId` is of another account than `awsAccountId`');
  return { partition, region, name };
}

function actionOf(point: unknown): Action {
  const [, action] = ACTION.exec(text(point, '`actionInvocationPoint`')) ?? [];
  if (action === undefined) throw new EventError('`actionInvocationPoint` is none that this hook knows');
  return action as Action;
}

/** The value of a key without regard to case. @throws EventError when there are several, since nobody knows which counts. */
function member(container: JsonMap, name: string): unknown {
  const keys = Object.keys(container).filter((key) => key.toLowerCase() === name.toLowerCase());
  if (keys.length > 1) throw new EventError(`\`${name}\` is there several times`);
  return keys.length === 0 ? undefined : container[keys[0]!];
}

function parse(written: string, what: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch {
    throw new EventError(`${what} is not JSON`);
  }
}

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isJsonMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function map(value: unknown, what: string): JsonMap {
  if (!isJsonMap(value)) throw new EventError(`${what} is no map`);
  return value;
}

function mapOrNothing(value: unknown, what: string): JsonMap | null {
  return isNothing(value) ? null : map(value, what);
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new EventError(`${what} is no text`);
  return value;
}
