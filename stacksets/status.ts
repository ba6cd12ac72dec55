/** What is in force where: each account and Region of each ring. */
import type { Rollout } from './declaration/model.js';
import { contentOf, differences, settingDifferences, TAGS, type WaveContent } from './content.js';
import type { RolloutPlan, RingPlan } from './rollout-plan.js';
import { byPlace, isDone, placeKey } from './state.js';
import { modeOf } from './strength.js';
import { templateDigest, type RolloutTemplate } from './template.js';
import type { Tree } from './tree.js';

/** One account and Region. */
export interface PlaceStatus {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  /**
   * `current`: holds what its stack set holds. `outdated`: holds something older, or its stack is broken. `missing`: has
   * no stack. `surplus`: has one and should not. `inoperable`: nothing can be changed there by the stack set.
   */
  readonly standing: 'current' | 'outdated' | 'missing' | 'surplus' | 'inoperable' | 'inactive';
  /** First characters of the template's digest; `null` when it cannot be told what the stack holds. */
  readonly template: string | null;
  /** `FAIL`, `WARN`, `DISABLED`; `null` when it cannot be told or there is no hook. */
  readonly mode: string | null;
  readonly detail: string | null;
  readonly reason: string | null;
  readonly lastOperationId: string | null;
  readonly drift: string | null;
}

export interface RingStatus {
  readonly ring: string;
  readonly stackSet: string;
  /** Whether there is a stack set. */
  readonly exists: boolean;
  /** As the tags of the stack set tell. */
  readonly release: string | null;
  readonly wave: string | null;
  readonly template: string | null;
  readonly mode: string | null;
  /** In what the stack set differs from the last wave of its ring, its settings among it. */
  readonly differences: readonly string[];
  /** Stack sets that accounts which join get before. */
  readonly dependsOn: readonly string[];
  readonly lastOperation: {
    readonly id: string;
    readonly action: string;
    readonly status: string;
    readonly endedAt: number | null;
  } | null;
  readonly places: readonly PlaceStatus[];
}

/** Tells what is in force. @param plan - A plan of the same rollout and state. */
export function statusOf(
  rollout: Rollout,
  template: RolloutTemplate,
  plan: RolloutPlan,
  tree: Tree,
): readonly RingStatus[] {
  return plan.rings.map((ring) => {
    const last = rollout.waves.findLast((wave) => wave.ring === ring.ring.name)!;
    return ringStatus(rollout, template, ring, tree, contentOf(rollout, last, template, ring.dependsOn));
  });
}

const SHOWN_DIGEST = 12;

function ringStatus(
  rollout: Rollout,
  template: RolloutTemplate,
  { ring, state, accounts, inactive, wave }: RingPlan,
  tree: Tree,
  last: WaveContent,
): RingStatus {
  const set = state?.set;
  const digest = set === undefined ? null : templateDigest(set.template).slice(0, SHOWN_DIGEST);
  const mode = set === undefined ? null : modeOf(rollout, set.parameters, template);
  const instances = byPlace(state);
  const wanted = [...accounts].flatMap((account) => ring.regions.map((region) => ({ account, region })));
  const keys = new Set(wanted.map(({ account, region }) => placeKey(account, region)));
  const others = (state?.instances ?? []).filter(({ account, region }) => !keys.has(placeKey(account, region)));
  const places = [...wanted, ...others].map(({ account, region }): PlaceStatus => {
    const instance = instances.get(placeKey(account, region));
    const isCurrent = instance !== undefined && isDone(instance);
    const standing =
      instance === undefined
        ? 'missing'
        : inactive.includes(account)
          ? 'inactive'
          : !keys.has(placeKey(account, region))
            ? 'surplus'
            : isCurrent
              ? 'current'
              : instance.status === 'INOPERABLE'
                ? 'inoperable'
                : instance.stackId === null
                  ? 'missing'
                  : 'outdated';
    return {
      account,
      name: tree.accounts.get(account)?.name ?? '',
      region,
      standing,
      // What an instance holds that is not current is what some earlier content was: nobody tells which.
      template: isCurrent ? digest : null,
      mode: isCurrent ? mode : null,
      detail: instance?.detail ?? null,
      reason: instance?.reason ?? null,
      lastOperationId: instance?.lastOperationId ?? null,
      drift: instance?.driftStatus ?? null,
    };
  });
  const newest = [...(state?.operations ?? [])].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
  return {
    ring: ring.name,
    stackSet: ring.stackSet,
    exists: state !== undefined,
    release: set?.tags[TAGS.release] ?? null,
    // The tag tells what the last call meant; the content decides whether it is so.
    wave: wave?.name ?? null,
    template: digest,
    mode,
    differences: set === undefined ? [] : [...differences(set, last, template), ...settingDifferences(set, last)],
    dependsOn: (set?.autoDeployment.dependsOn ?? []).map(stackSetOf),
    lastOperation:
      newest === undefined
        ? null
        : { id: newest.id, action: newest.action, status: newest.status, endedAt: newest.endedAt },
    places,
  };
}

/** The name of a stack set, from its ARN. */
function stackSetOf(arn: string): string {
  return /:stackset\/([^:]+):/.exec(arn)?.[1] ?? arn;
}
