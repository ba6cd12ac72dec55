/** What a plan of revocations is made from: policies in force, the management account, roles. */
import { basename, join } from 'node:path';
import { readdirSync } from 'node:fs';
import { API_POLICY_TYPES, POLICY_TYPE_QUOTAS, readExports } from '../../organization/index.js';
import type { AwsPolicy, OrganizationSnapshot } from '../../organization/index.js';
import { policiesOfSet } from '../../scp/apply/index.js';
import type { PolicyState } from '../../scp/apply/index.js';
import { isRevocationName, readInForce, readRoles, REVOCATION_SET } from '../../scp/revoke/index.js';
import type { RevocationsInForce, RoleFacts } from '../../scp/revoke/index.js';
import { badOption, unreadable } from '../check/diagnostics.js';
import { readJsonFile, readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { readOrganizationFile } from '../org/command.js';
import type { Terminal } from '../terminal.js';
import type { RevokeFlags } from './flags.js';

/** What is known of the organization. */
export interface Surroundings {
  readonly inForce: readonly RevocationsInForce[];
  /** Whether what is in force was told; otherwise it counts as nothing. */
  readonly isTold: boolean;
  readonly slots: number;
  readonly managementAccount: string | undefined;
  /** Names of policies at the root that are not of revocations; nothing when nobody told. */
  readonly others: readonly string[] | undefined;
}

/** Slots when nothing tells how many are free. */
const DEFAULT_SLOTS = 1;

/** Reads what the options name. @throws InputError for what cannot be read, or is no policy of revocations. */
export function readSurroundings(flags: RevokeFlags, terminal: Terminal): Surroundings {
  const named = managementAccountOf(flags, terminal);
  const slots = flags.slots === undefined ? undefined : Number(flags.slots);
  if (flags.exports !== undefined) {
    const snapshot = readExportsFolder(flags.exports);
    sameAccount(named, snapshot, '--exports', 'name the folder of the same organization');
    // Exports tell no tags.
    const own = snapshot.policies.filter(({ name, awsManaged }) => !awsManaged && isRevocationName(name));
    return surroundingsOf(snapshot, own, slots);
  }
  const policies = (flags.current ?? []).map((path) => {
    const { text } = readText(path);
    return { name: basename(path).replace(/\.json$/, ''), content: text };
  });
  const inForce = checked(policies);
  return {
    inForce,
    isTold: flags.current !== undefined,
    slots: Math.max(slots ?? DEFAULT_SLOTS, inForce.length),
    managementAccount: named,
    others: undefined,
  };
}

/** What an organization has, as AWS tells it. */
export function surroundingsOfState(state: PolicyState, flags: RevokeFlags, terminal: Terminal): Surroundings {
  sameAccount(managementAccountOf(flags, terminal), state, '--config', 'take the credentials of that organization');
  const names = new Set(policiesOfSet(state, REVOCATION_SET).documents.map(({ name }) => name));
  const own = state.policies.filter(({ name, type }) => names.has(name) && type === API_POLICY_TYPES.scp);
  return surroundingsOf(state, own, flags.slots === undefined ? undefined : Number(flags.slots));
}

function managementAccountOf({ config, managementAccount }: RevokeFlags, terminal: Terminal): string | undefined {
  return config === undefined ? managementAccount : readOrganizationFile(config, terminal).managementAccount;
}

function sameAccount(
  named: string | undefined,
  { organization }: OrganizationSnapshot,
  option: string,
  help: string,
): void {
  if (named === undefined || named === organization.managementAccountId) return;
  const message = `the management account is ${organization.managementAccountId}, not ${named}`;
  throw new InputError([badOption(option, message, help)]);
}

function checked(policies: Parameters<typeof readInForce>[0]): readonly RevocationsInForce[] {
  const { inForce, diagnostics } = readInForce(policies);
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return inForce;
}

function surroundingsOf(
  snapshot: OrganizationSnapshot,
  own: readonly AwsPolicy[],
  slots: number | undefined,
): Surroundings {
  const scps = snapshot.policies.filter(({ type }) => type === API_POLICY_TYPES.scp);
  const unread = own.filter(({ content }) => content === null);
  if (unread.length > 0) {
    throw new InputError(
      unread.map(({ name, id }) =>
        badOption(
          '--exports',
          `the text of the policy \`${name}\` is missing`,
          `run \`aws organizations describe-policy --policy-id ${id} > policy-${id}.json\` in the folder`,
        ),
      ),
    );
  }
  const inForce = checked(own.map(({ name, content }) => ({ name, content: content! })));
  const atRoot = new Set(
    snapshot.attachments.filter(({ targetId }) => targetId === snapshot.root.id).map(({ policyId }) => policyId),
  );
  const others = scps.filter((policy) => atRoot.has(policy.id) && !own.includes(policy)).map(({ name }) => name);
  const free = POLICY_TYPE_QUOTAS.scp.perTarget - others.length;
  return {
    inForce,
    isTold: true,
    slots: Math.max(Math.min(slots ?? free, free), inForce.length),
    managementAccount: snapshot.organization.managementAccountId,
    others,
  };
}

function readExportsFolder(folder: string): OrganizationSnapshot {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new InputError([unreadable(folder, error)]);
  }
  const files = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readText(join(folder, name)));
  const { snapshot, diagnostics } = readExports(files);
  if (snapshot === null) throw new InputError(diagnostics, new Map(files.map(({ name, text }) => [name, text])));
  return snapshot;
}

/** The roles that outputs of IAM tell of; `null` when none are given. */
export function readRoleFiles(paths: readonly string[] | undefined): readonly RoleFacts[] | null {
  if (paths === undefined) return null;
  const byArn = new Map<string, RoleFacts>();
  for (const path of paths) {
    const roles = readRoles(readJsonFile(path).value);
    if (roles === undefined) {
      const help = 'write the output of `aws iam list-roles` there';
      throw new InputError([badOption('--iam', `\`${path}\` holds no list of roles`, help)]);
    }
    for (const role of roles) {
      const known = byArn.get(role.arn);
      byArn.set(role.arn, { ...role, longest: role.longest ?? known?.longest ?? null });
    }
  }
  return [...byArn.values()];
}
