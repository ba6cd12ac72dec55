/**
 * Who calls: taken from the request's principal once, and kept, because most requests of a batch come from few callers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import { parseArn } from '../arn.js';
import type { Principal, Request } from '../model.js';

/** Anybody may give a role the path `/:role/aws-service-role/`; only AWS one that begins with `/aws-service-role/`. */
const SERVICE_LINKED = /^arn:[^:]*:iam::[^:]*:role\/aws-service-role\//;

/** The ways in which an entry of a principal element can name the caller, as bits. */
export const Form = {
  everyone: 1,
  account: 2,
  user: 4,
  role: 8,
  session: 16,
  federatedUser: 32,
  /** The user whose `GetFederationToken` made the caller's session. */
  issuer: 64,
  service: 128,
  provider: 256,
} as const;

/** Inside an account an allow for one of these is final: neither boundary nor session policy limits it. */
export const OVERRIDING = Form.everyone | Form.user | Form.session | Form.federatedUser;

export type CallerKind = 'root' | 'user' | 'role' | 'session' | 'federatedUser' | 'service' | 'provider' | 'anonymous';

/** Condition keys that follow from the caller, in lower case; `null` says that such callers never have the key. */
export type DerivedKeys = Readonly<Record<string, string | null>>;

export interface Caller {
  readonly kind: CallerKind;
  /** Left out for those that are no identity of an account. */
  readonly account: string | undefined;
  readonly isServiceLinked: boolean;
  /** Everything that names the caller, with the way in which it does. */
  readonly names: readonly (readonly [name: string, form: number])[];
  /** ARN without path of a role whose path is not known. */
  readonly roleWithoutPath: string | undefined;
  /** All of these must be listed in a `NotPrincipal` to be spared by a `Deny`. */
  readonly chain: number;
  readonly derived: DerivedKeys;
}

const kept = new Map<string, Caller>();
const MOST_KEPT = 4_096;

/**
 * The caller of a request.
 *
 * @param principalArn - The value of `aws:PrincipalArn` in the request's context, which may tell the path of a session's role.
 * @throws RangeError when the principal is no ARN of a user, role, session or root user.
 */
export function callerOf({ principal, sessionIssuer }: Request, principalArn: string | undefined): Caller {
  if (typeof principal !== 'string') {
    return 'service' in principal ? service(principal.service) : provider(principal.federated);
  }
  const known = sessionIssuer ?? principalArn;
  const key = known === undefined ? principal : `${principal}\n${sessionIssuer ?? ''}\n${principalArn ?? ''}`;
  const found = kept.get(key);
  if (found !== undefined) return found;
  const caller = principal === 'anonymous' ? ANONYMOUS : identity(principal, sessionIssuer, principalArn);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, caller);
  return caller;
}

const NO_IDENTITY = { account: undefined, isServiceLinked: false, roleWithoutPath: undefined };

function service(name: string): Caller {
  return {
    ...NO_IDENTITY,
    kind: 'service',
    names: [[`Service ${name}`, Form.service]],
    chain: Form.service,
    derived: { 'aws:principalisawsservice': 'true', 'aws:principalservicename': name, 'aws:username': null },
  };
}

function provider(name: string): Caller {
  return {
    ...NO_IDENTITY,
    kind: 'provider',
    names: [[`Federated ${name}`, Form.provider]],
    chain: Form.provider,
    derived: { 'aws:username': null, 'aws:principalservicename': null },
  };
}

const ANONYMOUS: Caller = {
  ...NO_IDENTITY,
  kind: 'anonymous',
  names: [],
  chain: Form.everyone,
  derived: {
    'aws:principalaccount': 'anonymous',
    'aws:principaltype': 'Anonymous',
    'aws:userid': 'anonymous',
    'aws:principalarn': null,
    'aws:principalisawsservice': null,
    'aws:principalservicename': null,
    'aws:username': null,
  },
};

function identity(principal: string, sessionIssuer: string | undefined, principalArn: string | undefined): Caller {
  const arn = parseArn(principal);
  const { partition = '', account = '', resource = '' } = arn ?? {};
  const slash = resource.indexOf('/');
  const type = slash < 0 ? resource : resource.slice(0, slash);
  const name = resource.slice(slash + 1);
  const accountNames: [string, number][] = [
    [account, Form.account],
    [`arn:${partition}:iam::${account}:root`, Form.account],
  ];
  const common = { account, isServiceLinked: false, roleWithoutPath: undefined };
  const derived = (keys: DerivedKeys): DerivedKeys => ({
    'aws:principalaccount': account,
    'aws:principalisawsservice': 'false',
    'aws:principalservicename': null,
    'aws:username': null,
    ...keys,
  });
  switch (`${arn?.service}:${type}`) {
    case 'iam:root':
      return {
        ...common,
        kind: 'root',
        names: accountNames,
        chain: Form.account,
        derived: derived({ 'aws:principalarn': principal, 'aws:principaltype': 'Account', 'aws:userid': account }),
      };
    case 'iam:user':
      return {
        ...common,
        kind: 'user',
        names: [...accountNames, [principal, Form.user]],
        chain: Form.account | Form.user,
        derived: derived({
          'aws:principalarn': principal,
          'aws:principaltype': 'User',
          'aws:username': name.slice(name.lastIndexOf('/') + 1),
        }),
      };
    case 'iam:role':
      return role(principal, true, [...accountNames], 'role', derived);
    case 'sts:assumed-role': {
      const known = sessionIssuer ?? principalArn;
      const roleName = name.slice(0, !name.includes('/') ? name.length : name.indexOf('/'));
      const arnOfRole = known ?? `arn:${partition}:iam::${account}:role/${roleName}`;
      return role(arnOfRole, known !== undefined, [...accountNames, [principal, Form.session]], 'session', derived);
    }
    case 'sts:federated-user':
      return {
        ...common,
        kind: 'federatedUser',
        names: [
          ...accountNames,
          ...(sessionIssuer === undefined ? [] : [[sessionIssuer, Form.issuer] as const]),
          [principal, Form.federatedUser],
        ],
        chain: Form.account | Form.federatedUser,
        derived: derived({
          'aws:principalarn': principal,
          'aws:principaltype': 'FederatedUser',
          'aws:userid': `${account}:${name}`,
        }),
      };
    default:
      throw new RangeError(`no principal of a request: ${principal}`);
  }

  function role(
    roleArn: string,
    isPathKnown: boolean,
    names: (readonly [string, number])[],
    kind: 'role' | 'session',
    keys: (own: DerivedKeys) => DerivedKeys,
  ): Caller {
    return {
      kind,
      account,
      isServiceLinked: SERVICE_LINKED.test(roleArn),
      names: isPathKnown ? [...names, [roleArn, Form.role]] : names,
      roleWithoutPath: isPathKnown ? undefined : withoutPath(roleArn),
      chain: Form.account | Form.role | Form.session,
      derived: keys({ 'aws:principalarn': roleArn, 'aws:principaltype': 'AssumedRole' }),
    };
  }
}

/** ARN of a role with its path left out; names of roles are unique in an account. */
function withoutPath(arn: string): string {
  const start = arn.indexOf(':role/') + ':role/'.length;
  return arn.slice(0, start) + arn.slice(arn.lastIndexOf('/') + 1);
}

/** A principal element ready to be matched. */
export class PrincipalSet {
  private readonly isEveryone: boolean;
  private readonly names = new Set<string>();
  private readonly rolesWithoutPath = new Set<string>();

  constructor(principals: readonly Principal[]) {
    this.isEveryone = principals.some(({ kind, value }) => kind === 'AWS' && value === '*');
    for (const { kind, value } of principals) {
      if (kind !== 'AWS') this.names.add(`${kind} ${value}`);
      else if (value !== '*') {
        this.names.add(value);
        if (/^arn:[^:]*:iam::[^:]*:role\//.test(value)) this.rolesWithoutPath.add(withoutPath(value));
      }
    }
  }

  /** The ways in which the element names a caller, as bits. */
  formsOf({ names, roleWithoutPath }: Caller): number {
    let forms: number = this.isEveryone ? Form.everyone : 0;
    if (this.names.size === 0) return forms;
    for (const [name, form] of names) if (this.names.has(name)) forms |= form;
    if (roleWithoutPath !== undefined && this.rolesWithoutPath.has(roleWithoutPath)) forms |= Form.role;
    return forms;
  }
}
