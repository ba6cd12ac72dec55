/** The IAM configuration of an account as resources, in the form of their CloudFormation schemas. */
import { readPolicy } from '../../../../iam/index.js';
import type { IamFacts, IamRole, IdentityPolicy, Json, LiveResource, Properties } from '../../source.js';
import { notTold } from './template.js';

/** The resources of an account's IAM configuration that its people can change. */
export function identityResources({ roles, users, groups, policies }: IamFacts): readonly LiveResource[] {
  return [
    ...roles.filter((role) => !isOfService(role)).map(roleResource),
    ...users.flatMap((user): readonly LiveResource[] => [
      resource('AWS::IAM::User', user.name, user.arn, {
        UserName: user.name,
        Path: user.path,
        Groups: user.groups,
        ...identityProperties(user),
        ...loginProfile(user.console),
      }),
      ...user.keys.map(({ ending, active }) =>
        resource('AWS::IAM::AccessKey', `${user.name} …${ending}`, `${user.arn} access key …${ending}`, {
          UserName: user.name,
          Status: active ? 'Active' : 'Inactive',
        }),
      ),
    ]),
    ...groups.map(({ arn, name, policies: own }) =>
      resource('AWS::IAM::Group', name, arn, { GroupName: name, ...policyProperties(own) }),
    ),
    ...policies.map((policy) =>
      resource('AWS::IAM::ManagedPolicy', policy.arn ?? policy.name, policy.arn ?? policy.name, {
        ManagedPolicyName: policy.name,
        PolicyDocument: documentOf(policy),
      }),
    ),
  ];
}

/** The service that makes roles for stack sets of an organization. */
const STACK_SETS = /:role\/aws-service-role\/(?:member\.org\.)?stacksets\.cloudformation\.amazonaws\.com\//;

/**
 * Whether a role is made and kept by AWS for itself: nobody in the account can shape it. Paths are reserved; the roles of
 * stack sets have a name that anybody could take, so their trust counts as well.
 */
export function isOfService({ path, name, trust }: IamRole): boolean {
  if (path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/')) return true;
  if (!name.startsWith('stacksets-exec-')) return false;
  const { policy } = readPolicy(trust, 'trust', '');
  const allows = policy?.statements.filter(({ effect }) => effect === 'Allow') ?? [];
  return (
    allows.length > 0 &&
    allows.every(
      ({ principal }) =>
        principal !== undefined &&
        !principal.negated &&
        principal.principals.every(({ kind, value }) => kind === 'AWS' && STACK_SETS.test(value)),
    )
  );
}

function roleResource(role: IamRole): LiveResource {
  return resource('AWS::IAM::Role', role.name, role.arn, {
    RoleName: role.name,
    Path: role.path,
    AssumeRolePolicyDocument: parsed(role.trust),
    MaxSessionDuration: role.maxSessionDuration ?? notTold(`the longest session of the role ${role.name} was not told`),
    ...identityProperties(role),
  });
}

function identityProperties({ boundary, policies, tags }: Pick<IamRole, 'boundary' | 'policies' | 'tags'>): Properties {
  return {
    ...(boundary !== null && { PermissionsBoundary: boundary }),
    ...policyProperties(policies),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function policyProperties(policies: readonly IdentityPolicy[]): Properties {
  return {
    ManagedPolicyArns: policies.flatMap(({ arn }) => (arn === null ? [] : [arn])),
    Policies: policies
      .filter(({ arn }) => arn === null)
      .map((policy) => ({ PolicyName: policy.name, PolicyDocument: documentOf(policy) })),
  };
}

function loginProfile(console: boolean | null): Properties {
  if (console === false) return {};
  return { LoginProfile: console === null ? notTold('whether the user has a password was not told') : {} };
}

function documentOf({ name, document }: IdentityPolicy): Json {
  return document === null ? notTold(`the document of the policy ${name} was not read`) : parsed(document);
}

/** A text that is no JSON stays one: a rule says then that the document cannot be read. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function resource(type: string, identifier: string, arn: string, properties: Properties): LiveResource {
  return { type, identifier, arn, properties };
}
