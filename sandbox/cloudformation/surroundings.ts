/** What makes the resources of stacks. */
import type { Call } from '../call.js';
import type { ResourceData, StackData } from './data.js';
import type { DeclaredResource } from './template.js';

/** One resource to be made, changed or deleted. */
export interface ResourceCall {
  readonly stack: StackData;
  /** Of the one who makes it: the caller, the stack's role, or the role of stack sets in a member account. */
  readonly call: Call;
  readonly resource: DeclaredResource;
}

/** A resource that is there. */
export type PresentCall = Omit<ResourceCall, 'resource'>;

/** What came of it. */
export interface Made {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Why a resource could not be made, changed or deleted, as the stack's events tell it. */
export class ResourceFailure extends Error {}

/** Makes resources of some types. What goes wrong is a {@link ResourceFailure}, ServiceError or RequestError. */
export interface Provider {
  create(call: ResourceCall): Made | Promise<Made>;
  /** @param current - As it is; its physical id stays. */
  update(call: ResourceCall, current: ResourceData): Made | Promise<Made>;
  delete(call: PresentCall, current: ResourceData): void | Promise<void>;
}

/** What the engine of stacks needs of the rest of the sandbox. */
export interface Surroundings {
  /** In milliseconds. */
  now(): number;
  /** Waits between two steps of an operation. @param isShort - When nobody looks at the steps one by one. */
  pause(isShort?: boolean): Promise<void>;
  /** The provider of a type. */
  provider(type: string): Provider;
}

/** An object of Amazon S3. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
}
