/** The policies that an organization's description puts in force at each account. */
import { dirname, resolve } from 'node:path';
import type { Policy } from '../../iam/index.js';
import { accountPaths, effectiveGroups, policyKey, shownTarget } from '../../organization/index.js';
import type { AttachedPolicy, Organization, PolicyLevel } from '../../organization/index.js';
import { buildPolicy } from '../../scp/index.js';
import type { PolicyTemplate } from '../../scp/index.js';
import { readPolicyFile } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { readOrganizationFile } from '../org/command.js';
import type { Terminal } from '../terminal.js';
import { chooseTemplates } from './library.js';

type Kind = 'scp' | 'rcp';

/** Policies of one account, level by level from the root; `null` where the type does not reach the account. */
export type PolicyLevels = readonly (readonly Policy[])[] | null;

/** What is in force where. */
export interface OrganizationPolicies {
  readonly organization: Organization;
  /** The same object for accounts at which the same policies decide; `null` too for accounts that are not in the tree. */
  readonly levels: (account: string, kind: Kind) => PolicyLevels;
  /** The way to an account as a reader writes it; `undefined` for one that is not in the tree. */
  readonly unitOf: (account: string) => string | undefined;
}

/**
 * Reads a description and builds every policy that it names.
 *
 * @throws InputError when the description, a document or a parameter is not right.
 */
export function readOrganizationPolicies(path: string, terminal: Terminal): OrganizationPolicies {
  const organization = readOrganizationFile(path, terminal);
  const built = new Map<string, readonly Policy[]>();
  const folder = dirname(resolve(terminal.cwd, path));
  const policiesOf = (policy: AttachedPolicy, kind: Kind): readonly Policy[] => {
    const key = `${kind} ${policyKey(policy)}`;
    const known = built.get(key) ?? build(policy, kind, folder);
    built.set(key, known);
    return known;
  };
  const levelsOf = (levels: readonly PolicyLevel[] | null, kind: Kind): PolicyLevels =>
    levels === null ? null : levels.map(({ policies }) => policies.flatMap((policy) => policiesOf(policy, kind)));
  const byAccount = new Map<string, Readonly<Record<Kind, PolicyLevels>>>();
  for (const { accounts, effective } of effectiveGroups(organization, undefined, ['scp', 'rcp'])) {
    const levels = { scp: levelsOf(effective.levels.scp, 'scp'), rcp: levelsOf(effective.levels.rcp, 'rcp') };
    for (const { id } of accounts) byAccount.set(id, levels);
  }
  const paths = accountPaths(organization);
  return {
    organization,
    levels: (account, kind) => byAccount.get(account)?.[kind] ?? null,
    unitOf: (account) => {
      const path = paths.get(account);
      return path === undefined ? undefined : shownTarget(path);
    },
  };
}

function build(policy: AttachedPolicy, kind: Kind, folder: string): readonly Policy[] {
  switch (policy.kind) {
    case 'managed':
      return [fullAccess(kind)];
    case 'document':
      return [readPolicyFile(resolve(folder, policy.file), kind).policy];
    case 'template': {
      const [template] = chooseTemplates([policy.name]) as readonly [PolicyTemplate];
      const { built, diagnostics } = buildPolicy(template, policy.parameters, { now: Date.now() });
      if (built === null) throw new InputError(diagnostics);
      return built.policies;
    }
  }
}

/** `FullAWSAccess`, or `RCPFullAWSAccess`. */
export function fullAccess(kind: Kind): Policy {
  const anything = { negated: false, patterns: ['*'] };
  const principal = { negated: false, principals: [{ kind: 'AWS', value: '*' }] } as const;
  return {
    version: '2012-10-17',
    statements: [
      {
        effect: 'Allow',
        ...(kind === 'rcp' ? { principal } : {}),
        action: anything,
        resource: anything,
        conditions: [],
      },
    ],
  };
}
