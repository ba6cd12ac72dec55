/** Operations on stacks (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html). */
import { ServiceError } from '../errors.js';
import { hasUpdates } from './changes.js';
import type { StackData } from './data.js';
import { requestOf, requestOfStack, STACK_NAME } from './engine.js';
import type { CfnCall, Engine, Output } from './engine.js';
import { flag, integer, optional, optionalWord, page, text, texts, validationError } from './input.js';
import type { OnFailure } from './runs.js';
import { calledIn, setStatus, settingOf } from './stack-state.js';
import { eventShape, resourceShape, resourceSummary, stackShape, stackSummary } from './shapes.js';
import { namedSet } from './stack-sets/access.js';
import { steps, Template } from './template.js';
import type { ParameterDeclaration } from './parameters.js';

const UPDATABLE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

export function doesNotExist(name: string): ServiceError {
  return validationError(`Stack with id ${name} does not exist`);
}

/** A stack by the name or ARN in the input. @throws ServiceError when there is none. */
export function namedStack(engine: Engine, call: CfnCall): StackData {
  const name = text(call.input, 'StackName');
  const stack = engine.find(call, name);
  if (stack === undefined) throw doesNotExist(name);
  return stack;
}

export function createStack(engine: Engine, call: CfnCall): Output {
  const { input } = call;
  const name = text(input, 'StackName', STACK_NAME);
  const present = engine.find(call, name);
  const token = optional(input, 'ClientRequestToken', { most: 128 });
  if (present !== undefined && token !== undefined && present.token === token) return { StackId: present.id };
  const request = requestOf(engine, call);
  if (present !== undefined) throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
  const onFailure = onFailureOf(call);
  const maker = engine.maker(call, request.roleArn);
  const stack = engine.newStack(call, name, request, 'CREATE_IN_PROGRESS');
  try {
    check(engine, stack);
  } catch (error) {
    engine.forget(stack);
    throw error;
  }
  stack.disableRollback = onFailure === 'DO_NOTHING';
  stack.timeoutInMinutes = integer(input, 'TimeoutInMinutes', 1);
  stack.terminationProtection = flag(input, 'EnableTerminationProtection') ?? false;
  setStatus(engine.world, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  engine.go(engine.run(stack, maker).create(onFailure));
  return { StackId: stack.id };
}

function onFailureOf({ input }: CfnCall): OnFailure {
  const asked = optionalWord(input, 'OnFailure', ['DO_NOTHING', 'ROLLBACK', 'DELETE'] as const);
  const disabled = flag(input, 'DisableRollback');
  if (asked !== undefined && disabled !== undefined) {
    throw validationError('You can specify either DisableRollback or OnFailure, but not both.');
  }
  return asked ?? (disabled === true ? 'DO_NOTHING' : 'ROLLBACK');
}

/** What is wrong with a template whatever becomes of its resources. @throws ServiceError */
export function check(engine: Engine, stack: StackData): void {
  const evaluated = Template.read(stack.template).evaluate(
    stack.parameters,
    settingOf(stack, engine.places),
    calledIn(stack),
  );
  steps(evaluated.resources);
}

export function updateStack(engine: Engine, call: CfnCall): Output {
  const name = text(call.input, 'StackName');
  const stack = engine.find(call, name);
  if (stack === undefined || stack.deletedAt !== undefined) {
    throw validationError(`Stack [${name}] does not exist`);
  }
  const before = requestOfStack(stack);
  const request = requestOf(engine, call, before);
  refuseUnlessUpdatable(stack);
  if (!hasUpdates(engine.places, stack, request)) throw validationError('No updates are to be performed.');
  const maker = engine.maker(call, request.roleArn);
  Object.assign(stack, request);
  stack.updatedAt = engine.world.now();
  setStatus(engine.world, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  engine.go(engine.run(stack, maker).update(before));
  return { StackId: stack.id };
}

export function refuseUnlessUpdatable(stack: StackData): void {
  if (UPDATABLE.has(stack.status)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

export function deleteStack(engine: Engine, call: CfnCall): Output {
  const stack = engine.find(call, text(call.input, 'StackName'));
  if (stack?.deletedAt !== undefined || stack === undefined) return null;
  if (stack.terminationProtection) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    if (stack.status === 'DELETE_IN_PROGRESS') return null;
    throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  const retained = texts(call.input, 'RetainResources');
  if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
    throw validationError(
      `Invalid operation on stack [${stack.id}]. The specified resources to retain must be in a valid state. Specify RetainResources only when the stack is in the DELETE_FAILED state`,
    );
  }
  const maker = engine.maker(call, optional(call.input, 'RoleARN') ?? stack.roleArn);
  stack.token = optional(call.input, 'ClientRequestToken', { most: 128 });
  setStatus(engine.world, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  engine.go(engine.run(stack, maker).delete(retained));
  return null;
}

export function describeStacks(engine: Engine, call: CfnCall): Output {
  const name = optional(call.input, 'StackName');
  const place = engine.place(call);
  const stacks =
    name === undefined
      ? [...place.stacks.values()].filter(({ deletedAt }) => deletedAt === undefined)
      : [namedStack(engine, call)];
  const { items, ...rest } = page(call.input, `DescribeStacks ${name ?? ''}`, stacks.reverse());
  return { Stacks: items.map(stackShape), ...rest };
}

/** Of `StackStatus` (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html, read 2026-11-22). */
const STACK_STATUSES = [
  ...['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_COMPLETE', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'],
  ...['ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_FAILED', 'DELETE_COMPLETE', 'UPDATE_IN_PROGRESS'],
  ...['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS'],
  ...['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'],
  ...['REVIEW_IN_PROGRESS', 'IMPORT_IN_PROGRESS', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_IN_PROGRESS'],
  ...['IMPORT_ROLLBACK_FAILED', 'IMPORT_ROLLBACK_COMPLETE'],
];

export function listStacks(engine: Engine, call: CfnCall): Output {
  const wanted = texts(call.input, 'StackStatusFilter', { oneOf: STACK_STATUSES });
  const stacks = [...engine.place(call).stacks.values()]
    .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
    .reverse();
  const { items, ...rest } = page(call.input, `ListStacks ${wanted.join(',')}`, stacks);
  return { StackSummaries: items.map(stackSummary), ...rest };
}

export function describeStackEvents(engine: Engine, call: CfnCall): Output {
  const name = text(call.input, 'StackName');
  const stack = engine.find(call, name);
  if (stack === undefined) throw validationError(`Stack [${name}] does not exist`);
  const { items, ...rest } = page(call.input, `DescribeStackEvents ${stack.id}`, [...stack.events].reverse());
  return { StackEvents: items.map((event) => eventShape(stack, event)), ...rest };
}

export function describeStackResources(engine: Engine, call: CfnCall): Output {
  const stack = namedStack(engine, call);
  const wanted = optional(call.input, 'LogicalResourceId');
  const resources = [...stack.resources.values()].filter(
    ({ logicalId }) => wanted === undefined || logicalId === wanted,
  );
  return { StackResources: resources.map((resource) => resourceShape(stack, resource)) };
}

export function describeStackResource(engine: Engine, call: CfnCall): Output {
  const stack = namedStack(engine, call);
  const id = text(call.input, 'LogicalResourceId');
  const resource = stack.resources.get(id);
  if (resource === undefined) throw validationError(`Resource ${id} does not exist for stack ${stack.name}`);
  return { StackResourceDetail: { StackName: stack.name, StackId: stack.id, ...resourceSummary(resource) } };
}

export function listStackResources(engine: Engine, call: CfnCall): Output {
  const stack = namedStack(engine, call);
  const { items, ...rest } = page(call.input, `ListStackResources ${stack.id}`, [...stack.resources.values()]);
  return { StackResourceSummaries: items.map(resourceSummary), ...rest };
}

export function listExports(engine: Engine, call: CfnCall): Output {
  const exports = [...engine.place(call).stacks.values()].flatMap((stack) =>
    stack.outputs.flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: exportName, Value: value }],
    ),
  );
  const { items, ...rest } = page(call.input, 'ListExports', exports);
  return { Exports: items, ...rest };
}

export function getTemplate(engine: Engine, call: CfnCall): Output {
  const changeSet = optional(call.input, 'ChangeSetName');
  const named = optional(call.input, 'StackName');
  const place = engine.place(call);
  const found = [...place.changeSets.values()].find(
    ({ id, name, stackId }) =>
      id === changeSet || (name === changeSet && named !== undefined && engine.find(call, named)?.id === stackId),
  );
  if (changeSet !== undefined && found === undefined) {
    throw new ServiceError('ChangeSetNotFound', `ChangeSet [${changeSet}] does not exist`, 404);
  }
  const template = found?.request.template ?? namedStack(engine, call).template;
  return { TemplateBody: template, StagesAvailable: ['Original', 'Processed'] };
}

export function validateTemplate(engine: Engine, call: CfnCall): Output {
  const template = Template.read(engine.templateText(call));
  return {
    Description: template.description,
    Parameters: template.parameters.map(({ name, default: byDefault, noEcho, description }) => ({
      ParameterKey: name,
      DefaultValue: byDefault,
      NoEcho: noEcho,
      Description: description,
    })),
    ...needs(template),
    DeclaredTransforms: [...template.transforms],
  };
}

export function getTemplateSummary(engine: Engine, call: CfnCall): Output {
  const { input } = call;
  const setName = optional(input, 'StackSetName');
  const stackName = optional(input, 'StackName');
  const text =
    setName !== undefined
      ? namedSet(call).template
      : stackName !== undefined
        ? namedStack(engine, call).template
        : engine.templateText(call);
  const template = Template.read(text);
  return {
    Description: template.description,
    Parameters: template.parameters.map(declarationShape),
    ...needs(template),
    ResourceTypes: [...template.types],
    DeclaredTransforms: [...template.transforms],
  };
}

function needs(template: Template): Exclude<Output, null> {
  const { capabilities } = template;
  return {
    Capabilities: [...capabilities],
    CapabilitiesReason:
      capabilities.length === 0
        ? undefined
        : `The following resource(s) require capabilities: [${template.iamTypes.join(', ')}]`,
  };
}

function declarationShape(declared: ParameterDeclaration): Exclude<Output, null> {
  return {
    ParameterKey: declared.name,
    DefaultValue: declared.default,
    ParameterType: declared.type,
    NoEcho: declared.noEcho,
    Description: declared.description,
    ParameterConstraints: { AllowedValues: declared.allowedValues ?? [] },
  };
}

export function updateTerminationProtection(engine: Engine, call: CfnCall): Output {
  const stack = namedStack(engine, call);
  stack.terminationProtection = flag(call.input, 'EnableTerminationProtection') ?? false;
  return { StackId: stack.id };
}
