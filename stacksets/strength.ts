/** How strong the hook of a rollout is under given parameters. */
import type { Rollout } from './declaration/model.js';
import type { RolloutTemplate } from './template.js';

type Parameters = Readonly<Record<string, string>>;

function valueOf(name: string | null, parameters: Parameters, template: RolloutTemplate): string | null {
  if (name === null) return null;
  return Object.hasOwn(parameters, name) ? parameters[name]! : (template.parameters.get(name)?.defaultValue ?? null);
}

/** `FAIL`, `WARN` or `DISABLED`; another word when the template has its own; `null` when no parameter tells. */
export function modeOf({ hook }: Rollout, parameters: Parameters, template: RolloutTemplate): string | null {
  if (hook === null) return null;
  if (valueOf(hook.statusParameter, parameters, template) === 'DISABLED') return 'DISABLED';
  return valueOf(hook.modeParameter, parameters, template);
}

const STRENGTHS: Readonly<Record<string, number>> = { DISABLED: 0, WARN: 1, FAIL: 2 };

/** A number that is larger for a stronger hook; `null` when it cannot be told. */
export function strengthOf(rollout: Rollout, parameters: Parameters, template: RolloutTemplate): number | null {
  const mode = modeOf(rollout, parameters, template);
  return mode !== null && Object.hasOwn(STRENGTHS, mode) ? STRENGTHS[mode]! : null;
}
