/**
 * What the operations of IAM share: finding things, deciding, pages, shapes
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html).
 */
import type { AuthorizeOptions } from '../authorize/authorize.js';
import { idOfPrincipal } from '../authorize/applicable.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { optionalNumber, optionalText, text, timeText, unsatisfied, validation } from '../input.js';
import type { Input } from '../service.js';
import { AWS_MANAGED } from './aws-managed.js';
import { IAM, type IamAccount, type Role, type User } from './data.js';
import type { Policy } from '../../iam/index.js';

export type EntityKind = 'User' | 'Role';

export const NAME = { least: 1, most: 64, pattern: /^[\w+=,.@-]+$/ } as const;
export const POLICY_NAME = { least: 1, most: 128, pattern: /^[\w+=,.@-]+$/ } as const;
export const PATH = { least: 1, most: 512, pattern: /^(?:\/|\/[\u0021-\u007F]+\/)$/ } as const;
export const ARN = { least: 20, most: 2048 } as const;

export function iamOf(call: Call): IamAccount {
  return IAM.of(call.state, call.account);
}

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}

export function conflict(message: string): ServiceError {
  return new ServiceError('DeleteConflict', message, 409);
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError('EntityAlreadyExists', message, 409);
}

export function limitExceeded(quota: string, most: number): ServiceError {
  return new ServiceError('LimitExceeded', `Cannot exceed quota for ${quota}: ${most}`, 409);
}

/** The entity that the input names; where a user may be left out it is the caller. */
export function entityOf(call: Call, kind: EntityKind, input: Input, orCaller = false): User | Role {
  const { users, roles } = iamOf(call);
  const key = `${kind}Name`;
  let name = optionalText(input, key, NAME);
  if (name === undefined) {
    if (!orCaller) throw unsatisfied(null, key, 'not be null');
    if (call.caller.kind !== 'user') throw validation('Must specify userName when calling with non-User credentials');
    name = call.caller.issuer.slice(call.caller.issuer.lastIndexOf('/') + 1);
  }
  const found = (kind === 'User' ? users : roles).get(name.toLowerCase());
  if (found !== undefined) return found;
  // Who may not look is told so, and not whether it is there.
  call.authorize(
    `iam:${orCaller ? 'GetUser' : `Get${kind}`}`,
    `arn:aws:iam::${call.account}:${kind.toLowerCase()}/${name}`,
  );
  throw noSuchEntity(`The ${kind.toLowerCase()} with name ${name} cannot be found.`);
}

/** Decides an action on an entity: its tags and its boundary count. */
export function authorizeOn(call: Call, action: string, entity: User | Role, options: AuthorizeOptions = {}): void {
  call.authorize(`iam:${action}`, entity.arn, {
    ...options,
    resourceTags: entity.tags,
    context: {
      ...Object.fromEntries([...entity.tags].map(([key, value]) => [`iam:ResourceTag/${key}`, value])),
      ...(entity.boundary !== null && { 'iam:PermissionsBoundary': entity.boundary }),
      ...options.context,
    },
  });
}

/** The policy that becomes a boundary. @throws ServiceError when there is none of this ARN. */
export function boundaryOf(call: Call, arn: string): string {
  if (!iamOf(call).policies.has(arn) && !AWS_MANAGED.has(arn)) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  }
  return arn;
}

/**
 * The users and roles of the organization that a document names as principals, with their unique ids.
 *
 * @throws ServiceError for one that is not there; AWS refuses these, too.
 */
export function principalsIn(
  call: Call,
  policy: Policy,
  code = 'MalformedPolicyDocument',
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { principal } of policy.statements) {
    for (const { kind, value } of principal?.principals ?? []) {
      const account = /^arn:aws:iam::(\d{12}):(?:user|role)\//.exec(value)?.[1];
      if (kind !== 'AWS' || account === undefined || !call.state.organization.accounts.has(account)) continue;
      const id = idOfPrincipal(call.state, value);
      if (id === undefined) {
        const message =
          code === 'MalformedPolicy' ? 'Invalid principal in policy' : `Invalid principal in policy: "AWS":"${value}"`;
        throw new ServiceError(code, message);
      }
      found.set(value, id);
    }
  }
  return found;
}

/** One page of a list, in the order of names. */
export function paged<T>(
  input: Input,
  items: readonly T[],
): { readonly items: readonly T[]; readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string } } {
  const most = optionalNumber(input, 'MaxItems', 1, 1000) ?? 100;
  const marker = optionalText(input, 'Marker', { least: 1, most: 5120 });
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw validation('Invalid Marker.');
  const end = start + most;
  const more = end < items.length;
  return {
    items: items.slice(start, end),
    rest: { IsTruncated: more, ...(more && { Marker: Buffer.from(String(end)).toString('base64') }) },
  };
}

export function pathPrefix(input: Input): string {
  return optionalText(input, 'PathPrefix', { least: 1, most: 512 }) ?? '/';
}

/** A document as IAM answers it. */
export function encoded(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function tagShapes(tags: ReadonlyMap<string, string>): readonly object[] | undefined {
  return tags.size === 0 ? undefined : [...tags].map(([Key, Value]) => ({ Key, Value }));
}

export const MOST_TAGS = 50;

/** Puts tags on something. Keys that differ in case only are the same. */
export function addTags(tags: Map<string, string>, added: ReadonlyMap<string, string>): void {
  const known = new Map([...tags.keys()].map((key) => [key.toLowerCase(), key]));
  const more = [...added.keys()].filter((key) => !known.has(key.toLowerCase())).length;
  if (tags.size + more > MOST_TAGS) throw limitExceeded('TagsPerEntity', MOST_TAGS);
  for (const [key, value] of added) {
    const old = known.get(key.toLowerCase());
    if (old !== undefined) tags.delete(old);
    tags.set(key, value);
  }
}

export function removeTags(tags: Map<string, string>, keys: readonly string[]): void {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  for (const key of [...tags.keys()]) if (gone.has(key.toLowerCase())) tags.delete(key);
}

/** The members that users and roles share. */
export function entityShape(kind: EntityKind, { name, path, id, arn, createdAt, boundary, tags }: User | Role): object {
  return {
    Path: path,
    [`${kind}Name`]: name,
    [`${kind}Id`]: id,
    Arn: arn,
    CreateDate: timeText(createdAt),
    PermissionsBoundary:
      boundary === null
        ? undefined
        : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: boundary },
    Tags: tagShapes(tags),
  };
}

export function policyName(input: Input): string {
  return text(input, 'PolicyName', POLICY_NAME);
}
