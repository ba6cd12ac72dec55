/**
 * `AWS::CloudFormation::StackSet`: a stack set with its instances as a resource
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html). It is
 * done when its operations are, and fails with them.
 */
import type { Call } from '../../call.js';
import type { ResourceData } from '../data.js';
import type { Json } from '../json.js';
import { ResourceFailure } from '../surroundings.js';
import type { Made, PresentCall, Provider, ResourceCall } from '../surroundings.js';

/** Properties that the operations on sets take as they are. */
const SET_PROPERTIES = [
  ...['Description', 'TemplateBody', 'TemplateURL', 'Capabilities', 'AutoDeployment', 'ManagedExecution', 'Tags'],
  ...['CallAs', 'PermissionModel', 'Parameters', 'AdministrationRoleARN', 'ExecutionRoleName'],
];

/** Instances that belong together, by what tells them from others. */
interface Group {
  readonly targets: Json;
  readonly regions: readonly string[];
  readonly overrides: readonly Json[];
}

function groupsOf(properties: Json): readonly Group[] {
  const groups = properties['StackInstancesGroup'];
  return (Array.isArray(groups) ? (groups as readonly Json[]) : []).map((each) => ({
    targets: each['DeploymentTargets'] as Json,
    regions: each['Regions'] as readonly string[],
    overrides: (each['ParameterOverrides'] ?? []) as readonly Json[],
  }));
}

/** Operations of query services take texts. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(texts);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, texts(each)]));
}

const invoked = (call: Call, operation: string, input: Json): Promise<Json> =>
  call.invoke('cloudformation', operation, texts(input) as Json);

const setInput = (properties: Json): Json =>
  Object.fromEntries(SET_PROPERTIES.flatMap((key) => (properties[key] === undefined ? [] : [[key, properties[key]]])));

/** @param pause - Lets the operations of stack sets go on. */
export function stackSetProvider(pause: () => Promise<void>): Provider {
  const operate = async (call: Call, operation: string, input: Json): Promise<void> => {
    const { OperationId } = await invoked(call, operation, input);
    if (OperationId === undefined) return;
    const { StackSetName, CallAs } = input;
    const asked = { StackSetName, OperationId, ...(CallAs !== undefined && { CallAs }) };
    for (;;) {
      const answer = await invoked(call, 'DescribeStackSetOperation', asked);
      const { Status, StatusReason } = answer['StackSetOperation'] as Json;
      if (Status === 'SUCCEEDED') return;
      if (Status === 'FAILED' || Status === 'STOPPED') {
        throw new ResourceFailure(`The operation ${OperationId as string} is ${Status}: ${StatusReason as string}`);
      }
      await pause();
    }
  };
  const common = (name: string, properties: Json): Json => ({
    StackSetName: name,
    ...(properties['OperationPreferences'] !== undefined && {
      OperationPreferences: properties['OperationPreferences'],
    }),
    ...(properties['CallAs'] !== undefined && { CallAs: properties['CallAs'] }),
  });
  const instances = async (
    call: Call,
    verb: 'Create' | 'Delete',
    name: string,
    of: Json,
    group: Group,
  ): Promise<void> => {
    await operate(call, `${verb}StackInstances`, {
      ...common(name, of),
      DeploymentTargets: group.targets,
      Regions: group.regions,
      ...(verb === 'Delete' ? { RetainStacks: 'false' } : { ParameterOverrides: group.overrides }),
    });
  };
  const nameOf = (id: string): string => id.split(':')[0]!;
  return {
    async create({ call, resource }: ResourceCall): Promise<Made> {
      const { properties } = resource;
      const name = String(properties['StackSetName']);
      const { StackSetId } = await invoked(call, 'CreateStackSet', {
        ...setInput(properties),
        StackSetName: name,
      });
      try {
        for (const group of groupsOf(properties)) await instances(call, 'Create', name, properties, group);
      } catch (error) {
        // What was rolled out is taken back with the resource.
        for (const group of groupsOf(properties)) await instances(call, 'Delete', name, properties, group);
        await invoked(call, 'DeleteStackSet', common(name, properties));
        throw error;
      }
      return { physicalId: String(StackSetId), attributes: { StackSetId: String(StackSetId) } };
    },
    async update({ call, resource }: ResourceCall, current: ResourceData): Promise<Made> {
      const { properties } = resource;
      const name = nameOf(current.physicalId!);
      const [old, wanted] = [groupsOf(current.properties), groupsOf(properties)];
      const has = (groups: readonly Group[], { targets, regions }: Group): boolean =>
        groups.some((each) => JSON.stringify([each.targets, each.regions]) === JSON.stringify([targets, regions]));
      for (const group of old) {
        if (!has(wanted, group)) await instances(call, 'Delete', name, properties, group);
      }
      await operate(call, 'UpdateStackSet', { ...setInput(properties), ...common(name, properties) });
      for (const group of wanted) {
        if (!has(old, group)) await instances(call, 'Create', name, properties, group);
      }
      return { physicalId: current.physicalId!, attributes: current.attributes };
    },
    async delete({ call }: PresentCall, current: ResourceData): Promise<void> {
      const { properties } = current;
      const name = nameOf(current.physicalId!);
      for (const group of groupsOf(properties)) await instances(call, 'Delete', name, properties, group);
      await invoked(call, 'DeleteStackSet', common(name, properties));
    },
  };
}
