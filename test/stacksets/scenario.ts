/** An organization, a declaration and a template to roll out. */
import { readOrganization, type Organization } from '../../organization/index.js';
import {
  planRollout,
  readRollout,
  readRollouts,
  readRolloutTemplate,
  runRollout,
  Tree,
  type PlanOptions,
  type Rollout,
  type RolloutPlan,
  type RolloutTemplate,
  type RunHooks,
  type RunOptions,
  type RunOutcome,
  type StackSetsOperations,
  type TreeData,
} from '../../stacksets/index.js';
import type { StackSetsModel } from './model.js';

export const ORGANIZATION_TEXT = `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '111111111111'
  homeRegion: eu-central-1
  governedRegions: [eu-central-1, eu-west-1]
  delegatedAdministrators:
    member.org.stacksets.cloudformation.amazonaws.com: governance
root:
  id: r-ab12
  units:
    Governance:
      id: ou-ab12-00000000
      accounts: { governance: '222222222222' }
    Sandbox:
      id: ou-ab12-11111111
      accounts: { playground: '333333333333' }
    Workloads:
      id: ou-ab12-22222222
      units:
        Staging:
          id: ou-ab12-33333333
          accounts: { staging: '444444444444' }
        Production:
          id: ou-ab12-44444444
          accounts: { shop: '555555555555', billing: '666666666666' }
`;

export const DECLARATION_TEXT = `version: 1
rollouts:
  hooks:
    template: hooks.yaml
    parameters: { Package: hooks/1.zip }
    hook: { type: 'Stackade::Policy::Check', mode: FailureMode }
    rings:
      canary: { targets: [/Sandbox] }
      production: { targets: [/Workloads] }
    waves:
      - { ring: canary, parameters: { FailureMode: WARN } }
      - { ring: canary, parameters: { FailureMode: FAIL } }
      - { ring: production, parameters: { FailureMode: WARN } }
      - { ring: production, parameters: { FailureMode: FAIL } }
`;

export const TEMPLATE_TEXT = `Parameters:
  FailureMode: { Type: String, AllowedValues: [WARN, FAIL] }
  Package: { Type: String }
Resources:
  Topic: { Type: 'AWS::SNS::Topic' }
`;

export function organizationOf(text = ORGANIZATION_TEXT): Organization {
  const { organization, diagnostics } = readOrganization(text, 'org.yaml');
  if (organization === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return organization;
}

export function rolloutsOf(text = DECLARATION_TEXT, organization = organizationOf()): readonly Rollout[] {
  const { rollouts, diagnostics } = readRollouts(text, 'rollouts.yaml', organization);
  if (rollouts === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return rollouts;
}

export function templateOf(text = TEMPLATE_TEXT): RolloutTemplate {
  const { template, diagnostics } = readRolloutTemplate(text, 'hooks.yaml');
  if (template === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return template;
}

/** The tree of the organization above; suspended accounts by id. */
export function treeData(suspended: readonly string[] = []): TreeData {
  const units = [
    ['ou-ab12-00000000', 'Governance', 'r-ab12'],
    ['ou-ab12-11111111', 'Sandbox', 'r-ab12'],
    ['ou-ab12-22222222', 'Workloads', 'r-ab12'],
    ['ou-ab12-33333333', 'Staging', 'ou-ab12-22222222'],
    ['ou-ab12-44444444', 'Production', 'ou-ab12-22222222'],
  ] as const;
  const accounts = [
    ['111111111111', 'management', 'r-ab12'],
    ['222222222222', 'governance', 'ou-ab12-00000000'],
    ['333333333333', 'playground', 'ou-ab12-11111111'],
    ['444444444444', 'staging', 'ou-ab12-33333333'],
    ['555555555555', 'shop', 'ou-ab12-44444444'],
    ['666666666666', 'billing', 'ou-ab12-44444444'],
  ] as const;
  return {
    organizationId: 'o-exampleorgid',
    managementAccount: '111111111111',
    rootId: 'r-ab12',
    units: units.map(([id, name, parentId]) => ({ id, name, parentId })),
    accounts: accounts.map(([id, name, parentId]) => ({
      id,
      name,
      parentId,
      state: suspended.includes(id) ? 'SUSPENDED' : 'ACTIVE',
    })),
  };
}

/** A rollout against a model. */
export interface Scenario {
  readonly rollout: Rollout;
  readonly template: RolloutTemplate;
}

export function scenario(declaration = DECLARATION_TEXT, template = TEMPLATE_TEXT): Scenario {
  return { rollout: rolloutsOf(declaration)[0]!, template: templateOf(template) };
}

export async function planOf(
  { rollout, template }: Scenario,
  model: StackSetsModel,
  options: PlanOptions = {},
  operations: StackSetsOperations = model,
): Promise<RolloutPlan> {
  return planRollout(rollout, template, new Tree(model.data), await readRollout(rollout, operations), options);
}

export interface RunSetup {
  readonly options?: RunOptions;
  readonly plan?: PlanOptions;
  readonly operations?: StackSetsOperations;
  readonly hooks?: Partial<RunHooks>;
}

/** Runs; time goes on with the model's waits only. */
export function run(of: Scenario, model: StackSetsModel, setup: RunSetup = {}): Promise<RunOutcome> {
  const operations = setup.operations ?? model;
  return runRollout(
    {
      plan: () => planOf(of, model, setup.plan, operations),
      operations,
      results: null,
      hookType: of.rollout.hook?.type ?? null,
      hooks: {
        now: () => model.now,
        wait: (seconds) => {
          model.now += seconds * 1_000;
          return Promise.resolve();
        },
        ...setup.hooks,
      },
    },
    setup.options,
  );
}

/** The steps of a plan in short: what, where. */
export function shortly({ stages }: RolloutPlan): readonly string[] {
  return stages.flatMap(({ title, steps }) => [
    title,
    ...steps.map((step) => {
      const of = `  ${step.kind} ${step.stackSet}`;
      switch (step.kind) {
        case 'createInstances':
        case 'deleteInstances':
          return `${of} ${step.targets.units.join(',')}${step.targets.accounts === null ? '' : ` (${step.targets.accounts.join(',')})`} ${step.regions.join(',')}: ${step.instances}`;
        case 'updateStackSet':
          return `${of} ${step.changes.join(', ')}: ${step.instances}`;
        default:
          return of;
      }
    }),
  ]);
}
