/** Plans, steps and outcomes of rollouts in words, and as data for programs. */
import { visible } from '../../findings/index.js';
import type {
  AwsOperationResult,
  Awaited,
  Gate,
  GateDecision,
  RolloutPlan,
  StackSetDependency,
  Stage,
  Step,
} from '../../stacksets/index.js';

export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

export const text = (lines: readonly string[]): string => `${lines.map((line) => visible(line)).join('\n')}\n`;

/** One step as an instruction. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'createStackSet':
      return `create the stack set ${step.stackSet}${behind(step.content.dependsOn)}`;
    case 'updateStackSet':
      return step.changes.length === 0
        ? `try again to bring ${count(step.instances, 'instance')} of ${step.stackSet} to what it holds`
        : `update ${step.stackSet} and its ${count(step.instances, 'instance')}: ${step.changes.join(', ')}`;
    case 'createInstances':
      return `create ${count(step.instances, 'instance')} of ${step.stackSet} ${where(step)}`;
    case 'deleteInstances':
      return `delete ${count(step.instances, 'instance')} of ${step.stackSet} ${where(step)}${step.retainStacks ? ', their stacks stay' : ''}`;
    case 'stopAutoDeployment':
      return `turn automatic deployment of ${step.stackSet} off`;
    case 'deleteStackSet':
      return `delete the stack set ${step.stackSet}`;
    case 'awaitOperation':
      return `wait for the operation ${step.operationId} (${step.action}) of ${step.stackSet}`;
  }
}

function behind(dependsOn: readonly StackSetDependency[]): string {
  return dependsOn.length === 0 ? '' : `, which depends on ${some(dependsOn.map(({ stackSet }) => stackSet))}`;
}

function where({
  targets: { units, accounts },
  regions,
}: Extract<Step, { readonly kind: 'createInstances' | 'deleteInstances' }>): string {
  const of = accounts === null ? `below ${some(units)}` : `in ${some(accounts)}`;
  return `${of} in ${regions.join(', ')}`;
}

function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

/** A plan to read. */
export function planLines(plan: RolloutPlan): readonly string[] {
  const steps = plan.stages.reduce((sum, stage) => sum + stage.steps.length, 0);
  const lines = [
    steps === 0
      ? `The rollout ${plan.rollout} (release ${plan.release}) is as declared.`
      : `Plan of the rollout ${plan.rollout} (release ${plan.release}): ${count(steps, 'step')} in ${count(plan.stages.length, 'stage')}`,
  ];
  for (const { ring, accounts, unfinished, wave } of plan.rings) {
    const places = accounts.size * ring.regions.length;
    lines.push(
      `  ring ${ring.name}: ${count(accounts.size, 'account')} in ${count(ring.regions.length, 'Region')}, ` +
        (wave === null ? 'not of this release' : `${places - unfinished.length} of ${places} hold ${wave.name}`),
    );
  }
  let number = 0;
  for (const stage of plan.stages) {
    lines.push('', stage.title, ...gateLines(stage));
    for (const step of stage.steps) {
      number += 1;
      lines.push(`  ${number}. ${stepText(step)}`);
    }
  }
  if (plan.notes.length > 0) lines.push('', ...plan.notes.map((note) => `note: ${note}`));
  return lines;
}

/** What a stage waits for of another rollout. */
export function awaitedText({ rollout, ring, why }: Awaited): string {
  return `the rollout ${rollout}, ring ${ring}: ${why}`;
}

function gateLines({ gate, awaits }: Stage): readonly string[] {
  const before = awaits.map((each) => `  behind ${awaitedText(each)}`);
  return gate === null ? before : [...before, ...promotionLines(gate)];
}

function promotionLines(gate: Gate): readonly string[] {
  const { isManual, quietMinutes, invocations, failures, errors, unfinished } = gate.promotion;
  const wanted = [
    unfinished === 0 ? 'finished everywhere' : `unfinished in at most ${count(unfinished, 'place')}`,
    ...(quietMinutes > 0 ? [`over for ${count(quietMinutes, 'minute')}`] : []),
    ...(invocations > 0
      ? [
          `its hook invoked ${count(invocations, 'time')}, with at most ${count(failures, 'failure')} and ${count(errors, 'error')}`,
        ]
      : []),
    ...(isManual ? [`promoted: --promote ${gate.wave}`] : []),
  ];
  return [`  when ${gate.wave} is ${wanted.join(', ')}`];
}

/** A plan for programs. */
export function planJson(plan: RolloutPlan): object {
  const { rollout, release, stages, notes, running, rings } = plan;
  return {
    rollout,
    release,
    rings: rings.map(({ ring, accounts, units, unfinished, wave, dependsOn }) => ({
      ring: ring.name,
      stackSet: ring.stackSet,
      dependsOn: dependsOn.map((each) => each.stackSet),
      units,
      accounts: [...accounts],
      regions: ring.regions,
      wave: wave?.name ?? null,
      unfinished,
    })),
    stages: stages.map(({ key, title, gate, awaits, steps }) => ({
      key,
      title,
      awaits,
      gate: gate === null ? null : { wave: gate.wave, promotion: gate.promotion, since: gate.since },
      steps: steps.map(stepJson),
    })),
    running,
    notes,
  };
}

/** A step for programs: the text of a template is told by its digest. */
export function stepJson(step: Step): object {
  if (!('content' in step)) return step;
  const { content, ...rest } = step;
  const { templateDigest, parameters, tags } = content;
  return { ...rest, content: { templateDigest, parameters, tags } };
}

/** Places in which something failed, the first of them. */
export function failedLines(failed: readonly AwsOperationResult[]): readonly string[] {
  const lines = failed
    .slice(0, MOST_FAILED)
    .map(
      ({ account, region, status, reason }) =>
        `  ${account} ${region}: ${status}${reason === null ? '' : `: ${reason}`}`,
    );
  return failed.length > MOST_FAILED ? [...lines, `  and ${failed.length - MOST_FAILED} more`] : lines;
}

const MOST_FAILED = 20;

/** What was seen at a gate. */
export function decisionText({ verdict, counts }: GateDecision): string {
  if (counts === null) return verdict;
  const { invocations, failures, errors } = counts;
  return `${verdict} (${count(invocations, 'invocation')}, ${count(failures, 'failure')}, ${count(errors, 'error')})`;
}
