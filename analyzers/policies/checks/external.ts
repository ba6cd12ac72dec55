/**
 * Access of accounts that do not belong to the organization. Who is named is read from the principals and from the
 * conditions that hold a grant to an account or an organization; whether it gets in is for the prover to say, so that
 * denials and further conditions count.
 */
import { parseArn, statementPath } from '../../../iam/index.js';
import type { Policy, Statement } from '../../../iam/index.js';
import { allowsAnything } from '../../../iam/prove/index.js';
import { OWN_ACCOUNT } from '../../../template/index.js';
import type { Marks, Path } from '../../../template/index.js';
import { grantsOf } from '../ask.js';
import type { TemplatePolicy } from '../collect.js';
import type { Zone } from '../options.js';
import { readingsOf, SOME_ACCOUNT } from '../readings.js';
import { hasUnknown, textOf, valueAt } from '../values.js';
import { pageOf, RULES } from './check.js';
import type { Notes } from './check.js';

/** Somebody whom a statement lets in. */
interface Guest {
  readonly kind: 'account' | 'organization' | 'unknown';
  /** The account, the organization, or what is written. */
  readonly name: string;
  /** The condition key in which a request carries it. */
  readonly key: string;
  /** From the statement. */
  readonly path: Path;
  /** Whether it is the canonical id of a user, which an origin access identity of the template has as an attribute. */
  readonly isCanonical?: boolean;
}

const HELP =
  'take the principal out; when the access is meant, add the account to the organization’s description or name it with --trusted-account';

/** Looks for guests of a policy. */
export function checkExternal(found: TemplatePolicy, zone: Zone, marks: Marks, notes: Notes): void {
  const { policy, kind, value, unknowns: all } = found;
  if (kind !== 'resource' && kind !== 'trust') return;
  if (policy === undefined) {
    notes.open({ ruleId: RULES.external, path: [], reason: 'the policy cannot be read', unknowns: all });
    return;
  }
  const document = typeof value === 'string' ? { Statement: policy.statements.map(() => ({})) } : value;
  for (const { index, policy: part } of grantsOf(policy)) {
    const statement = policy.statements[index]!;
    const base = statementPath(document, index);
    for (const guest of guestsOf(statement)) {
      const path = [...base, ...guest.path];
      const isUnknown = guest.name === SOME_ACCOUNT || hasUnknown(guest.name);
      if (isUnknown) {
        const unknowns = marks.in(textOf(valueAt(value, path) ?? value));
        if (guest.isCanonical === true && unknowns.every((unknown) => unknown.kind === 'attribute')) continue;
        const reason = `whether a principal belongs to the organization hangs on values that are not known`;
        notes.open({ ruleId: RULES.external, path, reason, unknowns });
        continue;
      }
      if (isAtHome(guest, zone) || !getsIn(part, guest)) continue;
      notes.fail({
        ruleId: RULES.external,
        severity: 'error',
        title: 'Policies let in nobody from outside of the organization',
        message: messageOf(guest, zone),
        help: HELP,
        docs: pageOf(RULES.external),
        path,
        subject: guest.name,
        labels: [guest.kind === 'unknown' ? 'unknown-account' : `external-${guest.kind}`],
      });
    }
  }
}

function messageOf({ kind, name }: Guest, { organization }: Zone): string {
  const whose = organization === null ? 'the organization' : `the organization \`${organization}\``;
  switch (kind) {
    case 'account':
      return `the statement lets in account \`${name}\`, which is none of ${whose}`;
    case 'organization':
      return `the statement lets in the organization \`${name}\`, which is another one than ${whose}`;
    case 'unknown':
      return `the statement lets in \`${name}\`, and nobody can tell to which account that belongs`;
  }
}

function isAtHome({ kind, name }: Guest, { organization, accounts, trusted }: Zone): boolean {
  if (kind === 'account') return name === OWN_ACCOUNT || accounts.has(name) || trusted.has(name);
  return kind === 'organization' && name === organization;
}

/** Whether a request of the guest can be allowed. */
function getsIn(policy: Policy, { kind, name, key }: Guest): boolean {
  const onlyGuest: Statement = {
    effect: 'Deny',
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
    action: { negated: false, patterns: ['*'] },
    resource: { negated: false, patterns: ['*'] },
    conditions: [{ operator: 'StringNotEquals', ifExists: false, key, values: [name] }],
  };
  const { narrowest } = readingsOf(policy);
  // The evaluator knows of nobody who has such a name; whoever has it, or had it, is named.
  if (kind === 'unknown') return true;
  const statements = key === '' ? narrowest.statements : [...narrowest.statements, onlyGuest];
  return allowsAnything([{ ...narrowest, statements }], 'resource');
}

function guestsOf(statement: Statement): readonly Guest[] {
  const { principal, conditions } = statement;
  const named = principal?.negated === false ? principal.principals : [];
  const isEverybody = principal === undefined || principal.negated || named.some(({ value }) => value === '*');
  const guests: Guest[] = named.flatMap(({ kind, value }): Guest[] => {
    if (kind === 'Service' || value === '*') return [];
    const path = ['Principal'];
    const account = kind === 'CanonicalUser' ? undefined : accountIn(value);
    // Web identities belong to nobody's account.
    if (kind === 'Federated' && account === undefined) return [];
    if (account === '') return [];
    if (account === undefined || !/^\d{12}$/.test(account)) {
      return [{ kind: 'unknown', name: value, key: '', path, isCanonical: kind === 'CanonicalUser' }];
    }
    return [{ kind: 'account', name: account, key: kind === 'Federated' ? '' : 'aws:PrincipalAccount', path }];
  });
  const bySource = named.some(({ kind }) => kind === 'Service');
  for (const { operator, key, values } of conditions) {
    if (operator.includes('Not') || !/^(?:String|Arn)/.test(operator)) continue;
    const reading = readingOf(key.toLowerCase());
    // What holds callers to accounts matters where everybody is named, and sources where a service is.
    if (reading === undefined || !(reading.source ? bySource || isEverybody : isEverybody)) continue;
    for (const value of values) {
      const name = reading.nameIn(value);
      if (name === undefined) continue;
      guests.push({ kind: reading.kind, name, key: reading.asked, path: ['Condition'] });
    }
  }
  return guests.filter(
    (each, at) =>
      guests.findIndex(
        ({ kind, name, path }) => kind === each.kind && name === each.name && path[0] === each.path[0],
      ) === at,
  );
}

/** The account of an ARN or an account id; `''` for an ARN without one, `undefined` for anything else. */
function accountIn(value: string): string | undefined {
  if (/^\d{12}$/.test(value)) return value;
  const account = parseArn(value)?.account;
  // An origin access identity of CloudFront stands under the account `cloudfront`.
  return account === 'cloudfront' ? '' : account;
}

interface KeyReading {
  readonly kind: Guest['kind'];
  readonly source: boolean;
  /** The key that a request carries the name in. */
  readonly asked: string;
  readonly nameIn: (value: string) => string | undefined;
}

const whole = (value: string): string | undefined => (/[*?$]/.test(value) ? undefined : value);
const ofArn = (value: string): string | undefined => {
  const account = accountIn(value);
  return account === undefined || account === '' || (/[*?$]/.test(account) && !hasUnknown(account))
    ? undefined
    : account;
};
const ofPath = (value: string): string | undefined => /^(o-[^/*?$]+)\//.exec(value)?.[1];

const READINGS: Readonly<Record<string, KeyReading>> = {
  'aws:principalaccount': { kind: 'account', source: false, asked: 'aws:PrincipalAccount', nameIn: whole },
  'kms:calleraccount': { kind: 'account', source: false, asked: 'aws:PrincipalAccount', nameIn: whole },
  'aws:principalarn': { kind: 'account', source: false, asked: 'aws:PrincipalAccount', nameIn: ofArn },
  'aws:principalorgid': { kind: 'organization', source: false, asked: 'aws:PrincipalOrgID', nameIn: whole },
  'aws:principalorgpaths': { kind: 'organization', source: false, asked: '', nameIn: ofPath },
  'aws:sourceaccount': { kind: 'account', source: true, asked: 'aws:SourceAccount', nameIn: whole },
  'aws:sourceowner': { kind: 'account', source: true, asked: 'aws:SourceOwner', nameIn: whole },
  'aws:sourcearn': { kind: 'account', source: true, asked: '', nameIn: ofArn },
  'aws:sourceorgid': { kind: 'organization', source: true, asked: 'aws:SourceOrgID', nameIn: whole },
};

function readingOf(key: string): KeyReading | undefined {
  return Object.hasOwn(READINGS, key) ? READINGS[key] : undefined;
}
