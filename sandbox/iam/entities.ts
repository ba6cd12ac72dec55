/** Operations that users and roles have alike: tags, inline and attached policies, boundaries, lists, deletion. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { given, tagList, text, texts } from '../input.js';
import type { Input, Operation } from '../service.js';
import { AWS_MANAGED } from './aws-managed.js';
import {
  addTags,
  ARN,
  authorizeOn,
  boundaryOf,
  conflict,
  encoded,
  entityOf,
  entityShape,
  iamOf,
  limitExceeded,
  noSuchEntity,
  paged,
  pathPrefix,
  policyName,
  removeTags,
  tagShapes,
  type EntityKind,
} from './common.js';
import type { Role, User } from './data.js';
import { checkDocument, sizeOf } from './documents.js';
import { roleShape } from './shapes.js';

const INLINE_QUOTAS = { User: IAM_QUOTAS.inlineUser, Role: IAM_QUOTAS.inlineRole } as const;
const ATTACHED_QUOTAS = { User: IAM_QUOTAS.managedPoliciesPerUser, Role: IAM_QUOTAS.managedPoliciesPerRole } as const;

function byName<T extends { readonly name: string }>(items: Iterable<T>): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Decides and does something with an entity. */
function on(
  kind: EntityKind,
  action: string,
  run: (entity: User | Role, input: Input, call: Call) => object | null,
  options: (input: Input, entity: User | Role) => Parameters<typeof authorizeOn>[3] = () => ({}),
): [string, Operation] {
  return [
    action,
    (call, input) => {
      const entity = entityOf(call, kind, input);
      authorizeOn(call, action, entity, options(input, entity));
      if (!/^(?:Get|List)/.test(action)) checkModifiable(entity);
      return run(entity, input, call);
    },
  ];
}

function put(kind: EntityKind): (entity: User | Role, input: Input) => null {
  return ({ inline }, input) => {
    const name = policyName(input);
    const document = text(input, 'PolicyDocument', { least: 1, most: 131_072 });
    checkDocument(document, 'identity');
    const others = [...inline].filter(([each]) => each !== name).reduce((sum, [, each]) => sum + sizeOf(each), 0);
    if (others + sizeOf(document) > INLINE_QUOTAS[kind]) {
      throw limitExceeded(`${kind.toLowerCase()}PolicySize`, INLINE_QUOTAS[kind]);
    }
    inline.set(name, document);
    return null;
  };
}

function inlineOf({ inline, name }: User | Role, input: Input, kind: EntityKind): string {
  const policy = policyName(input);
  const document = inline.get(policy);
  if (document !== undefined) return document;
  throw noSuchEntity(`The ${kind.toLowerCase()} policy with name ${policy} cannot be found on ${name}.`);
}

function attach(kind: EntityKind): (entity: User | Role, input: Input, call: Call) => null {
  return ({ attached }, input, call) => {
    const arn = text(input, 'PolicyArn', ARN);
    if (!iamOf(call).policies.has(arn) && !AWS_MANAGED.has(arn)) {
      throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    }
    if (attached.includes(arn)) return null;
    if (attached.length >= ATTACHED_QUOTAS[kind]) throw limitExceeded(`PoliciesPer${kind}`, ATTACHED_QUOTAS[kind]);
    attached.push(arn);
    return null;
  };
}

function detach({ attached }: User | Role, input: Input): null {
  const arn = text(input, 'PolicyArn', ARN);
  const index = attached.indexOf(arn);
  if (index < 0) throw noSuchEntity(`Policy ${arn} was not found.`);
  attached.splice(index, 1);
  return null;
}

/** The roles of services are theirs. @throws ServiceError for one of them. */
export function checkModifiable({ path, name }: User | Role): void {
  if (!path.startsWith('/aws-service-role/')) return;
  throw new ServiceError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS.`,
  );
}

/** An entity that still has something is not deleted. */
export function checkDeletable({ inline, attached }: User | Role): void {
  if (attached.length > 0) throw conflict('Cannot delete entity, must detach all policies first.');
  if (inline.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
}

const policyArn = (input: Input): Parameters<typeof authorizeOn>[3] => ({
  context: { 'iam:PolicyARN': String(input['PolicyArn']) },
});
const newBoundary = (input: Input): Parameters<typeof authorizeOn>[3] => ({
  context: { 'iam:PermissionsBoundary': String(input['PermissionsBoundary']) },
});

function operationsOf(kind: EntityKind): readonly [string, Operation][] {
  const list: [string, Operation] = [
    `List${kind}s`,
    (call, input) => {
      call.authorize(`iam:List${kind}s`);
      const prefix = pathPrefix(input);
      const { users, roles } = iamOf(call);
      const all: readonly (User | Role)[] = byName<User | Role>((kind === 'User' ? users : roles).values());
      const { items, rest } = paged(
        input,
        all.filter(({ path }) => path.startsWith(prefix)),
      );
      // Lists leave tags and boundaries out.
      const shapes = items.map((each) => ({
        ...(kind === 'User' ? entityShape(kind, each) : roleShape(call, each as Role)),
        Tags: undefined,
        PermissionsBoundary: undefined,
        RoleLastUsed: undefined,
      }));
      return { [`${kind}s`]: shapes, ...rest };
    },
  ];
  return [
    list,
    on(
      kind,
      `Tag${kind}`,
      ({ tags }, input) => {
        addTags(tags, tagList(given(input, 'Tags')));
        return null;
      },
      (input) => ({ requestTags: tagList(given(input, 'Tags')) }),
    ),
    on(
      kind,
      `Untag${kind}`,
      ({ tags }, input) => {
        removeTags(tags, texts(given(input, 'TagKeys'), 'TagKeys'));
        return null;
      },
      (input) => ({ tagKeys: texts(given(input, 'TagKeys'), 'TagKeys') }),
    ),
    on(kind, `List${kind}Tags`, ({ tags }, input) => {
      const { items, rest } = paged(input, tagShapes(tags) ?? []);
      return { Tags: items, ...rest };
    }),
    on(kind, `Put${kind}Policy`, put(kind)),
    on(kind, `Get${kind}Policy`, (entity, input) => ({
      [`${kind}Name`]: entity.name,
      PolicyName: policyName(input),
      PolicyDocument: encoded(inlineOf(entity, input, kind)),
    })),
    on(kind, `Delete${kind}Policy`, (entity, input) => {
      inlineOf(entity, input, kind);
      entity.inline.delete(policyName(input));
      return null;
    }),
    on(kind, `List${kind}Policies`, ({ inline }, input) => {
      const { items, rest } = paged(input, [...inline.keys()].sort());
      return { PolicyNames: items, ...rest };
    }),
    on(kind, `Attach${kind}Policy`, attach(kind), policyArn),
    on(kind, `Detach${kind}Policy`, detach, policyArn),
    on(kind, `ListAttached${kind}Policies`, ({ attached }, input, call) => {
      const { items, rest } = paged(input, attachedShapes(call, attached));
      return { AttachedPolicies: items, ...rest };
    }),
    on(
      kind,
      `Put${kind}PermissionsBoundary`,
      (entity, input, call) => {
        entity.boundary = boundaryOf(call, text(input, 'PermissionsBoundary', ARN));
        return null;
      },
      newBoundary,
    ),
    on(kind, `Delete${kind}PermissionsBoundary`, (entity) => {
      if (entity.boundary === null) throw noSuchEntity(`${kind} ${entity.name} does not have a permissions boundary.`);
      entity.boundary = null;
      return null;
    }),
  ];
}

export function attachedShapes(call: Call, attached: readonly string[]): readonly object[] {
  const { policies } = iamOf(call);
  return attached.map((arn) => ({ PolicyName: (policies.get(arn) ?? AWS_MANAGED.get(arn))?.name, PolicyArn: arn }));
}

export const ENTITY_OPERATIONS: Readonly<Record<string, Operation>> = Object.fromEntries([
  ...operationsOf('User'),
  ...operationsOf('Role'),
]);
