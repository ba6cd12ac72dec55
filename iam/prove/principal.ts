/**
 * The caller as one text, so that everything that policies say of callers is a language of texts: the principal element,
 * `aws:PrincipalArn`, the account, the name of a user, the kind of caller. What hangs together in a caller then hangs
 * together in the proof without further ado.
 *
 * A user, root user or federated user is written as its ARN, a role likewise, a role session as the ARN of its role, a
 * {@link SESSION_MARK} and the name of the session (the session's own ARN leaves the path of the role out); services and
 * identity providers with a mark in front; an anonymous caller as `anonymous`.
 */
import { charsOf, normalised } from './automata/char-set.js';
import { both, choice, literalLanguage, manyOf, NONE, oneOf, optional, sequence } from './automata/language.js';
import type { Language } from './automata/language.js';
import { languageHas, languageHolds } from './sets/spec-has.js';
import type { Principal, Request } from '../model.js';
import { parseArn } from '../arn.js';

const SESSION_MARK = '\u0001';
const SERVICE_MARK = '\u0002';
const PROVIDER_MARK = '\u0003';
const ANONYMOUS = 'anonymous';

const lit = literalLanguage;
const DIGIT = normalised([[48, 57]]);
const LOWER = normalised([[97, 122]]);
/** Characters of the names of users, roles and sessions. */
const NAME_CHARS = normalised([[48, 57], [65, 90], [97, 122], ...charsOf('+=,.@_-')]);
const PRINTABLE = normalised([[33, 126]]);

const PARTITION = sequence(lit('aws'), manyOf(normalised([...LOWER, ...charsOf('-')])));
export const ACCOUNT_ID: Language = sequence(...Array.from({ length: 12 }, () => oneOf(DIGIT)));
/** Names of users. */
export const USER_NAME: Language = sequence(oneOf(NAME_CHARS), manyOf(NAME_CHARS));
const PATH = optional(sequence(manyOf(PRINTABLE), lit('/')));
const IAM_HEAD = sequence(lit('arn:'), PARTITION, lit(':iam::'), ACCOUNT_ID, lit(':'));
/** Services of AWS act by roles such as `aws:ec2-infrastructure`; no customer can give a role a name with a colon. */
const ROLE_NAME = sequence(optional(lit('aws:')), USER_NAME);
const ROLE = sequence(IAM_HEAD, lit('role/'), PATH, ROLE_NAME);

/** The kinds of callers. */
export type CallerKind = 'root' | 'user' | 'role' | 'session' | 'federatedUser' | 'service' | 'provider' | 'anonymous';

const KINDS: Readonly<Record<CallerKind, Language>> = {
  role: ROLE,
  user: sequence(IAM_HEAD, lit('user/'), PATH, USER_NAME),
  session: sequence(ROLE, lit(SESSION_MARK), USER_NAME),
  root: sequence(IAM_HEAD, lit('root')),
  federatedUser: sequence(lit('arn:'), PARTITION, lit(':sts::'), ACCOUNT_ID, lit(':federated-user/'), USER_NAME),
  service: sequence(lit(SERVICE_MARK), USER_NAME),
  provider: sequence(lit(PROVIDER_MARK), oneOf(PRINTABLE), manyOf(PRINTABLE)),
  anonymous: lit(ANONYMOUS),
};

export const ALL_KINDS = Object.keys(KINDS) as readonly CallerKind[];
/** Callers that belong to an account and sign their requests. */
export const SIGNED_KINDS: readonly CallerKind[] = ['role', 'user', 'session', 'root', 'federatedUser'];

const ofKindsMemo = new Map<string, Language>();

/** The callers of some kinds. */
export function callersOfKinds(kinds: readonly CallerKind[]): Language {
  const key = kinds.join();
  let language = ofKindsMemo.get(key);
  if (language === undefined) {
    language = choice(kinds.map((kind) => KINDS[kind]));
    ofKindsMemo.set(key, language);
  }
  return language;
}

export const SIGNED: Language = callersOfKinds(SIGNED_KINDS);
const NO_SESSION = callersOfKinds(['role', 'user', 'root', 'federatedUser']);

/** Sessions of a role or roles. */
function sessionsOf(roles: Language): Language {
  return sequence(roles, lit(SESSION_MARK), USER_NAME);
}

/** The callers to which a service-linked role belongs. */
export const SERVICE_LINKED: Language = both(
  callersOfKinds(['role', 'session']),
  sequence(IAM_HEAD, lit('role/aws-service-role/'), manyOf(normalised([...PRINTABLE, [1, 1]]))),
);

/** The ways in which an entry of a principal element names a caller, as the evaluation tells them apart. */
export type Form = 'everyone' | 'account' | 'user' | 'role' | 'session' | 'federatedUser' | 'service' | 'provider';

export const ALL_FORMS: readonly Form[] = [
  ...(['everyone', 'account', 'user', 'role', 'session', 'federatedUser', 'service', 'provider'] as const),
];

/** The callers whom an entry names, by the form in which it does. An entry for everybody is not among them. */
export function namedCallers({ kind, value }: Principal): ReadonlyMap<Form, Language> {
  const result = new Map<Form, Language>();
  if (kind === 'Service') result.set('service', lit(SERVICE_MARK + value));
  if (kind === 'Federated') result.set('provider', lit(PROVIDER_MARK + value));
  if (kind !== 'AWS' || value === '*') return result;
  if (/^\d{12}$/.test(value)) return result.set('account', ofAccount(lit(value)));
  const arn = parseArn(value);
  if (arn === undefined) return result;
  const [type, role = '', session = ''] = arn.resource.split('/');
  const partition = lit(`arn:${arn.partition}:`);
  if (arn.service === 'iam' && arn.resource === 'root') {
    const inPartition = sequence(partition, manyOf(normalised([...PRINTABLE, [1, 1]])));
    return result.set('account', both(ofAccount(lit(arn.account)), inPartition));
  }
  if (arn.service === 'iam' && type === 'user') result.set('user', lit(value));
  if (arn.service === 'iam' && type === 'role') result.set('role', choice([lit(value), sessionsOf(lit(value))]));
  if (arn.service === 'sts' && type === 'federated-user') result.set('federatedUser', lit(value));
  if (arn.service === 'sts' && type === 'assumed-role') {
    const roleArn = sequence(partition, lit(`iam::${arn.account}:role/`), PATH, lit(role));
    result.set('session', sequence(roleArn, lit(SESSION_MARK), lit(session)));
  }
  return result;
}

/** Signed callers of accounts out of a language of account ids. */
export function ofAccount(accounts: Language): Language {
  const rest = manyOf(normalised([...PRINTABLE, [1, 1]]));
  const service = choice([lit(':iam::'), lit(':sts::')]);
  return both(SIGNED, sequence(lit('arn:'), PARTITION, service, both(accounts, ACCOUNT_ID), lit(':'), rest));
}

const TYPES: readonly (readonly [string, readonly CallerKind[]])[] = [
  ['Account', ['root']],
  ['User', ['user']],
  ['AssumedRole', ['role', 'session']],
  ['FederatedUser', ['federatedUser']],
  ['Anonymous', ['anonymous']],
];

/** Condition keys whose values follow from the caller: for a language of values the callers that have one of them. */
const DERIVED: Readonly<Record<string, (values: Language) => Language>> = {
  'aws:principalarn': (values) => choice([both(values, NO_SESSION), sessionsOf(both(values, ROLE))]),
  'aws:principalaccount': (values) =>
    choice([ofAccount(values), ...(has(values, 'anonymous') ? [lit(ANONYMOUS)] : [])]),
  'aws:principaltype': (values) =>
    callersOfKinds(TYPES.filter(([type]) => has(values, type)).flatMap(([, kinds]) => kinds)),
  'aws:principalisawsservice': (values) =>
    choice([...(has(values, 'false') ? [SIGNED] : []), ...(has(values, 'true') ? [KINDS.service] : [])]),
  'aws:principalservicename': (values) => both(KINDS.service, sequence(lit(SERVICE_MARK), values)),
  'aws:username': (values) => sequence(IAM_HEAD, lit('user/'), PATH, both(values, USER_NAME)),
};

/** Whether the value of a key (in lower case) follows from the caller. */
export function isDerivedKey(key: string): boolean {
  return Object.hasOwn(DERIVED, key);
}

/** The callers for whom a derived key has a value in a language. */
export function callersWhose(key: string, values: Language): Language {
  return DERIVED[key]?.(values) ?? NONE;
}

function has(values: Language, text: string): boolean {
  return languageHas(values, text) ?? languageHolds(values, text);
}

/** Turns the text of a caller into what a request says of it. */
export function principalOf(caller: string): Pick<Request, 'principal' | 'sessionIssuer'> {
  if (caller.startsWith(SERVICE_MARK)) return { principal: { service: caller.slice(1) } };
  if (caller.startsWith(PROVIDER_MARK)) return { principal: { federated: caller.slice(1) } };
  const [role = '', session] = caller.split(SESSION_MARK);
  if (session === undefined) return { principal: caller };
  const arn = parseArn(role)!;
  const name = arn.resource.slice(arn.resource.lastIndexOf('/') + 1);
  return {
    principal: `arn:${arn.partition}:sts::${arn.account}:assumed-role/${name}/${session}`,
    sessionIssuer: role,
  };
}

/** The text of the caller of a request; the contrary of {@link principalOf}. */
export function callerText({ principal, sessionIssuer }: Pick<Request, 'principal' | 'sessionIssuer'>): string {
  if (typeof principal !== 'string') {
    return 'service' in principal ? SERVICE_MARK + principal.service : PROVIDER_MARK + principal.federated;
  }
  const arn = parseArn(principal);
  if (arn?.service !== 'sts' || !arn.resource.startsWith('assumed-role/')) return principal;
  const [, role = '', session = ''] = arn.resource.split('/');
  return (sessionIssuer ?? `arn:${arn.partition}:iam::${arn.account}:role/${role}`) + SESSION_MARK + session;
}

/** The account of the text of a caller. */
export function accountOfCaller(caller: string): string | undefined {
  return /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(caller)?.[1];
}
