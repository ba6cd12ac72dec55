/** Names that two rollouts would give to resources of one account: the second stack of the two fails there. */
import type { Rollout, Wave } from './declaration/model.js';
import { listed } from './diagnostics.js';
import type { Problem, ResolvedRing } from './rings.js';
import type { RolloutTemplate } from './template.js';

/** A rollout with what is known of it. */
export interface KnownRollout {
  readonly rollout: Rollout;
  readonly template: RolloutTemplate;
  readonly rings: readonly ResolvedRing[];
}

interface Use {
  readonly of: KnownRollout;
  readonly logicalId: string;
  readonly type: string;
  readonly wave: Wave;
}

/** Compares rollouts with each other. Rings of one rollout have no accounts in common. */
export function nameCollisions(rollouts: readonly KnownRollout[]): readonly Problem[] {
  const uses = new Map<string, Use[]>();
  for (const of of rollouts) {
    for (const { logicalId, type, written, parameters } of of.template.fixedNames) {
      for (const wave of of.rollout.waves) {
        const values = parameters.map(
          (name) => wave.parameters[name] ?? of.template.parameters.get(name)?.defaultValue,
        );
        const key = JSON.stringify([type, written, values]);
        uses.set(key, [...(uses.get(key) ?? []), { of, logicalId, type, wave }]);
      }
    }
  }
  const problems = new Map<string, Problem>();
  for (const same of uses.values()) {
    for (const [index, left] of same.entries()) {
      for (const right of same.slice(index + 1)) {
        if (left.of === right.of) continue;
        const both = commonAccounts(left, right);
        if (both.length === 0) continue;
        const message = `the rollouts \`${left.of.rollout.name}\` (\`${left.logicalId}\`) and \`${right.of.rollout.name}\` (\`${right.logicalId}\`) give one name to two resources of the type \`${left.type}\``;
        problems.set(message, {
          message: `${message} in ${listed(both, 3)}`,
          help: 'make the resource in one of the two, or give it another name there',
        });
      }
    }
  }
  return [...problems.values()];
}

function commonAccounts(left: Use, right: Use): readonly string[] {
  const ringOf = ({ of, wave }: Use): ResolvedRing | undefined => of.rings.find(({ ring }) => ring.name === wave.ring);
  const [one, other] = [ringOf(left), ringOf(right)];
  return one === undefined || other === undefined ? [] : [...one.accounts].filter((id) => other.accounts.has(id));
}
