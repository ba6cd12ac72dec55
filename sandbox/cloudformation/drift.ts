/**
 * Drift: what a stack has made, compared with what is there now ("Detect unmanaged configuration changes to stacks and
 * resources" of the CloudFormation User Guide,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html). Only properties that the
 * template sets are compared.
 */
import type { SandboxState } from '../state.js';
import type { ResourceData, StackData } from './data.js';
import type { Json } from './json.js';
import { isLive, liveResources, trackedProperties } from './live.js';

export interface PropertyDifference {
  /** JSON pointer, such as `/MaxSessionDuration`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly type: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
}

export interface ResourceDrift {
  readonly resource: ResourceData;
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED';
  readonly expected: Json;
  /** `null` when it is gone. */
  readonly actual: Json | null;
  readonly differences: readonly PropertyDifference[];
}

/** The resources of a stack that are there, each with how it differs. */
export function driftOf(state: SandboxState, stack: StackData): readonly ResourceDrift[] {
  return [...stack.resources.values()].flatMap((resource) =>
    resource.physicalId === undefined ? [] : [resourceDrift(state, stack, resource)],
  );
}

function resourceDrift(state: SandboxState, { account, region }: StackData, resource: ResourceData): ResourceDrift {
  const { type, physicalId, properties: expected } = resource;
  const actual = isLive(type)
    ? (liveResources(state, account, region, type).find((each) => each.physicalId === physicalId)?.properties ?? null)
    : resource.isGone === true
      ? null
      : (resource.actual ?? expected);
  if (actual === null) return { resource, status: 'DELETED', expected, actual, differences: [] };
  const tracked = trackedProperties(type);
  const differences = Object.keys(expected).flatMap((key) =>
    // What is kept in a record only is as the stack has it.
    tracked !== null && !tracked.includes(key) && resource.actual === undefined
      ? []
      : difference(`/${key}`, expected[key], actual[key]),
  );
  return { resource, status: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED', expected, actual, differences };
}

function difference(path: string, expected: unknown, actual: unknown): readonly PropertyDifference[] {
  if (isSame(expected, actual)) return [];
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
  const type = actual === undefined ? 'REMOVE' : 'NOT_EQUAL';
  return [{ path, expected: text(expected), actual: text(actual), type }];
}

/** Numbers and Booleans are as good as their texts, and members that the template leaves out may have any value. */
function isSame(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return false;
    const left = [...(actual as readonly unknown[])];
    // The order of tags, policies and their like says nothing.
    return (expected as readonly unknown[]).every((each) => {
      const index = left.findIndex((other) => isSame(each, other));
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    });
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    const isPolicy = Object.hasOwn(expected, 'Statement');
    const hasAll = Object.entries(expected).every(([key, value]) => isSame(value, (actual as Json)[key]));
    return hasAll && (!isPolicy || Object.keys(expected).length === Object.keys(actual).length);
  }
  const text = (value: unknown): unknown => (typeof value === 'string' ? value : JSON.stringify(value));
  return text(expected) === text(actual);
}
