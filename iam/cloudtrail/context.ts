/** The condition keys of the request itself: network, time, tags, and what CloudTrail Lake noted of them. */
import { get, isList, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import type { Facts } from './facts.js';
import { listAt, mapAt, textAt } from './record.js';

/** Notes everything that does not depend on the caller. */
export function requestFacts(record: ValueMap, parameters: ValueMap | undefined, action: string, facts: Facts): void {
  environment(record, facts);
  network(record, facts);
  if (facts.wants('aws:RequestTag/*') || facts.wants('aws:TagKeys')) tags(parameters, facts);
  if (/^sts:(?:AssumeRole|GetFederationToken|TagSession|SetSourceIdentity)/.test(action)) assumeRole(parameters, facts);
  facts.unknown('aws:ResourceTag/*', 'aws:ResourceOrgID', 'aws:ResourceOrgPaths', 'aws:UserAgent', 'aws:referer');
  const agent = textAt(record, 'userAgent');
  if (agent !== undefined) facts.set('aws:UserAgent', agent);
  lakeContext(mapAt(record, 'eventContext'), facts);
}

function environment(record: ValueMap, facts: Facts): void {
  if (facts.wants('aws:CurrentTime') || facts.wants('aws:EpochTime')) currentTime(record, facts);
  const region = textAt(record, 'awsRegion');
  if (region === undefined) facts.unknown('aws:RequestedRegion');
  else facts.set('aws:RequestedRegion', region);
  // Calls without `tlsDetails` are mostly calls between services, of which the record does not tell the transport.
  if (textAt(mapAt(record, 'tlsDetails'), 'tlsVersion') === undefined) facts.unknown('aws:SecureTransport');
  else facts.set('aws:SecureTransport', 'true');
}

function currentTime(record: ValueMap, facts: Facts): void {
  const time = textAt(record, 'eventTime');
  if (time === undefined || Number.isNaN(Date.parse(time))) {
    facts.unknown('aws:CurrentTime', 'aws:EpochTime');
  } else {
    facts.set('aws:CurrentTime', time);
    facts.set('aws:EpochTime', String(Math.floor(Date.parse(time) / 1000)));
  }
}

/** Through a VPC endpoint the address is one of the VPC, and `aws:SourceIp` is absent. */
function network(record: ValueMap, facts: Facts): void {
  const endpoint = textAt(record, 'vpcEndpointId');
  const address = textAt(record, 'sourceIPAddress');
  const isAddress = address !== undefined && /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/.test(address);
  const vpcKeys = [
    'aws:SourceVpce',
    'aws:SourceVpc',
    'aws:VpcSourceIp',
    'aws:SourceVpcArn',
    'aws:VpceAccount',
    'aws:VpceOrgID',
    'aws:VpceOrgPaths',
  ];
  if (endpoint !== undefined) {
    facts.set('aws:SourceVpce', endpoint);
    const account = textAt(record, 'vpcEndpointAccountId');
    if (account !== undefined) facts.set('aws:VpceAccount', account);
    if (isAddress) facts.set('aws:VpcSourceIp', address);
    facts.absent('aws:SourceIp');
    facts.unknown(...vpcKeys);
  } else if (isAddress) {
    facts.set('aws:SourceIp', address);
    facts.absent(...vpcKeys);
  } else {
    facts.unknown('aws:SourceIp', ...vpcKeys);
  }
}

/** Tags that the request gives, however the service writes them; without parameters nobody can tell. */
function tags(parameters: ValueMap | undefined, facts: Facts): void {
  if (parameters === undefined) {
    facts.unknown('aws:RequestTag/*', 'aws:TagKeys');
    return;
  }
  const found = new Map<string, string>();
  collectTags(parameters, '', found, 0);
  facts.absent('aws:RequestTag/*');
  if (found.size === 0) {
    facts.absent('aws:TagKeys');
    return;
  }
  facts.set('aws:TagKeys', [...found.keys()]);
  for (const [key, value] of found) facts.set(`aws:RequestTag/${key}`, value);
}

const TAG_MEMBERS = /^(?:tags?|taglist|tagset|tagkeys|tagging|tagspecificationset|tagspecifications|resourcetags)$/i;

function collectTags(value: Value, name: string, found: Map<string, string>, depth: number): void {
  if (depth > 8) return;
  if (isList(value)) {
    for (const item of value) {
      if (isMap(item)) tagOf(item, name, found, depth);
      else if (typeof item === 'string' && /^tagkeys$/i.test(name)) found.set(item, found.get(item) ?? '');
    }
    return;
  }
  if (!isMap(value)) return;
  for (const key of Object.keys(value)) {
    const member = get(value, key)!;
    if (TAG_MEMBERS.test(key) && isMap(member) && isPlainTags(member)) {
      for (const tag of Object.keys(member)) found.set(tag, textAt(member, tag) ?? '');
    } else if (TAG_MEMBERS.test(key) || (TAG_MEMBERS.test(name) && /^items?$/i.test(key))) {
      collectTags(member, TAG_MEMBERS.test(key) ? key : name, found, depth + 1);
    }
  }
}

function tagOf(item: ValueMap, name: string, found: Map<string, string>, depth: number): void {
  const key = textAt(item, 'key') ?? textAt(item, 'Key') ?? textAt(item, 'tagKey') ?? textAt(item, 'TagKey');
  if (key === undefined) {
    collectTags(item, name, found, depth + 1);
    return;
  }
  found.set(key, firstText(item, ['value', 'Value', 'tagValue', 'TagValue']) ?? '');
}

function firstText(map: ValueMap, names: readonly string[]): string | undefined {
  return names.map((name) => get(map, name)).find((value): value is string => typeof value === 'string');
}

/** A map from tag keys to values, as Lambda has it, and not a list in a wrapper. */
function isPlainTags(map: ValueMap): boolean {
  const keys = Object.keys(map);
  return keys.length > 0 && keys.every((key) => typeof get(map, key) === 'string');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts */
function assumeRole(parameters: ValueMap | undefined, facts: Facts): void {
  const keys = {
    'sts:ExternalId': 'externalId',
    'sts:RoleSessionName': 'roleSessionName',
    'sts:SourceIdentity': 'sourceIdentity',
  };
  for (const [key, name] of Object.entries(keys)) {
    const value = parameters === undefined ? undefined : textAt(parameters, name);
    if (value !== undefined) facts.set(key, value);
    else if (parameters === undefined) facts.unknown(key);
    else facts.absent(key);
  }
  const transitive = parameters === undefined ? [] : listAt(parameters, 'transitiveTagKeys');
  const texts = transitive.filter((item): item is string => typeof item === 'string');
  if (texts.length > 0) facts.set('sts:TransitiveTagKeys', texts);
}

/**
 * What an event data store of CloudTrail Lake notes of the keys as IAM evaluated them
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
 */
function lakeContext(context: ValueMap, facts: Facts): void {
  const keys = mapAt(context, 'requestContext');
  for (const key of Object.keys(keys)) {
    const value = get(keys, key)!;
    const texts = (isList(value) ? value : [value]).filter((item): item is string => typeof item === 'string');
    if (texts.length > 0) facts.set(key, texts.length === 1 && !isList(value) ? texts[0]! : texts);
  }
  const noted = mapAt(context, 'tagContext');
  for (const [member, prefix] of [
    ['principalTags', 'aws:PrincipalTag/'],
    ['resourceTags', 'aws:ResourceTag/'],
  ] as const) {
    const found = new Map<string, string>();
    const value = get(noted, member);
    if (value === undefined) continue;
    if (isMap(value)) for (const tag of Object.keys(value)) found.set(tag, textAt(value, tag) ?? '');
    else collectTags({ tags: value }, '', found, 0);
    for (const [tag, text] of found) facts.set(`${prefix}${tag}`, text);
    if (member === 'principalTags') facts.absent(`${prefix}*`);
  }
}
