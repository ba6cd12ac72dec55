/** Plans and their results as text and JSON. */
import { visible } from '../../findings/index.js';
import { POLICY_TYPE_QUOTAS, POLICY_TYPE_TITLES } from '../../organization/index.js';
import { lineDifference } from '../../scp/apply/index.js';
import type { ApplyPlan, ApplyStep, PolicyState, StepTarget, TargetStatus, TextChange } from '../../scp/apply/index.js';

/** What `iam replay` said, as far as plans show it. */
export interface ReplaySummary {
  readonly newlyDenied: number;
  readonly newlyAllowed: number;
  readonly cannotTell: number;
  readonly unchanged: number;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const at = ({ id, shown }: StepTarget): string => (shown === '/' ? `the root (${id})` : `\`${shown}\` (${id})`);

/** One step as an instruction. */
export function stepText(step: ApplyStep): string {
  switch (step.kind) {
    case 'enablePolicyType':
      return `enable the type ${POLICY_TYPE_TITLES[step.type]} at the root ${step.rootId}`;
    case 'createPolicy': {
      const { type, name, content } = step.document;
      const most = POLICY_TYPE_QUOTAS[type].documentCharacters;
      return `create the ${POLICY_TYPE_TITLES[type]} \`${name}\` (${content.length} of ${most} characters)`;
    }
    case 'updatePolicy': {
      const { type, name } = step.policy;
      const most = POLICY_TYPE_QUOTAS[type].documentCharacters;
      const how = {
        replace: 'change the text of',
        add: 'add the new statements to',
        remove: 'take the old statements out of',
      }[step.part];
      return `${how} the ${POLICY_TYPE_TITLES[type]} \`${name}\` (then ${step.content.length} of ${most} characters)`;
    }
    case 'attachPolicy':
      return `attach the ${POLICY_TYPE_TITLES[step.policy.type]} \`${step.policy.name}\` to ${at(step.target)}`;
    case 'detachPolicy':
      return `detach the ${POLICY_TYPE_TITLES[step.policy.type]} \`${step.policy.name}\` from ${at(step.target)}`;
    case 'deletePolicy':
      return `delete the ${POLICY_TYPE_TITLES[step.policy.type]} \`${step.policy.name}\``;
  }
}

/** A plan to read. */
export function planText(
  plan: ApplyPlan,
  state: PolicyState,
  changes: readonly TextChange[],
  replay: ReplaySummary | null,
): string {
  const calls = plan.stages.reduce((sum, { steps }) => sum + steps.length, 0);
  const lines = [
    calls === 0
      ? `The policies of the set ${plan.set} in ${plan.organizationId} are as described.`
      : `Plan of the set ${plan.set} in ${plan.organizationId}: ${count(calls, 'call')} in ${count(plan.stages.length, 'stage')}`,
  ];
  let number = 0;
  for (const { title, steps } of plan.stages) {
    lines.push('', title);
    for (const step of steps) {
      number += 1;
      lines.push(`  ${number}. ${stepText(step)}`);
    }
  }
  for (const same of alike(changes, ({ type, before, after }) => [type, before, after])) {
    lines.push('', ...changeLines(same));
  }
  if (calls > 0) {
    const names = new Map(state.accounts.map(({ id, name }) => [id, name]));
    const shown = plan.accounts.slice(0, MOST_ACCOUNTS).map((id) => `${id} (${names.get(id) ?? ''})`);
    const more = plan.accounts.length - shown.length;
    lines.push(
      '',
      `${count(plan.accounts.length, 'account')} affected${shown.length === 0 ? '' : `: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`}`,
      ...alike(plan.use, ({ type, attached, limit }) => [type, attached, limit]).map((places) => {
        const { type, attached, limit } = places[0]!;
        const where = someOf(places.map(({ target }) => at(target)));
        return `then ${attached} of ${limit} places for policies of the type ${POLICY_TYPE_TITLES[type]} are taken at ${where}`;
      }),
    );
  }
  if (replay !== null) {
    const { newlyDenied, newlyAllowed, cannotTell, unchanged } = replay;
    lines.push(
      `replay: ${newlyDenied} newly denied, ${newlyAllowed} no longer denied, ${cannotTell} cannot be told, ${unchanged} unchanged`,
    );
  }
  lines.push(...plan.notes.map((note) => `note: ${note}`));
  return `${lines.map((line) => visible(line)).join('\n')}\n`;
}

const MOST_ACCOUNTS = 20;
/** Lines of what is unchanged that are shown around a change. */
const AROUND = 2;

/** Groups of what has one key, in the order of the first of each: sixty units often get one text. */
function alike<T>(all: readonly T[], keyOf: (each: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = JSON.stringify(keyOf(each));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

/** Most names in one line. */
const MOST_NAMES = 5;

function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** @param same - Policies whose text changes alike. */
function changeLines(same: readonly TextChange[]): readonly string[] {
  const { type, before, after } = same[0]!;
  const lines = lineDifference(pretty(before), pretty(after));
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ mark }) => mark !== ' ');
  const shown = lines.flatMap(({ mark, text }, index) => {
    if (isNear(index)) return [`  ${mark} ${text}`];
    return index > 0 && isNear(index - 1) ? ['    …'] : [];
  });
  return [`${POLICY_TYPE_TITLES[type]} ${someOf(same.map(({ name }) => `\`${name}\``))}`, ...shown];
}

function pretty(text: string | null): readonly string[] {
  if (text === null) return [];
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n');
  } catch {
    return text.split('\n');
  }
}

const STANDINGS: Readonly<Record<TargetStatus['policies'][number]['standing'], string>> = {
  wanted: 'as wanted',
  old: 'with its old text',
  both: 'with the statements of its old and its new text',
  leaving: 'still attached, to be detached',
  missing: 'not attached yet',
};

/** What is in force, place by place. */
export function statusLines(status: readonly TargetStatus[]): readonly string[] {
  return status.map(({ target, type, policies, others }) => {
    const own = policies.map(({ name, standing }) => `\`${name}\` ${STANDINGS[standing]}`);
    const rest = others.length === 0 ? '' : ` (besides: ${others.join(', ')})`;
    return visible(`  ${at(target)}, ${POLICY_TYPE_TITLES[type]}: ${own.join('; ')}${rest}`);
  });
}

/** A plan for programs. */
export function planJson(plan: ApplyPlan, changes: readonly TextChange[], replay: ReplaySummary | null): object {
  const { set, organizationId, stages, problems, notes, accounts, use } = plan;
  return {
    version: 1,
    set,
    organization: organizationId,
    stages: stages.map(({ title, steps }) => ({ title, steps: steps.map(stepJson) })),
    problems,
    notes,
    accounts,
    use: use.map(({ target, type, attached, limit }) => ({
      target: target.id,
      path: target.shown,
      type,
      attached,
      limit,
    })),
    changes,
    replay,
  };
}

/** A step for programs: long texts are told by their length, since the changes of texts stand beside the steps. */
export function stepJson(step: ApplyStep): object {
  switch (step.kind) {
    case 'createPolicy': {
      const { type, name, content } = step.document;
      return { kind: step.kind, type, name, characters: content.length };
    }
    case 'updatePolicy':
      return { kind: step.kind, ...step.policy, part: step.part, characters: step.content.length };
    case 'deletePolicy':
      return { kind: step.kind, ...step.policy };
    case 'attachPolicy':
    case 'detachPolicy':
      return { kind: step.kind, ...step.policy, target: step.target.id, path: step.target.shown };
    case 'enablePolicyType':
      return step;
  }
}
