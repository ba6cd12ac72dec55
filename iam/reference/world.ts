/** A request together with all that follows from it. */
import { parseArn } from '../arn.js';
import type { ApplicablePolicies, Request } from '../model.js';
import { callerOf, derivedKeys } from './caller.js';
import type { Caller } from './caller.js';

/** All that statements are matched against. */
export interface World {
  readonly request: Request;
  readonly caller: Caller;
  /** Values of a condition key; none when the request has no such key. */
  readonly valuesOf: (key: string) => readonly string[];
  readonly hasBoundary: boolean;
}

export function worldOf(request: Request, policies: ApplicablePolicies): World {
  const caller = callerOf(request);
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(derivedKeys(request, caller))) values.set(key, [value]);
  // An entry such as `aws:RequestTag/*` speaks of keys that are not given and do not follow: these are absent anyhow.
  for (const key of request.absent ?? []) values.delete(key.toLowerCase());
  for (const [key, value] of Object.entries(request.context)) values.set(key.toLowerCase(), [value].flat());
  const hasBoundary = policies.boundary !== null && caller.account !== undefined && caller.kind !== 'root';
  return { request, caller, hasBoundary, valuesOf: (key) => values.get(key.toLowerCase()) ?? [] };
}

export function accountOfResource({ resource, resourceAccount }: Request, { valuesOf }: World): string | undefined {
  const account = parseArn(resource)?.account ?? '';
  return resourceAccount ?? (/^\d{12}$/.test(account) ? account : valuesOf('aws:ResourceAccount')[0]);
}
