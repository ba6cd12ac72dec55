/** From the values of the dimensions to a request. */
import type { Request } from '../model.js';
import { ACTION, CALLER, keyOfDimension, RESOURCE } from './encode.js';
import { principalOf } from './principal.js';
import type { Assignment } from './solve.js';

/** What a request is made from. */
export interface RequestShape {
  readonly sides: readonly string[];
  /** How keys are written, by their lower case. */
  readonly keyNames: ReadonlyMap<string, string>;
  readonly names: readonly string[];
  /** How actions are written, by their lower case. */
  readonly actionNames: ReadonlyMap<string, string>;
}

const RESOURCE_ACCOUNT = 'aws:resourceaccount';

/** The request of one side. */
export function requestOf(
  assignment: Assignment,
  side: string,
  { sides, keyNames, names, actionNames }: RequestShape,
): Request {
  const context: Record<string, string | readonly string[]> = {};
  const absent: string[] = [];
  let resourceAccount = assignment(`key:${RESOURCE_ACCOUNT}`)?.[0];
  for (const name of names) {
    const of = keyOfDimension(name);
    if (
      of === undefined ||
      (of.side !== '' && of.side !== side) ||
      (of.side === '' && sides.length === 1 && side !== '')
    ) {
      continue;
    }
    const value = assignment(name);
    const written = keyNames.get(of.key) ?? of.key;
    if (of.key === RESOURCE_ACCOUNT) resourceAccount = value?.[0];
    else if (value !== undefined) context[written] = value.length === 1 ? value[0]! : value;
    else if (of.key === 'aws:userid') absent.push(written);
  }
  const action = assignment(ACTION)![0]!;
  const resource = assignment(RESOURCE)![0]!;
  const isOwnerWritten = /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(resource);
  return {
    ...principalOf(assignment(side + CALLER)![0]!),
    action: actionNames.get(action) ?? action,
    resource,
    ...(resourceAccount === undefined || isOwnerWritten ? {} : { resourceAccount }),
    context,
    ...(absent.length === 0 ? {} : { absent }),
  };
}
