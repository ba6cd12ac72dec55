/**
 * Whether a request is one that IAM can be asked to decide: well-formed, and without contradictions. A contradictory
 * request would be decided by whichever half is looked at first, so it is refused.
 */
import { parseArn, type Arn } from '../arn.js';
import { callerOf } from '../evaluate/caller.js';
import { accountOf, isDerivedKey } from '../evaluate/world.js';
import type { Request, RequestPrincipal } from '../model.js';
import { contradictory, malformed, shown, type RequestProblem } from './problems.js';

const ACCOUNT = /^\d{12}$/;
const ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9-]+$/;
const PARTITION = /^aws(?:-[a-z0-9-]+)?$/;
const KEY = /^[^\s:]+:[^\s]/;

/** Remembers which texts are well-formed, because most requests of a batch name the same few. */
class WellFormed {
  private readonly known = new Set<string>();

  constructor(private readonly check: (text: string) => RequestProblem | undefined) {}

  problemOf(text: string): RequestProblem | undefined {
    if (this.known.has(text)) return undefined;
    const problem = this.check(text);
    if (problem === undefined) {
      if (this.known.size >= MOST_KEPT) this.known.clear();
      this.known.add(text);
    }
    return problem;
  }
}

const MOST_KEPT = 4_096;
const actions = new WellFormed(checkAction);
const principals = new WellFormed(checkPrincipalArn);

/** A condition key as requests write it. */
interface WrittenKey {
  readonly lower: string;
  readonly isKey: boolean;
  readonly isDerived: boolean;
}

const writtenKeys = new Map<string, WrittenKey>();

function writtenKey(key: string): WrittenKey {
  let known = writtenKeys.get(key);
  if (known === undefined) {
    if (writtenKeys.size >= MOST_KEPT) writtenKeys.clear();
    const lower = key.toLowerCase();
    known = { lower, isKey: KEY.test(key), isDerived: isDerivedKey(lower) };
    writtenKeys.set(key, known);
  }
  return known;
}

/**
 * Checks a request before it is decided.
 *
 * @returns Everything wrong with it; paths lead into the request. Empty when it can be decided.
 */
export function checkRequest(request: Request): readonly RequestProblem[] {
  const { principal, action, resource } = request;
  const parts = [actions.problemOf(action), checkPrincipal(principal), checkResource(resource)];
  if (parts.some((problem) => problem !== undefined)) return parts.filter((problem) => problem !== undefined);
  const problems: RequestProblem[] = [];
  checkIssuer(request, problems);
  checkOwner(request, problems);
  checkContext(request, problems);
  return problems;
}

/**
 * Whether the context of a request that {@link checkRequest} accepts is acceptable in every request with the same keys in
 * it: none of them follows from the rest, and no key is said to be absent.
 */
export function contextIsFine({ context, absent }: Request): boolean {
  return absent === undefined && !Object.keys(context).some((key) => writtenKey(key).isDerived);
}

/** What {@link checkRequest} says of a request whose context is known to be acceptable. */
export function namesAreFine(request: Request): boolean {
  const { action, principal, resource, sessionIssuer, resourceAccount } = request;
  // Few requests have these two.
  if (sessionIssuer !== undefined || resourceAccount !== undefined) return checkRequest(request).length === 0;
  return (
    actions.problemOf(action) === undefined &&
    checkPrincipal(principal) === undefined &&
    checkResource(resource) === undefined
  );
}

function checkAction(action: string): RequestProblem | undefined {
  if (ACTION.test(action)) return undefined;
  const help = 'write one action with the prefix of its service, such as `s3:GetObject`';
  const why = !action.includes(':')
    ? 'has no service prefix'
    : /[*?]/.test(action)
      ? 'holds a wildcard'
      : 'is no action';
  return malformed(['action'], `the action ${shown(action)} ${why}`, help);
}

const PRINCIPAL_HELP =
  'write the ARN of a user, role, session or root user, `anonymous`, `{"service": "lambda.amazonaws.com"}` or `{"federated": "accounts.google.com"}`';

function checkPrincipal(principal: RequestPrincipal): RequestProblem | undefined {
  if (typeof principal === 'string') return principals.problemOf(principal);
  if ('service' in principal) {
    if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(principal.service)) return undefined;
    return malformed(
      ['principal', 'service'],
      `${shown(principal.service)} is no service principal`,
      'write it in full and in lower case, such as `lambda.amazonaws.com`',
    );
  }
  if (principal.federated !== '' && !/[\s*?]/.test(principal.federated)) return undefined;
  return malformed(
    ['principal', 'federated'],
    `${shown(principal.federated)} is no identity provider`,
    'write its ARN, or its name such as `accounts.google.com`',
  );
}

const NAMES = {
  iam: /^(?:root|user\/[^*?\s]*[^*?\s/]|role\/[^*?\s]*[^*?\s/])$/,
  sts: /^(?:assumed-role\/[^*?\s/]+\/[^*?\s/]+|federated-user\/[^*?\s/]+)$/,
} as const;

function checkPrincipalArn(principal: string): RequestProblem | undefined {
  if (principal === 'anonymous') return undefined;
  const arn = parseArn(principal);
  const names = arn?.service === 'iam' || arn?.service === 'sts' ? NAMES[arn.service] : undefined;
  const isCaller =
    arn !== undefined &&
    names?.test(arn.resource) === true &&
    PARTITION.test(arn.partition) &&
    arn.region === '' &&
    ACCOUNT.test(arn.account);
  return isCaller ? undefined : malformed(['principal'], `${shown(principal)} is no principal`, PRINCIPAL_HELP);
}

const RESOURCE = /^arn:aws(?:-[a-z0-9-]+)?:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|[a-z][a-z-]*)?:[^]/;

function checkResource(resource: string): RequestProblem | undefined {
  if (resource === '*' || RESOURCE.test(resource)) return undefined;
  return malformed(
    ['resource'],
    `the resource ${shown(resource)} is no ARN`,
    'write `arn:partition:service:region:account:resource`, or `*` for an action that has no resource',
  );
}

function checkIssuer({ principal, sessionIssuer }: Request, problems: RequestProblem[]): void {
  if (sessionIssuer === undefined) return;
  const session = typeof principal === 'string' ? parseArn(principal) : undefined;
  const issuer = parseArn(sessionIssuer);
  const isUserOfSession =
    session?.resource.startsWith('federated-user/') === true &&
    issuer?.service === 'iam' &&
    /^(?:user\/.|root$)/.test(issuer.resource) &&
    issuer.account === session.account &&
    issuer.partition === session.partition;
  if (isUserOfSession || isRoleOfSession(issuer, session)) return;
  problems.push(
    contradictory(
      ['sessionIssuer'],
      `${shown(sessionIssuer)} cannot have made the session of the principal`,
      'write the ARN of the role of an `assumed-role` session or of the user of a `federated-user` session, or leave it out',
    ),
  );
}

/** Whether an ARN, with whatever path, is that of the role of a session. */
function isRoleOfSession(role: Arn | undefined, session: Arn | undefined): boolean {
  const [type, name] = session?.resource.split('/') ?? [];
  return (
    role?.service === 'iam' &&
    role.resource.startsWith('role/') &&
    type === 'assumed-role' &&
    role.resource.split('/').at(-1) === name &&
    role.account === session?.account &&
    role.partition === session.partition
  );
}

function checkOwner({ resource, resourceAccount }: Request, problems: RequestProblem[]): void {
  if (resourceAccount === undefined) return;
  if (!ACCOUNT.test(resourceAccount)) {
    problems.push(
      malformed(
        ['resourceAccount'],
        `${shown(resourceAccount)} is no account id`,
        'write the 12 digits of the account',
      ),
    );
    return;
  }
  const account = accountOf(resource);
  if (account === undefined || account === resourceAccount) return;
  problems.push(
    contradictory(
      ['resourceAccount'],
      `the resource belongs to account \`${account}\` by its ARN and to \`${resourceAccount}\` by \`resourceAccount\``,
      'leave `resourceAccount` out, or correct one of them',
    ),
  );
}

const FEW = 16;

function checkContext(request: Request, problems: RequestProblem[]): void {
  const { context, absent } = request;
  const seen: string[] = [];
  let many: Set<string> | undefined;
  for (const key in context) {
    const { lower, isKey, isDerived } = writtenKey(key);
    if (!isKey) problems.push(noKey(key, ['context', key]));
    if (many?.has(lower) ?? seen.includes(lower)) {
      problems.push(
        contradictory(
          ['context', key],
          `the condition key ${shown(key)} is given twice, in another case`,
          'keys compare without case: keep one of them',
        ),
      );
    }
    seen.push(lower);
    if (seen.length > FEW) (many ??= new Set(seen)).add(lower);
    if (isDerived) checkDerived(key, lower, context[key]!, request, problems);
  }
  for (const [index, key] of (absent ?? []).entries()) {
    const lower = key.toLowerCase();
    if (!KEY.test(key)) problems.push(noKey(key, ['absent', index]));
    // Such an entry speaks of the keys that are neither given nor follow, so that nothing contradicts it.
    if (key.endsWith('*')) continue;
    const isGiven = many?.has(lower) ?? seen.includes(lower);
    const follows = !isGiven && typeof callerOf(request, undefined).derived[lower] === 'string';
    if (!isGiven && !follows) continue;
    problems.push(
      contradictory(
        ['absent', index],
        isGiven
          ? `the condition key ${shown(key)} is both given and listed as absent`
          : `the condition key ${shown(key)} is listed as absent, and every request of such a principal has it`,
        'take it out of `absent`',
      ),
    );
  }
}

function noKey(key: string, path: readonly (string | number)[]): RequestProblem {
  return malformed(
    path,
    `${shown(key)} is no condition key`,
    'write the key with the prefix of its service, such as `aws:SourceIp` or `s3:prefix`',
  );
}

/** A key that follows from principal or resource must say the same as they do. */
function checkDerived(
  key: string,
  lower: string,
  value: string | readonly string[],
  request: Request,
  problems: RequestProblem[],
): void {
  const values = typeof value === 'string' ? [value] : value;
  const refuse = (what: string, help: string): void => {
    problems.push(contradictory(['context', key], `the condition key ${shown(key)} ${what}`, help));
  };
  if (lower === 'aws:resourceaccount') {
    const { resource, resourceAccount } = request;
    const owner = resourceAccount ?? accountOf(resource);
    if (values.length === 1 && ACCOUNT.test(values[0]!) && (owner ?? values[0]) === values[0]) return;
    if (owner === undefined) refuse(`is no account id`, 'write the 12 digits of one account');
    else refuse(`says another account than the resource's, \`${owner}\``, 'correct one of them, or leave the key out');
    return;
  }
  const { principal, sessionIssuer } = request;
  if (lower === 'aws:principalarn' && typeof principal === 'string' && principal.includes(':assumed-role/')) {
    const [given = ''] = values;
    const isRole = isRoleOfSession(parseArn(given), parseArn(principal));
    if (values.length === 1 && isRole && (sessionIssuer ?? given) === given) return;
    refuse(
      'is not the ARN of the role of the session',
      'write the ARN of the role, with its path; never that of the session',
    );
    return;
  }
  const derived = callerOf(request, undefined).derived[lower];
  if (derived === undefined) return;
  if (derived === null) {
    refuse('is given, and no request of such a principal has it', 'leave it out, or correct the principal');
    return;
  }
  const isSame = values.length === 1 && (values[0] === derived || values[0]!.toLowerCase() === derived);
  if (isSame) return;
  refuse(`says something else than the principal, ${shown(derived)}`, 'correct one of them, or leave the key out');
}
