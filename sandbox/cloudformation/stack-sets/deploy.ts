/** What an operation does in one account and Region: the stack there is made, changed or deleted by the role of stack sets. */
import { RequestError, ServiceError } from '../../errors.js';
import type { Host } from '../../service.js';
import { hasUpdates } from '../changes.js';
import { newId } from '../data.js';
import type { StackData, StackRequest } from '../data.js';
import { CLOUDFORMATION_PRINCIPAL, requestOfStack } from '../engine.js';
import type { Engine } from '../engine.js';
import { setStatus } from '../stack-state.js';
import { check } from '../stacks.js';
import type { InstanceData, StackSetData } from './data.js';
import { deployer } from './roles.js';

/** Why an instance has failed. */
export class InstanceFailure extends Error {}

const FAILED_STACK = /^(?:ROLLBACK_|CREATE_FAILED|DELETE_FAILED|REVIEW)/;

/** Makes the stack of an instance what the set wants it to be. @throws InstanceFailure */
export async function deploy(host: Host, engine: Engine, set: StackSetData, instance: InstanceData): Promise<void> {
  const parameters = new Map([...set.parameters, ...instance.overrides]);
  const request: StackRequest = {
    template: set.template,
    parameters,
    capabilities: set.capabilities,
    tags: set.tags,
    roleArn: undefined,
    notificationArns: [],
    token: undefined,
  };
  try {
    let stack = stackOf(engine, instance);
    if (stack !== undefined && FAILED_STACK.test(stack.status)) {
      await removeStack(host, engine, instance, stack);
      stack = undefined;
    }
    if (stack === undefined) await create(host, engine, set, instance, request);
    else await update(host, engine, stack, request);
  } catch (error) {
    throw failure(error);
  }
}

/** The stack of an instance, while there is one. */
export function stackOf(engine: Engine, { account, region, stackId }: InstanceData): StackData | undefined {
  const stack = stackId === undefined ? undefined : engine.places.at(account, region).stacks.get(stackId);
  return stack?.deletedAt === undefined ? stack : undefined;
}

async function create(
  host: Host,
  engine: Engine,
  set: StackSetData,
  instance: InstanceData,
  request: StackRequest,
): Promise<void> {
  const by = deployer(host, instance.account, instance.region);
  const stack = engine.newStack(instance, `StackSet-${set.name}-${newId()}`, request, 'CREATE_IN_PROGRESS');
  try {
    by.authorize('cloudformation:CreateStack', stack.id);
    check(engine, stack);
  } catch (error) {
    engine.forget(stack);
    throw error;
  }
  stack.stackSetId = set.id;
  instance.stackId = stack.id;
  setStatus(engine.world, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  await engine.run(stack, by.through(CLOUDFORMATION_PRINCIPAL)).create('ROLLBACK');
  if (stack.status !== 'CREATE_COMPLETE') throw new InstanceFailure(reasonOf(stack));
}

async function update(host: Host, engine: Engine, stack: StackData, request: StackRequest): Promise<void> {
  if (stack.status.endsWith('_IN_PROGRESS')) {
    throw new InstanceFailure(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
  if (!hasUpdates(engine.places, stack, request)) return;
  const by = deployer(host, stack.account, stack.region);
  by.authorize('cloudformation:UpdateStack', stack.id);
  const before = requestOfStack(stack);
  const from = stack.events.length;
  Object.assign(stack, request);
  stack.updatedAt = engine.world.now();
  setStatus(engine.world, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  await engine.run(stack, by.through(CLOUDFORMATION_PRINCIPAL)).update(before);
  if (stack.status !== 'UPDATE_COMPLETE') throw new InstanceFailure(reasonOf(stack, from));
}

/** Deletes the stack of an instance, when there is one. @throws InstanceFailure */
export async function remove(host: Host, engine: Engine, instance: InstanceData): Promise<void> {
  const stack = stackOf(engine, instance);
  if (stack === undefined) return;
  try {
    await removeStack(host, engine, instance, stack);
  } catch (error) {
    throw failure(error);
  }
}

async function removeStack(host: Host, engine: Engine, instance: InstanceData, stack: StackData): Promise<void> {
  if (stack.terminationProtection) {
    throw new InstanceFailure(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  const by = deployer(host, instance.account, instance.region);
  by.authorize('cloudformation:DeleteStack', stack.id);
  const from = stack.events.length;
  setStatus(engine.world, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  await engine.run(stack, by.through(CLOUDFORMATION_PRINCIPAL)).delete();
  if (stack.status !== 'DELETE_COMPLETE') throw new InstanceFailure(reasonOf(stack, from));
}

/** The first resource that has failed, as StackSets tells it. */
function reasonOf({ events, status, reason }: StackData, from = 0): string {
  const event = events
    .slice(from)
    .find((each) => each.status.endsWith('_FAILED') && each.reason?.endsWith('cancelled') === false);
  if (event === undefined) return reason ?? lastReason(events.slice(from)) ?? `The stack is in the status ${status}.`;
  return `ResourceLogicalId:${event.logicalId}, ResourceType:${event.type}, ResourceStatusReason:${event.reason ?? ''}.`;
}

function lastReason(events: StackData['events']): string | undefined {
  return [...events].reverse().find(({ reason }) => reason !== undefined)?.reason;
}

function failure(error: unknown): InstanceFailure {
  if (error instanceof InstanceFailure) return error;
  if (error instanceof RequestError || error instanceof ServiceError) return new InstanceFailure(error.message);
  throw error;
}
