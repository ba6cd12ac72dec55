/** The plan of `stackade revoke` as text. */
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import { INLINE_NAME, targetText, timeText } from '../../scp/revoke/index.js';
import type {
  Revocation,
  RevocationCheck,
  RevocationImpact,
  RevocationPlan,
  RevocationProof,
} from '../../scp/revoke/index.js';
import type { Surroundings } from './sources.js';

/** One plan with all that is known of it. */
export interface RevocationRun {
  readonly plan: RevocationPlan;
  readonly impact: RevocationImpact | null;
  readonly surroundings: Surroundings;
  readonly isCleanUp: boolean;
  /** Statements that deny the operator. */
  readonly lockedOut: readonly string[];
  readonly checks: readonly RevocationCheck[];
  readonly proofs: readonly RevocationProof[];
}

/**
 * AWS Organizations User Guide, "Updating organization policies", and IAM User Guide, "Changes that I make are not always
 * immediately visible".
 */
const EFFECT =
  'A changed SCP is in force at once wherever it is attached, but changes spread with a delay that AWS does not state: ' +
  'it works when CloudTrail shows AccessDenied for these sessions.';

/** The files of a plan: documents as they are saved, by path. */
export function documentsOf({ plan }: RevocationRun): readonly { readonly file: string; readonly text: string }[] {
  const indented = (content: string): string => `${JSON.stringify(JSON.parse(content), null, 2)}\n`;
  return [
    ...plan.policies
      .filter(({ change }) => change !== 'delete')
      .map(({ name, content }) => ({ file: `scp/${name}.json`, text: `${content}\n` })),
    ...plan.management.managed.map(({ name, content }) => ({
      file: `management-account/${name}.json`,
      text: indented(content),
    })),
    ...plan.management.inline.map(({ role, name, content }) => ({
      file: `management-account/${role.slice(role.lastIndexOf('/') + 1)}.${name}.json`,
      text: indented(content),
    })),
  ];
}

export function revocationReport(run: RevocationRun, format: string, out: string | undefined): string {
  return format === 'json' ? `${JSON.stringify(jsonOf(run), null, 2)}\n` : pretty(run, out);
}

function revocationJson(change: string, { target, expires }: Revocation): object {
  const times = target.kind === 'role' ? { before: timeText(target.before) } : {};
  return { change, ...target, ...times, expires: timeText(expires) };
}

function jsonOf(run: RevocationRun): object {
  const { plan, impact, lockedOut, checks, proofs, surroundings } = run;
  const { policies, management, overflow } = plan;
  return {
    version: 1,
    at: timeText(plan.now),
    breakGlass: plan.breakGlass,
    revocations: [
      ...plan.added.map((each) => revocationJson('add', each)),
      ...plan.kept.map((each) => revocationJson('keep', each)),
      ...plan.expired.map((each) => revocationJson('remove', each)),
    ],
    policies: policies.map(({ name, change, content }) => ({
      name,
      change,
      attachTo: 'root',
      characters: content.length,
      limit: IAM_QUOTAS.scp,
      document: content === '' ? null : (JSON.parse(content) as object),
    })),
    managementAccount: {
      id: surroundings.managementAccount ?? null,
      managed: management.managed.map(({ name, content }) => ({ name, document: JSON.parse(content) as object })),
      inline: management.inline.map(({ role, name, content }) => ({
        role,
        name,
        document: JSON.parse(content) as object,
      })),
      gone: management.gone,
    },
    overflow:
      overflow === null
        ? null
        : {
            revocations: overflow.revocations.map((each) => revocationJson('add', each)),
            characters: overflow.characters,
            documents: overflow.documents,
            next: overflow.next.map((each) => revocationJson('keep', each)),
          },
    impact: impact === null ? null : impactJson(impact),
    operatorDeniedBy: lockedOut,
    checks,
    proofs: proofs.map(({ claim, proof }) => ({ claim, result: proof.kind })),
    effect: EFFECT,
  };
}

function impactJson({ hit, chained, ...rest }: RevocationImpact): object {
  return {
    ...rest,
    hit: hit.map((each) => ({ ...each, people: [...each.people].sort() })),
    chained: chained.map((each) => ({ ...each, sessions: [...each.sessions].sort() })),
  };
}

const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : plural}`;

function pretty(run: RevocationRun, out: string | undefined): string {
  const { plan, impact, lockedOut, checks, proofs, surroundings, isCleanUp } = run;
  const lines: string[] = [];
  const listed = (title: string, items: readonly Revocation[]): void => {
    for (const { target, expires } of items) lines.push(`${title} ${targetText(target)}, until ${timeText(expires)}`);
  };
  listed('revoke', plan.added);
  listed('keep', plan.kept);
  listed('take out', plan.expired);
  if (isCleanUp && plan.expired.length === 0) lines.push('nothing has expired');
  if (!surroundings.isTold) lines.push('nothing tells what is in force already: --exports or --current would');
  if (plan.coarser) lines.push('times of expiry were moved up, so that more revocations share a statement');
  lines.push(...policyLines(run), ...overflowLines(plan));
  if (lockedOut.length > 0) {
    lines.push('', `you would be denied, too, by ${lockedOut.join(', ')}: nothing is done`);
    lines.push('  act from another role, or name yours with --break-glass');
  }
  if (impact !== null) lines.push(...impactLines(impact));
  if (proofs.length > 0) lines.push('', 'For all requests', ...proofs.map(proofLine));
  if (checks.length > 0) lines.push('', 'To know');
  for (const { severity, message, help } of checks) lines.push(`  ${severity}: ${message}`, `    ${help}`);
  if (plan.added.length > 0) lines.push('', EFFECT);
  if (out !== undefined) lines.push('', `The documents are in ${out}.`);
  return `${lines.join('\n')}\n`;
}

const proofLine = ({ claim, proof }: RevocationProof): string => `  ${proof.kind}: ${claim}`;

const CHANGES = {
  create: 'create and attach to the root',
  update: 'update',
  keep: 'leave',
  delete: 'detach and delete',
};

function policyLines({ plan, surroundings }: RevocationRun): readonly string[] {
  const { policies, management } = plan;
  if (policies.length === 0) return [];
  const account = surroundings.managementAccount;
  const { managed, inline, gone } = management;
  const twin = [
    ...managed.map(
      ({ name, content }) =>
        `  managed policy \`${name}\`: ${content.length} of ${IAM_QUOTAS.managedPolicy} characters`,
    ),
    ...inline.map(({ role, name }) => `  inline policy \`${name}\` of \`${role}\``),
    ...gone.managed.map((name) => `  detach and delete the managed policy \`${name}\``),
    ...gone.inline.map((role) => `  delete the inline policy \`${INLINE_NAME}\` of \`${role}\``),
  ];
  return [
    '',
    'Service control policies',
    ...policies.map(
      ({ name, change, content }) =>
        `  ${CHANGES[change]} \`${name}\`` +
        (content === '' ? '' : `: ${content.length} of ${IAM_QUOTAS.scp} characters`),
    ),
    ...(twin.length === 0
      ? []
      : [`Policies of IAM in the management account${account === undefined ? '' : ` ${account}`}`, ...twin]),
  ];
}

function overflowLines({ overflow }: RevocationPlan): readonly string[] {
  if (overflow === null) return [];
  const { revocations, characters, documents, next } = overflow;
  return [
    '',
    `${count(revocations.length, 'revocation')} of ${characters} characters ${revocations.length === 1 ? 'does' : 'do'} not fit into ${count(documents, 'policy', 'policies')}: nothing is done`,
    ...next.map(({ target, expires }) => `  next to expire: ${targetText(target)} at ${timeText(expires)}`),
    '  free a slot at the root, and give --slots or newer --exports; or take out what is no longer needed',
  ];
}

const MOST_ROWS = 20;

function impactLines({ records, from, to, hit, people }: RevocationImpact): readonly string[] {
  const roles = hit.length;
  return [
    '',
    `In ${count(records, 'record')}${from === null ? '' : ` from ${from} to ${to ?? from}`}: ` +
      `${count(people.length, 'person', 'people')} in ${count(roles, 'role or user', 'roles and users')} would lose access`,
    ...hit
      .slice(0, MOST_ROWS)
      .map(
        ({ principal, sessions, calls, people: names, isManagement }) =>
          `  ${principal}${isManagement ? ' (management account)' : ''}: ${count(sessions, 'session')}, ${count(calls, 'call')} of ${[...names].sort().slice(0, 5).join(', ')}${names.size > 5 ? ` and ${names.size - 5} more` : ''}`,
      ),
    ...(roles > MOST_ROWS ? [`  … ${roles - MOST_ROWS} more: --format json gives all`] : []),
  ];
}
