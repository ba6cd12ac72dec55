/**
 * What roles say of revocation: whether people can enter them without a source identity, how long their sessions last,
 * and which of them in the management account need policies of their own.
 */
import { compilePolicies, evaluate, parsePolicy } from '../../iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';

/** What is looked at of one role. */
export interface RoleFacts {
  readonly arn: string;
  /** In seconds; `null` where the output does not tell. */
  readonly longest: number | null;
  /** SAML providers that its trust policy names. */
  readonly providers: readonly string[];
  /** Whether a provider can open a session without a source identity. */
  readonly canOmitIdentity: boolean;
  /** Whether a provider may set one. */
  readonly canSetIdentity: boolean;
  /** Whether IAM Identity Center has made it: it cannot be changed in IAM. */
  readonly isReserved: boolean;
}

/**
 * Reads the output of `aws iam list-roles` or `aws iam get-account-authorization-details`.
 *
 * @returns One entry for each role that people enter through a SAML provider; nothing when the value is no such output.
 */
export function readRoles(output: Value): readonly RoleFacts[] | undefined {
  if (!isMap(output)) return undefined;
  const listed = get(output, 'Roles') ?? get(output, 'RoleDetailList');
  return isList(listed) ? listed.filter(isMap).flatMap(factsOf) : undefined;
}

function factsOf(role: ValueMap): readonly RoleFacts[] {
  const arn = get(role, 'Arn');
  const trust = documentOf(get(role, 'AssumeRolePolicyDocument'));
  if (typeof arn !== 'string' || trust === undefined) return [];
  const providers = providersOf(trust);
  if (providers.length === 0) return [];
  const seconds = get(role, 'MaxSessionDuration');
  const longest = typeof seconds === 'number' ? seconds : null;
  const [sessions, setting] = ['sts:AssumeRoleWithSAML', 'sts:SetSourceIdentity'].map((action) =>
    providers.map((federated) => decide(trust, federated, arn, action)),
  );
  return [
    {
      arn,
      longest,
      providers,
      // What hangs on a key that nobody knows may be allowed.
      canOmitIdentity: sessions!.some((decision) => decision === 'ALLOW' || decision === 'UNDETERMINED'),
      canSetIdentity: setting!.some((decision) => decision === 'ALLOW' || decision === 'UNDETERMINED'),
      isReserved: arn.includes(':role/aws-reserved/'),
    },
  ];
}

/** A document as the SDK gives it, or as the API does: text, with every other character as `%XX`. */
function documentOf(value: Value | undefined): Policy | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return parsePolicy(value, 'trust').policy;
  try {
    const text = value.trimStart().startsWith('{') ? value : decodeURIComponent(value);
    return parsePolicy(JSON.parse(text) as Value, 'trust').policy;
  } catch {
    return undefined;
  }
}

function providersOf(trust: Policy): readonly string[] {
  const values = trust.statements.flatMap(({ effect, principal }) =>
    effect === 'Allow' ? (principal?.principals ?? []) : [],
  );
  const providers = values.filter(({ kind, value }) => kind === 'Federated' && value.includes(':saml-provider/'));
  return [...new Set(providers.map(({ value }) => value))].sort();
}

function decide(trust: Policy, federated: string, role: string, action: string): string {
  const set = compilePolicies({
    identity: [],
    boundary: null,
    session: null,
    scps: null,
    rcps: null,
    resource: trust,
    vpcEndpoint: null,
  });
  const isSetting = action === 'sts:SetSourceIdentity';
  const request: Request = {
    principal: { federated },
    action,
    resource: role,
    context: isSetting ? { 'sts:SourceIdentity': 'somebody' } : {},
    absent: isSetting ? [] : ['sts:SourceIdentity'],
  };
  return evaluate(set, request, { unknownContext: true }).decision;
}
