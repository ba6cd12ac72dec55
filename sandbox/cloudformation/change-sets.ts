/** Operations on change sets (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html and its neighbours). */
import { partitionOf } from '../../template/index.js';
import { ServiceError } from '../errors.js';
import { changesOf, hasUpdates } from './changes.js';
import { contextOf } from './context.js';
import { newId } from './data.js';
import type { ChangeData, ChangeSetData, StackData } from './data.js';
import { requestOf, requestOfStack, STACK_NAME } from './engine.js';
import type { CfnCall, Engine, Output } from './engine.js';
import { optional, optionalWord, page, text, validationError } from './input.js';
import { hooksFailed } from './failures.js';
import { setStatus } from './stack-state.js';
import { date, parameterList, tagList } from './shapes.js';
import type { Shape } from './shapes.js';
import { check, refuseUnlessUpdatable } from './stacks.js';

const CHANGE_SET_NAME = { pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/, most: 128 };
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export function createChangeSet(engine: Engine, call: CfnCall): Output {
  const { input } = call;
  const stackName = text(input, 'StackName');
  const name = text(input, 'ChangeSetName', CHANGE_SET_NAME);
  const type = optionalWord(input, 'ChangeSetType', ['CREATE', 'UPDATE'] as const) ?? 'UPDATE';
  const present = engine.find(call, stackName);
  if (type === 'UPDATE' && (present === undefined || present.deletedAt !== undefined)) {
    throw validationError(`Stack [${stackName}] does not exist`);
  }
  if (type === 'CREATE' && present !== undefined && present.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  if (type === 'UPDATE' && present?.status === 'REVIEW_IN_PROGRESS') {
    throw validationError(`Stack [${stackName}] does not exist`);
  }
  const isNew = type === 'CREATE';
  const request = requestOf(engine, call, isNew || present === undefined ? undefined : requestOfStack(present));
  if (!isNew) refuseUnlessUpdatable(present!);
  const place = engine.place(call);
  if ([...place.changeSets.values()].some((each) => each.name === name && each.stackId === present?.id)) {
    throw new ServiceError(
      'AlreadyExistsException',
      `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name`,
    );
  }
  let stack = present;
  if (stack === undefined) {
    text(input, 'StackName', STACK_NAME);
    stack = engine.newStack(call, stackName, request, 'REVIEW_IN_PROGRESS');
    try {
      check(engine, stack);
    } catch (error) {
      engine.forget(stack);
      throw error;
    }
    setStatus(engine.world, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }
  const changeSet: ChangeSetData = {
    id: `arn:${partitionOf(call.region)}:cloudformation:${call.region}:${call.account}:changeSet/${name}/${newId()}`,
    name,
    type,
    stackId: stack.id,
    createdAt: engine.world.now(),
    description: optional(input, 'Description', { most: 1024 }),
    request,
    status: 'CREATE_PENDING',
    executionStatus: 'UNAVAILABLE',
    reason: undefined,
    changes: [],
  };
  place.changeSets.set(changeSet.id, changeSet);
  engine.go(prepare(engine, call, stack, changeSet));
  return { Id: changeSet.id, StackId: stack.id };
}

/** Finds the changes, and asks the hooks of change sets. */
async function prepare(engine: Engine, call: CfnCall, stack: StackData, changeSet: ChangeSetData): Promise<void> {
  const { request } = changeSet;
  const { world, places } = engine;
  await world.pause();
  changeSet.status = 'CREATE_IN_PROGRESS';
  await world.pause();
  const fail = (reason: string): void => {
    changeSet.status = 'FAILED';
    changeSet.reason = reason;
  };
  try {
    changeSet.changes = changesOf(places, stack, request);
    if (changeSet.type === 'UPDATE' && !hasUpdates(places, stack, request)) {
      fail(NO_CHANGES);
      return;
    }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    fail(error.message);
    return;
  }
  const blocking = await engine.hooks.ask(
    {
      target: 'CHANGE_SET',
      action: 'CREATE',
      stack,
      call: engine.maker(call, request.roleArn),
      changeSetId: changeSet.id,
      template: request.template,
      previousTemplate: changeSet.type === 'CREATE' ? '' : stack.template,
      changes: changeSet.changes,
    },
    () => undefined,
  );
  if (blocking.length > 0) {
    fail(`${hooksFailed(blocking)}.`);
    return;
  }
  changeSet.status = 'CREATE_COMPLETE';
  changeSet.executionStatus = 'AVAILABLE';
}

function namedChangeSet(engine: Engine, call: CfnCall): ChangeSetData {
  const name = text(call.input, 'ChangeSetName', { most: 1600 });
  const place = engine.place(call);
  const byId = place.changeSets.get(name);
  if (byId !== undefined) return byId;
  const stackName = optional(call.input, 'StackName');
  if (stackName === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stack = engine.find(call, stackName);
  if (stack === undefined) throw validationError(`Stack [${stackName}] does not exist`);
  const found = [...place.changeSets.values()].find((each) => each.name === name && each.stackId === stack.id);
  if (found === undefined) throw new ServiceError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
  return found;
}

export function describeChangeSet(engine: Engine, call: CfnCall): Output {
  const changeSet = namedChangeSet(engine, call);
  const { request } = changeSet;
  const stack = engine.place(call).stacks.get(changeSet.stackId)!;
  const withValues = optional(call.input, 'IncludePropertyValues') === 'true';
  const { items, ...rest } = page(call.input, `DescribeChangeSet ${changeSet.id}`, changeSet.changes);
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: changeSet.description,
    Parameters: parameterList(request.template, request.parameters),
    CreationTime: date(changeSet.createdAt),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.reason,
    NotificationARNs: [...request.notificationArns],
    RollbackConfiguration: {},
    Capabilities: [...request.capabilities],
    Tags: tagList(request.tags),
    Changes: items.map((change) => changeShape(change, withValues)),
    IncludeNestedStacks: false,
    ...rest,
  };
}

function changeShape(change: ChangeData, withValues: boolean): Shape {
  const { action, logicalId, physicalId, type, replacement, scope, details } = change;
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: replacement,
      Scope: [...scope],
      Details: details.map(({ attribute, name, recreation }) => ({
        Target: { Attribute: attribute, Name: name, RequiresRecreation: recreation },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      })),
      ...(withValues && {
        BeforeContext: contextOf(change.before) ?? undefined,
        AfterContext: contextOf(change.after) ?? undefined,
      }),
    },
  };
}

export function listChangeSets(engine: Engine, call: CfnCall): Output {
  const name = text(call.input, 'StackName');
  const stack = engine.find(call, name);
  if (stack === undefined) throw validationError(`Stack [${name}] does not exist`);
  const all = [...engine.place(call).changeSets.values()].filter(({ stackId }) => stackId === stack.id);
  const { items, ...rest } = page(call.input, `ListChangeSets ${stack.id}`, all);
  const Summaries = items.map((each) => ({
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: each.id,
    ChangeSetName: each.name,
    ExecutionStatus: each.executionStatus,
    Status: each.status,
    StatusReason: each.reason,
    CreationTime: date(each.createdAt),
    Description: each.description,
  }));
  return { Summaries, ...rest };
}

export function deleteChangeSet(engine: Engine, call: CfnCall): Output {
  const changeSet = namedChangeSet(engine, call);
  if (/IN_PROGRESS|PENDING/.test(changeSet.status)) {
    throw new ServiceError('InvalidChangeSetStatus', `ChangeSet [${changeSet.id}] is in ${changeSet.status}`);
  }
  engine.place(call).changeSets.delete(changeSet.id);
  return {};
}

export function executeChangeSet(engine: Engine, call: CfnCall): Output {
  const changeSet = namedChangeSet(engine, call);
  const { request } = changeSet;
  if (changeSet.executionStatus !== 'AVAILABLE') {
    throw new ServiceError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
    );
  }
  const place = engine.place(call);
  const stack = place.stacks.get(changeSet.stackId)!;
  if (changeSet.type === 'UPDATE') refuseUnlessUpdatable(stack);
  const maker = engine.maker(call, request.roleArn);
  changeSet.executionStatus = 'EXECUTE_COMPLETE';
  // Each other one was made for what the stack was.
  for (const other of [...place.changeSets.values()]) {
    if (other.stackId === stack.id && other.executionStatus !== 'EXECUTE_COMPLETE') other.executionStatus = 'OBSOLETE';
  }
  const before = requestOfStack(stack);
  Object.assign(stack, request);
  stack.changeSetId = changeSet.id;
  stack.token = optional(call.input, 'ClientRequestToken', { most: 128 });
  if (changeSet.type === 'CREATE') {
    setStatus(engine.world, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
    engine.go(engine.run(stack, maker, changeSet.id).create('ROLLBACK'));
  } else {
    stack.updatedAt = engine.world.now();
    setStatus(engine.world, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
    engine.go(engine.run(stack, maker, changeSet.id).update(before));
  }
  return {};
}
