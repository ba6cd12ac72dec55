/** Roles with everything that a template says of their rights: inline policies, attached ones, boundary. */
import type { Policy, Request, Statement } from '../../iam/index.js';
import type { Path, Unknown } from '../../template/index.js';
import { alone, ask, comesThrough, unknownsOf } from './bounds.js';
import { managedPolicy } from './managed-policies.js';
import { pathIn } from './policy-paths.js';
import { ROLE_POLICY_TYPES, rolesOf } from './roles.js';
import { property } from './view.js';
import type { PolicyUnder, ResourceUnder, View } from './view.js';

/** A document that applies to an identity. */
export interface Document {
  readonly policy: Policy;
  /** The resource of the template that holds it, or that attaches it. */
  readonly resource: ResourceUnder;
  /** Where one of its statements stands; of a policy of AWS, where it is attached. */
  readonly place: (statement: number) => Path;
  /** Where the resources of a statement stand. */
  readonly placeOfResources: (statement: number) => Path;
  /** Of a policy that AWS manages. */
  readonly managedName?: string;
}

/** A role, or a policy that no role of the template has. */
export interface Identity {
  readonly resource: ResourceUnder;
  /** Left out for a policy by itself. */
  readonly role?: ResourceUnder;
  readonly principal: string;
  readonly documents: readonly Document[];
  readonly boundary: readonly Policy[] | null;
  readonly unreadable: readonly PolicyUnder[];
  /** Whether everything that is attached is known. */
  readonly seesAll: boolean;
}

/** The identities of a template. */
export function identitiesOf(view: View): readonly Identity[] {
  const attached = new Set<string>();
  const roles = rolesOf(view).map(({ resource: role, arn, policies, elsewhere }): Identity => {
    for (const { resource } of policies) attached.add(resource.key);
    const managed = elsewhere.map(({ text, path }) => ({ known: managedPolicy(text), path }));
    return {
      ...identity(policies, role, arn),
      role,
      documents: [
        ...policies.flatMap(documentOf),
        ...managed.flatMap(({ known, path }): Document[] => {
          const place = (): Path => path;
          return known === undefined
            ? []
            : [{ policy: known.policy, resource: role, place, placeOfResources: place, managedName: known.name }];
        }),
      ],
      boundary: boundaryOf(view, role),
      seesAll: managed.every(({ known }) => known !== undefined),
    };
  });
  const { partition, accountId } = view.place;
  const single = view
    .policies(...ROLE_POLICY_TYPES)
    .filter(({ kind, resource }) => kind === 'identity' && !attached.has(resource.key));
  return [
    ...roles,
    ...single.map((found) =>
      identity([found], found.resource, `arn:${partition}:iam::${accountId}:role/${OTHER_ROLE}`),
    ),
  ];
}

/** Stands for the role that a policy is attached to outside of the template. */
const OTHER_ROLE = 'some-role';

function identity(own: readonly PolicyUnder[], resource: ResourceUnder, principal: string): Identity {
  return {
    resource,
    principal,
    documents: own.flatMap(documentOf),
    boundary: null,
    unreadable: own.filter(({ policy }) => policy === undefined),
    seesAll: true,
  };
}

function documentOf(found: PolicyUnder): Document[] {
  const { policy, resource } = found;
  if (policy === undefined) return [];
  return [
    {
      policy,
      resource,
      place: (index) => pathIn(found, index),
      placeOfResources: (index) =>
        pathIn(found, index, policy.statements[index]!.resource?.negated === true ? 'NotResource' : 'Resource'),
    },
  ];
}

/** The boundary, when the template holds it; one outside of the template is not known to limit anything. */
function boundaryOf(view: View, role: ResourceUnder): readonly Policy[] | null {
  const value = property(role, 'PermissionsBoundary');
  const target = view.graph.target(value, 'AWS::IAM::ManagedPolicy');
  if (target === undefined) return null;
  const policies = view.policies('AWS::IAM::ManagedPolicy').filter(({ resource }) => resource === target);
  return policies.every(({ policy }) => policy !== undefined) ? policies.map(({ policy }) => policy!) : null;
}

/** A statement by which an identity has a right, or may have it. */
export interface Grant {
  readonly document: Document;
  readonly statement: Statement;
  readonly index: number;
  readonly answer: 'yes' | 'open';
  readonly unknowns: readonly Unknown[];
}

/**
 * The statements by which an identity may do something. Denies of all its documents and its boundary count.
 *
 * @param request - What it would do; tags of the resource that policies name count as missing.
 */
export function grantsOf(
  view: View,
  { documents, boundary, principal }: Identity,
  request: Pick<Request, 'action' | 'resource'> & Partial<Request>,
): readonly Grant[] {
  const policies = documents.map(({ policy }) => scoped(policy));
  const full: Request = {
    principal,
    resourceAccount: view.place.accountId,
    ...request,
    context: {
      'aws:SecureTransport': 'true',
      'aws:RequestedRegion': view.place.region,
      'aws:PrincipalAccount': view.place.accountId,
      ...request.context,
    },
    absent: [...resourceTags(policies), ...(request.absent ?? [])],
  };
  const granted = (some: readonly Policy[]): boolean => comesThrough({ identity: some, boundary }, full);
  // Most identities may not, which one question tells.
  if (ask(view, policies, granted) === 'no') return [];
  const denies = policies.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Deny'));
  return documents.flatMap((document, at) =>
    policies[at]!.statements.flatMap((statement, index): Grant[] => {
      if (statement.effect !== 'Allow') return [];
      const only = alone({ ...policies[at]!, statements: denies }, statement);
      const answer = ask(view, [only], granted);
      if (answer === 'no') return [];
      return [{ document, statement, index, answer, unknowns: unknownsOf(view, only) }];
    }),
  );
}

/** Variables of policies hold a resource to the caller: they never stand for everything. */
function scoped(policy: Policy): Policy {
  if (policy.version !== '2012-10-17') return policy;
  const plain = (text: string): string => text.replace(/\$\{(?![*?$]\})[^}]*\}/g, 'value-of-the-caller');
  return {
    ...policy,
    statements: policy.statements.map((statement) =>
      statement.resource === undefined
        ? statement
        : { ...statement, resource: { ...statement.resource, patterns: statement.resource.patterns.map(plain) } },
    ),
  };
}

/** The keys of tags of resources that policies ask for. */
function resourceTags(policies: readonly Policy[]): readonly string[] {
  const keys = policies.flatMap(({ statements }) =>
    statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)),
  );
  return keys.filter((key) => /^[a-z0-9-]+:(?:resourcetag|existingobjecttag)\//i.test(key));
}

/** Whether a list of ARNs of roles has one; where the own account is only supposed, its id does not count. */
export function isListed({ knowsAccount, place }: View, arn: string, list: readonly string[]): boolean {
  if (list.includes(arn)) return true;
  const own = `::${place.accountId}:`;
  return !knowsAccount && arn.includes(own) && list.some((one) => one.replace(/::\d{12}:/, own) === arn);
}
