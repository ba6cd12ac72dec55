/** What `scan template` is given besides templates: references, the organization, actions. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Reference, Zone } from '../../analyzers/policies/index.js';
import { expandActionPattern, nearestAction } from '../../catalogue/iam/index.js';
import type { Policy, PolicyKind } from '../../iam/index.js';
import { accountsOf } from '../../organization/index.js';
import { badOption } from '../check/diagnostics.js';
import { STDIN } from '../check/read-file.js';
import { readPolicyFile } from '../iam/input.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import type { ScanTemplateFlags } from './template-flags.js';

type Lists = Pick<ScanTemplateFlags, 'accessNotGranted' | 'parameters' | 'trustedAccount'>;

/**
 * An option that takes several values takes everything up to the next option, also a path behind it. What cannot be a
 * value of the option goes back to the paths.
 */
export function sortPaths(
  paths: readonly string[],
  flags: ScanTemplateFlags,
  cwd: string,
): { readonly paths: readonly string[]; readonly flags: ScanTemplateFlags } {
  const back: string[] = [];
  const keep = (values: readonly string[] | undefined, isValue: RegExp): readonly string[] | undefined =>
    values?.filter((value, index) => {
      const isPath = index > 0 && !isValue.test(value) && (value === STDIN || existsSync(resolve(cwd, value)));
      if (isPath) back.push(value);
      return !isPath;
    });
  const { accessNotGranted, parameters, trustedAccount } = flags;
  const sorted: Lists = {
    ...(accessNotGranted && { accessNotGranted: keep(accessNotGranted, /^(?:\*|[\w*?-]+:.+)$/)! }),
    ...(parameters && { parameters: keep(parameters, /=/)! }),
    ...(trustedAccount && { trustedAccount: keep(trustedAccount, /^\d{12}$/)! }),
  };
  return { paths: [...back, ...paths], flags: { ...flags, ...sorted } };
}

/** The actions that nobody may be granted. @throws InputError for one that does not exist: no policy grants it anyway. */
export function readActions(actions: readonly string[]): readonly string[] {
  const problems = actions
    .filter((action) => action !== '*' && expandActionPattern(action).length === 0)
    .map((action) => {
      const nearest = /[*?]/.test(action) ? undefined : nearestAction(action);
      const help =
        nearest === undefined ? 'write `service:Action`, with `*` as a wildcard' : `did you mean \`${nearest}\`?`;
      return badOption('--access-not-granted', `\`${action}\` names no action that there is`, help);
    });
  if (problems.length > 0) throw new InputError(problems);
  return actions;
}

const KINDS: readonly Reference['kind'][] = ['identity', 'resource', 'trust'];

/**
 * Reads reference policies, `FILE` or `KIND=FILE`. Without a kind a policy that names principals is one of resources, and
 * a trust policy when it speaks of `sts` alone.
 *
 * @throws InputError when a file cannot be read as a policy.
 */
export function readReferences(given: readonly string[]): readonly Reference[] {
  return given.map((entry) => {
    const [, written, path] = /^(\w+)=(.+)$/.exec(entry) ?? [undefined, undefined, entry];
    const kind = KINDS.find((each) => each === written);
    if (written !== undefined && kind === undefined) {
      const message = `\`${written}\` is no kind of policy that gives access`;
      throw new InputError([badOption('--reference', message, `write one of ${KINDS.join(', ')} before the =`)]);
    }
    if (kind !== undefined) return { kind, name: path, policy: read(path, kind) };
    const guessed = kindOf(path);
    return { kind: guessed, name: path, policy: read(path, guessed) };
  });
}

function read(path: string, kind: PolicyKind): Policy {
  return readPolicyFile(path, kind).policy;
}

/** Elements are read alike in all kinds of policies; which there are tells the kind. */
function kindOf(path: string): Reference['kind'] {
  const { statements } = read(path, 'resource');
  if (statements.every(({ principal }) => principal === undefined)) return 'identity';
  const patterns = statements.flatMap(({ action }) => action.patterns);
  return patterns.every((pattern) => pattern.toLowerCase().startsWith('sts:')) ? 'trust' : 'resource';
}

/** The accounts that are at home. @returns `null` when nothing is said of any. */
export async function readZone(
  { config, account, trustedAccount = [] }: ScanTemplateFlags,
  terminal: Terminal,
): Promise<Zone | null> {
  const problems = trustedAccount
    .filter((id) => !/^\d{12}$/.test(id))
    .map((id) => badOption('--trusted-account', `\`${id}\` is not an account id of 12 digits`));
  if (problems.length > 0) throw new InputError(problems);
  const trusted = new Set(trustedAccount);
  if (config === undefined) {
    return account === undefined ? null : { organization: null, accounts: new Set([account]), trusted };
  }
  const { readOrganizationFile } = await import('../org/command.js');
  const organization = readOrganizationFile(config, terminal);
  const accounts = new Set(accountsOf(organization).map((each) => each.id));
  if (account !== undefined) accounts.add(account);
  return { organization: organization.id, accounts, trusted };
}
