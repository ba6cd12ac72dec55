/**
 * Access of accounts that do not belong to the organization. Who is named is read from the principals and from the
 * conditions that hold a grant to an account or an organization; whether it gets in is for the prover to say, so that
 * denials and further conditions count.
 */
import { parseArn, statementPath } from '../../../iam/index.js';
import type { Condition, Policy, Request, Statement } from '../../../iam/index.js';
import { accessNotGranted } from '../../../iam/prove/index.js';
import { OWN_ACCOUNT } from '../../../template/index.js';
import type { Marks, Path } from '../../../template/index.js';
import { actionsOf, grantsOf } from '../ask.js';
import type { TemplatePolicy } from '../collect.js';
import type { Zone } from '../options.js';
import { readingsOf, SOME_ACCOUNT } from '../readings.js';
import { hasUnknown, textOf, valueAt } from '../values.js';
import { pageOf, RULES } from './check.js';
import type { Notes } from './check.js';

/** Somebody whom a statement lets in. */
interface Guest {
  readonly kind: 'account' | 'organization' | 'unknown' | 'source' | 'workflow' | 'anchor';
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

const HELP_ANCHOR =
  'name the trust anchor: `Condition: { ArnEquals: { aws:SourceArn: !GetAtt Anchor.TrustAnchorArn } }`, and hold `aws:PrincipalTag/x509Subject/CN` to the certificates that are meant';

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
      if (isAtHome(guest, zone)) continue;
      const request = requestOf(part, guest, zone);
      if (request === null) continue;
      notes.fail({
        ruleId: RULES.external,
        // Who makes trust anchors is at home; whose certificates they take is not.
        severity: guest.kind === 'anchor' ? 'warning' : 'error',
        title: 'Policies let in nobody from outside of the organization',
        message: messageOf(guest, zone) + exampleOf(request),
        help: guest.kind === 'anchor' ? HELP_ANCHOR : HELP,
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
    case 'source':
      return `the statement lets services act for any account: \`${name}\` holds them to none of ${whose}`;
    case 'workflow':
      return `the statement lets in workflows of GitHub of anybody whose name fits \`${name}\``;
    case 'anchor':
      return 'the statement lets in whoever has a certificate that any trust anchor of IAM Roles Anywhere takes: no `aws:SourceArn` names the anchor';
    case 'unknown':
      return `the statement lets in \`${name}\`, and nobody can tell to which account that belongs`;
  }
}

function isAtHome({ kind, name }: Guest, { organization, accounts, trusted }: Zone): boolean {
  if (kind === 'account') return name === OWN_ACCOUNT || accounts.has(name) || trusted.has(name);
  return kind === 'organization' && name === organization;
}

const ANYBODY: Statement = {
  effect: 'Deny',
  principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  action: { negated: false, patterns: ['*'] },
  resource: { negated: false, patterns: ['*'] },
  conditions: [],
};

const denyWhen = (operator: Condition['operator'], key: string, ...values: readonly string[]): Statement => ({
  ...ANYBODY,
  conditions: [{ operator, ifExists: false, key, values }],
});

/**
 * The principal that takes roles for holders of certificates. Without a condition on the anchor every authority of the
 * account will do (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html).
 */
const ROLES_ANYWHERE = /^rolesanywhere\.amazonaws\.com(?:\.cn)?$/i;
const ANY_ANCHOR = 'arn:*:rolesanywhere:*:*:trust-anchor/00000000-0000-4000-8000-000000000000';

/**
 * A request of the guest that is allowed. Nobody from outside carries the id of the own organization, so that a condition
 * on it keeps guests out whom the principals name.
 *
 * @returns `null` when there is none; `'some'` where nobody can tell what it would be like.
 */
function requestOf(policy: Policy, { kind, name, key }: Guest, { organization }: Zone): Request | 'some' | null {
  // The evaluator knows of nobody who has such a name; whoever has it, or had it, is named.
  if (kind === 'unknown' || kind === 'workflow') return 'some';
  const { narrowest } = readingsOf(policy);
  const statements = [...narrowest.statements];
  // An anchor that nobody has named: what holds the statement to others keeps it out, whatever else is asked for.
  if (kind === 'anchor') statements.push(denyWhen('ArnNotLike', 'aws:SourceArn', ANY_ANCHOR));
  if (key !== '') statements.push(denyWhen('StringNotEquals', key, name));
  if (kind === 'source') {
    statements.push(denyWhen('ArnNotLike', 'aws:SourceArn', `arn:*:*:*:${SOME_ACCOUNT}:*`));
  }
  if (organization !== null && kind !== 'organization' && kind !== 'anchor') {
    const isSource = kind === 'source' || key.startsWith('aws:Source');
    const of = isSource ? 'aws:Source' : 'aws:Principal';
    statements.push(denyWhen('StringEquals', `${of}OrgID`, organization));
    const path = {
      operator: 'StringLike',
      ifExists: false,
      key: `${of}OrgPaths`,
      values: [`${organization}/*`],
    } as const;
    statements.push({ ...ANYBODY, conditions: [{ ...path, qualifier: 'ForAnyValue' }] });
  }
  const asked = { ...narrowest, statements };
  const proof = accessNotGranted([asked], { actions: ['*'] }, 'resource', { actions: actionsOf([narrowest]) });
  if (proof.kind === 'HOLDS') return null;
  return proof.kind === 'FAILS' ? proof.counterexample : 'some';
}

function exampleOf(request: Request | 'some'): string {
  if (request === 'some') return '';
  const { principal, action, resource } = request;
  const who =
    typeof principal === 'string' ? principal : 'service' in principal ? principal.service : principal.federated;
  // Where any caller will do, the prover makes up a name.
  const caller = /[:.]/.test(who) ? `\`${who}\`` : 'anybody';
  return `: ${caller} may call \`${action}\` on \`${resource}\``;
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
      // A pattern of sources that leaves the account open holds a service to nobody.
      if (name === undefined && bySource && key.toLowerCase() === 'aws:sourcearn' && isOpenArn(value)) {
        guests.push({ kind: 'source', name: value, key: 'aws:SourceAccount', path: ['Condition'] });
      }
      if (name === undefined) continue;
      guests.push({ kind: reading.kind, name, key: reading.asked, path: ['Condition'] });
    }
  }
  guests.push(...workflowsOf(statement));
  if (named.some(({ kind, value }) => kind === 'Service' && ROLES_ANYWHERE.test(value))) {
    guests.push({ kind: 'anchor', name: 'rolesanywhere', key: '', path: ['Principal'] });
  }
  return guests.filter(
    (each, at) =>
      guests.findIndex(
        ({ kind, name, path }) => kind === each.kind && name === each.name && path[0] === each.path[0],
      ) === at,
  );
}

const GITHUB = 'token.actions.githubusercontent.com';

/**
 * Owners of repositories that a pattern leaves open: names of GitHub are free for everybody to take, so that `repo:corp*`
 * lets in whoever calls himself `corp-two`
 * (https://docs.github.com/en/actions/concepts/security/openid-connect).
 */
function workflowsOf({ principal, conditions }: Statement): readonly Guest[] {
  const isGitHub = principal?.negated === false && principal.principals.some(({ value }) => value.endsWith(GITHUB));
  const ofSubject = ({ operator, key }: Condition): boolean =>
    operator === 'StringLike' && key.toLowerCase() === `${GITHUB}:sub`;
  if (!isGitHub) return [];
  return conditions
    .filter(ofSubject)
    .flatMap(({ values }) =>
      values
        .filter((value) => !hasUnknown(value) && /^(?:[^:]*[*?]|repo:[^/]*[*?])/.test(value))
        .map((name): Guest => ({ kind: 'workflow', name, key: '', path: ['Condition'] })),
    );
}

/** Whether a pattern of ARNs fits resources of every account. */
function isOpenArn(value: string): boolean {
  const account = value === '*' ? '*' : value.split(':')[4];
  return account !== undefined && /^[*?]+$/.test(account) && !hasUnknown(value);
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
  'aws:sourceorgpaths': { kind: 'organization', source: true, asked: '', nameIn: ofPath },
  'aws:vpceaccount': { kind: 'account', source: false, asked: '', nameIn: whole },
  'aws:vpceorgid': { kind: 'organization', source: false, asked: '', nameIn: whole },
  'aws:vpceorgpaths': { kind: 'organization', source: false, asked: '', nameIn: ofPath },
  's3:dataaccesspointaccount': { kind: 'account', source: false, asked: '', nameIn: whole },
  'aws:sourceorgid': { kind: 'organization', source: true, asked: 'aws:SourceOrgID', nameIn: whole },
};

function readingOf(key: string): KeyReading | undefined {
  return Object.hasOwn(READINGS, key) ? READINGS[key] : undefined;
}
