/** Who calls, and the condition keys that follow from it. */
import { parseArn } from '../arn.js';
import type { Request } from '../model.js';

export interface Caller {
  readonly kind: 'root' | 'user' | 'role' | 'session' | 'federatedUser' | 'service' | 'provider' | 'anonymous';
  /** As the request writes the caller. */
  readonly name: string;
  readonly partition?: string;
  /** Only of those that are identities of an account. */
  readonly account?: string;
  /** ARN of the user or role behind the caller, as far as it is known. */
  readonly identity?: string;
  /** Whether a role's path is known; the ARN of a session leaves it out. */
  readonly isPathKnown?: boolean;
}

/** reference_policies_elements_principal, reference_policies_variables (principal key values) */
export function callerOf({ principal, sessionIssuer, context }: Request): Caller {
  if (typeof principal !== 'string') {
    return 'service' in principal
      ? { kind: 'service', name: principal.service }
      : { kind: 'provider', name: principal.federated };
  }
  if (principal === 'anonymous') return { kind: 'anonymous', name: principal };
  const arn = parseArn(principal);
  const [type, name] = arn?.resource.split('/') ?? [];
  const common = { name: principal, partition: arn?.partition ?? '', account: arn?.account ?? '' };
  if (arn?.service === 'iam' && arn.resource === 'root') return { ...common, kind: 'root' };
  if (arn?.service === 'iam' && type === 'user') return { ...common, kind: 'user', identity: principal };
  if (arn?.service === 'iam' && type === 'role') {
    return { ...common, kind: 'role', identity: principal, isPathKnown: true };
  }
  if (arn?.service === 'sts' && type === 'federated-user') {
    return { ...common, kind: 'federatedUser', ...(sessionIssuer === undefined ? {} : { identity: sessionIssuer }) };
  }
  if (arn?.service === 'sts' && type === 'assumed-role') {
    const given = Object.entries(context).find(([key]) => key.toLowerCase() === 'aws:principalarn')?.[1];
    const known = sessionIssuer ?? [given].flat()[0];
    const identity = known ?? `arn:${arn.partition}:iam::${arn.account}:role/${name}`;
    return { ...common, kind: 'session', identity, isPathKnown: known !== undefined };
  }
  throw new RangeError(`no principal of a request: ${principal}`);
}

/** The keys that follow from who calls and what is called (reference_policies_condition-keys). */
export function derivedKeys(request: Request, caller: Caller): Readonly<Record<string, string>> {
  const { kind, name, account = '', identity = name } = caller;
  const arn = parseArn(request.resource);
  const owner = request.resourceAccount ?? (/^\d{12}$/.test(arn?.account ?? '') ? arn?.account : undefined);
  const resource = owner === undefined ? {} : { 'aws:resourceaccount': owner };
  const signed = (type: string, principalArn: string): Record<string, string> => ({
    ...resource,
    'aws:principalarn': principalArn,
    'aws:principalaccount': account,
    'aws:principaltype': type,
    'aws:principalisawsservice': 'false',
  });
  switch (kind) {
    case 'root':
      return { ...signed('Account', name), 'aws:userid': account };
    case 'user':
      return { ...signed('User', name), 'aws:username': name.slice(name.lastIndexOf('/') + 1) };
    case 'role':
    case 'session':
      return signed('AssumedRole', identity);
    case 'federatedUser':
      return { ...signed('FederatedUser', name), 'aws:userid': `${account}:${name.slice(name.indexOf('/') + 1)}` };
    case 'service':
      return { ...resource, 'aws:principalisawsservice': 'true', 'aws:principalservicename': name };
    case 'anonymous':
      return {
        ...resource,
        'aws:principalaccount': 'anonymous',
        'aws:principaltype': 'Anonymous',
        'aws:userid': 'anonymous',
      };
    case 'provider':
      return resource;
  }
}
