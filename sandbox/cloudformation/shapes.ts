/** Structures of answers (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Types.html). */
import type { XmlValue } from '../protocols/xml.js';
import type { EventData, ResourceData, StackData } from './data.js';
import { Template } from './template.js';

export type Shape = Readonly<Record<string, XmlValue>>;

export function date(milliseconds: number): string;
export function date(milliseconds: number | undefined): string | undefined;
export function date(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

export function tagList(tags: ReadonlyMap<string, string>): XmlValue {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** Parameters with their values; those that are not to be shown as asterisks. */
export function parameterList(template: string, given: ReadonlyMap<string, string>): XmlValue {
  return Template.read(template).parameters.flatMap(({ name, noEcho, default: byDefault }) => {
    const value = given.get(name) ?? byDefault;
    return value === undefined ? [] : [{ ParameterKey: name, ParameterValue: noEcho ? '****' : value }];
  });
}

export function stackShape(stack: StackData): Shape {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: Template.read(stack.template).description,
    Parameters: parameterList(stack.template, stack.parameters),
    CreationTime: date(stack.createdAt),
    DeletionTime: date(stack.deletedAt),
    LastUpdatedTime: date(stack.updatedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [...stack.notificationArns],
    TimeoutInMinutes: stack.timeoutInMinutes,
    Capabilities: [...stack.capabilities],
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: tagList(stack.tags),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function stackSummary(stack: StackData): Shape {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: Template.read(stack.template).description,
    CreationTime: date(stack.createdAt),
    LastUpdatedTime: date(stack.updatedAt),
    DeletionTime: date(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function eventShape(stack: StackData, event: EventData): Shape {
  const { hook } = event;
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: date(event.at),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
    ...(hook !== undefined && {
      HookType: hook.type,
      HookStatus: hook.status,
      HookStatusReason: hook.reason,
      HookInvocationPoint: 'PRE_PROVISION',
      HookInvocationId: hook.invocationId,
      HookFailureMode: hook.failureMode,
    }),
  };
}

export function resourceShape(stack: StackData, resource: ResourceData): Shape {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: date(resource.updatedAt),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

export function resourceSummary(resource: ResourceData): Shape {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: date(resource.updatedAt),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}
