/** Templates as if they had been deployed: what Cloud Control and IAM would tell of their resources. */
import { attributesOf, resourceType } from '../../../catalogue/index.js';
import type {
  AccountFacts,
  CheckContext,
  CheckOutcome,
  IamFacts,
  IamRole,
  IamUser,
  IdentityPolicy,
  Json,
  LiveResource,
  OrganizationFacts,
  PlaceCheck,
} from '../../../analyzers/scan/index.js';
import { madeUpName, readTemplate, resolveTemplate, supposedName, supposeTemplate } from '../../../template/index.js';
import { writeOnlyPaths } from '../../../analyzers/scan/checks/live/write-only.js';

export const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '111122223333' } as const;

type JsonMap = Readonly<Record<string, Json>>;

/** Facts of an account, of which a check reads some. */
export interface Deployed {
  readonly resources: readonly LiveResource[];
  readonly iam: IamFacts;
  /** Whether something that the template writes is no longer shown. */
  readonly hides: boolean;
}

const NO_ORGANIZATION: OrganizationFacts = {
  id: 'o-exampleorgid',
  managementAccount: '999999999999',
  rootId: 'r-ab12',
  partition: 'aws',
  regions: ['eu-central-1'],
  accounts: [],
  units: [],
  enabledPolicyTypes: [],
  policies: { items: [], failures: [] },
  trustedServices: { items: [], failures: [] },
  delegatedAdministrators: { value: {}, failure: null },
  stackSets: { items: [], failures: [] },
  ownControls: { declared: [], drift: [], failures: [], expected: [] },
  described: null,
};

export function contextOf(
  parameters: Readonly<Record<string, Json>>,
  organization: Partial<OrganizationFacts> = {},
): CheckContext {
  return {
    organization: { ...NO_ORGANIZATION, ...organization },
    started: '2026-11-21T00:00:00.000Z',
    parameters: () => parameters,
  };
}

/** A value that must be text. */
function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError(`${JSON.stringify(value)} is no text`);
  return value;
}

/** What a check reads of an account; what it does not name it does not get. */
export function factsOf(
  check: Pick<PlaceCheck, 'reads' | 'scope'>,
  { resources, iam }: Pick<Deployed, 'resources' | 'iam'>,
): AccountFacts {
  return {
    account: { id: PLACE.accountId, name: 'example', path: ['Workloads'] },
    region: check.scope === 'account' ? 'global' : PLACE.region,
    resources: (type) => {
      if (check.reads.resources?.includes(type) !== true) throw new RangeError(`${type} is not read`);
      return resources.filter((resource) => resource.type === type);
    },
    iam: () => {
      if (check.reads.iam !== true) throw new RangeError('the IAM configuration is not read');
      return iam;
    },
  };
}

export function verdictOf({ findings, failures = [], concerned = true }: CheckOutcome): string {
  if (findings.length > 0) return 'FAIL';
  if (failures.length > 0) return 'NOT_EVALUATED';
  return concerned ? 'PASS' : 'SKIP';
}

/**
 * Deploys a template in thought.
 *
 * @returns `null` for a template that leaves something open, or holds what no account could tell.
 */
export function deploy(template: Readonly<Record<string, unknown>>): Deployed | null {
  const { source } = readTemplate(JSON.stringify(template), 'case.json');
  const world = { ...PLACE, attributes: attributesOf };
  const resolution = resolveTemplate(source!.value as never, world);
  if (resolution.document.hasUnknowns || JSON.stringify(template).includes('{{resolve:')) return null;
  const { document } = supposeTemplate(source!.value as never, resolution, world).resolution;
  if (document.hasUnknowns) return null;
  const supposed = (document.value['Resources'] ?? {}) as unknown as Readonly<Record<string, JsonMap>>;
  const types = new Map(Object.entries(supposed).map(([id, { Type: type }]) => [id, textOf(type)]));
  // Names that are made up for templates become those that services make.
  const text = [...types].reduce(
    (json, [id, type]) =>
      json.replaceAll(
        madeUpName(id, type, PLACE),
        type === 'AWS::Glue::Database' ? databaseName(supposed[id]!, id) : made(id, type),
      ),
    JSON.stringify(supposed),
  );
  const written = JSON.parse(text) as typeof supposed;
  const physical = (id: string, attribute?: string): string => {
    const type = types.get(id)!;
    const isRef = attribute !== undefined && resourceType(type)?.refIdentifier.includes(attribute) === true;
    return physicalName(id, type, written[id]!, isRef || attribute === 'GroupId' ? undefined : attribute);
  };
  const replace = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((item) => replace(item as Json));
    if (typeof value !== 'object' || value === null) return value;
    const map = value as JsonMap;
    const { Ref: ref, 'Fn::GetAtt': attribute } = map;
    if (typeof ref === 'string' && types.has(ref)) return physical(ref);
    if (Array.isArray(attribute) && types.has(String(attribute[0]))) {
      return physical(String(attribute[0]), String(attribute[1]));
    }
    return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, replace(item)]));
  };
  let hides = false;
  const resources = Object.entries(written).map(([id, { Properties: own = {} }]): LiveResource => {
    const type = types.get(id)!;
    const told = replace(own) as Record<string, Json>;
    const properties = { ...identifiers(id, type, told, physical), ...told };
    for (const path of writeOnlyPaths(type)) hides = remove(properties, path) || hides;
    return { type, identifier: physical(id), arn: physical(id, 'Arn'), properties };
  });
  if (JSON.stringify(resources).includes('"Fn::')) return null;
  const iam = identities(resources);
  return iam === null ? null : { resources, iam, hides };
}

/** What the service calls a resource: the name that it is given, or an identifier that the service makes. */
function physicalName(id: string, type: string, resource: JsonMap, attribute: string | undefined): string {
  const named = supposedName(id, { type, resource: resource }, attribute, PLACE);
  if (named !== undefined) return named.replace(madeUpName(id, type, PLACE), made(id, type));
  const [, service = 'x', last = 'x'] = type.toLowerCase().split('::');
  if (attribute !== undefined && !/arn$/i.test(attribute)) return `${last}-${hash(`${type} ${id} ${attribute}`)}`;
  return `arn:aws:${service}:${PLACE.region}:${PLACE.accountId}:${last}/${hash(`${type} ${id}`)}`;
}

/** What a service makes of a resource without a name: a name like that of CloudFormation, or an identifier. */
function made(id: string, type: string): string {
  const name = madeUpName(id, type, PLACE);
  const last = type.toLowerCase().split('::').at(-1)!;
  const isNamed = nameProperty(type) !== undefined || /^[0-9a-f-]{36}$/.test(name);
  return isNamed ? name : `${last.replace(/[^a-z]/g, '')}-${hash(`${type} ${id}`)}`;
}

/** The property that holds the name of a resource, or gives what `Ref` gives. */
function nameProperty(type: string): string | undefined {
  const { refIdentifier = [], properties = new Map<string, unknown>() } = resourceType(type) ?? {};
  const [ref] = refIdentifier;
  if (refIdentifier.length === 1 && properties.has(ref!)) return ref;
  return [...properties.keys()].find(
    (name) =>
      supposedName('x', { type, resource: { Properties: { [name]: 'given' } } }, undefined, PLACE)?.includes(
        'given',
      ) === true,
  );
}

/** Seventeen hexadecimal digits. */
function hash(text: string): string {
  let state = 7n;
  for (const character of text) state = (state * 1_000_003n + BigInt(character.codePointAt(0)!)) % (1n << 68n);
  return state.toString(16).padStart(17, '0').slice(-17);
}

function identifiers(
  id: string,
  type: string,
  told: JsonMap,
  physical: (id: string, attribute?: string) => string,
): JsonMap {
  const catalogued = resourceType(type);
  if (catalogued === undefined) return {};
  const { refIdentifier, attributes, properties } = catalogued;
  const property = nameProperty(type);
  const name = property === undefined || Object.hasOwn(told, property) ? {} : { [property]: made(id, type) };
  const ref = refIdentifier.length === 1 ? refIdentifier : [];
  const names = [...new Set([...ref, ...attributes.keys()])].filter((name) => !name.includes('.'));
  const attributesTold = names
    .filter((one) => !Object.hasOwn(told, one) && (!properties.has(one) || ref.includes(one)))
    .map((one) => [one, physical(id, ref.includes(one) ? undefined : one)] as const);
  return { ...Object.fromEntries(attributesTold), ...name };
}

/** Takes a property away. @returns Whether it was there. */
function remove(node: unknown, [key, ...rest]: readonly string[]): boolean {
  if (typeof node !== 'object' || node === null || key === undefined) return false;
  if (key === '*') return Object.values(node).reduce<boolean>((found, item) => remove(item, rest) || found, false);
  const map = node as Record<string, unknown>;
  if (!Object.hasOwn(map, key)) return false;
  if (rest.length > 0) return remove(map[key], rest);
  return Reflect.deleteProperty(map, key);
}

/** A database is called what its input says. */
function databaseName({ Properties: own = {} }: JsonMap, id: string): string {
  const { DatabaseInput: input } = own as Told;
  return textOf((isMap(input) ? input['Name'] : undefined) ?? made(id, 'AWS::Glue::Database'));
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Told = Readonly<Record<string, Json | undefined>>;

function identities(resources: readonly LiveResource[]): IamFacts | null {
  const of = (type: string): readonly (readonly [LiveResource, Told])[] =>
    resources.filter((one) => one.type === `AWS::IAM::${type}`).map((one) => [one, one.properties]);
  const inline = new Map<string, IdentityPolicy[]>();
  for (const [
    ,
    { PolicyName: name, PolicyDocument: document, Roles, Users, Groups, RoleName, UserName, GroupName },
  ] of [...of('Policy'), ...of('RolePolicy'), ...of('UserPolicy'), ...of('GroupPolicy')]) {
    const holders = [Roles ?? [], Users ?? [], Groups ?? [], RoleName ?? [], UserName ?? [], GroupName ?? []].flat();
    for (const holder of holders) {
      const key = textOf(holder);
      inline.set(key, [
        ...(inline.get(key) ?? []),
        { name: textOf(name ?? 'inline'), arn: null, document: JSON.stringify(document) },
      ]);
    }
  }
  const identity = (one: LiveResource, name: string) => {
    const { Path, PermissionsBoundary, ManagedPolicyArns = [], Policies = [], Tags = [] } = one.properties as Told;
    const path = typeof Path === 'string' ? Path : '/';
    return {
      arn: one.arn.replace(/\/[^/]*$/, `${path}${name}`),
      name,
      path,
      created: '2026-01-01T00:00:00.000Z',
      boundary: typeof PermissionsBoundary === 'string' ? PermissionsBoundary : null,
      policies: [
        ...(ManagedPolicyArns as readonly string[]).map((arn) => ({ name: arn, arn, document: null })),
        ...(Policies as readonly { PolicyName: string; PolicyDocument: Json }[]).map((policy) => ({
          name: policy.PolicyName,
          arn: null,
          document: JSON.stringify(policy.PolicyDocument),
        })),
        ...(inline.get(name) ?? []),
      ],
      tags: Object.fromEntries(
        (Tags as readonly { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
      ),
    };
  };
  const roles = of('Role').map(([one, told]): IamRole => ({
    ...identity(one, one.identifier),
    trust: JSON.stringify(told['AssumeRolePolicyDocument'] ?? null),
    maxSessionDuration: Number(told['MaxSessionDuration'] ?? 3600),
    lastUsed: null,
  }));
  const users = of('User').map(([one, told]): IamUser => ({
    ...identity(one, one.identifier),
    groups: (told['Groups'] ?? []) as readonly string[],
    keys: of('AccessKey')
      .filter(([, { UserName }]) => UserName === one.identifier)
      .map(([, { Status }]) => ({
        ending: 'ABCD',
        active: Status !== 'Inactive',
        created: '2026-11-01',
        lastUsed: null,
      })),
    console: told['LoginProfile'] !== undefined,
    mfa: null,
  }));
  const known = new Set([...roles, ...users].map(({ name }) => name));
  const isHeld = [...inline.keys()].every((holder) => known.has(holder));
  const keysHeld = of('AccessKey').every(([, { UserName }]) => known.has(textOf(UserName ?? '')));
  if (!isHeld || !keysHeld) return null;
  return {
    roles,
    users,
    groups: [],
    policies: of('ManagedPolicy').map(([one, { PolicyDocument }]) => ({
      name: one.identifier.split('/').at(-1)!,
      arn: one.arn,
      document: JSON.stringify(PolicyDocument),
      tags: {},
    })),
    summary: null,
    providers: [],
  };
}
