/** Questions about the principals of a statement. */
import { parseArn } from '../../iam/index.js';
import type { Principal, Statement } from '../../iam/index.js';
import type { Unknown } from '../../template/index.js';

/** Whether a statement speaks of everybody: `*`, or everybody but some. */
export function isForEveryone({ principal }: Statement): boolean {
  if (principal === undefined) return false;
  return principal.negated || principal.principals.some(isEveryone);
}

/** Whether a principal is `*`. */
export function isEveryone({ kind, value }: Principal): boolean {
  return kind === 'AWS' && value === '*';
}

/** The account of a principal that names one; an origin access identity of CloudFront has none. */
export function accountOf({ kind, value }: Principal): string | undefined {
  if (kind !== 'AWS') return undefined;
  if (/^\d{12}$/.test(value)) return value;
  const account = parseArn(value)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** All texts of a statement in which a value may stand that nobody knows. */
export function textsOf({ principal, action, resource, conditions }: Statement): readonly string[] {
  return [
    ...(principal?.principals.map(({ value }) => value) ?? []),
    ...action.patterns,
    ...(resource?.patterns ?? []),
    ...conditions.flatMap(({ key, values }) => [key, ...values]),
  ];
}

/** Whether an account that a template writes out is the one that the stack is deployed to. */
export function ownAccountUnknown(account: string): Unknown {
  return {
    kind: 'pseudoParameter',
    reason: `whether ${account} is the own account is known only with the account`,
    parameters: ['AWS::AccountId'],
    choices: [],
    under: () => undefined,
  };
}
