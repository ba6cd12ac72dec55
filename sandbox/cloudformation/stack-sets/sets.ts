/** Operations on stack sets themselves (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html and its neighbours). */
import { partitionOf } from '../../../template/index.js';
import { ServiceError } from '../../errors.js';
import { newId } from '../data.js';
import { capabilitiesOf, parametersOf, STACK_NAME } from '../engine.js';
import type { CfnCall, Engine, Output } from '../engine.js';
import { flag, has, optional, optionalWord, page, structure, tagsOf, text, texts, validationError } from '../input.js';
import { Template } from '../template.js';
import { callsAs, namedSet, refuseUnlessAdministrator, visibleSets } from './access.js';
import { accessOf, isOpen } from './data.js';
import type { AutoDeployment, StackSetData } from './data.js';
import { refuseDependencies } from './dependencies.js';
import { enqueue, instancesIn, operationId } from './instances.js';
import type { Operations } from './operations.js';
import { ensureAdminRole } from './roles.js';
import { setShape, setSummary } from './shapes.js';
import { targetsOf } from './targets.js';

/** "Considerations for service-managed stack sets" of the CloudFormation User Guide. */
function refuseUnsupported(template: Template): void {
  if (template.transforms.length > 0) {
    throw validationError(
      'StackSets with SERVICE_MANAGED permission model does not support templates with transforms or macros',
    );
  }
}

export function createStackSet(engine: Engine, call: CfnCall): Output {
  const { input } = call;
  const name = text(input, 'StackSetName', STACK_NAME);
  const model = optionalWord(input, 'PermissionModel', ['SERVICE_MANAGED', 'SELF_MANAGED'] as const) ?? 'SELF_MANAGED';
  if (model === 'SELF_MANAGED') {
    throw validationError('The sandbox emulates stack sets with PermissionModel SERVICE_MANAGED only.');
  }
  if (has(input, 'AdministrationRoleARN') || has(input, 'ExecutionRoleName')) {
    throw validationError(
      'AdministrationRoleARN and ExecutionRoleName cannot be specified with the SERVICE_MANAGED permission model',
    );
  }
  refuseUnlessAdministrator(call);
  const autoDeployment = autoDeploymentOf(call);
  if (autoDeployment === undefined) {
    throw validationError('AutoDeployment must be specified for stack sets with the SERVICE_MANAGED permission model');
  }
  const { sets } = visibleSets(call);
  const token = optional(input, 'ClientRequestToken', { most: 128 });
  const present = [...sets.values()].find((set) => set.name === name && set.status === 'ACTIVE');
  if (present !== undefined && token !== undefined && present.token === token) return { StackSetId: present.id };
  const template = Template.read(engine.templateText(call));
  refuseUnsupported(template);
  const parameters = parametersOf(input, 'Parameters');
  template.parameterValues(parameters);
  const capabilities = capabilitiesOf(input, template);
  const tags = tagsOf(input);
  if (present !== undefined) {
    throw new ServiceError('NameAlreadyExistsException', `StackSet with name ${name} already exists`, 409);
  }
  refuseDependencies(autoDeployment.dependsOn, undefined, [...sets.values()]);
  const id = `${name}:${newId()}`;
  const management = call.by.state.organization.managementAccountId;
  sets.set(id, {
    id,
    name,
    arn: `arn:${partitionOf(call.region)}:cloudformation:${call.region}:${management}:stackset/${id}`,
    region: call.region,
    status: 'ACTIVE',
    description: optional(input, 'Description', { most: 1024 }),
    template: template.text,
    parameters,
    capabilities,
    tags,
    autoDeployment,
    managedExecution: managedExecutionOf(call) ?? false,
    token,
    instances: new Map(),
    operations: [],
    autoTargets: new Map(),
  });
  return { StackSetId: id };
}

function autoDeploymentOf({ input }: CfnCall): AutoDeployment | undefined {
  const given = structure(input, 'AutoDeployment');
  if (given === undefined) return undefined;
  const enabled = flag(given, 'Enabled') ?? false;
  const retainStacks = flag(given, 'RetainStacksOnAccountRemoval');
  if (!enabled && retainStacks !== undefined) {
    throw validationError('RetainStacksOnAccountRemoval can only be specified when AutoDeployment is enabled');
  }
  if (enabled && retainStacks === undefined) {
    throw validationError('RetainStacksOnAccountRemoval must be specified when AutoDeployment is enabled');
  }
  return { enabled, retainStacks: retainStacks ?? false, dependsOn: texts(given, 'DependsOn', { items: 10 }) };
}

function managedExecutionOf({ input }: CfnCall): boolean | undefined {
  const given = structure(input, 'ManagedExecution');
  return given === undefined ? undefined : flag(given, 'Active');
}

export function updateStackSet(engine: Engine, operations: Operations, call: CfnCall): Output {
  const { input } = call;
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const template = Template.read(engine.templateText(call, set.template));
  refuseUnsupported(template);
  const parameters = parametersOf(input, 'Parameters', set.parameters);
  template.parameterValues(parameters);
  const given = capabilitiesOf(input, template);
  const capabilities = has(input, 'Capabilities') ? given : set.capabilities;
  const targets = targetsOf(input, call.by.state.organization, false);
  const regions = texts(input, 'Regions');
  if ((targets === undefined) !== (regions.length === 0)) {
    throw validationError('DeploymentTargets and Regions must be specified together');
  }
  const managedExecution = managedExecutionOf(call);
  if (managedExecution !== undefined && managedExecution !== set.managedExecution && set.operations.some(isOpen)) {
    throw validationError('ManagedExecution cannot be changed while operations are running or queued');
  }
  const id = operationId(set, call);
  const tags = has(input, 'Tags') ? tagsOf(input) : set.tags;
  const autoDeployment = autoDeploymentOf(call) ?? set.autoDeployment;
  refuseDependencies(autoDeployment.dependsOn, set, [...visibleSets(call).sets.values()]);
  const chosen = instancesIn(call, set, targets, regions).filter(({ status }) => status !== 'INOPERABLE');
  enqueue(operations, call, set, { id, action: 'UPDATE', targets, chosen }, () => {
    const isChanged =
      template.text !== set.template ||
      JSON.stringify([...parameters]) !== JSON.stringify([...set.parameters]) ||
      JSON.stringify([...tags]) !== JSON.stringify([...set.tags]);
    if (isChanged) {
      for (const instance of set.instances.values()) {
        if (instance.status === 'CURRENT') instance.status = 'OUTDATED';
      }
    }
    Object.assign(set, {
      template: template.text,
      parameters,
      capabilities,
      tags,
      autoDeployment,
      description: optional(input, 'Description', { most: 1024 }) ?? set.description,
      managedExecution: managedExecution ?? set.managedExecution,
    });
  });
  return { OperationId: id };
}

export function deleteStackSet(call: CfnCall): Output {
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const open = set.operations.find(isOpen);
  if (open !== undefined) {
    throw new ServiceError(
      'OperationInProgressException',
      `Another Operation on StackSet ${set.arn} is in progress: ${open.id}`,
      409,
    );
  }
  if (set.instances.size > 0) throw new ServiceError('StackSetNotEmptyException', 'StackSet is not empty', 409);
  set.status = 'DELETED';
  return {};
}

export function describeStackSet(call: CfnCall): Output {
  return { StackSet: setShape(namedSet(call)) };
}

export function listStackSets(call: CfnCall): Output {
  const status = optionalWord(call.input, 'Status', ['ACTIVE', 'DELETED'] as const);
  const sets = [...visibleSets(call).sets.values()].filter((set) => status === undefined || set.status === status);
  const { items, ...rest } = page(call.input, `ListStackSets ${callsAs(call)} ${status ?? ''}`, sets);
  return { Summaries: items.map(setSummary), ...rest };
}

export function listAutoDeploymentTargets(call: CfnCall): Output {
  const set = namedSet(call);
  const { items, ...rest } = page(call.input, `ListStackSetAutoDeploymentTargets ${set.id}`, [...set.autoTargets]);
  const Summaries = items.map(([OrganizationalUnitId, regions]) => ({ OrganizationalUnitId, Regions: [...regions] }));
  return { Summaries, ...rest };
}

function refuseUnlessManagement(call: CfnCall): void {
  if (call.account === call.by.state.organization.managementAccountId) return;
  throw new ServiceError(
    'InvalidOperationException',
    'Organizations access can only be changed by the management account of an organization',
  );
}

export function activateOrganizationsAccess(call: CfnCall): Output {
  refuseUnlessManagement(call);
  accessOf(call.by.state).isEnabled = true;
  ensureAdminRole(call.by.host);
  return {};
}

export function deactivateOrganizationsAccess(call: CfnCall): Output {
  refuseUnlessManagement(call);
  accessOf(call.by.state).isEnabled = false;
  return {};
}

export function describeOrganizationsAccess(call: CfnCall): Output {
  callsAs(call);
  return { Status: accessOf(call.by.state).isEnabled ? 'ENABLED' : 'DISABLED' };
}

/** Sets as automatic deployment finds them. */
export function followsAccounts({ status, autoDeployment }: StackSetData): boolean {
  return status === 'ACTIVE' && autoDeployment.enabled;
}
