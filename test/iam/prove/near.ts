/**
 * Requests near policies: drawn from their literals, filled patterns, prefixes and boundary values, and most of them aimed
 * at a statement that allows, because a request that nobody allows shows little.
 */
import { compilePolicies, evaluate } from '../../../iam/index.js';
import type { Condition, Policy, Request, Statement } from '../../../iam/index.js';
import type { DocumentKind } from '../../../iam/prove/index.js';
import { isDerivedKey } from '../../../iam/prove/principal.js';
import { shapeOfKey, valuesOfKey } from '../../../iam/prove/keys.js';
import { languageHolds } from '../../../iam/prove/sets/spec-has.js';
import type { Random } from '../../support/random.js';

/** The compiled evaluator's word on one document; it is quick enough for many requests. */
export function quickly(policy: Policy, kind: DocumentKind): (request: Request) => boolean {
  const others = { boundary: null, session: null, scps: null, rcps: null, vpcEndpoint: null };
  const set = compilePolicies(
    kind === 'identity'
      ? { ...others, identity: [policy], resource: null }
      : { ...others, identity: [], resource: policy },
  );
  return (request) => evaluate(set, request).layers[kind] === 'ALLOW';
}

type Value = string | readonly string[] | undefined;
type Caller = Pick<Request, 'principal' | 'sessionIssuer'>;

const SIGNED: readonly Caller[] = [
  ...['role/p/r', 'user/u', 'user/x/u', 'role/r'].map((name) => ({ principal: `arn:aws:iam::111122223333:${name}` })),
  ...['role/p/r', 'user/x/u'].map((name) => ({ principal: `arn:aws:iam::444455556666:${name}` })),
  {
    principal: 'arn:aws:sts::111122223333:assumed-role/r/s1',
    sessionIssuer: 'arn:aws:iam::111122223333:role/p/r',
  },
  { principal: 'arn:aws:sts::111122223333:assumed-role/r/s2', sessionIssuer: 'arn:aws:iam::111122223333:role/r' },
  { principal: 'arn:aws:sts::111122223333:federated-user/u' },
];
const OTHERS: readonly Caller[] = [
  { principal: 'anonymous' },
  { principal: { service: 'sns.amazonaws.com' } },
  { principal: { service: 'sqs.amazonaws.com' } },
  { principal: 'arn:aws:iam::111122223333:root' },
  { principal: 'arn:aws:iam::444455556666:root' },
];
const FILLERS = ['', 'a', 'b', 'a/b', 'zz', 'A'];
const ACTION = /^[a-z0-9-]+:[a-z0-9]+$/i;
const RESOURCE = /^arn:aws[a-z-]*:[a-z0-9-]+:[^:]*:[^:]*:./s;
const VARIABLE = /\$\{\s*([^\s,'{}*?$]+)\s*(?:,\s*'([^']*)'\s*)?\}/g;

const without = (text: string): string => text.slice(0, -1);

/** A pattern with its wildcards and variables replaced, and texts that differ from that in the last character. */
function filled(pattern: string, values: readonly string[]): readonly string[] {
  const whole = values.flatMap((value) =>
    FILLERS.map((filler) =>
      pattern
        .replace(/\$\{([*?$])\}/g, '$1')
        .replace(VARIABLE, () => value)
        .replace(/\*/g, () => filler)
        .replace(/\?/g, () => (filler === '' ? '/' : filler.slice(0, 1))),
    ),
  );
  return [...new Set(whole)].flatMap((text) => [text, without(text), `${text}x`]);
}

/** ARNs that a pattern of resources can stand for; missing parts are filled in. */
function resourcesFor(pattern: string, values: readonly string[]): readonly string[] {
  const parts = pattern.split(':');
  const [partition = '*', service = '*', region = '*', account = '*'] = parts.slice(1);
  const rest = parts.length > 5 ? parts.slice(5).join(':') : '*';
  const names = (part: string, otherwise: string): string => (part === '*' ? otherwise : part.replace(/[*?]/g, 'x'));
  const heads = ['111122223333', ''].map(
    (owner) => `arn:${names(partition, 'aws')}:${names(service, 's3')}:${names(region, '')}:${names(account, owner)}:`,
  );
  return filled(rest, values)
    .flatMap((text) => heads.map((head) => head + text))
    .filter((text) => RESOURCE.test(text));
}

function shifted(text: string): readonly string[] {
  const [date, number] = [Date.parse(text), Number(text)];
  if (!Number.isNaN(number)) return [text, String(number - 1), String(number + 1), String(number + 0.01)];
  return [text, ...[-1, 0, 1].map((by) => new Date(date + by * 1_000).toISOString())];
}

/** The addresses at the ends of a network, and next to them. */
function edges(network: string): readonly string[] {
  const [address = '', length] = network.split('/');
  if (address.includes(':')) return ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::', '::1'];
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(length ?? 32));
  const written = (each: number): string => [24, 16, 8, 0].map((shift) => (each / 2 ** shift) & 255).join('.');
  return [number, number + size - 1, number - 1, number + size].filter((at) => at >= 0 && at < 2 ** 32).map(written);
}

function valuesFor({ operator, values }: Condition, tags: readonly string[]): readonly string[] {
  if (operator === 'Null') return ['', 'a'];
  if (operator.startsWith('Numeric') || operator.startsWith('Date')) return values.flatMap(shifted);
  if (operator.endsWith('IpAddress')) return values.flatMap(edges);
  if (operator === 'Bool') return ['true', 'false'];
  if (operator.startsWith('Binary')) return [...values, 'YWJj'];
  if (operator.startsWith('Arn')) return values.flatMap((value) => resourcesFor(value, tags));
  return values.flatMap((value) => [...filled(value, tags), value, value.toUpperCase()]);
}

const eachStatement = (policies: readonly Policy[]): readonly Statement[] =>
  policies.flatMap(({ statements }) => statements);

/** What makes a request that a statement may allow. */
interface Aim {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly callers: readonly Caller[];
  readonly values: ReadonlyMap<string, readonly Value[]>;
}

const COMMON = ['s3:GetObject', 'sqs:SendMessage', 'ec2:RunInstances'];

/** Draws requests near some policies. */
export class Nearby {
  private readonly keys = new Map<string, readonly Value[]>();
  private readonly callers: readonly Caller[];
  private readonly everything: Aim;
  private readonly aims: readonly Aim[];

  constructor(
    policies: readonly Policy[],
    kind: DocumentKind,
    private readonly random: Random,
  ) {
    const statements = eachStatement(policies);
    const text = JSON.stringify(policies);
    const tags = ['a', 'b', 'a/b', '', ...[...text.matchAll(VARIABLE)].flatMap(([, , other]) => other ?? [])];
    this.callers = kind === 'identity' ? SIGNED : [...SIGNED, ...OTHERS];
    this.findKeys(statements, text, tags);
    const actions = (each: Statement): readonly string[] =>
      each.action.patterns.flatMap((pattern) => filled(pattern.replace(/^\*:?/, 's3:'), [''])).filter(isAction);
    const resources = (each: Statement): readonly string[] =>
      each.resource!.patterns.flatMap((pattern) => (pattern === '*' ? ['*'] : resourcesFor(pattern, tags)));
    this.everything = {
      actions: [...new Set([...COMMON, ...statements.flatMap(actions)])],
      resources: ['*', 'arn:aws:s3:::a/b', ...new Set(statements.flatMap(resources))],
      callers: this.callers,
      values: this.keys,
    };
    this.aims = statements.filter(({ effect }) => effect === 'Allow').map((each) => this.aimAt(each, kind));
  }

  private findKeys(statements: readonly Statement[], text: string, tags: readonly string[]): void {
    const found = new Map<string, Set<string>>();
    const add = (key: string, values: readonly string[]): void => {
      const lower = key.toLowerCase();
      // What follows from the caller, or from the owner of the resource, is drawn with them.
      if (isDerivedKey(lower) || lower === 'aws:resourceaccount') return;
      const possible = values.filter((value) => canHave(lower, value));
      found.set(lower, new Set([...(found.get(lower) ?? []), ...possible]));
    };
    for (const [, key] of text.matchAll(VARIABLE)) add(key!, tags);
    const qualified = new Set<string>();
    for (const condition of statements.flatMap(({ conditions }) => conditions)) {
      add(condition.key, valuesFor(condition, tags));
      if (condition.qualifier !== undefined) qualified.add(condition.key.toLowerCase());
    }
    for (const [key, values] of found) {
      const list = [...values];
      const isList = shapeOfKey(key, qualified.has(key)) === 'list';
      const several = [[], list.slice(0, 2), list.slice(1, 3), list.slice(0, 3), ['', ...list.slice(0, 1)]];
      this.keys.set(key, [undefined, ...list, ...(isList ? several : [])]);
    }
  }

  private aimAt(statement: Statement, kind: DocumentKind): Aim {
    const { everything } = this;
    const alone = (parts: Partial<Statement>): ((request: Request) => boolean) =>
      quickly({ version: '2012-10-17', statements: [{ ...ANY, ...parts }] }, kind);
    const somebody = kind === 'identity' ? {} : { principal: EVERYBODY };
    const principal = kind === 'identity' ? {} : { principal: statement.principal! };
    const own = statement.conditions.filter(({ key }) => /^aws:(?:principal(?!tag)|user)/i.test(key));
    const names = alone({ ...principal, conditions: own });
    const callers = this.callers.filter((caller) => names({ ...WITHOUT, ...caller }));
    const chosen = alone({ ...somebody, action: statement.action });
    const fits = alone({ ...somebody, resource: statement.resource! });
    const values = new Map<string, readonly Value[]>();
    for (const condition of statement.conditions) {
      const key = condition.key.toLowerCase();
      const holds = alone({ ...somebody, conditions: [condition] });
      const pool = values.get(key) ?? this.keys.get(key) ?? [];
      values.set(
        key,
        pool.filter((value) => holds({ ...WITHOUT, ...this.callers[0]!, context: contextOf(key, value) })),
      );
    }
    const orAll = <T>(some: readonly T[], all: readonly T[]): readonly T[] => (some.length === 0 ? all : some);
    const tags = [...this.keys.keys()].flatMap((key) => (key.includes('tag/') ? [[key, 'a'] as const] : []));
    const tagged = { ...WITHOUT, ...this.callers[0]!, context: Object.fromEntries(tags) };
    return {
      actions: orAll(
        everything.actions.filter((action) => chosen({ ...WITHOUT, ...this.callers[0]!, action })),
        everything.actions,
      ),
      resources: orAll(
        everything.resources.filter((resource) => fits({ ...tagged, resource })),
        everything.resources,
      ),
      callers: orAll(callers, this.callers),
      values,
    };
  }

  draw(): Request {
    const { random, everything } = this;
    const aim = this.aims.length > 0 && random.chance(0.9) ? random.pick(this.aims) : everything;
    const from = <T>(some: readonly T[] | undefined, all: readonly T[]): T =>
      random.pick(some === undefined || some.length === 0 || random.chance(0.08) ? all : some);
    const context: Record<string, string | readonly string[]> = {};
    for (const [key, all] of this.keys) {
      // What the statement does not ask for may still be denied by another one; mostly it is left out.
      const own = aim.values.get(key);
      const value = own === undefined && random.chance(0.5) ? undefined : from(own, all);
      if (value !== undefined) context[key] = value;
    }
    const resource = from(aim.resources, everything.resources);
    const request = { ...from(aim.callers, this.callers), action: from(aim.actions, everything.actions), resource };
    const isOwned = /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(resource);
    const owner = isOwned ? undefined : random.pick([undefined, '111122223333', '444455556666']);
    return { ...request, context, ...(owner === undefined ? {} : { resourceAccount: owner }) };
  }
}

/** A key that AWS documents as an address, for one, has no other texts: no request has it empty. */
function canHave(key: string, value: string): boolean {
  const spec = valuesOfKey(key, 'text');
  return spec.kind !== 'text' || languageHolds(spec.language, value);
}

const EVERYBODY = { negated: false, principals: [{ kind: 'AWS' as const, value: '*' }] };
const ANY: Statement = {
  effect: 'Allow',
  action: { negated: false, patterns: ['*'] },
  resource: { negated: false, patterns: ['*'] },
  conditions: [],
};
const WITHOUT = { action: 's3:GetObject', resource: 'arn:aws:s3:::a/b', context: {} };
const isAction = (text: string): boolean => ACTION.test(text);
const contextOf = (key: string, value: Value): Request['context'] => (value === undefined ? {} : { [key]: value });
