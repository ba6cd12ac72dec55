/** What resources allow by policies of their own: resource and trust policies, permissions of functions, event buses. */
import type { Policy, Principal, Statement } from '../../iam/index.js';
import { get, policiesOf, supposedName } from '../../template/index.js';
import type { Path, PlaceKind, Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { GRANT_TYPES, grantOf } from '../policies/grants.js';
import { readDocument } from './documents.js';
import { statementPlaces } from './identities.js';
import type { Held } from './identity.js';
import type { Place } from './model.js';
import { itemsOf, textOf } from './side.js';
import type { Resource } from './side.js';
import type { Unknowns } from './unknowns.js';

/** The policies of one resource. */
export interface Grant {
  /** Equal on both sides for the same resource. */
  readonly key: string;
  readonly kind: Exclude<PlaceKind, 'identity'>;
  readonly stack: string;
  /** The logical id of the resource that is protected; its name or ARN when no template of the side declares it. */
  readonly name: string;
  readonly type: string;
  /** Whether a template of the side declares the protected resource. */
  readonly isDeclared: boolean;
  readonly policies: Held[];
  /** Documents and statements that cannot be read, by their texts. */
  readonly unreadable: Map<string, { readonly reason: string; readonly place: Place }>;
  readonly place: Place;
}

/** The types of resources whose policies are resources of their own, by these types. */
const PROTECTED_TYPES: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::BucketPolicy': ['AWS::S3::Bucket'],
  'AWS::SNS::TopicPolicy': ['AWS::SNS::Topic'],
  'AWS::SNS::TopicInlinePolicy': ['AWS::SNS::Topic'],
  'AWS::SQS::QueuePolicy': ['AWS::SQS::Queue'],
  'AWS::SQS::QueueInlinePolicy': ['AWS::SQS::Queue'],
  'AWS::SecretsManager::ResourcePolicy': ['AWS::SecretsManager::Secret'],
  'AWS::Lambda::Permission': ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'],
  'AWS::Lambda::LayerVersionPermission': ['AWS::Lambda::LayerVersion'],
  'AWS::Events::EventBusPolicy': ['AWS::Events::EventBus'],
  'AWS::ACMPCA::Permission': ['AWS::ACMPCA::CertificateAuthority'],
  'AWS::QBusiness::Permission': ['AWS::QBusiness::Application'],
  'AWS::Signer::ProfilePermission': ['AWS::Signer::SigningProfile'],
};

/** The property that names what a statement is added to, by the type of the resource that spells the statement. */
const NAMING: Readonly<Record<string, string>> = {
  'AWS::ACMPCA::Permission': 'CertificateAuthorityArn',
  'AWS::EntityResolution::PolicyStatement': 'Arn',
  'AWS::Events::EventBusPolicy': 'EventBusName',
  'AWS::Lambda::LayerVersionPermission': 'LayerVersionArn',
  'AWS::Lambda::Permission': 'FunctionName',
  'AWS::QBusiness::Permission': 'ApplicationId',
  'AWS::Signer::ProfilePermission': 'ProfileName',
};

/** The resource policies of a side under one way to make its choices. */
export class Grants {
  private readonly byKey = new Map<string, Grant>();
  private readonly byName = new Map<string, Resource>();

  constructor(
    resources: readonly Resource[],
    private readonly unknowns: Unknowns,
  ) {
    for (const resource of resources) {
      for (const attribute of [undefined, 'Arn', 'Id', 'FunctionName', 'QueueName', 'TopicArn', 'LayerVersionArn']) {
        const name = supposedName(
          resource.id,
          { type: resource.type, resource: { Properties: resource.properties } },
          attribute,
          unknowns.place,
        );
        for (const each of [name, resource.referred(attribute)]) {
          if (each !== undefined) this.byName.set(`${resource.type} ${each}`, resource);
        }
      }
    }
    for (const resource of resources) this.read(resource);
  }

  get all(): ReadonlyMap<string, Grant> {
    return this.byKey;
  }

  private read(resource: Resource): void {
    const { type, properties } = resource;
    if (GRANT_TYPES.includes(type)) {
      this.statement(resource);
      return;
    }
    for (const found of policiesOf(type, { Properties: properties })) {
      if (found.kind === 'identity') continue;
      const targets = found.protects === undefined ? [undefined] : itemsOf(found.protects);
      for (const target of targets) {
        this.add(this.grantOf(resource, target, found.kind), found.value, found.kind, resource, found.path);
      }
    }
    if (type === 'AWS::Organizations::Policy') this.organizationPolicy(resource);
  }

  private add(grant: Grant, document: Value, kind: PlaceKind, resource: Resource, path: Path): void {
    const { policy, written, opaque } = readDocument(document, kind, this.unknowns);
    grant.policies.push({ policy, placeOf: statementPlaces(resource, path, document, written) });
    for (const { text, reason, statement } of opaque) {
      const place =
        statement === undefined ? resource.place(path) : statementPlaces(resource, path, document)(statement);
      grant.unreadable.set(text, { reason, place });
    }
  }

  /** A policy that is made of properties has no statements to point at. */
  private addMade(grant: Grant, document: Value, resource: Resource): void {
    const { policy, opaque } = readDocument(document, 'resource', this.unknowns);
    const place = resource.place(['Properties']);
    grant.policies.push({ policy, placeOf: () => place });
    for (const { text, reason } of opaque) grant.unreadable.set(text, { reason, place });
  }

  private grantOf(resource: Resource, target: Value | undefined, kind: Grant['kind']): Grant {
    const text = target === undefined ? undefined : (textOf(target) ?? jsonOf(target));
    const protectedOne = text === undefined ? resource : this.named(text, PROTECTED_TYPES[resource.type] ?? []);
    const key =
      protectedOne === undefined
        ? `${kind} ${resource.type} ${text!}`
        : `${kind} ${protectedOne.stack}/${protectedOne.id}`;
    let grant = this.byKey.get(key);
    if (grant === undefined) {
      grant = {
        key,
        kind,
        stack: (protectedOne ?? resource).stack,
        name: protectedOne?.id ?? text!,
        type: protectedOne?.type ?? PROTECTED_TYPES[resource.type]?.[0] ?? resource.type,
        isDeclared: protectedOne !== undefined,
        policies: [],
        unreadable: new Map(),
        place: resource.place([]),
      };
      this.byKey.set(key, grant);
    }
    return grant;
  }

  private named(text: string, types: readonly string[]): Resource | undefined {
    for (const type of types) {
      const found = this.byName.get(`${type} ${text}`);
      if (found !== undefined) return found;
    }
    // A policy of a version or an alias of a function is one of the function.
    const match = /^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+):/.exec(text);
    return match === null ? undefined : this.byName.get(`AWS::Lambda::Function ${match[1]!}`);
  }

  /** A statement that is spelled in properties, added to the policy of what they name. */
  private statement(resource: Resource): void {
    const { properties, type } = resource;
    const target =
      get(properties, NAMING[type] ?? 'EventBusName') ?? (type.startsWith('AWS::Events::') ? 'default' : '');
    const grant = this.grantOf(resource, target, 'resource');
    // A policy of an event bus may be written as a statement.
    const document = grantOf(type, properties, this.unknowns.place)?.document ?? {
      Version: '2012-10-17',
      Statement: [get(properties, 'Statement') ?? null],
    };
    this.addMade(grant, document, resource);
  }

  private organizationPolicy(resource: Resource): void {
    const { properties } = resource;
    const type = textOf(get(properties, 'Type'));
    if (type !== 'SERVICE_CONTROL_POLICY' && type !== 'RESOURCE_CONTROL_POLICY') return;
    const kind = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp';
    const grant = this.grantOf(resource, undefined, kind);
    this.add(grant, get(properties, 'Content') ?? null, kind, resource, ['Properties', 'Content']);
  }
}

/** Whether a principal is the own account, which only hands the decision on to its policies of identities. */
function isOwnAccount({ kind, value }: Principal, accountId: string): boolean {
  return kind === 'AWS' && (value === accountId || new RegExp(`^arn:[^:]+:iam::${accountId}:root$`).test(value));
}

/** A policy without allows to the own account as a whole. */
export function withoutDelegation(policy: Policy, accountId: string): Policy {
  const statements = policy.statements.flatMap((statement): readonly Statement[] => {
    const { effect, principal } = statement;
    if (effect !== 'Allow' || principal === undefined || principal.negated) return [statement];
    const principals = principal.principals.filter((each) => !isOwnAccount(each, accountId));
    return principals.length === 0 ? [] : [{ ...statement, principal: { ...principal, principals } }];
  });
  return { ...policy, statements };
}
