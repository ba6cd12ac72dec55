/**
 * Which records are alike: a text that is equal for records of which guardrails say the same, as long as the guardrails do
 * not look at the resource or at parameters. Most records of a trail differ in ids and times only, so that few of them have
 * to be decided.
 *
 * What is left out of the text are only values of condition keys that no policy names, and texts of parameters of which it
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
    const caller = isMap(identity) ? this.caller(identity) : undefined;
    if (caller === undefined) return undefined;
    const tls = record['tlsDetails'];
    const parameters = record['requestParameters'];
    return [
      plain(record['eventVersion']),
      plain(record['eventType']),
      plain(record['eventSource']),
      plain(record['eventName']),
      plain(record['awsRegion']),
      plain(record['recipientAccountId']),
      isMap(tls) ? presence(tls['tlsVersion']) : '',
      network
        ? `${plain(record['sourceIPAddress'])} ${plain(record['vpcEndpointId'])} ${plain(record['vpcEndpointAccountId'])}`
        : '',
      agent ? plain(record['userAgent']) : '',
      caller,
      resourcesText(record['resources']),
      isMap(parameters) ? formOf(parameters) : '',
    ].join('\n');
  }

  private caller(identity: ValueMap): string | undefined {
    const type = identity['type'];
    const arn = identity['arn'];
    if (typeof arn !== 'string' || typeof type !== 'string') return undefined;
    const isSession = type === 'AssumedRole' && arn.includes(':assumed-role/');
    if (!isSession && type !== 'IAMUser' && type !== 'Root') return undefined;
    const context = identity['sessionContext'];
    const session = isMap(context) ? context : {};
    const issuer = session['sessionIssuer'];
    const attributes = session['attributes'];
    const behalf = this.wants.person ? identity['onBehalfOf'] : undefined;
    const id = identity['principalId'];
    const issued = isMap(attributes) ? attributes['creationDate'] : undefined;
    return [
      type,
      // The name of a session is in its id, too.
      isSession ? arn.slice(0, arn.lastIndexOf('/')) : arn,
      isMap(issuer) ? plain(issuer['arn']) : '',
      plain(identity['accountId']),
      plain(identity['userName']),
      presence(identity['invokedBy']),
      this.wants.id ? plain(id) : presence(id),
      this.wants.issued ? plain(issued) : presence(issued),
      isMap(attributes) ? plain(attributes['mfaAuthenticated']) : '',
      ...this.session.map((member) => plain(get(session, member))),
      behalf === undefined ? '' : plain(behalf),
    ].join('\t');
  }
}

/** A value of any type, so that values that differ give texts that differ. */
const plain = (value: Value | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : `\r${JSON.stringify(value)}`;

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
  return value
    .map((item) => {
      if (!isMap(item)) return plain(item);
      const arn = item['ARN'] ?? item['arn'];
      const shown = typeof arn === 'string' && isBucket(arn) ? `s3 ${arn.slice(0, arn.indexOf(':s3:'))}` : plain(arn);
      return `${shown} ${plain(item['accountId'])}`;
    })
    .join('\t');
}

const DEEPEST = 8;

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
        if (names.has(name)) return false;
        names.add(name);
        text += `${key}:`;
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
  if (text.startsWith('arn:')) return `${text} `;
  return text.includes('*') || text.length > 1_024 || text === 'HIDDEN_DUE_TO_SECURITY_REASONS' ? `${text} ` : 's';
}
