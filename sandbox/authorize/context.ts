/**
 * Condition keys of a request: "AWS global condition context keys" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). What follows from caller and
 * resource (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:username` and their like) the engine adds itself.
 */
import type { Call } from '../call.js';
import type { Caller } from '../callers.js';
import { pathTo, type OrganizationData } from '../organizations/data.js';
import type { SandboxState } from '../state.js';
import { issuerOf } from './applicable.js';

export type Context = Readonly<Record<string, string | readonly string[]>>;
export type Tags = ReadonlyMap<string, string>;

/** What an operation adds to the keys that all requests have. */
export interface RequestKeys {
  readonly context?: Context;
  /** Tags that the request sets: `aws:RequestTag/…` and `aws:TagKeys`. */
  readonly requestTags?: Tags;
  /** Keys of tags that the request takes away: `aws:TagKeys` alone. */
  readonly tagKeys?: readonly string[];
  /** Tags that the resource has: `aws:ResourceTag/…`. */
  readonly resourceTags?: Tags;
}

/** Services of which one endpoint serves all Regions: it stands in us-east-1. */
const GLOBAL_SERVICES = new Set(['iam', 'organizations']);

/** @param owner - Account of the resource. */
export function contextOf(call: Call, action: string, owner: string, keys: RequestKeys): Context {
  const { caller, host, now, via, state, region } = call;
  const context: Record<string, string | readonly string[]> = {
    'aws:CurrentTime': new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': GLOBAL_SERVICES.has(action.split(':')[0]!) ? 'us-east-1' : region,
    // The loopback interface stands for the HTTPS endpoint of the service.
    'aws:SecureTransport': 'true',
    'aws:SourceIp': host.sourceIp,
    'aws:ViaAWSService': String(via.length > 0),
  };
  const { 'user-agent': userAgent, referer } = call.request?.headers ?? {};
  if (userAgent !== undefined) context['aws:UserAgent'] = userAgent;
  if (referer !== undefined) context['aws:referer'] = referer;
  if (via.length > 0) {
    context['aws:CalledVia'] = via;
    context['aws:CalledViaFirst'] = via[0]!;
    context['aws:CalledViaLast'] = via.at(-1)!;
  }
  const { organization } = state;
  if (caller.account !== '') {
    context['aws:userid'] = caller.userId;
    addPlace(context, organization, caller.account, 'Principal');
    for (const [key, value] of principalTags(state, caller)) context[`aws:PrincipalTag/${key}`] = value;
  }
  addPlace(context, organization, owner, 'Resource');
  if (caller.session !== null) {
    const { issuedAt, sourceIdentity } = caller.session;
    context['aws:TokenIssueTime'] = new Date(issuedAt).toISOString().replace(/\.\d{3}Z$/, 'Z');
    context['aws:MultiFactorAuthPresent'] = 'false';
    if (sourceIdentity !== null) context['aws:SourceIdentity'] = sourceIdentity;
  }
  // AWS Lambda Developer Guide, "Working with Lambda execution environment credentials".
  if (caller.sourceFunctionArn !== undefined) context['lambda:SourceFunctionArn'] = caller.sourceFunctionArn;
  for (const [key, value] of keys.requestTags ?? []) context[`aws:RequestTag/${key}`] = value;
  const tagKeys = [...(keys.requestTags?.keys() ?? []), ...(keys.tagKeys ?? [])];
  if (tagKeys.length > 0) context['aws:TagKeys'] = tagKeys;
  for (const [key, value] of keys.resourceTags ?? []) context[`aws:ResourceTag/${key}`] = value;
  return { ...context, ...keys.context };
}

/** Those of the user or role; tags of the session win over them, whatever the case of their keys. */
function principalTags(state: SandboxState, caller: Caller): Iterable<readonly [key: string, value: string]> {
  const own = issuerOf(state, caller)?.tags ?? new Map<string, string>();
  const ofSession = Object.entries(caller.session?.tags ?? {});
  const replaced = new Set(ofSession.map(([key]) => key.toLowerCase()));
  return [...[...own].filter(([key]) => !replaced.has(key.toLowerCase())), ...ofSession];
}

function addPlace(
  context: Record<string, string | readonly string[]>,
  organization: OrganizationData,
  account: string,
  whose: 'Principal' | 'Resource',
): void {
  if (!organization.accounts.has(account)) return;
  const path = pathTo(organization, account).slice(0, -1);
  context[`aws:${whose}OrgID`] = organization.id;
  context[`aws:${whose}OrgPaths`] = [`${[organization.id, ...path].join('/')}/`];
}
