/**
 * What AWS decides: the evaluation logic of IAM in the order of its pages, short enough to read in one sitting.
 *
 * "Policy evaluation logic" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html) and the pages below it; each
 * function names its page by the last part of the address. Nothing here is fast, and nothing is shared with the evaluator
 * that is: the two are compared. The request must be one that `checkRequest` accepts.
 */
import { parseArn } from './arn.js';
import type {
  ApplicablePolicies,
  Condition,
  ConditionOperator,
  Decision,
  LayerOutcome,
  PatternElement,
} from './model.js';
import type { Policy, PolicyLayer, Principal, Request, Statement } from './model.js';

/** The decision, and what each layer says by itself. */
export interface ReferenceEvaluation {
  readonly decision: Exclude<Decision, 'UNDETERMINED'>;
  readonly layers: Readonly<Record<PolicyLayer, LayerOutcome>>;
}

export interface ReferenceOptions {
  /** Whether RCPs act on an action, given in lower case. `@default` they act on every action. */
  readonly rcpApplies?: (action: string) => boolean;
}

/**
 * Decides a request (reference_policies_evaluation-logic_policy-eval-denyallow, …-logic-cross-account).
 *
 * @throws RangeError when the principal is no ARN of a user, role, session or root user.
 */
export function referenceEvaluate(
  request: Request,
  policies: ApplicablePolicies,
  options: ReferenceOptions = {},
): ReferenceEvaluation {
  const world = worldOf(request, policies);
  const { caller } = world;
  const isIdentity = caller.account !== undefined;
  const isRoot = caller.kind === 'root';
  const isServiceLinked = parseArn(caller.identity ?? '')?.resource.startsWith('role/aws-service-role/') === true;
  const action = request.action.toLowerCase();

  // Which layers apply. SCPs restrain the principals of their accounts, RCPs the resources of theirs, whoever calls.
  const scps = isIdentity && !isServiceLinked ? policies.scps : null;
  const isBeyondRcps = isServiceLinked || action === 'kms:retiregrant' || options.rcpApplies?.(action) === false;
  const rcps = isBeyondRcps ? null : policies.rcps;
  const identity = isIdentity && !isRoot ? policies.identity : null;
  const boundary = isIdentity && !isRoot ? policies.boundary : null;
  const session = isIdentity ? (policies.session ?? (caller.kind === 'federatedUser' ? [] : null)) : null;
  const layers: Record<PolicyLayer, LayerOutcome> = {
    scp: ceiling(scps, world),
    rcp: ceiling(rcps, world),
    resource: outcome(policies.resource && [policies.resource], world),
    identity: outcome(identity, world),
    boundary: outcome(boundary, world),
    session: outcome(session, world),
    vpcEndpoint: outcome(policies.vpcEndpoint && [policies.vpcEndpoint], world),
  };
  const decide = (decision: ReferenceEvaluation['decision']): ReferenceEvaluation => ({ decision, layers });
  const passes = (layer: PolicyLayer): boolean => layers[layer] === 'ALLOW' || layers[layer] === 'NOT_APPLICABLE';

  // An explicit deny anywhere is final.
  if (Object.values(layers).includes('EXPLICIT_DENY')) return decide('EXPLICIT_DENY');

  // The ceilings of the organization, and of the endpoint that the request came through.
  if (!passes('rcp') || !passes('scp') || !passes('vpcEndpoint')) return decide('IMPLICIT_DENY');

  // The resource's own policy. How it names the caller decides what it overrides.
  const granted = policies.resource ? allowedForms(policies.resource, world) : new Set<Form>();
  const resourceAllows = granted.size > 0;

  // Services, anonymous callers and identity providers have no policies of their own.
  if (!isIdentity) return decide(resourceAllows ? 'ALLOW' : 'IMPLICIT_DENY');

  // The caller's own policies, which a boundary and a session policy cut down. Nothing is implicitly denied to root.
  const ownPoliciesAllow = isRoot || layers.identity === 'ALLOW';
  const isWithinLimits = passes('boundary') && passes('session');

  const resourceAccount = accountOfResource(request, world);
  if (resourceAccount !== undefined && resourceAccount !== caller.account) {
    return decide(resourceAllows && ownPoliciesAllow && isWithinLimits ? 'ALLOW' : 'IMPLICIT_DENY');
  }
  if ([...granted].some((form) => OVERRIDES_EVERYTHING.has(form))) return decide('ALLOW');
  if (mustAllow(request) && !resourceAllows) return decide('IMPLICIT_DENY');
  const overridesIdentity = granted.has('role') || granted.has('issuer');
  return decide((ownPoliciesAllow || overridesIdentity) && isWithinLimits ? 'ALLOW' : 'IMPLICIT_DENY');
}

/** Trust policies and key policies must allow; elsewhere an identity policy is enough inside an account. */
function mustAllow({ action, resource }: Request): boolean {
  const name = action.toLowerCase();
  if (name.startsWith('sts:assumerole')) return true;
  const arn = parseArn(resource);
  if (name === 'sts:tagsession' || name === 'sts:setsourceidentity') return arn?.resource.startsWith('role/') === true;
  return name.startsWith('kms:') && arn?.service === 'kms' && arn.resource.startsWith('key/');
}

// ------------------------------------------------------------------------------------------------- Layers

/** All that statements are matched against. */
interface World {
  readonly request: Request;
  readonly caller: Caller;
  /** Values of a condition key; none when the request has no such key. */
  readonly valuesOf: (key: string) => readonly string[];
  readonly hasBoundary: boolean;
}

/** One list of policies, of which any may allow. */
function outcome(policies: readonly Policy[] | null, world: World): LayerOutcome {
  if (policies === null) return 'NOT_APPLICABLE';
  const effects = policies.flatMap((policy) => matching(policy, world).map(({ effect }) => effect));
  return effects.includes('Deny') ? 'EXPLICIT_DENY' : effects.includes('Allow') ? 'ALLOW' : 'IMPLICIT_DENY';
}

/** SCPs or RCPs: every level from the root to the account must allow (orgs_manage_policies_scps_evaluation). */
function ceiling(levels: readonly (readonly Policy[])[] | null, world: World): LayerOutcome {
  if (levels === null) return 'NOT_APPLICABLE';
  const outcomes = levels.map((level) => outcome(level, world));
  if (outcomes.includes('EXPLICIT_DENY')) return 'EXPLICIT_DENY';
  return outcomes.length > 0 && outcomes.every((each) => each === 'ALLOW') ? 'ALLOW' : 'IMPLICIT_DENY';
}

function matching(policy: Policy, world: World): readonly Statement[] {
  return policy.statements.filter((statement) => applies(statement, policy, world));
}

/** The ways in which a resource's policy names the caller in statements that allow the request. */
function allowedForms(policy: Policy, world: World): Set<Form> {
  const allows = matching(policy, world).filter(({ effect }) => effect === 'Allow');
  const forms = allows.flatMap(({ principal }) =>
    principal === undefined || principal.negated ? ['everyone' as const] : formsOf(principal.principals, world.caller),
  );
  return new Set(forms);
}

/** A statement applies when all its elements match. */
function applies(statement: Statement, policy: Policy, world: World): boolean {
  const { action, resource, conditions } = statement;
  const hasVariables = policy.version === '2012-10-17';
  return (
    principalMatches(statement, world) &&
    actionMatches(action, world.request.action) &&
    (resource === undefined || resourceMatches(resource, hasVariables, world)) &&
    conditions.every((condition) => conditionHolds(condition, hasVariables, world))
  );
}

// ------------------------------------------------------------------------------------------------- The caller

interface Caller {
  readonly kind: 'root' | 'user' | 'role' | 'session' | 'federatedUser' | 'service' | 'provider' | 'anonymous';
  /** As the request writes the caller. */
  readonly name: string;
  readonly partition?: string;
  /** Only of those that are identities of an account. */
  readonly account?: string;
  /** ARN of the user or role behind the caller, as far as it is known. */
  readonly identity?: string;
  /** Whether a role's path is known; the ARN of a session leaves it out. */
  readonly isPathKnown?: boolean;
}

/** reference_policies_elements_principal, reference_policies_variables (principal key values) */
function callerOf({ principal, sessionIssuer, context }: Request): Caller {
  if (typeof principal !== 'string') {
    return 'service' in principal
      ? { kind: 'service', name: principal.service }
      : { kind: 'provider', name: principal.federated };
  }
  if (principal === 'anonymous') return { kind: 'anonymous', name: principal };
  const arn = parseArn(principal);
  const [type, name] = arn?.resource.split('/') ?? [];
  const common = { name: principal, partition: arn?.partition ?? '', account: arn?.account ?? '' };
  if (arn?.service === 'iam' && arn.resource === 'root') return { ...common, kind: 'root' };
  if (arn?.service === 'iam' && type === 'user') return { ...common, kind: 'user', identity: principal };
  if (arn?.service === 'iam' && type === 'role') {
    return { ...common, kind: 'role', identity: principal, isPathKnown: true };
  }
  if (arn?.service === 'sts' && type === 'federated-user') {
    return { ...common, kind: 'federatedUser', ...(sessionIssuer === undefined ? {} : { identity: sessionIssuer }) };
  }
  if (arn?.service === 'sts' && type === 'assumed-role') {
    const given = Object.entries(context).find(([key]) => key.toLowerCase() === 'aws:principalarn')?.[1];
    const known = sessionIssuer ?? [given].flat()[0];
    const identity = known ?? `arn:${arn.partition}:iam::${arn.account}:role/${name}`;
    return { ...common, kind: 'session', identity, isPathKnown: known !== undefined };
  }
  throw new RangeError(`no principal of a request: ${principal}`);
}

/** The keys that follow from who calls and what is called (reference_policies_condition-keys). */
function derivedKeys(request: Request, caller: Caller): Readonly<Record<string, string>> {
  const { kind, name, account = '', identity = name } = caller;
  const arn = parseArn(request.resource);
  const owner = request.resourceAccount ?? (/^\d{12}$/.test(arn?.account ?? '') ? arn?.account : undefined);
  const resource = owner === undefined ? {} : { 'aws:resourceaccount': owner };
  const signed = (type: string, principalArn: string): Record<string, string> => ({
    ...resource,
    'aws:principalarn': principalArn,
    'aws:principalaccount': account,
    'aws:principaltype': type,
    'aws:principalisawsservice': 'false',
  });
  switch (kind) {
    case 'root':
      return { ...signed('Account', name), 'aws:userid': account };
    case 'user':
      return { ...signed('User', name), 'aws:username': name.slice(name.lastIndexOf('/') + 1) };
    case 'role':
    case 'session':
      return signed('AssumedRole', identity);
    case 'federatedUser':
      return { ...signed('FederatedUser', name), 'aws:userid': `${account}:${name.slice(name.indexOf('/') + 1)}` };
    case 'service':
      return { ...resource, 'aws:principalisawsservice': 'true', 'aws:principalservicename': name };
    case 'anonymous':
      return {
        ...resource,
        'aws:principalaccount': 'anonymous',
        'aws:principaltype': 'Anonymous',
        'aws:userid': 'anonymous',
      };
    case 'provider':
      return resource;
  }
}

function worldOf(request: Request, policies: ApplicablePolicies): World {
  const caller = callerOf(request);
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(derivedKeys(request, caller))) values.set(key, [value]);
  // An entry such as `aws:RequestTag/*` speaks of keys that are not given and do not follow: these are absent anyhow.
  for (const key of request.absent ?? []) values.delete(key.toLowerCase());
  for (const [key, value] of Object.entries(request.context)) values.set(key.toLowerCase(), [value].flat());
  const hasBoundary = policies.boundary !== null && caller.account !== undefined && caller.kind !== 'root';
  return { request, caller, hasBoundary, valuesOf: (key) => values.get(key.toLowerCase()) ?? [] };
}

function accountOfResource({ resource, resourceAccount }: Request, { valuesOf }: World): string | undefined {
  const account = parseArn(resource)?.account ?? '';
  return resourceAccount ?? (/^\d{12}$/.test(account) ? account : valuesOf('aws:ResourceAccount')[0]);
}

// ------------------------------------------------------------------------------------------------- Principal

/** How an entry of a principal element can name the caller. */
type Form = 'everyone' | 'account' | 'user' | 'role' | 'session' | 'federatedUser' | 'issuer' | 'service' | 'provider';

/** An allow for one of these inside an account is final: no boundary and no session policy limits it. */
const OVERRIDES_EVERYTHING: ReadonlySet<Form> = new Set(['everyone', 'user', 'session', 'federatedUser']);

/** Those whom a `Deny` with `NotPrincipal` spares only when all of them are listed. */
const CHAIN: Readonly<Record<Caller['kind'], readonly Form[]>> = {
  root: ['account'],
  user: ['account', 'user'],
  role: ['account', 'role', 'session'],
  session: ['account', 'role', 'session'],
  federatedUser: ['account', 'federatedUser'],
  service: ['service'],
  provider: ['provider'],
  anonymous: ['everyone'],
};

function formsOf(principals: readonly Principal[], caller: Caller): Form[] {
  return principals.flatMap((principal) => formsOfOne(principal, caller));
}

function formsOfOne({ kind, value }: Principal, caller: Caller): Form[] {
  if (kind === 'Service') return caller.kind === 'service' && value === caller.name ? ['service'] : [];
  if (kind === 'Federated') return caller.kind === 'provider' && value === caller.name ? ['provider'] : [];
  if (kind === 'CanonicalUser') return [];
  if (value === '*') return ['everyone'];
  if (caller.account === undefined) return [];
  const { partition, account } = caller;
  if (value === account || value === `arn:${partition}:iam::${account}:root`) return ['account'];
  if (caller.kind === 'federatedUser' && value === caller.identity) return ['issuer'];
  if ((caller.kind === 'role' || caller.kind === 'session') && isRole(value, caller)) return ['role'];
  if (value !== caller.name) return [];
  return caller.kind === 'user' || caller.kind === 'session' || caller.kind === 'federatedUser' ? [caller.kind] : [];
}

/** Names of roles are unique in an account, so that a session without a known path is told by the name. */
function isRole(value: string, { partition, account, identity, isPathKnown }: Caller): boolean {
  if (isPathKnown === true) return value === identity;
  const lastPart = (text: string | undefined): string | undefined => text?.split('/').at(-1);
  return value.startsWith(`arn:${partition}:iam::${account}:role/`) && lastPart(value) === lastPart(identity);
}

/** reference_policies_elements_principal, reference_policies_elements_notprincipal */
function principalMatches({ principal, effect }: Statement, { request, caller, hasBoundary }: World): boolean {
  if (principal === undefined) return true;
  const forms = formsOf(principal.principals, caller);
  if (principal.negated && effect === 'Allow') return forms.length === 0;
  if (principal.negated) {
    const isSpared = forms.includes('everyone') || CHAIN[caller.kind].every((form) => forms.includes(form));
    return hasBoundary || !isSpared;
  }
  // In a trust policy "*" allows AWS principals only.
  const isTrust = request.action.toLowerCase().startsWith('sts:assumerole');
  if (isTrust && effect === 'Allow' && caller.account === undefined) return forms.some((form) => form !== 'everyone');
  return forms.length > 0;
}

// ------------------------------------------------------------------------------------------------- Action and Resource

const RUN = Symbol('*');
const ONE = Symbol('?');
/** One character, or a wildcard. */
type Piece = string | typeof RUN | typeof ONE;

/** Whether a pattern matches a whole text: the numbers of characters that the pattern so far can stand for. */
function matches(pattern: readonly Piece[], text: readonly Piece[]): boolean {
  let reached = new Set([0]);
  for (const piece of pattern) {
    const next = new Set<number>();
    if (piece === RUN) for (let at = Math.min(...reached); at <= text.length; at++) next.add(at);
    else for (const at of reached) if (at < text.length && (piece === ONE || piece === text[at])) next.add(at + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(text.length);
}

const letters = (text: string): Piece[] => text.split('');

/** A text with wildcards and without variables. */
function pieces(text: string): Piece[] {
  return letters(text).map((letter) => (letter === '*' ? RUN : letter === '?' ? ONE : letter));
}

/** Cuts at the first colons into so many parts at most. */
function parts(list: readonly Piece[], most: number): Piece[][] {
  const colon = list.indexOf(':');
  if (most === 1 || colon < 0) return [[...list]];
  return [list.slice(0, colon), ...parts(list.slice(colon + 1), most - 1)];
}

const isText = (list: readonly Piece[] | undefined, text: string): boolean =>
  list?.length === text.length && list.every((piece, index) => piece === text[index]);

/** reference_policies_elements_action, reference_policies_elements_notaction */
function actionMatches({ negated, patterns }: PatternElement, action: string): boolean {
  const name = letters(action.toLowerCase());
  return negated !== patterns.some((pattern) => matches(pieces(pattern.toLowerCase()), name));
}

/**
 * reference_policies_elements_resource, reference_policies_elements_notresource
 *
 * A variable without a value makes its entry match nothing; under `NotResource` the statement then applies to nothing.
 */
function resourceMatches({ negated, patterns }: PatternElement, hasVariables: boolean, world: World): boolean {
  const resolved = patterns.map((pattern) => {
    const fifth = pattern.split(':', 5).join(':').length + 1;
    const tail = substitute(pattern.slice(fifth), hasVariables, true, world);
    return tail && [...pieces(pattern.slice(0, fifth)), ...tail];
  });
  const isListed = resolved.some((pattern) => pattern !== undefined && oneResourceMatches(pattern, world));
  return negated ? !isListed && !resolved.includes(undefined) : isListed;
}

function oneResourceMatches(pattern: readonly Piece[], { request: { resource } }: World): boolean {
  if (resource === '*') return pattern.length > 0 && pattern.every((piece) => piece === RUN);
  const written = parts(pattern, 6);
  if (!isText(written[0], 'arn')) return matches(pattern, letters(resource));
  // An ARN with fewer parts stands for any value of the parts that are missing.
  const missing = Array.from({ length: 6 - written.length }, () => [':', RUN] as const);
  const wanted = parts([...pattern, ...missing.flat()], 4);
  // A wildcard stays inside partition or service; from the Region on it may run over colons.
  const given = parts(letters(resource), 4);
  return wanted.length === given.length && wanted.every((part, index) => matches(part, given[index] ?? []));
}

/**
 * Puts values in the place of variables (reference_policies_variables). What is put in is literal.
 *
 * @returns `undefined` when a variable has no value and no default.
 */
function substitute(text: string, hasVariables: boolean, wildcards: boolean, world: World): Piece[] | undefined {
  const plain = (run: string): Piece[] => (wildcards ? pieces(run) : letters(run));
  if (!hasVariables) return plain(text);
  const result: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{(?:([*?$])|\s*([^\s,'{}]+(?: +[^\s,'{}]+)*)\s*(?:,\s*'([^']*)'\s*)?)\}/g)) {
    const [whole, escaped, key = '', otherwise] = match;
    const values = world.valuesOf(key);
    const value = escaped ?? (values.length === 0 ? otherwise : values.length === 1 ? values[0] : undefined);
    if (value === undefined) return undefined;
    result.push(...plain(text.slice(end, match.index)), ...letters(value));
    end = match.index + whole.length;
  }
  return [...result, ...plain(text.slice(end))];
}

// ------------------------------------------------------------------------------------------------- Condition

/** Whether a value of the request matches a value of the policy. */
type Test = (value: string, wanted: string, hasVariables: boolean, world: World) => boolean;

const isOrdered =
  (read: (text: string) => Decimal | undefined, accept: (order: number) => boolean): Test =>
  (value, wanted) => {
    const [left, right] = [read(value), read(wanted)];
    return left !== undefined && right !== undefined && accept(compare(left, right));
  };
const foldCase = (list: readonly Piece[]): Piece[] =>
  list.map((piece) => (typeof piece === 'string' ? piece.toLowerCase() : piece));

const stringEquals: Test = (value, wanted, hasVariables, world) =>
  substitute(wanted, hasVariables, false, world)?.join('') === value;
const stringEqualsIgnoreCase: Test = (value, wanted, hasVariables, world) => {
  const text = substitute(wanted, hasVariables, false, world);
  return text !== undefined && foldCase(text).join('') === foldCase(letters(value)).join('');
};
const stringLike: Test = (value, wanted, hasVariables, world) => {
  const pattern = substitute(wanted, hasVariables, true, world);
  return pattern !== undefined && matches(pattern, letters(value));
};
/** Six parts, one by one; the sixth takes the rest. */
const arnLike: Test = (value, wanted, hasVariables, world) => {
  const pattern = parts(substitute(wanted, hasVariables, true, world) ?? [], 6);
  const arn = parts(letters(value), 6);
  return pattern.length === 6 && arn.length === 6 && pattern.every((part, index) => matches(part, arn[index] ?? []));
};
const bool: Test = (value, wanted) => /^(?:true|false)$/i.test(wanted) && value.toLowerCase() === wanted.toLowerCase();
const binaryEquals: Test = (value, wanted) => {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return base64.test(value) && base64.test(wanted) && atob(value) === atob(wanted);
};
const ipAddress: Test = (value, wanted) => {
  const [range = '', length, ...more] = wanted.split('/');
  const [ip, network] = [address(value), address(range)];
  if (ip === undefined || network?.bits !== ip.bits || more.length > 0) return false;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > ip.bits)) return false;
  const hostBits = BigInt(ip.bits - Number(length ?? ip.bits));
  return ip.value >> hostBits === network.value >> hostBits;
};

/** reference_policies_elements_condition_operators */
const OPERATORS: Readonly<Record<Exclude<ConditionOperator, 'Null'>, readonly [test: Test, negated?: 'not']>> = {
  StringEquals: [stringEquals],
  StringNotEquals: [stringEquals, 'not'],
  StringEqualsIgnoreCase: [stringEqualsIgnoreCase],
  StringNotEqualsIgnoreCase: [stringEqualsIgnoreCase, 'not'],
  StringLike: [stringLike],
  StringNotLike: [stringLike, 'not'],
  NumericEquals: [isOrdered(decimal, (order) => order === 0)],
  NumericNotEquals: [isOrdered(decimal, (order) => order === 0), 'not'],
  NumericLessThan: [isOrdered(decimal, (order) => order < 0)],
  NumericLessThanEquals: [isOrdered(decimal, (order) => order <= 0)],
  NumericGreaterThan: [isOrdered(decimal, (order) => order > 0)],
  NumericGreaterThanEquals: [isOrdered(decimal, (order) => order >= 0)],
  DateEquals: [isOrdered(seconds, (order) => order === 0)],
  DateNotEquals: [isOrdered(seconds, (order) => order === 0), 'not'],
  DateLessThan: [isOrdered(seconds, (order) => order < 0)],
  DateLessThanEquals: [isOrdered(seconds, (order) => order <= 0)],
  DateGreaterThan: [isOrdered(seconds, (order) => order > 0)],
  DateGreaterThanEquals: [isOrdered(seconds, (order) => order >= 0)],
  Bool: [bool],
  BinaryEquals: [binaryEquals],
  IpAddress: [ipAddress],
  NotIpAddress: [ipAddress, 'not'],
  ArnEquals: [arnLike],
  ArnNotEquals: [arnLike, 'not'],
  ArnLike: [arnLike],
  ArnNotLike: [arnLike, 'not'],
};

/**
 * reference_policies_condition-logic-multiple-context-keys-or-values,
 * reference_policies_condition-single-vs-multi-valued-context-keys
 */
function conditionHolds(condition: Condition, hasVariables: boolean, world: World): boolean {
  const { operator, qualifier, ifExists, key, values: wanted } = condition;
  const values = world.valuesOf(key);
  const isNull = values.every((value) => value === '');
  if (operator === 'Null') return wanted.some((value) => value.toLowerCase() === String(isNull));
  const [test, negated] = OPERATORS[operator];
  if (values.length === 0 && ifExists) return true;
  if (qualifier !== undefined && isNull) return qualifier === 'ForAllValues';
  const holds = (value: string): boolean =>
    (negated === 'not') !== wanted.some((each) => test(value, each, hasVariables, world));
  // Without a set operator a negated operator is the contrary of the plain one, also for a key with several values.
  const mustAllHold = qualifier === undefined ? negated === 'not' : qualifier === 'ForAllValues';
  return mustAllHold ? values.every(holds) : values.some(holds);
}

/** The number `units` × 10 to the power of `-places`. */
interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

function compare(left: Decimal, right: Decimal): number {
  const scaled = ({ units, places }: Decimal, other: Decimal): bigint =>
    units * 10n ** BigInt(Math.max(0, other.places - places));
  const [a, b] = [scaled(left, right), scaled(right, left)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An integer or decimal number; JSON numbers may come with an exponent. */
function decimal(text: string): Decimal | undefined {
  const match = /^([-+]?)(?=\.?\d)(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const units = BigInt(`${whole}${fraction}`);
  return { units: sign === '-' ? -units : units, places: fraction.length - Number(exponent) };
}

/** A date in a W3C form of ISO 8601 (https://www.w3.org/TR/NOTE-datetime), or seconds since 1970. Four digits are a year. */
function seconds(text: string): Decimal | undefined {
  const form =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([-+])(\d\d):(\d\d)))?)?)?$/;
  const match = form.exec(text);
  if (match === null) return /^-?\d+(?:\.\d+)?$/.test(text) ? decimal(text) : undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', sign, zh, zm] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const isReal = date.toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
  if (!isReal || Number(zh ?? 0) > 23 || Number(zm ?? 0) > 59) return undefined;
  const offset = (Number(zh ?? 0) * 60 + Number(zm ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  const whole = BigInt(date.getTime() / 1000 - offset);
  return { units: whole * 10n ** BigInt(fraction.length) + BigInt(fraction || '0'), places: fraction.length };
}

/** An IPv4 or IPv6 address (RFC 4291). */
function address(text: string): { readonly bits: 32 | 128; readonly value: bigint } | undefined {
  const [, before = '', dotted = ''] = /^(|.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? [];
  const bytes = dotted.split('.').map(Number);
  if (dotted !== '' && !bytes.every((byte, index) => byte <= 255 && String(byte) === dotted.split('.')[index])) {
    return undefined;
  }
  const ipv4 = bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  if (dotted !== '' && before === '') return { bits: 32, value: ipv4 };
  // The last 32 bits may be written as an IPv4 address: two groups of hexadecimal digits.
  const hex = dotted === '' ? text : `${before}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`;
  const [head = [], tail, ...more] = hex.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const gap = 8 - head.length - (tail?.length ?? 0);
  if (more.length > 0 || (tail === undefined ? gap !== 0 : gap < 1)) return undefined;
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { bits: 128, value: groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) };
}
