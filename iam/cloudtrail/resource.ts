/** The resources that IAM decided on: from the record's own list, from its parameters, or from ARN formats and names. */
import { iamAction, iamService } from '../../catalogue/iam/index.js';
import type { IamResourceType } from '../../catalogue/iam/index.js';
import { get, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { parseArn } from '../arn.js';
import { eachText, isMasked, listAt, mapAt, partitionOf, textAt } from './record.js';

/** A resource of a call. */
export interface TrailResource {
  /** ARN, or `*`. */
  readonly arn: string;
  readonly account?: string;
  /** Whether the record names it; otherwise `arn` holds wildcards for what it does not tell. */
  readonly exact: boolean;
}

/**
 * The resources of one action of a record.
 *
 * @returns One or more; `*`, exact, for an action that has no resources.
 */
export function resourcesOf(action: string, record: ValueMap, parameters: ValueMap): readonly TrailResource[] {
  const known = iamAction(action);
  if (known === undefined || known.resourceTypes.length === 0) return [{ arn: '*', exact: true }];
  const service = iamService(action.slice(0, action.indexOf(':')))!;
  const types = known.resourceTypes
    .map(({ name }) => service.resourceType(name))
    .filter((type): type is IamResourceType => type !== undefined);
  if (action.startsWith('s3:')) {
    const objects = s3Resources(action, types, record, parameters);
    if (objects !== undefined) return objects;
  }
  const listed = listedResources(types, record);
  if (listed.length > 0) return listed;
  const given = givenArns(types, parameters);
  if (given.length > 0) return given;
  const built = types.flatMap((type) => builtArns(type, record, parameters));
  const exact = built.filter((each) => each.exact);
  if (exact.length > 0) return exact;
  // A call cannot have been made without a resource of a required type; of optional ones there may be none.
  const required = known.resourceTypes.filter((type) => type.required).map(({ name }) => name);
  const needed = types.filter(({ name }) => required.includes(name));
  return needed.length === 1 ? builtArns(needed[0]!, record, parameters).slice(0, 1) : [{ arn: '*', exact: false }];
}

/** Whether an ARN has the form of a resource type. Placeholders stand for anything. */
function hasForm(arn: string, type: IamResourceType): boolean {
  const form = type.arn.split(':');
  const parts = arn.split(':');
  if (parts.length < 6 || form.length < 6 || (form[2] !== parts[2] && !form[2]!.includes('${'))) return false;
  const start = /^[^$]*/.exec(form.slice(5).join(':'))![0];
  return parts.slice(5).join(':').startsWith(start);
}

function listedResources(types: readonly IamResourceType[], record: ValueMap): TrailResource[] {
  return listAt(record, 'resources').flatMap((item) => {
    if (!isMap(item)) return [];
    const arn = textAt(item, 'ARN') ?? textAt(item, 'arn');
    if (arn === undefined || !types.some((type) => hasForm(arn, type))) return [];
    const account = textAt(item, 'accountId') ?? accountOf(arn);
    return [{ arn, exact: true, ...(account === undefined ? {} : { account }) }];
  });
}

function givenArns(types: readonly IamResourceType[], parameters: ValueMap): TrailResource[] {
  const found = new Map<string, TrailResource>();
  eachText(parameters, (text) => {
    if (!text.startsWith('arn:') || text.length > 2_048 || parseArn(text) === undefined) return;
    // A role that is passed along is the resource of another action.
    if (!types.some((type) => hasForm(text, type))) return;
    const account = accountOf(text);
    found.set(text, { arn: text, exact: true, ...(account === undefined ? {} : { account }) });
  });
  return [...found.values()];
}

function accountOf(arn: string): string | undefined {
  const account = parseArn(arn)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Fills the format of a type with names of the parameters; what they do not say becomes `*`. */
function builtArns(type: IamResourceType, record: ValueMap, parameters: ValueMap): TrailResource[] {
  const region = textAt(record, 'awsRegion') ?? '*';
  const account = textAt(record, 'recipientAccountId') ?? textAt(mapAt(record, 'userIdentity'), 'accountId') ?? '*';
  const fixed: Readonly<Record<string, string>> = { Partition: partitionOf(region), Region: region, Account: account };
  const names = namesIn(parameters);
  const choices: string[][] = [];
  const parts = type.arn.split(/\$\{([^}]*)\}/);
  let exact = true;
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index]!;
    const written = name.replace(/WithPath$/, '').toLowerCase();
    const found = fixed[name] === undefined ? (names.get(written) ?? []) : [fixed[name]];
    if (found.length === 0) exact = false;
    choices.push(found.length === 0 ? ['*'] : found);
  }
  // Paths of users and roles are part of their ARN and stand in no parameter.
  if (type.arn.includes('WithPath}')) exact = false;
  const count = choices.reduce((product, each) => product * each.length, 1);
  if (count > 100) return [{ arn: '*', exact: false }];
  let arns = [parts[0]!];
  for (const [index, choice] of choices.entries()) {
    arns = arns.flatMap((start) => choice.map((text) => start + text + parts[2 * index + 2]!));
  }
  const owner = /^\d{12}$/.test(account) ? { account } : {};
  return arns.map((arn) => ({ arn, exact: exact && !arn.includes('*'), ...owner }));
}

/** Texts of the parameters by name in lower case, lists and EC2's `…Set.items[]` included. */
function namesIn(parameters: ValueMap): Map<string, string[]> {
  const names = new Map<string, string[]>();
  eachText(parameters, (text, key) => {
    if (isMasked(text) || text.includes('*') || text.length > 1_024) return;
    const list = names.get(key.toLowerCase()) ?? [];
    if (!list.includes(text)) list.push(text);
    names.set(key.toLowerCase(), list);
  });
  return names;
}

/** Names of buckets and keys stand in parameters of their own, and the ARNs carry no account. */
function s3Resources(
  action: string,
  types: readonly IamResourceType[],
  record: ValueMap,
  parameters: ValueMap,
): readonly TrailResource[] | undefined {
  const bucket = textAt(parameters, 'bucketName');
  if (bucket === undefined || bucket.startsWith('arn:')) return undefined;
  const partition = partitionOf(textAt(record, 'awsRegion') ?? '');
  const owner = listAt(record, 'resources')
    .filter(isMap)
    .map((item) => textAt(item, 'accountId'))
    .find((account) => account !== undefined);
  const place = owner === undefined ? {} : { account: owner };
  const copied = textAt(parameters, 'x-amz-copy-source');
  if (action === 's3:GetObject' && copied !== undefined) {
    const path = decoded(copied.replace(/^\//, '').replace(/\?versionId=.*$/, ''));
    return [{ arn: `arn:${partition}:s3:::${path}`, exact: true }];
  }
  if (!types.some(({ name }) => name === 'object')) {
    return [{ arn: `arn:${partition}:s3:::${bucket}`, exact: true, ...place }];
  }
  const key = textAt(parameters, 'key');
  if (key !== undefined) return [{ arn: `arn:${partition}:s3:::${bucket}/${key}`, exact: true, ...place }];
  const keys = deletedKeys(get(parameters, 'delete'));
  if (keys.length > 0) {
    return keys.map((each) => ({ arn: `arn:${partition}:s3:::${bucket}/${each}`, exact: true, ...place }));
  }
  return [{ arn: `arn:${partition}:s3:::${bucket}/*`, exact: false, ...place }];
}

function deletedKeys(value: Value | undefined): readonly string[] {
  const keys: string[] = [];
  if (value !== undefined) {
    eachText(value, (text, name) => {
      if (name.toLowerCase() === 'key') keys.push(text);
    });
  }
  return keys;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
