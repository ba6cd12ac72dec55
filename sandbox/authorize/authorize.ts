/** Decides a request by all policies that apply, with the engine that the rest of Stackade uses. */
import { iamAction, supportsRcp } from '../../catalogue/iam/index.js';
import { evaluate } from '../../iam/index.js';
import type { Evaluation, PolicyLayer, Request, RequestPrincipal } from '../../iam/index.js';
import type { Call } from '../call.js';
import type { Caller } from '../callers.js';
import { RequestError } from '../errors.js';
import { recordUse } from '../usage.js';
import { applicable, documentsOf, type Applicable, type ResourcePolicy, type Source } from './applicable.js';
import { compiledSet } from './documents.js';
import { contextOf, type RequestKeys } from './context.js';

export interface AuthorizeOptions extends RequestKeys {
  /** Account of the resource. `@default` the one in its ARN, else the caller's */
  readonly owner?: string;
  readonly resourcePolicy?: ResourcePolicy | null;
  /** In place of the message that names the action and the policies. */
  readonly message?: string;
}

/** A request with all that decides it. */
export interface Question {
  readonly request: Request;
  readonly policies: Applicable;
}

/** @throws RequestError `accessDenied`. */
export function authorize(call: Call, action: string, resource: string, options: AuthorizeOptions): void {
  const question = questionOf(call, action, resource, options);
  const { request, policies } = question;
  const evaluation = evaluate(compiledSet(documentsOf(policies)), request, { rcpApplies });
  if (evaluation.decision === 'ALLOW') {
    const { state, caller, now, region, accessKeyId } = call;
    recordUse(state, caller, { action, now, region, accessKeyId });
    return;
  }
  throw new RequestError('accessDenied', options.message ?? messageOf(call.caller, question, evaluation));
}

/** What is asked, and of which policies. */
export function questionOf(call: Call, action: string, resource: string, options: AuthorizeOptions): Question {
  const { caller, state } = call;
  const owner = options.owner ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? caller.account;
  return {
    request: {
      principal: principalOf(caller),
      ...(caller.kind === 'session' && { sessionIssuer: caller.issuer }),
      action,
      resource,
      resourceAccount: owner,
      context: contextOf(call, action, owner, options),
    },
    policies: applicable(state, caller, owner, options.resourcePolicy ?? null),
  };
}

function principalOf({ kind, arn }: Caller): RequestPrincipal {
  return kind === 'service' ? { service: arn } : arn;
}

/**
 * RCPs act on services that support them, and there on actions that have a resource type
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html). An action that the
 * catalogue does not know counts as one that has.
 */
function rcpApplies(action: string): boolean {
  if (!supportsRcp(action.slice(0, Math.max(action.indexOf(':'), 0)))) return false;
  const known = iamAction(action);
  return known === undefined || known.resourceTypes.length > 0;
}

/** Words for policies, in the order in which one is named when several deny. */
const WORDS: readonly (readonly [layer: PolicyLayer, words: string])[] = [
  ['scp', 'service control policy'],
  ['rcp', 'resource control policy'],
  ['boundary', 'permissions boundary'],
  ['session', 'session policy'],
  ['resource', 'resource-based policy'],
  ['identity', 'identity-based policy'],
];

/**
 * "Troubleshoot access denied error messages" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
function messageOf(caller: Caller, { request, policies }: Question, { decision, layers, by }: Evaluation): string {
  const { action, resource } = request;
  const { arn } = caller;
  const start = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`;
  const article = (words: string): string => (/^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`);
  const named = (words: string): string =>
    words === 'resource-based policy' && policies.resource !== null && action.startsWith('sts:')
      ? 'role trust policy'
      : words;
  if (decision === 'EXPLICIT_DENY') {
    const [layer, words] = WORDS.find(([each]) => layers[each] === 'EXPLICIT_DENY')!;
    const first = by.find(({ policyType }) => policyType === layer);
    const source = first && sourceOf(policies, layer, first.level, first.policyIndex);
    const policyArn = source?.arn ?? null;
    const told = policyArn === null ? '' : `: ${policyArn}`;
    return `${start} with an explicit deny in ${article(named(words))}${told}`;
  }
  // Inside an account a resource's policy is no more than another way in; elsewhere it must allow.
  const isAcross = caller.account !== '' && request.resourceAccount !== caller.account;
  const needsResource = isAcross || action.startsWith('sts:AssumeRole');
  const [, words] = WORDS.find(([layer]) =>
    layer === 'resource' ? needsResource && layers.resource !== 'ALLOW' : layers[layer] === 'IMPLICIT_DENY',
  ) ?? ['identity', 'identity-based policy'];
  return `${start} because no ${named(words)} allows the ${action} action`;
}

function sourceOf(
  policies: Applicable,
  layer: PolicyLayer,
  level: number | undefined,
  index: number,
): Source | null | undefined {
  if (layer === 'scp' || layer === 'rcp') return policies[layer]?.[level ?? 0]?.[index];
  if (layer === 'resource') return policies.resource;
  return layer === 'vpcEndpoint' ? null : policies[layer]?.[index];
}
