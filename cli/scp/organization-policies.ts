/** The policies that an organization's description chooses, and those that it puts in force at each account. */
import { dirname, resolve } from 'node:path';
import type { Policy } from '../../iam/index.js';
import {
  accountPaths,
  badSetting,
  effectiveGroups,
  isSettingType,
  policyKey,
  shownTarget,
} from '../../organization/index.js';
import type {
  AttachedPolicy,
  Organization,
  OrganizationPolicyType,
  PolicyLevel,
  PolicyTemplates,
} from '../../organization/index.js';
import { buildManagementPolicy, buildPolicy, ownDocumentFaults } from '../../scp/index.js';
import type { BuiltPolicy, PolicyTemplate } from '../../scp/index.js';
import { readJsonFile, readPolicyFile } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { readOrganizationFile, templateInfos } from '../org/command.js';
import type { Terminal } from '../terminal.js';
import { loadManagementTemplates, loadTemplates } from './library.js';

type Kind = 'scp' | 'rcp';

/** Policies of one account, level by level from the root; `null` where the type does not reach the account. */
export type PolicyLevels = readonly (readonly Policy[])[] | null;

/** A description, and the texts of the policies that it names. */
export interface ChosenPolicies {
  readonly organization: Organization;
  /** What the library knows of its templates. */
  readonly templates: PolicyTemplates;
  /** The templates of SCPs and RCPs themselves, by name. */
  readonly library: ReadonlyMap<string, PolicyTemplate>;
  /** The documents of a policy, each made or read once. @throws InputError when that fails. */
  readonly policies: (policy: AttachedPolicy, kind: Kind) => readonly Policy[];
  /** A template as it is used there. @throws InputError when a parameter is not right. */
  readonly built: (policy: AttachedPolicy & { readonly kind: 'template' }) => BuiltPolicy;
  /** The text of a policy of another type, without white space. @throws InputError when it cannot be read. */
  readonly text: (policy: AttachedPolicy, type: OrganizationPolicyType) => string;
}

/** What is in force where. */
export interface OrganizationPolicies {
  readonly organization: Organization;
  /** The same object for accounts at which the same policies decide; `null` too for accounts that are not in the tree. */
  readonly levels: (account: string, kind: Kind) => PolicyLevels;
  /** The way to an account as a reader writes it; `undefined` for one that is not in the tree. */
  readonly unitOf: (account: string) => string | undefined;
}

/**
 * Reads a description; policies are made when they are asked for.
 *
 * @param strict - Whether a document that AWS would refuse to save is an error although its meaning is clear.
 * @throws InputError when the description is not right.
 */
export function readChosenPolicies(path: string, terminal: Terminal, strict = false): ChosenPolicies {
  const organization = readOrganizationFile(path, terminal);
  const library = new Map(loadTemplates().map((template) => [template.name, template]));
  const settings = new Map(loadManagementTemplates().map((template) => [template.name, template]));
  const folder = dirname(resolve(terminal.cwd, path));
  const now = Date.now();
  const once = memory();
  const built: ChosenPolicies['built'] = (policy) =>
    once(`built ${policyKey(policy)}`, () => {
      const result = buildPolicy(library.get(policy.name)!, policy.parameters, { now });
      if (result.built === null) throw new InputError(result.diagnostics);
      return result.built;
    });
  const policies: ChosenPolicies['policies'] = (policy, kind) => {
    switch (policy.kind) {
      case 'managed':
        return [fullAccess(kind)];
      case 'template':
        return built(policy).policies;
      case 'document':
        return once(`${kind} ${policy.file}`, () => [readDocument(resolve(folder, policy.file), kind, strict)]);
    }
  };
  const text: ChosenPolicies['text'] = (policy, type) => {
    if (policy.kind === 'document') {
      return once(`${type} ${policy.file}`, () => readSetting(resolve(folder, policy.file), type));
    }
    // AWS manages no policies of these types, and the reader of descriptions lets templates stand only under their own.
    if (policy.kind === 'managed') throw new Error(`${policy.name} is of no such type`);
    return once(`text ${policyKey(policy)}`, () => {
      const { document, diagnostics } = buildManagementPolicy(settings.get(policy.name)!, policy.parameters);
      if (document === null) throw new InputError(diagnostics);
      return JSON.stringify(document);
    });
  };
  const templates = templateInfos([...library.values(), ...settings.values()]);
  return { organization, templates, library, policies, built, text };
}

/** The text of a setting, without white space. */
function readSetting(file: string, type: OrganizationPolicyType): string {
  const source = readJsonFile(file);
  const faults = isSettingType(type) ? ownDocumentFaults(type, source.value) : [];
  if (faults.length === 0) return JSON.stringify(source.value);
  throw new InputError(
    faults.map(({ path, reason }) =>
      badSetting(type, path, reason, source.keyRangeOf(path) ?? source.rangeOf(path) ?? source.rangeOf([])),
    ),
    new Map([[source.file, source.text]]),
  );
}

function readDocument(file: string, kind: Kind, strict: boolean): Policy {
  const { policy, warnings, name, text } = readPolicyFile(file, kind);
  if (!strict || warnings.length === 0) return policy;
  const refused = warnings.map((each) => ({ ...each, severity: 'error' as const }));
  throw new InputError(refused, new Map([[name, text]]));
}

/** Gives the result of a computation again when it is asked for under the same key. */
function memory(): <T>(key: string, make: () => T) => T {
  const known = new Map<string, unknown>();
  return <T>(key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key) as T;
  };
}

/**
 * Reads a description and builds every policy that it names.
 *
 * @throws InputError when the description, a document or a parameter is not right.
 */
export function readOrganizationPolicies(path: string, terminal: Terminal): OrganizationPolicies {
  const { organization, templates, policies: policiesOf } = readChosenPolicies(path, terminal);
  const levelsOf = (levels: readonly PolicyLevel[] | null, kind: Kind): PolicyLevels =>
    levels === null ? null : levels.map(({ policies }) => policies.flatMap((policy) => policiesOf(policy, kind)));
  const byAccount = new Map<string, Readonly<Record<Kind, PolicyLevels>>>();
  for (const { accounts, effective } of effectiveGroups(organization, templates, ['scp', 'rcp'])) {
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
