/** `stackade scp verify --config`: what is in effect at each account of a description. */
import type { Policy } from '../../iam/index.js';
import { accountPaths, effectiveGroups, shownTarget } from '../../organization/index.js';
import type { AttachedPolicy, PolicyLevel } from '../../organization/index.js';
import { verifyAccounts } from '../../scp/index.js';
import type {
  AccountSet,
  CaseFile,
  EffectiveLevel,
  OrganizationVerification,
  TemplateInEffect,
} from '../../scp/index.js';
import { badOption } from '../check/diagnostics.js';
import { CLEAN, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { readChosenPolicies } from './organization-policies.js';
import type { ChosenPolicies } from './organization-policies.js';

/**
 * Verifies a description.
 *
 * @param names - Templates whose cases and claims are run; all that are in effect when left out.
 * @throws InputError when something is not right, or a named template is in effect nowhere, or there is nothing to verify.
 */
export function verifyOrganization(
  config: string,
  names: readonly string[],
  vectors: CaseFile | null,
  terminal: Terminal,
): OrganizationVerification {
  const chosen = readChosenPolicies(config, terminal);
  const sets = setsOf(chosen, names);
  const found = new Set(sets.flatMap(({ templates }) => templates.map(({ template }) => template.name)));
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) {
    const help = 'choose it in the description, or leave it out here';
    throw new InputError(
      missing.map((name) => badOption('--config', `the template \`${name}\` is in effect at no account`, help)),
    );
  }
  if (found.size === 0 && vectors === null) {
    const help = 'choose templates in the description, or give requests of your own with --vectors';
    throw new InputError([badOption('--config', 'no template is in effect at any account', help)]);
  }
  return verifyAccounts(sets, vectors);
}

function setsOf(chosen: ChosenPolicies, names: readonly string[]): readonly AccountSet[] {
  const { organization, templates, library, built } = chosen;
  const paths = accountPaths(organization);
  return effectiveGroups(organization, templates, ['scp', 'rcp']).map(({ accounts, effective }): AccountSet => {
    const { scp, rcp } = effective.levels;
    const inEffect = new Map<string, TemplateInEffect>();
    for (const { policies, shown } of [...(scp ?? []), ...(rcp ?? [])]) {
      for (const policy of policies) {
        if (policy.kind !== 'template' || (names.length > 0 && !names.includes(policy.name))) continue;
        inEffect.set(`${policy.name} ${shown}`, { template: library.get(policy.name)!, built: built(policy), shown });
      }
    }
    return {
      accounts: accounts.map(({ id }) => ({ id, shown: shownTarget(paths.get(id)!) })),
      scps: levelsOf(scp, (policy) => chosen.policies(policy, 'scp')),
      rcps: levelsOf(rcp, (policy) => chosen.policies(policy, 'rcp')),
      templates: [...inEffect.values()],
    };
  });
}

function levelsOf(
  levels: readonly PolicyLevel[] | null,
  policiesOf: (policy: AttachedPolicy) => readonly Policy[],
): readonly EffectiveLevel[] | null {
  if (levels === null) return null;
  return levels.map(({ shown, policies }) => ({
    shown,
    policies: policies.flatMap((each) => policiesOf(each).map((policy) => ({ name: each.name, policy }))),
  }));
}

/** The exit code of a verification. */
export function exitCodeOfOrganization({ sets, vectors }: OrganizationVerification): number {
  const templates = sets.flatMap((each) => each.templates);
  const claims = templates.flatMap((each) => each.claims);
  const fails =
    claims.some(({ proof }) => proof.kind === 'FAILS') ||
    templates.some(({ cases }) => cases.some(({ outcome }) => outcome === 'FAIL')) ||
    vectors.some(({ ok }) => !ok);
  const isUnknown = claims.some(({ proof }) => proof.kind === 'UNKNOWN');
  return strongest([fails ? FINDINGS : CLEAN, isUnknown ? INCOMPLETE : CLEAN]);
}
