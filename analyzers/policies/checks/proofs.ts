/**
 * The custom policy checks of IAM Access Analyzer, by our prover
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html): public access, access that
 * nobody may be granted, and access beyond a reference policy. A finding stands at the statement that grants it.
 */
import { statementPath } from '../../../iam/index.js';
import type { Policy, Request } from '../../../iam/index.js';
import { accessNotGranted, noNewAccess, noPublicAccess, PUBLIC_RESOURCE_TYPES } from '../../../iam/prove/index.js';
import type { DocumentKind, Proof } from '../../../iam/prove/index.js';
import { actionsOf, ask, grantsOf, knownActions } from '../ask.js';
import type { Answer } from '../ask.js';
import type { TemplatePolicy } from '../collect.js';
import { grants } from '../options.js';
import type { Reference } from '../options.js';
import { overlap } from '../overlap.js';
import { isSomebody } from '../readings.js';
import { hasUnknown } from '../values.js';
import { pageOf, RULES } from './check.js';
import type { Notes } from './check.js';

/** What a claim is called where it fails. */
interface Claim {
  readonly ruleId: string;
  readonly title: string;
  readonly help: string;
  /** What the statement does, before an example. */
  readonly message: string;
  readonly prove: (policy: Policy) => Proof;
  readonly example: (request: Request) => string;
}

/** What is wanted of the policies of a template. */
export interface ProofOptions {
  readonly notGranted: readonly string[];
  readonly references: readonly Reference[];
}

/** Asks the prover what is to be known of a policy. */
export function checkProofs(policy: TemplatePolicy, { notGranted, references }: ProofOptions, notes: Notes): void {
  const { kind } = policy;
  if (!grants(kind)) return;
  if (policy.policy === undefined) {
    cannotRead(policy, { notGranted, references }, notes);
    return;
  }
  if (kind !== 'identity' && mayBePublic(policy.policy)) claim(policy, policy.policy, publicAccess(policy), notes);
  if (notGranted.length > 0 && speaksOf(policy.policy, notGranted)) {
    claim(policy, policy.policy, granted(kind, notGranted), notes);
  }
  for (const reference of references) {
    if (reference.kind === kind) claim(policy, policy.policy, newAccess(reference), notes);
  }
}

/** What cannot be read is never taken for a policy without fault. */
function cannotRead(
  { kind, problems, unknowns }: TemplatePolicy,
  { notGranted, references }: ProofOptions,
  notes: Notes,
): void {
  const problem = problems.find(({ fatal }) => fatal)?.message ?? 'it is no policy';
  const reason =
    unknowns.length > 0 ? 'the policy hangs on values that are not known' : `it cannot be read: ${problem}`;
  const asked = [
    ...(kind === 'identity' ? [] : [RULES.public]),
    ...(notGranted.length > 0 ? [RULES.notGranted] : []),
    ...(references.some((each) => each.kind === kind) ? [RULES.noNewAccess] : []),
  ];
  for (const ruleId of asked) notes.open({ ruleId, path: [], reason, unknowns });
}

/** A policy that names everybody whom it lets in lets in nobody else; unknown entries may be everybody. */
function mayBePublic({ statements }: Policy): boolean {
  return statements.some(
    ({ effect, principal }) =>
      effect === 'Allow' &&
      (principal === undefined ||
        principal.negated ||
        principal.principals.some((each) => each.value === '*' || isSomebody(each))),
  );
}

/** Whether a grant can be of one of the actions at all: mostly none is, and nothing has to be proven. */
function speaksOf({ statements }: Policy, actions: readonly string[]): boolean {
  return statements.some(
    ({ effect, action: { negated, patterns } }) =>
      effect === 'Allow' &&
      (negated || patterns.some((pattern) => hasUnknown(pattern) || actions.some((each) => overlap(pattern, each)))),
  );
}

function publicAccess({ protects }: TemplatePolicy): Claim {
  // The question is the same for all types; that the check of AWS does not take some of them is of no account here.
  const type = PUBLIC_RESOURCE_TYPES.includes(protects) ? protects : 'AWS::S3::Bucket';
  return {
    ruleId: RULES.public,
    title: 'Policies of resources let in nobody whom they do not name',
    help: 'name the principals, or add a condition that holds the grant to your organization: `Condition: {StringEquals: {aws:PrincipalOrgID: o-…}}`',
    message: 'the statement lets everybody in',
    prove: (policy) => noPublicAccess([policy], type, { actions: actionsOf([policy]) }),
    example: ({ action, resource }) => `anybody may call \`${action}\` on \`${resource}\``,
  };
}

/** What every finding of an action that nobody is to have says. */
export const NOT_GRANTED = {
  ruleId: RULES.notGranted,
  severity: 'error',
  title: 'No policy grants the actions that nobody is to have',
  help: 'take the action out of the statement, or list the actions that are needed instead of a pattern',
  docs: pageOf(RULES.notGranted),
} as const;

function granted(kind: DocumentKind | 'trust', actions: readonly string[]): Claim {
  const read: DocumentKind = kind === 'identity' ? 'identity' : 'resource';
  const names = { actions: knownActions(actions) };
  return {
    ...NOT_GRANTED,
    message: 'the statement grants an action that nobody is to have',
    prove: (policy) => accessNotGranted([policy], { actions }, read, names),
    example: ({ action, resource }) => `\`${action}\` on \`${resource}\``,
  };
}

function newAccess({ kind, name, policy: allowed }: Reference): Claim {
  const read: DocumentKind = kind === 'identity' ? 'identity' : 'resource';
  return {
    ruleId: RULES.noNewAccess,
    title: 'Policies grant no more than the reference policy',
    help: `narrow the statement to what ${name} allows, or have the reference widened`,
    message: `the statement grants more than ${name}`,
    prove: (policy) => noNewAccess([allowed], [policy], read, { actions: actionsOf([policy, allowed]) }),
    example: ({ principal, action, resource }) =>
      `\`${action}\` on \`${resource}\`${kind === 'identity' ? '' : ` for \`${callerText(principal)}\``}`,
  };
}

function callerText(principal: Request['principal']): string {
  if (typeof principal === 'string') return principal;
  return 'service' in principal ? principal.service : principal.federated;
}

/** Asks about the whole policy first: most have nothing to be found. */
function claim(found: TemplatePolicy, policy: Policy, made: Claim, notes: Notes): void {
  const whole = ask(policy, made.prove);
  if (whole.kind === 'PASS') return;
  let told = 0;
  for (const { index, policy: part } of grantsOf(policy)) {
    const answer = ask(part, made.prove);
    if (answer.kind === 'PASS') continue;
    told++;
    tell(found, statementPath(documentOf(found), index), answer, made, notes);
  }
  if (told === 0) tell(found, [], whole, made, notes);
}

/** The document in which statements have their places. */
function documentOf({ value, policy }: TemplatePolicy): TemplatePolicy['value'] {
  // Whether text holds one statement or a list of them is of no account: both have the place of the list's element.
  return typeof value === 'string' ? { Statement: policy!.statements.map(() => ({})) } : value;
}

function tell(
  found: TemplatePolicy,
  path: ReturnType<typeof statementPath>,
  answer: Answer,
  { ruleId, title, help, message, example }: Claim,
  notes: Notes,
): void {
  if (answer.kind === 'FAIL') {
    notes.fail({
      ruleId,
      severity: 'error',
      title,
      message: `${message}: ${example(answer.request)}`,
      help,
      docs: pageOf(ruleId),
      path,
      subject: '',
      labels: [],
    });
  } else if (answer.kind === 'OPEN') {
    const { unknowns, reason } = answer;
    const told = unknowns ? `whether ${message} hangs on values that are not known` : reason;
    notes.open({ ruleId, path, reason: told, unknowns: unknowns ? found.unknowns : [] });
  }
}
