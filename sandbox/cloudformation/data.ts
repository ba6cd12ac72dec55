/** What the sandbox knows of AWS CloudFormation: plain data, by account and Region. */
import { createHash, randomUUID } from 'node:crypto';
import { Part } from '../state.js';
import type { SandboxState } from '../state.js';

export interface ResourceData {
  readonly logicalId: string;
  readonly type: string;
  /** `undefined` before there is one. */
  physicalId: string | undefined;
  attributes: Readonly<Record<string, string>>;
  properties: Readonly<Record<string, unknown>>;
  /** What it was changed to behind the back of its stack; left out while it is as the stack made it. */
  actual?: Readonly<Record<string, unknown>>;
  /** Whether it was deleted behind the back of its stack. */
  isGone?: boolean;
  status: string;
  reason: string | undefined;
  updatedAt: number;
  readonly deletionPolicy: string;
}

export interface EventData {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
  readonly token?: string | undefined;
  readonly hook?: EventHook | undefined;
}

/** What an event says of the hook that it is about. */
export interface EventHook {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly failureMode: string;
  readonly invocationId: string;
}

export interface OutputData {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

export interface StackData {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  updatedAt: number | undefined;
  deletedAt: number | undefined;
  status: string;
  reason: string | undefined;
  template: string;
  /** As given: parameters that take their Default are not in it. */
  parameters: ReadonlyMap<string, string>;
  capabilities: readonly string[];
  tags: ReadonlyMap<string, string>;
  roleArn: string | undefined;
  notificationArns: readonly string[];
  timeoutInMinutes: number | undefined;
  disableRollback: boolean;
  terminationProtection: boolean;
  outputs: readonly OutputData[];
  resources: Map<string, ResourceData>;
  /** Oldest first. */
  events: EventData[];
  changeSetId: string | undefined;
  /** The stack set that it belongs to. */
  stackSetId: string | undefined;
  token: string | undefined;
}

export interface ChangeData {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  readonly replacement: 'True' | 'False' | 'Conditional' | undefined;
  readonly scope: readonly string[];
  readonly details: readonly { readonly attribute: string; readonly name?: string; readonly recreation: string }[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface ChangeSetData {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly stackId: string;
  readonly createdAt: number;
  readonly description: string | undefined;
  readonly request: StackRequest;
  status: string;
  executionStatus: string;
  reason: string | undefined;
  changes: readonly ChangeData[];
}

/** What an operation on a stack was asked to make of it. */
export interface StackRequest {
  readonly template: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
  readonly roleArn: string | undefined;
  readonly notificationArns: readonly string[];
  readonly token: string | undefined;
}

/** What one Region of one account has. */
export interface PlaceData {
  readonly account: string;
  readonly region: string;
  /** By ARN, deleted ones too, in the order in which they were made. */
  readonly stacks: Map<string, StackData>;
  /** ARN of the stack that has a name now. */
  readonly names: Map<string, string>;
  readonly changeSets: Map<string, ChangeSetData>;
}

/** Makes a UUID of a text, for ids that shall be the same at each start. */
export function uuidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

export { randomUUID as newId };

const PLACES = new Part<PlaceData>('cloudformation', (_state, account, region) => ({
  account,
  region,
  stacks: new Map(),
  names: new Map(),
  changeSets: new Map(),
}));

/** The places of an organization. */
export class Places {
  constructor(private readonly state: SandboxState) {}

  at(account: string, region: string): PlaceData {
    return PLACES.of(this.state, account, region);
  }

  all(): readonly PlaceData[] {
    return PLACES.all(this.state).map(({ value }) => value);
  }
}
