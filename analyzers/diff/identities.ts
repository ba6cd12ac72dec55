/**
 * Who has which policies: roles, users, groups and permission sets of a side, with everything that is attached to them by
 * any resource of its templates.
 */
import type { Policy } from '../../iam/index.js';
import { statementPath } from '../../iam/index.js';
import { get, isMap, policiesOf, supposedName } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { opaqueStatements, readDocument } from './documents.js';
import type { ReadDocument } from './documents.js';
import type { Boundary, Held, Identity, Opaque } from './identity.js';
import type { Place } from './model.js';
import { itemsOf, textOf, valueAt } from './side.js';
import type { Resource } from './side.js';
import type { Unknowns } from './unknowns.js';

const ROLE = 'AWS::IAM::Role';
const USER = 'AWS::IAM::User';
const GROUP = 'AWS::IAM::Group';
const MANAGED = 'AWS::IAM::ManagedPolicy';
const PERMISSION_SET = 'AWS::SSO::PermissionSet';

/** Kinds of identities by the property that names them in policies that are resources of their own. */
const ATTACHED_TO: Readonly<Record<string, string>> = { Roles: ROLE, Users: USER, Groups: GROUP };
const ATTACHED_ONE: Readonly<Record<string, readonly [property: string, type: string]>> = {
  'AWS::IAM::RolePolicy': ['RoleName', ROLE],
  'AWS::IAM::UserPolicy': ['UserName', USER],
  'AWS::IAM::GroupPolicy': ['GroupName', GROUP],
};

/** The one policy of AWS whose content can be relied on not to change. */
const ADMINISTRATOR = /^arn:[^:]+:iam::aws:policy\/AdministratorAccess$/;

/** A document that allows everything to those who have it. */
export const EVERYTHING: Policy = {
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};

/** The defaults of IAM (an hour) for sessions of roles and permission sets. */
const DEFAULT_SESSION = 3600;

interface ManagedPolicy {
  readonly resource: Resource;
  readonly read: ReadDocument;
  isAttached: boolean;
}

/**
 * What the policies of an identity say together with those that no template shows: these may allow or deny anything.
 *
 * @param shared - What of the latter is attached on both sides; what is not is told by itself.
 */
export function withUnseen(identity: Identity, shared: ReadonlySet<string>, unknowns: Unknowns): readonly Policy[] {
  const unseen = [...identity.opaque].flatMap(([key, { why, name, reason }]) => {
    if (why === 'unreadable' || !shared.has(key)) return [];
    const what = why === 'group' ? `the policies of ${name}` : `the managed policy ${name}`;
    const id = unknowns.opaqueId(
      `${why} ${key}`,
      reason.startsWith('its ') ? `${what}, whose content is in no template` : reason,
    );
    return opaqueStatements(id, 'identity', GIVES_ONLY.test(name) ? ['Allow'] : undefined);
  });
  const isHeldElsewhere = !identity.isDeclared || ![ROLE, USER, PERMISSION_SET].includes(identity.type);
  const others = 'policies that are in no template, of those who have this one';
  const more = isHeldElsewhere ? opaqueStatements(unknowns.opaqueId('others', others), 'identity', ['Allow']) : [];
  const statements = [...unseen, ...more];
  const mine = identity.policies.map(({ policy }) => policy);
  return statements.length === 0 ? mine : [...mine, { version: '2012-10-17', statements }];
}

/** A permissions policy of AWS that only gives rights, unlike those that lock somebody out. */
export const GIVES_ONLY = /^arn:[^:]+:iam::aws:policy\/(?!.*(?:Deny|Quarantine))/;

/** The identities of a side under one way to make its choices. */
export class Identities {
  private readonly byKey = new Map<string, Identity>();
  /** By what `Ref` gives. */
  private readonly byName = new Map<string, Identity>();
  private readonly managed = new Map<string, ManagedPolicy>();
  /** User → groups. */
  private readonly memberships = new Map<Identity, Set<string>>();

  constructor(
    resources: readonly Resource[],
    private readonly unknowns: Unknowns,
  ) {
    for (const resource of resources) if (resource.type === MANAGED) this.addManaged(resource);
    for (const resource of resources) if (isIdentityType(resource.type)) this.declare(resource);
    for (const resource of resources) this.attach(resource);
    for (const resource of resources) this.ofOthers(resource);
    for (const [user, groups] of this.memberships) this.join(user, groups);
    for (const each of new Set(this.managed.values())) this.byItself(each);
  }

  get all(): readonly Identity[] {
    return [...this.byKey.values()];
  }

  private nameOf({ id, type, properties }: Resource, attribute?: string): string | undefined {
    const resource: Value = { Properties: properties };
    const name = supposedName(id, { type, resource }, attribute, this.unknowns.place);
    const path = textOf(get(properties, 'Path'));
    if (name?.startsWith('arn:') !== true || path === undefined) return name;
    const slash = name.lastIndexOf('/');
    return `${name.slice(0, slash)}${path}${name.slice(slash + 1)}`;
  }

  /** What references to a resource, and its name, read as. */
  private namesOf(resource: Resource, attribute: string | undefined): readonly string[] {
    const names = [this.nameOf(resource, attribute), resource.referred(attribute)];
    return names.filter((name) => name !== undefined);
  }

  private addManaged(resource: Resource): void {
    const read = readDocument(get(resource.properties, 'PolicyDocument') ?? null, 'identity', this.unknowns);
    const managed = { resource, read, isAttached: false };
    const arns = [...this.namesOf(resource, 'Arn'), ...this.namesOf(resource, undefined)];
    for (const arn of arns.length === 0 ? [resource.id] : arns) this.managed.set(arn, managed);
  }

  private declare(resource: Resource): void {
    const { id, type, stack, properties } = resource;
    const identity = this.make({
      key: `${stack}/${id}`,
      stack,
      name: id,
      type,
      arn: type === ROLE || type === USER ? this.nameOf(resource, 'Arn') : undefined,
      isDeclared: true,
      isAttached: false,
      place: resource.place([]),
    });
    for (const attribute of [undefined, 'Arn']) {
      for (const name of this.namesOf(resource, attribute)) this.byName.set(`${type} ${name}`, identity);
    }
    this.inline(identity, resource);
    const managed = get(properties, type === PERMISSION_SET ? 'ManagedPolicies' : 'ManagedPolicyArns');
    itemsOf(managed).forEach((item, index) => {
      const property = type === PERMISSION_SET ? 'ManagedPolicies' : 'ManagedPolicyArns';
      this.attachManaged(identity, textOf(item) ?? jsonOf(item), resource.place(['Properties', property, index]));
    });
    identity.boundary = this.boundaryOf(resource);
    identity.session = sessionOf(resource);
    if (type === USER) {
      for (const group of itemsOf(get(properties, 'Groups'))) this.member(identity, textOf(group) ?? '');
    }
  }

  private inline(identity: Identity, resource: Resource): void {
    const { properties, type } = resource;
    if (type === PERMISSION_SET) {
      const document = get(properties, 'InlinePolicy');
      if (document !== undefined) this.hold(identity, document, resource, ['Properties', 'InlinePolicy']);
      itemsOf(get(properties, 'CustomerManagedPolicyReferences')).forEach((item, index) => {
        const name = `${textOf(valueAt(item, 'Path')) ?? '/'}${textOf(valueAt(item, 'Name')) ?? jsonOf(item)}`;
        const place = resource.place(['Properties', 'CustomerManagedPolicyReferences', index]);
        this.attachManaged(identity, `customer managed policy ${name}`, place);
      });
      return;
    }
    itemsOf(get(properties, 'Policies')).forEach((item, index) => {
      const document = isMap(item) ? get(item, 'PolicyDocument') : item;
      this.hold(identity, document ?? null, resource, ['Properties', 'Policies', index, 'PolicyDocument']);
    });
  }

  private hold(identity: Identity, document: Value, resource: Resource, path: Path): void {
    this.holdRead(identity, readDocument(document, 'identity', this.unknowns), resource, path, document);
  }

  private holdRead(
    identity: Identity,
    { policy, written, opaque }: ReadDocument,
    resource: Resource,
    path: Path,
    document: Value,
  ): void {
    const placeOf = statementPlaces(resource, path, document, written);
    identity.policies.push({ policy, placeOf });
    for (const { text, reason, statement } of opaque) {
      const place =
        statement === undefined ? resource.place(path) : statementPlaces(resource, path, document)(statement);
      this.addOpaque(identity, { key: text, name: resource.id, why: 'unreadable', reason, place });
    }
  }

  private addOpaque(identity: Identity, opaque: Opaque): void {
    identity.opaque.set(`${opaque.why} ${opaque.key}`, opaque);
  }

  private attach(resource: Resource): void {
    const { type, properties } = resource;
    if (type === 'AWS::IAM::UserToGroupAddition') {
      for (const user of itemsOf(get(properties, 'Users'))) {
        this.member(this.named(USER, textOf(user) ?? '', resource), textOf(get(properties, 'GroupName')) ?? '');
      }
    }
    const single = ATTACHED_ONE[type];
    if (single !== undefined) {
      const identity = this.named(single[1], textOf(get(properties, single[0])) ?? '', resource);
      this.hold(identity, get(properties, 'PolicyDocument') ?? null, resource, ['Properties', 'PolicyDocument']);
    }
    if (type !== MANAGED && type !== 'AWS::IAM::Policy') return;
    for (const [property, kind] of Object.entries(ATTACHED_TO)) {
      for (const name of itemsOf(get(properties, property))) {
        const identity = this.named(kind, textOf(name) ?? '', resource);
        if (type === MANAGED) {
          this.attachManaged(
            identity,
            this.nameOf(resource, 'Arn') ?? resource.id,
            resource.place(['Properties', property]),
          );
        } else {
          this.hold(identity, get(properties, 'PolicyDocument') ?? null, resource, ['Properties', 'PolicyDocument']);
        }
      }
    }
  }

  private attachManaged(identity: Identity, arn: string, place: Place): void {
    const managed = this.managed.get(arn);
    if (managed === undefined && ADMINISTRATOR.test(arn)) {
      identity.policies.push({ policy: EVERYTHING, placeOf: () => place });
    } else if (managed === undefined) {
      const reason = this.unknowns.in(arn)[0]?.reason ?? 'its content is in no template';
      this.addOpaque(identity, { key: arn, name: arn, why: 'managed', reason, place });
    }
    if (managed === undefined) return;
    managed.isAttached = true;
    // Attached in two places it is attached once.
    if (!identity.policies.some((held) => held.policy === managed.read.policy)) this.holdManaged(identity, managed);
  }

  private holdManaged(identity: Identity, { resource, read }: ManagedPolicy): void {
    const document = get(resource.properties, 'PolicyDocument') ?? null;
    this.holdRead(identity, read, resource, ['Properties', 'PolicyDocument'], document);
  }

  private boundaryOf(resource: Resource): Boundary {
    const { properties } = resource;
    const written = get(properties, 'PermissionsBoundary');
    if (written === undefined) return { kind: 'none' };
    const place = resource.place(['Properties', 'PermissionsBoundary']);
    const arn =
      textOf(written) ??
      textOf(valueAt(written, 'ManagedPolicyArn')) ??
      `customer managed policy ${jsonOf(valueAt(written, 'CustomerManagedPolicyReference') ?? written)}`;
    const managed = this.managed.get(arn);
    if (managed === undefined) return { kind: 'opaque', key: arn, name: arn, place };
    managed.isAttached = true;
    const name = managed.resource.id;
    return {
      kind: 'known',
      policy: managed.read.policy,
      name,
      place: managed.resource.place(['Properties', 'PolicyDocument']),
    };
  }

  private member(user: Identity, group: string): void {
    this.memberships.set(user, (this.memberships.get(user) ?? new Set<string>()).add(group));
  }

  private join(user: Identity, groups: ReadonlySet<string>): void {
    for (const name of groups) {
      const group = this.byName.get(`${GROUP} ${name}`);
      if (group === undefined) {
        const reason = this.unknowns.in(name)[0]?.reason ?? 'its policies are in no template';
        this.addOpaque(user, { key: name, name: `group ${name}`, why: 'group', reason, place: user.place });
        continue;
      }
      for (const held of group.policies) user.policies.push(held);
      for (const [key, opaque] of group.opaque) user.opaque.set(key, opaque);
    }
  }

  /** An identity by the name that a policy is attached to. */
  private named(type: string, name: string, resource: Resource): Identity {
    const known = this.byName.get(`${type} ${name}`);
    if (known !== undefined) return known;
    const kind = type === ROLE ? 'role' : type === USER ? 'user' : undefined;
    const { partition, accountId } = this.unknowns.place;
    const isName = /^[\w+=,.@-]+$/.test(name);
    const identity = this.make({
      key: `${type} ${name}`,
      stack: resource.stack,
      name,
      type,
      arn: kind === undefined || !isName ? undefined : `arn:${partition}:iam::${accountId}:${kind}/${name}`,
      isDeclared: false,
      isAttached: false,
      place: resource.place([]),
    });
    this.byName.set(`${type} ${name}`, identity);
    return identity;
  }

  /** Policies for those who are no identities of IAM, such as devices: whoever has them gets what they allow. */
  private ofOthers(resource: Resource): void {
    const { id, stack, type, properties } = resource;
    if (type.startsWith('AWS::IAM::') || type === PERMISSION_SET) return;
    const found = policiesOf(type, { Properties: properties }).filter(({ kind }) => kind === 'identity');
    if (found.length === 0) return;
    const identity = this.make({
      key: `${stack}/${id}`,
      ...{ stack, name: id, type, arn: undefined, isDeclared: true, isAttached: false, place: resource.place([]) },
    });
    for (const { value, path } of found) this.hold(identity, value, resource, path);
  }

  /** A managed policy as one that identities elsewhere may have: they get what it allows. */
  private byItself(managed: ManagedPolicy): void {
    const { resource, isAttached } = managed;
    const { id, stack, type } = resource;
    const identity = this.make({
      key: `${stack}/${id}`,
      stack,
      name: id,
      type,
      arn: undefined,
      isDeclared: true,
      isAttached,
      place: resource.place([]),
    });
    this.holdManaged(identity, managed);
  }

  private make(given: Omit<Identity, 'policies' | 'opaque' | 'boundary' | 'session'>): Identity {
    const identity: Identity = {
      ...given,
      policies: [],
      opaque: new Map(),
      boundary: { kind: 'none' },
      session: undefined,
    };
    this.byKey.set(identity.key, identity);
    return identity;
  }
}

/**
 * Where the statements of a document are written.
 *
 * @param path - From the resource to the document.
 * @param written - The index in the document of each statement of the model. `@default` the same.
 */
export function statementPlaces(
  resource: Resource,
  path: Path,
  document: Value,
  written?: readonly number[],
): Held['placeOf'] {
  return (statement) =>
    resource.place(
      statement === undefined || !isMap(document)
        ? path
        : [...path, ...statementPath(document, written?.[statement] ?? statement)],
    );
}

function isIdentityType(type: string): boolean {
  return type === ROLE || type === USER || type === GROUP || type === PERMISSION_SET;
}

function sessionOf(resource: Resource): Identity['session'] {
  const { type, properties } = resource;
  if (type !== ROLE && type !== PERMISSION_SET) return undefined;
  const property = type === ROLE ? 'MaxSessionDuration' : 'SessionDuration';
  const written = get(properties, property);
  const place = resource.place(['Properties', property]);
  if (written === undefined) return { seconds: DEFAULT_SESSION, place };
  const text = textOf(written) ?? jsonOf(written);
  return { seconds: secondsOf(text) ?? text, place };
}

/** Seconds of a number, or of a duration of ISO 8601 such as `PT4H`. */
function secondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}
