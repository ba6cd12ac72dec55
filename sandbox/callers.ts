/** Who calls: the root user of an account, an IAM user, the session of a role, a service of AWS, or nobody known. */

/** What temporary credentials carry with them. */
export interface Session {
  /** `RoleSessionName`; for `GetSessionToken` the name of the user. */
  readonly name: string;
  /** In milliseconds, whole seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | null;
  /** Texts of session policies; `null` when there are none. */
  readonly policies: readonly string[] | null;
}

export interface Caller {
  readonly kind: 'root' | 'user' | 'session' | 'anonymous' | 'service';
  /** Empty for those that have none. */
  readonly account: string;
  /** As `GetCallerIdentity` tells it; the name of a service's principal; `anonymous`. */
  readonly arn: string;
  /** `aws:userid`. */
  readonly userId: string;
  /** ARN, with its path, of the user, or of the role that the session is of. */
  readonly issuer: string;
  /** Of temporary credentials only. */
  readonly session: Session | null;
  /** The function whose credentials these are: `lambda:SourceFunctionArn`. */
  readonly sourceFunctionArn?: string;
}

export const ANONYMOUS: Caller = {
  kind: 'anonymous',
  account: '',
  arn: 'anonymous',
  userId: 'anonymous',
  issuer: 'anonymous',
  session: null,
};

/** The root user of an account. */
export function rootOf(account: string): Caller {
  const arn = `arn:aws:iam::${account}:root`;
  return { kind: 'root', account, arn, userId: account, issuer: arn, session: null };
}

/** A service that calls in its own name, such as `cloudformation.amazonaws.com`. */
export function serviceCaller(principal: string): Caller {
  return { kind: 'service', account: '', arn: principal, userId: principal, issuer: principal, session: null };
}

/** A user or role as far as its callers need it. */
export interface Issuer {
  readonly account: string;
  readonly arn: string;
  readonly id: string;
  readonly name: string;
}

/** A user, with long-term credentials or, with a session, with those of `GetSessionToken`. */
export function userCaller({ account, arn, id }: Issuer, session: Session | null = null): Caller {
  return { kind: 'user', account, arn, userId: id, issuer: arn, session };
}

/** The session of a role; its ARN leaves out the role's path. */
export function sessionCaller({ account, arn, id, name }: Issuer, session: Session): Caller {
  return {
    kind: 'session',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session.name}`,
    userId: `${id}:${session.name}`,
    issuer: arn,
    session,
  };
}
