/** AWS CloudFormation: its operations by name (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html). */
import type { Call } from '../call.js';
import { queryProtocol } from '../protocols/query.js';
import type { AccountMove, Host, Input, Operation, Service } from '../service.js';
import * as changeSets from './change-sets.js';
import { decide } from './decide.js';
import type { CfnCall, Output } from './engine.js';
import { Installation, installationOf } from './installation.js';
import * as types from './hooks/types.js';
import { follow } from './stack-sets/automatic.js';
import * as drift from './stack-sets/drift.js';
import * as instances from './stack-sets/instances.js';
import * as sets from './stack-sets/sets.js';
import * as stacks from './stacks.js';

type Run = (installation: Installation, call: CfnCall) => Output;

const RUNS: Readonly<Record<string, Run>> = {
  CreateStack: ({ engine }, call) => stacks.createStack(engine, call),
  UpdateStack: ({ engine }, call) => stacks.updateStack(engine, call),
  DeleteStack: ({ engine }, call) => stacks.deleteStack(engine, call),
  DescribeStacks: ({ engine }, call) => stacks.describeStacks(engine, call),
  DescribeStackEvents: ({ engine }, call) => stacks.describeStackEvents(engine, call),
  DescribeStackResource: ({ engine }, call) => stacks.describeStackResource(engine, call),
  DescribeStackResources: ({ engine }, call) => stacks.describeStackResources(engine, call),
  ListStackResources: ({ engine }, call) => stacks.listStackResources(engine, call),
  ListStacks: ({ engine }, call) => stacks.listStacks(engine, call),
  ListExports: ({ engine }, call) => stacks.listExports(engine, call),
  GetTemplate: ({ engine }, call) => stacks.getTemplate(engine, call),
  GetTemplateSummary: ({ engine }, call) => stacks.getTemplateSummary(engine, call),
  ValidateTemplate: ({ engine }, call) => stacks.validateTemplate(engine, call),
  UpdateTerminationProtection: ({ engine }, call) => stacks.updateTerminationProtection(engine, call),

  CreateChangeSet: ({ engine }, call) => changeSets.createChangeSet(engine, call),
  DescribeChangeSet: ({ engine }, call) => changeSets.describeChangeSet(engine, call),
  ListChangeSets: ({ engine }, call) => changeSets.listChangeSets(engine, call),
  ExecuteChangeSet: ({ engine }, call) => changeSets.executeChangeSet(engine, call),
  DeleteChangeSet: ({ engine }, call) => changeSets.deleteChangeSet(engine, call),

  ActivateType: (_, call) => types.activateType(call),
  DeactivateType: (_, call) => types.deactivateType(call),
  DescribeType: (_, call) => types.describeType(call),
  ListTypes: (_, call) => types.listTypes(call),
  SetTypeConfiguration: (_, call) => types.setTypeConfiguration(call),
  BatchDescribeTypeConfigurations: (_, call) => types.batchDescribeTypeConfigurations(call),
  ListHookResults: (_, call) => types.listHookResults(call),
  GetHookResult: (_, call) => types.getHookResult(call),

  CreateStackSet: ({ engine }, call) => sets.createStackSet(engine, call),
  UpdateStackSet: ({ engine, operations }, call) => sets.updateStackSet(engine, operations, call),
  DeleteStackSet: (_, call) => sets.deleteStackSet(call),
  DescribeStackSet: (_, call) => sets.describeStackSet(call),
  ListStackSets: (_, call) => sets.listStackSets(call),
  ListStackSetAutoDeploymentTargets: (_, call) => sets.listAutoDeploymentTargets(call),
  ActivateOrganizationsAccess: (_, call) => sets.activateOrganizationsAccess(call),
  DeactivateOrganizationsAccess: (_, call) => sets.deactivateOrganizationsAccess(call),
  DescribeOrganizationsAccess: (_, call) => sets.describeOrganizationsAccess(call),
  CreateStackInstances: ({ operations }, call) => instances.createStackInstances(operations, call),
  UpdateStackInstances: ({ operations }, call) => instances.updateStackInstances(operations, call),
  DeleteStackInstances: ({ operations }, call) => instances.deleteStackInstances(operations, call),
  ListStackInstances: (_, call) => instances.listStackInstances(call),
  DescribeStackInstance: (_, call) => instances.describeStackInstance(call),
  DescribeStackSetOperation: (_, call) => instances.describeStackSetOperation(call),
  ListStackSetOperations: (_, call) => instances.listStackSetOperations(call),
  ListStackSetOperationResults: (_, call) => instances.listStackSetOperationResults(call),
  DetectStackSetDrift: ({ operations }, call) => drift.detectStackSetDrift(operations, call),
  ListStackInstanceResourceDrifts: ({ engine }, call) => drift.listStackInstanceResourceDrifts(engine, call),
  StopStackSetOperation: (_, call) => instances.stopStackSetOperation(call),
};

function operationOf(name: string, run: Run): Operation {
  return (by: Call, input: Input) => {
    const installation = installationOf(by.host);
    const call: CfnCall = { account: by.account, region: by.region, by, input };
    decide(installation.engine, call, name);
    return run(installation, call);
  };
}

export const CLOUDFORMATION = {
  name: 'cloudformation',
  protocol: queryProtocol('2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'),
  operations: Object.fromEntries(Object.entries(RUNS).map(([name, run]) => [name, operationOf(name, run)])),
  accountMoved: (call: Call, move: AccountMove): void => {
    const { operations } = installationOf(call.host);
    follow(call.host, operations, move);
  },
  closed: (host: Host): void => {
    installationOf(host).close();
  },
} satisfies Service;
