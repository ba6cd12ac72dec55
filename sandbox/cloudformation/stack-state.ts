/** What stacks are at a moment: where they are, what their resources are called, their status and its events. */
import { partitionOf } from '../../template/index.js';
import { newId } from './data.js';
import type { EventHook, Places, ResourceData, StackData } from './data.js';
import type { Surroundings } from './surroundings.js';
import type { Called, Setting } from './template.js';

/** Where a stack is. */
export function settingOf(stack: StackData, places: Places): Setting {
  const exports: Record<string, string> = {};
  for (const each of places.at(stack.account, stack.region).stacks.values()) {
    for (const { exportName, value } of each.outputs) {
      if (exportName !== undefined) exports[exportName] = value;
    }
  }
  return {
    account: stack.account,
    region: stack.region,
    partition: partitionOf(stack.region),
    stackName: stack.name,
    stackId: stack.id,
    notificationArns: stack.notificationArns,
    exports,
  };
}

/** The stack of an account and Region that exports a name. */
export function exporterOf(places: Places, { account, region }: StackData, name: string): StackData | undefined {
  const stacks = [...places.at(account, region).stacks.values()];
  return stacks.find(({ outputs }) => outputs.some(({ exportName }) => exportName === name));
}

/** What the resources of a stack are called that are there. */
export function calledIn(stack: StackData): Called {
  return (logicalId, attribute) => {
    const resource = stack.resources.get(logicalId);
    if (resource?.physicalId === undefined || resource.status.startsWith('DELETE')) return undefined;
    return attribute === undefined ? resource.physicalId : resource.attributes[attribute];
  };
}

export function setStatus(world: Surroundings, stack: StackData, status: string, reason?: string): void {
  stack.status = status;
  stack.reason = reason;
  addEvent(world, stack, undefined, status, reason, undefined);
}

/** Adds an event of a stack, or of one of its resources. */
export function addEvent(
  world: Surroundings,
  stack: StackData,
  record: ResourceData | undefined,
  status: string,
  reason: string | undefined,
  hook: EventHook | undefined,
): void {
  const id = newId();
  stack.events.push({
    id: record === undefined ? id : `${record.logicalId}-${status}-${id}`,
    at: world.now(),
    logicalId: record?.logicalId ?? stack.name,
    physicalId: record === undefined ? stack.id : (record.physicalId ?? ''),
    type: record?.type ?? 'AWS::CloudFormation::Stack',
    status,
    reason,
    properties: record === undefined ? undefined : JSON.stringify(record.properties),
    token: stack.token,
    hook,
  });
}
