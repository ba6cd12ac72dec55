/** What is known of condition keys beyond the policies: their types, whether they hold lists, and what they are about. */
import { globalConditionKey, iamConditionKey } from '../../catalogue/iam/index.js';
import type { IamConditionKey } from '../../catalogue/iam/index.js';
import { choice, literalLanguage, manyOf, sequence } from './automata/language.js';
import { charsOf, complement } from './automata/char-set.js';
import { regexLanguage } from './automata/regex.js';
import type { Shape } from './domain.js';
import { EVERY_VALUE, textSpec } from './sets/spec.js';
import type { SetSpec, Theory } from './sets/spec.js';

/** @param key - In lower case. */
export function catalogueKey(key: string): IamConditionKey | undefined {
  return globalConditionKey(key) ?? (key.startsWith('aws:') ? undefined : iamConditionKey(key));
}

/**
 * Keys of which the catalogue knows that they hold one value hold at most one; lists of a key that it does not know are
 * considered when a policy compares the key with a set operator.
 */
export function shapeOfKey(key: string, qualified: boolean): Shape {
  const known = catalogueKey(key);
  const isList = known === undefined ? qualified : known.multiValued;
  return isList ? 'list' : 'optional';
}

const NO_COLON = manyOf(complement(charsOf(':')));
const colon = literalLanguage(':');
const ARN_VALUES = textSpec(
  sequence(
    literalLanguage('arn:'),
    NO_COLON,
    colon,
    NO_COLON,
    colon,
    NO_COLON,
    colon,
    NO_COLON,
    colon,
    manyOf([[0, 0xffff]]),
  ),
);
const BOOL_VALUES = textSpec(choice([literalLanguage('true'), literalLanguage('false')]));
const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
/** Dotted quads, and texts with colons and hexadecimal digits: every address, and some texts that are none. */
const ADDRESS_VALUES = textSpec(
  regexLanguage(`${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*`),
);
const VALUE_OF_LINE: Readonly<Record<Exclude<Theory, 'text'>, SetSpec>> = {
  number: {
    kind: 'quantity',
    theory: 'number',
    comparisons: [{ below: true, at: true, above: true, units: 0n, places: 0 }],
  },
  date: {
    kind: 'quantity',
    theory: 'date',
    comparisons: [{ below: true, at: true, above: true, units: 0n, places: 0 }],
  },
  ip: { kind: 'addresses', ranges: [[0n, 1n << 200n]] },
};

const TEXTS_OF_TYPE: ReadonlyMap<string | undefined, SetSpec> = new Map([
  ['Bool', BOOL_VALUES],
  ['ARN', ARN_VALUES],
  ['IPAddress', ADDRESS_VALUES],
]);

/**
 * The values that a key can have. A key that AWS documents as a number, date, address, Boolean value or ARN has no other
 * texts; the others can be any text, also where a policy compares them as numbers, as it may do with tags.
 */
export function valuesOfKey(key: string, theory: Theory): SetSpec {
  const type = catalogueKey(key)?.type;
  switch (theory) {
    case 'text':
      return TEXTS_OF_TYPE.get(type) ?? EVERY_VALUE;
    case 'number':
      return type === 'Numeric' ? VALUE_OF_LINE.number : EVERY_VALUE;
    case 'date':
      return type === 'Date' ? VALUE_OF_LINE.date : EVERY_VALUE;
    case 'ip':
      return type === 'IPAddress' ? VALUE_OF_LINE.ip : EVERY_VALUE;
  }
}

const CALLERS_KEYS = new Set(
  [
    ...[
      'PrincipalArn',
      'PrincipalAccount',
      'PrincipalOrgID',
      'PrincipalOrgPaths',
      'PrincipalType',
      'userid',
      'username',
    ],
    ...['PrincipalIsAWSService', 'PrincipalServiceName', 'PrincipalServiceNamesList', 'SourceIdentity', 'AssumedRoot'],
    ...['TokenIssueTime', 'MultiFactorAuthPresent', 'MultiFactorAuthAge', 'FederatedProvider', 'SignInSessionArn'],
    ...['ViaCustomerDomain', 'ChatbotSourceArn', 'Ec2InstanceSourceVpc', 'Ec2InstanceSourcePrivateIPv4', 'SourceIp'],
    ...['SourceVpc', 'SourceVpce', 'SourceVpcArn', 'VpcSourceIp', 'VpceAccount', 'VpceOrgID', 'VpceOrgPaths'],
    ...['UserAgent', 'referer', 'CurrentTime', 'EpochTime', 'SecureTransport'],
  ].map((name) => `aws:${name.toLowerCase()}`),
);

const FEDERATION =
  /^(?:saml|cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com):/;

/**
 * Whether a key (in lower case) is about the caller: who it is, its session, where it calls from and when. Two callers have
 * them independently of each other; keys about the resource and about what is asked of it they share.
 */
export function isCallersKey(key: string): boolean {
  return CALLERS_KEYS.has(key) || key.startsWith('aws:principaltag/') || FEDERATION.test(key);
}
