/**
 * Which records are alike: a text that is equal for records of which guardrails say the same, as long as the guardrails do
 * not look at the resource or at parameters; where they do, together with another text that holds those. Most records of a trail differ in ids and times only, so that few of them have
 * to be decided.
 *
 * What is left out of the first are only values of condition keys that no policy names, and texts of parameters of which it
 * does not matter what they say.
 */
import { iamService } from '../../catalogue/iam/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import type { PolicyKeys } from './keys.js';

/** Keys that follow from the network. */
const NETWORK = /^aws:(?:sourceip|vpcsourceip|sourcevpc|sourcevpce|sourcevpcarn|vpce\w+)$/;

/** Makes texts; for one state of the policies' keys. */
export class Sameness {
  private readonly wants: Readonly<Record<'id' | 'issued' | 'person' | 'agent' | 'network' | 'time', boolean>>;
  /** Members of `sessionContext` that some policy looks at. */
  private readonly session: readonly string[];
  /** Numbers of callers, by their texts; and by the maps that records share. */
  private readonly callers = new Map<string, number>();
  private readonly numbers = new Map<ValueMap, number>();
  private last = 0;

  constructor({ keys }: PolicyKeys) {
    const has = (key: string): boolean => keys.has(key);
    this.wants = {
      id: has('aws:userid'),
      issued: has('aws:tokenissuetime'),
      person: has('identitystore:userid'),
      agent: has('aws:useragent'),
      network: [...keys].some((key) => NETWORK.test(key)),
      time: has('aws:currenttime') || has('aws:epochtime'),
    };
    const members: readonly (readonly [string, string])[] = [
      ['aws:sourceidentity', 'sourceIdentity'],
      ['aws:signinsessionarn', 'signInSessionArn'],
      ['ec2:roledelivery', 'ec2RoleDelivery'],
      ['aws:federatedprovider', 'webIdFederationData'],
      ['aws:assumedroot', 'assumedRoot'],
    ];
    this.session = members.filter(([key]) => has(key)).map(([, member]) => member);
  }

  /** @returns Nothing for a record that is decided by itself: one of a call that failed, or that says more than others. */
  textOf(record: ValueMap): string | undefined {
    const { network, agent, time } = this.wants;
    if (time || record['errorCode'] !== undefined || record['eventContext'] !== undefined) return undefined;
    const identity = record['userIdentity'];
    const caller = isMap(identity) ? this.callerNumber(identity) : undefined;
    if (caller === undefined) return undefined;
    const tls = record['tlsDetails'];
    const parameters = record['requestParameters'];
    const parts = [
      String(caller),
      plain(record['eventVersion']),
      plain(record['eventType']),
      plain(record['eventSource']),
      plain(record['eventName']),
      plain(record['awsRegion']),
      plain(record['recipientAccountId']),
      isMap(tls) ? presence(tls['tlsVersion']) : '',
      agent ? plain(record['userAgent']) : '',
      resourcesText(record['resources']),
    ];
    if (network) {
      parts.push(
        plain(record['sourceIPAddress']),
        plain(record['vpcEndpointId']),
        plain(record['vpcEndpointAccountId']),
      );
    }
    parts.push(isMap(parameters) ? formOf(parameters) : '');
    return joined(parts);
  }

  /** A number for all callers that are alike; one that is forgotten is not given again. */
  private callerNumber(identity: ValueMap): number | undefined {
    let number = this.numbers.get(identity);
    if (number !== undefined) return number;
    const parts = this.caller(identity);
    const text = parts && joined(parts);
    if (text === undefined) return undefined;
    number = this.callers.get(text) ?? ++this.last;
    if (this.callers.size >= MOST_CALLERS) this.callers.clear();
    this.callers.set(text, number);
    if (this.numbers.size >= MOST_MAPS) this.numbers.clear();
    this.numbers.set(identity, number);
    return number;
  }

  /** As many parts for every caller. */
  private caller(identity: ValueMap): string[] | undefined {
    const type = identity['type'];
    const arn = identity['arn'];
    if (typeof arn !== 'string' || typeof type !== 'string') return undefined;
    const isSession = type === 'AssumedRole' && arn.includes(':assumed-role/');
    if (!isSession && type !== 'IAMUser' && type !== 'Root') return undefined;
    const context = identity['sessionContext'];
    const session = isMap(context) ? context : {};
    const issuer = session['sessionIssuer'];
    const role = isMap(issuer) ? issuer['arn'] : undefined;
    const hasRole = typeof role === 'string' && role !== '';
    const attributes = session['attributes'];
    const behalf = this.wants.person ? identity['onBehalfOf'] : undefined;
    const id = identity['principalId'];
    const issued = isMap(attributes) ? attributes['creationDate'] : undefined;
    const parts = [
      type,
      // The name of a session is in its id, too; without a role the report shows it.
      isSession && hasRole ? arn.slice(0, arn.lastIndexOf('/')) : arn,
      plain(role),
      plain(identity['accountId']),
      plain(identity['userName']),
      presence(identity['invokedBy']),
      this.wants.id ? plain(id) : presence(id),
      this.wants.issued ? plain(issued) : presence(issued),
      isMap(attributes) ? plain(attributes['mfaAuthenticated']) : '',
      behalf === undefined ? '' : plain(behalf),
    ];
    for (const member of this.session) parts.push(plain(get(session, member)));
    return parts;
  }
}

const MOST_CALLERS = 10_000;
const MOST_MAPS = 1_000;
const LONGEST_PART = 0xffff;

/**
 * One text of parts, with their lengths in front: lists of as many parts that differ give texts that differ, whatever
 * characters are in them.
 *
 * @returns Nothing when a part is too long to say so.
 */
function joined(parts: readonly string[]): string | undefined {
  const lengths: number[] = [];
  for (const { length } of parts) {
    if (length > LONGEST_PART) return undefined;
    lengths.push(length);
  }
  // The last one needs no length, and its length would be the greatest.
  lengths.pop();
  return String.fromCharCode(...lengths) + parts.join('');
}

/**
 * All that the text of a record leaves out of its resources and parameters. Behind its text, which holds the other's length,
 * it differs where they differ.
 */
export const exactText = (record: ValueMap): string =>
  JSON.stringify([record['requestParameters'] ?? null, record['resources'] ?? null]);

/** A value of any type, so that values that differ give texts that differ. */
const plain = (value: Value | undefined): string => {
  if (typeof value === 'string') return value.startsWith('\r') ? `\r${JSON.stringify(value)}` : value;
  return value === undefined ? '' : `\r${JSON.stringify(value)}`;
};

/** Whether there is a text. */
const presence = (value: Value | undefined): string => (typeof value === 'string' && value !== '' ? 's' : '');

let bucketStarts: readonly string[] | undefined;

/** What tells the ARNs of buckets and objects from those of other resources of Amazon S3: beginnings of the latter. */
function isBucket(arn: string): boolean {
  const match = /^arn:[a-z-]+:s3:::(.+)$/.exec(arn);
  if (match === null) return false;
  bucketStarts ??= (iamService('s3')?.resourceTypes ?? [])
    .map(({ arn: form }) => /^[^$]*/.exec(form.split(':').slice(5).join(':'))![0])
    .filter((start) => start !== '');
  return !bucketStarts.some((start) => match[1]!.startsWith(start));
}

function resourcesText(value: Value | undefined): string {
  if (!isList(value)) return '';
  return JSON.stringify(
    value.map((item) => {
      if (!isMap(item)) return item;
      const arn = item['ARN'] ?? item['arn'];
      const account = plain(item['accountId']);
      return typeof arn === 'string' && isBucket(arn)
        ? ['bucket', arn.slice(0, arn.indexOf(':s3:')), account]
        : ['', plain(arn), account];
    }),
  );
}

const DEEPEST = 8;
/** Names that cannot be taken for anything else of a form. */
const PLAIN_NAME = /^[\w.:/-]+$/;

/**
 * What of parameters can matter besides what their texts say: names, ARNs, whether there is a text, a wildcard or a mask.
 * Where the number of different texts counts, all is written out.
 */
function formOf(parameters: ValueMap): string {
  const names = new Set<string>();
  let text = '';
  const walk = (value: Value, depth: number): boolean => {
    if (typeof value === 'string') {
      text += formOfText(value);
      return true;
    }
    if (isMap(value)) {
      if (depth > DEEPEST) return false;
      text += '{';
      for (const key of Object.keys(value)) {
        const name = key.toLowerCase();
        if (names.has(name) || !PLAIN_NAME.test(key)) return false;
        names.add(name);
        text += `${key}=`;
        if (!walk(get(value, key)!, depth + 1)) return false;
      }
      text += '}';
      return true;
    }
    if (isList(value)) {
      if (value.length > 1 || depth > DEEPEST) return false;
      text += '[';
      if (value.length === 1 && !walk(value[0]!, depth + 1)) return false;
      text += ']';
      return true;
    }
    text += typeof value;
    return true;
  };
  return walk(parameters, 0) ? text : `\r${JSON.stringify(parameters)}`;
}

function formOfText(text: string): string {
  if (text === '') return '""';
  if (text.startsWith('arn:')) return JSON.stringify(text);
  return text.includes('*') || text.length > 1_024 || text === 'HIDDEN_DUE_TO_SECURITY_REASONS'
    ? JSON.stringify(text)
    : 's';
}
