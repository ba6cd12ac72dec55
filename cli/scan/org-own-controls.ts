/** Drift of what Stackade has brought to an organization: policies against the description, rollouts against theirs. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type {
  ExpectedStack,
  Listing,
  OwnControlDrift,
  OwnControls,
  ReadFailure,
  StackSetFacts,
} from '../../analyzers/scan/index.js';
import { targetsOf, type Organization } from '../../organization/index.js';
import { planPolicies, StateTree, type ApplyStep, type PolicyState } from '../../scp/apply/index.js';
import { readRolloutTemplate, statusOf, type PlaceStatus } from '../../stacksets/index.js';
import { connect } from '../aws/connect.js';
import { readDeclaration } from '../deploy/declaration.js';
import { planOne } from '../deploy/plan.js';
import { openSession, type DeploySession } from '../deploy/session.js';
import { InputError } from '../input-error.js';
import { readState as readPolicies, wantedIn } from '../scp/prepare-plan.js';
import type { Terminal } from '../terminal.js';

/** The set under which `stackade scp apply` keeps the policies of a description when nobody names another. */
const SET = 'guardrails';

export interface OwnControlFiles {
  readonly config: string;
  /** The declaration of rollouts; looked for beside the description when left out. */
  readonly rollouts?: string;
}

/** Looks at everything that is declared. What cannot be looked at is in the answer. */
export async function readOwnControls(
  files: OwnControlFiles,
  described: Organization,
  terminal: Terminal,
): Promise<OwnControls> {
  // What the description has to say was told when it was read.
  const silent: Terminal = { ...terminal, tell: () => undefined };
  const declared: OwnControlDrift['kind'][] = [];
  const drift: OwnControlDrift[] = [];
  const failures: ReadFailure[] = [];
  const expected: ExpectedStack[] = [];
  const look = async (
    kind: OwnControlDrift['kind'],
    read: () => Promise<readonly OwnControlDrift[]>,
  ): Promise<void> => {
    declared.push(kind);
    try {
      drift.push(...(await read()));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push({ step: kind, code: error.diagnostics[0]?.code ?? 'REFUSED', message: error.message });
    }
  };
  if (choosesPolicies(described)) await look('policy', () => policyDrift(files.config, silent));
  const rollouts = files.rollouts ?? join(dirname(files.config), 'rollouts.yaml');
  if (existsSync(rollouts)) {
    await look('stack-set', async () => {
      const found = await rolloutDrift(files, silent);
      if (found.hooks) declared.push('hook');
      expected.push(...found.expected);
      return found.drift;
    });
  }
  return { declared, drift, failures, expected };
}

function choosesPolicies(described: Organization): boolean {
  return [...targetsOf(described)].some((path) => {
    const { policies } = path.at(-1)!;
    return policies.scp.length + policies.rcp.length > 0;
  });
}

async function policyDrift(config: string, terminal: Terminal): Promise<readonly OwnControlDrift[]> {
  const connection = await connect();
  try {
    const state = await readPolicies(connection);
    const plan = planPolicies(state, wantedIn(config, state, terminal), { set: SET });
    const steps = plan.stages.flatMap((stage) => stage.steps);
    const said = plan.problems.map(({ of, message }): OwnControlDrift => ({
      ...PLACELESS,
      name: of,
      state: 'changed',
      target: of,
      message,
    }));
    return [...steps.map((step) => driftOf(step, state)), ...said];
  } finally {
    connection.close();
  }
}

const PLACELESS = { kind: 'policy', account: null, region: null } as const;

/** What a step would mend. */
function driftOf(step: ApplyStep, state: PolicyState): OwnControlDrift {
  const root = new StateTree(state).target(state.root.id).shown;
  switch (step.kind) {
    case 'enablePolicyType':
      return {
        ...PLACELESS,
        name: step.type,
        state: 'switched-off',
        target: root,
        message: `policies of the type ${step.type} are not enabled`,
      };
    case 'createPolicy': {
      const { name } = step.document;
      return { ...PLACELESS, name, state: 'absent', target: root, message: `the policy \`${name}\` is not there` };
    }
    case 'updatePolicy': {
      const { name } = step.policy;
      return {
        ...PLACELESS,
        name,
        state: 'changed',
        target: root,
        message: `the text of the policy \`${name}\` is not the declared one`,
      };
    }
    case 'attachPolicy': {
      const { policy, target } = step;
      const message = `the policy \`${policy.name}\` is not attached to ${target.shown}`;
      return { ...PLACELESS, name: policy.name, state: 'detached', target: target.shown, message };
    }
    case 'detachPolicy': {
      const { policy, target } = step;
      const message = `the policy \`${policy.name}\` is attached to ${target.shown}, where nobody declares it`;
      return { ...PLACELESS, name: policy.name, state: 'surplus', target: target.shown, message };
    }
    case 'deletePolicy': {
      const { name } = step.policy;
      return { ...PLACELESS, name, state: 'surplus', target: root, message: `nobody declares the policy \`${name}\`` };
    }
  }
}

async function rolloutDrift(
  files: OwnControlFiles,
  terminal: Terminal,
): Promise<{
  readonly drift: readonly OwnControlDrift[];
  readonly hooks: boolean;
  readonly expected: readonly ExpectedStack[];
}> {
  const { organization, rollouts } = readDeclaration({ ...files, format: 'json' }, terminal);
  const session = await openSession(organization);
  try {
    const tree = await session.tree();
    const drift: OwnControlDrift[] = [];
    const expected: ExpectedStack[] = [];
    for (const declared of rollouts) {
      const { rollout, template } = declared;
      const plan = await planOne(declared, tree, session, {});
      const kind = rollout.hook === null ? 'stack-set' : 'hook';
      for (const ring of statusOf(rollout, template, plan, tree)) {
        const { stackSet } = ring;
        const whole = { kind, name: stackSet, account: null, region: null, target: `ring ${ring.ring}` } as const;
        if (!ring.exists) {
          drift.push({ ...whole, state: 'absent', message: `there is no stack set ${stackSet}` });
          continue;
        }
        if (ring.differences.length > 0) {
          const message = `the stack set ${stackSet} differs in ${ring.differences.join(', ')}`;
          drift.push({ ...whole, state: 'changed', message });
        }
        const set = plan.rings.find((each) => each.ring.name === ring.ring)?.state?.set;
        if (set !== undefined) {
          const current = ring.places.filter(({ standing }) => standing === 'current');
          const places = current.map(({ account, region }) => [account, region] as const);
          expected.push({ stackSet, template: set.template, parameters: set.parameters, places });
        }
        for (const place of ring.places) {
          const state = stateOf(place);
          if (state === null) continue;
          const { account, name, region, standing, reason } = place;
          const why = reason === null ? '' : `: ${reason}`;
          const is = place.drift === 'DRIFTED' ? 'was changed there' : `is ${standing}`;
          const message = `the stack of ${stackSet} ${is}${why}`;
          drift.push({ kind, name: stackSet, state, account, region, target: `${account} (${name})`, message });
        }
      }
    }
    return { drift, expected, hooks: rollouts.some(({ rollout }) => rollout.hook !== null) };
  } finally {
    session.close();
  }
}

function stateOf({ standing, drift }: PlaceStatus): OwnControlDrift['state'] | null {
  if (standing === 'inactive') return null;
  if (standing === 'current') return drift === 'DRIFTED' ? 'changed' : null;
  return ({ outdated: 'outdated', missing: 'absent', surplus: 'surplus', inoperable: 'failed' } as const)[standing];
}

/** The stack sets of the organization with their instances, or why the caller may not read them. */
export async function readStackSets(described: Organization): Promise<Listing<StackSetFacts>> {
  let session: DeploySession;
  try {
    session = await openSession(described);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const code = error.diagnostics[0]?.code ?? 'REFUSED';
    return { items: [], failures: [{ step: 'ListStackSets', code, message: error.message }] };
  }
  try {
    const items: StackSetFacts[] = [];
    for (const name of await session.stackSets.listStackSets()) items.push(...(await stackSetFacts(name, session)));
    return { items, failures: [] };
  } finally {
    session.close();
  }
}

async function stackSetFacts(name: string, { stackSets }: DeploySession): Promise<readonly StackSetFacts[]> {
  const set = await stackSets.describeStackSet(name);
  if (set === null) return [];
  const instances = await stackSets.listInstances(name);
  return [
    {
      name,
      permissionModel: set.permissionModel,
      autoDeployment: set.autoDeployment.isEnabled,
      drift: set.drift?.status ?? 'NOT_CHECKED',
      tags: set.tags,
      resourceTypes: typesIn(set.template),
      instances: {
        items: instances.map(({ account, region, unit, status, detail, reason, driftStatus }) => ({
          stackSet: name,
          account,
          region,
          status,
          detailedStatus: detail ?? '',
          drift: driftStatus ?? 'UNKNOWN',
          unit,
          reason: reason ?? '',
        })),
        failures: [],
      },
    },
  ];
}

/** Types of the resources of a template; `null` for one that cannot be read. */
function typesIn(template: string): readonly string[] | null {
  const { template: read } = readRolloutTemplate(template, 'template');
  return read === null ? null : [...new Set(read.resourceTypes)].sort();
}
