/** The stack set that brings analyzers of external access to the Regions of the account that scans. */
import { planRollout, readRollout, readRolloutTemplate, readStackSet, runRollout } from '../../stacksets/index.js';
import type { Promotion, Rollout, RolloutPlan, RolloutTemplate, Tree } from '../../stacksets/index.js';
import { badOption } from '../check/diagnostics.js';
import { calling } from '../aws/connect.js';
import { runHooks } from '../deploy/apply.js';
import { refuse } from '../deploy/plan.js';
import type { DeploySession } from '../deploy/session.js';
import { failedLines } from '../deploy/words.js';
import { InputError } from '../input-error.js';
import { interruption, StoppedError } from '../scp/run-control.js';
import type { Terminal } from '../terminal.js';

/** Name of the analyzers that are made. */
export const ANALYZER_NAME = 'stackade-organization';
/** Name of the stack set that makes them. */
export const ANALYZERS_STACK_SET = 'stackade-analyzers';

const RING = 'organization';
/** There is one wave only. */
const NOTHING_AWAITED: Promotion = {
  ...{ isManual: false, quietMinutes: 0, invocations: 0, failures: 0, errors: 0, unfinished: 0, expected: [] },
};

/**
 * Its template (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-accessanalyzer-analyzer.html).
 * The zone of trust is the organization, which only the management account and the delegated administrator may choose.
 */
export const ANALYZERS_TEMPLATE = `${JSON.stringify(
  {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Analyzer of access from outside of the organization, made by stackade scan org --create-analyzers',
    Resources: {
      Analyzer: {
        Type: 'AWS::AccessAnalyzer::Analyzer',
        Properties: { AnalyzerName: ANALYZER_NAME, Type: 'ORGANIZATION' },
      },
    },
  },
  null,
  2,
)}\n`;

/** Where the stack set has instances. */
export async function rolledOut({ stackSets }: DeploySession): Promise<readonly string[]> {
  const state = await calling(`the stack set ${ANALYZERS_STACK_SET} cannot be read`, () =>
    readStackSet(stackSets, ANALYZERS_STACK_SET),
  );
  return (state?.instances ?? []).map(({ region }) => region);
}

export interface AnalyzersPlace {
  readonly account: string;
  /** All Regions in which the stack set shall have an instance; elsewhere it is taken away. */
  readonly regions: readonly string[];
}

/**
 * Brings the stack set to what is wanted. A run that was interrupted is gone on with: what there is is read anew each time.
 *
 * @throws InputError with what AWS refused or where a stack failed.
 */
export async function rollOutAnalyzers(
  session: DeploySession,
  tree: Tree,
  place: AnalyzersPlace,
  terminal: Terminal,
): Promise<void> {
  const { rollout, template } = rolloutFor(tree, place);
  const interrupted = interruption();
  const plan = async (): Promise<RolloutPlan> => {
    const planned = planRollout(rollout, template, tree, await readRollout(rollout, session.stackSets));
    refuse(planned.problems);
    return planned;
  };
  try {
    const outcome = await calling(`the stack set ${ANALYZERS_STACK_SET} cannot be rolled out`, () =>
      runRollout(
        { plan, operations: session.stackSets, results: null, hookType: null, hooks: runHooks(interrupted, terminal) },
        { resume: true },
      ),
    );
    if (outcome.kind === 'finished') return;
    const why = outcome.kind === 'incomplete' ? failedLines(outcome.failed).map((line) => line.trim()) : [];
    throw stopped(`is not finished${why.length === 0 ? '' : `: ${why.join('; ')}`}`);
  } catch (error) {
    if (error instanceof StoppedError) throw stopped(error.message);
    throw error;
  } finally {
    interrupted.end();
  }
}

function stopped(why: string): InputError {
  return new InputError([
    badOption(
      '--create-analyzers',
      `the rollout of ${ANALYZERS_STACK_SET} ${why}`,
      'mend what is told and call again: it goes on where it stopped',
    ),
  ]);
}

function rolloutFor(
  tree: Tree,
  { account, regions }: AnalyzersPlace,
): { readonly rollout: Rollout; readonly template: RolloutTemplate } {
  const unit = tree.accounts.get(account)!.parentId;
  const { template } = readRolloutTemplate(ANALYZERS_TEMPLATE, `${ANALYZERS_STACK_SET}.json`);
  const rollout: Rollout = {
    name: 'analyzers',
    dependsOn: [],
    template: `${ANALYZERS_STACK_SET}.json`,
    templateUrl: null,
    capabilities: [],
    // It is meant for one account: others that join its unit may not have an analyzer of the organization.
    autoDeployment: { isEnabled: false, retainStacks: false },
    preferences: {
      regions: 'PARALLEL',
      maxConcurrent: { value: 1, unit: 'count' },
      failureTolerance: { value: 0, unit: 'count' },
      concurrency: 'STRICT_FAILURE_TOLERANCE',
    },
    hook: null,
    rings: [
      {
        name: RING,
        stackSet: ANALYZERS_STACK_SET,
        targets: [{ shown: tree.shown(unit), id: unit }],
        accounts: { kind: 'only', ids: [account] },
        regions,
      },
    ],
    waves: [
      {
        name: RING,
        ring: RING,
        parameters: {},
        promotion: NOTHING_AWAITED,
      },
    ],
  };
  return { rollout, template: template! };
}
