/** From the description and the organization to the plan that `scp plan` shows and `scp apply` executes. */
import type { Diagnostic } from '../../findings/index.js';
import { misplacedAccounts, planPolicies, readPolicyState, StateTree, wantedOf } from '../../scp/apply/index.js';
import type { ApplyPlan, PlanOptions, PolicyState, WantedPolicies } from '../../scp/apply/index.js';
import type { Composition } from '../../scp/compose/index.js';
import { callerOf, calling, type AwsConnection } from '../aws/connect.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';
import { misplaced, planRefused } from './apply-diagnostics.js';
import { composeDescription } from './composition.js';

/** Options of both commands. */
export interface PlanFlags {
  readonly set: string;
  readonly wave?: readonly string[];
  readonly allowGap?: boolean;
  readonly callerContext?: readonly string[];
}

/** The composition of a description. @throws InputError when policies do not fit, or were not proven. */
export function compositionOf(
  config: string,
  terminal: Terminal,
): ReturnType<typeof composeDescription> & {
  readonly composition: Composition;
} {
  const described = composeDescription(config, terminal);
  const { composition, certificate } = described.composed;
  if (composition === null || certificate?.result !== 'HOLDS') {
    const why = composition === null ? 'do not fit' : 'are not proven to decide as described';
    const help = `\`stackade scp build --config ${config} --out FOLDER\` tells more`;
    throw new InputError([badOption('--config', `the policies that \`${config}\` chooses ${why}`, help)]);
  }
  return { ...described, composition };
}

/** What is wanted of an organization. @throws InputError when it is another organization or lacks a target. */
export function wantedIn(config: string, state: PolicyState, terminal: Terminal): WantedPolicies {
  const { organization, composition } = compositionOf(config, terminal);
  const { organization: found, root } = state;
  const pairs = [
    [organization.id, found.id, 'organization'],
    [organization.managementAccount, found.managementAccountId, 'management account'],
    [organization.root.id, root.id, 'root'],
  ] as const;
  const other = pairs.find(([described, is]) => described !== null && described !== is);
  if (other !== undefined) {
    const [described, is, what] = other;
    throw new InputError([
      planRefused({
        kind: 'otherOrganization',
        of: is,
        message: `the description is of the ${what} ${described!}, the credentials are of ${is}`,
        help: 'take the credentials or the description of the other one',
      }),
    ]);
  }
  const { wanted, problems } = wantedOf(composition, state);
  if (problems.length > 0) throw new InputError(problems.map(planRefused));
  tellDiagnostics(misplacedAccounts(organization, state).map(misplaced), new Map(), terminal);
  return wanted;
}

/** A plan and what it was made from. */
export interface PreparedPlan {
  readonly state: PolicyState;
  readonly wanted: WantedPolicies;
  readonly plan: ApplyPlan;
  /** Ids of targets by wave, as given. */
  readonly waves: readonly (readonly string[])[] | null;
}

/** Reads the organization. @throws InputError when AWS refuses. */
export function readState({ organizations }: AwsConnection): Promise<PolicyState> {
  return calling('the organization cannot be read', () => readPolicyState(organizations));
}

/** Plans. @throws InputError when the plan is refused, with every reason. */
export async function prepare(
  state: PolicyState,
  wanted: WantedPolicies,
  flags: PlanFlags,
  given: Partial<PlanOptions> = {},
): Promise<PreparedPlan> {
  const waves = given.waves ?? (flags.wave === undefined ? null : wavesOf(flags.wave, state));
  const caller = await calling('it cannot be told who calls', () =>
    callerOf(state, flags.callerContext ?? [], Date.now()),
  );
  const plan = planPolicies(state, wanted, {
    ...given,
    set: flags.set,
    caller,
    allowGap: flags.allowGap === true,
    ...(waves !== null && { waves }),
  });
  if (plan.problems.length > 0) throw new InputError(unique(plan.problems.map(planRefused)));
  return { state, wanted, plan, waves };
}

/** The same reason can hold for many steps. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [`${each.message} ${each.help ?? ''}`, each])).values()];
}

function wavesOf(waves: readonly string[], state: PolicyState): readonly (readonly string[])[] {
  const tree = new StateTree(state);
  const all = [state.root, ...state.units, ...state.accounts].map(({ id }) => id);
  return waves.map((wave) =>
    wave.split(',').map((each) => {
      const name = each.trim();
      const found = all.filter((id) => id === name || tree.target(id).shown === name);
      if (found.length === 1) return found[0]!;
      const message = found.length === 0 ? `there is no \`${name}\`` : `\`${name}\` can be ${found.join(' or ')}`;
      throw new InputError([
        badOption('--wave', message, 'name units by their way from the root, such as /Workloads/Production, or by id'),
      ]);
    }),
  );
}
