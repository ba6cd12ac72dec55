/** The resources of an account and a Region that were made by stacks, or by Cloud Control API. */
import type { SandboxState } from '../state.js';
import { Places, type PlaceData, type ResourceData, type StackData } from './data.js';
import { Part } from '../state.js';

export interface RecordedResource {
  readonly stack: StackData;
  readonly resource: ResourceData;
}

/** What was made without a stack. It stands in one that nobody sees, because providers make resources for stacks. */
const LOOSE = new Part<{ stack: StackData | null }>('cloud-control-stack', () => ({ stack: null }));

export function looseStack(state: SandboxState, account: string, region: string): StackData {
  const part = LOOSE.of(state, account, region);
  part.stack ??= {
    id: `arn:aws:cloudformation:${region}:${account}:stack/cloud-control/00000000-0000-0000-0000-000000000000`,
    name: 'cc',
    account,
    region,
    createdAt: state.organization.createdAt,
    updatedAt: undefined,
    deletedAt: undefined,
    status: 'CREATE_COMPLETE',
    reason: undefined,
    template: '{}',
    parameters: new Map(),
    capabilities: [],
    tags: new Map(),
    roleArn: undefined,
    notificationArns: [],
    timeoutInMinutes: undefined,
    disableRollback: false,
    terminationProtection: false,
    outputs: [],
    resources: new Map(),
    events: [],
    changeSetId: undefined,
    stackSetId: undefined,
    token: undefined,
  };
  return part.stack;
}

function* resourcesIn(stack: StackData): Generator<RecordedResource> {
  if (stack.status === 'DELETE_COMPLETE') return;
  for (const resource of stack.resources.values()) {
    const isThere = resource.physicalId !== undefined && resource.status !== 'DELETE_COMPLETE';
    if (isThere && resource.status !== 'CREATE_FAILED') yield { stack, resource };
  }
}

/** All resources that are there. */
export function* recordsAt(state: SandboxState, account: string, region: string): Generator<RecordedResource> {
  const { stack: loose } = LOOSE.of(state, account, region);
  if (loose !== null) yield* resourcesIn(loose);
  const place: PlaceData = new Places(state).at(account, region);
  for (const stack of place.stacks.values()) yield* resourcesIn(stack);
}
