/** From what is declared and what there is to the steps between the two. */
import { contentOf, differences, isOwn, preferencesOf, releaseOf, settingDifferences, TAGS } from './content.js';
import type { StackSetDependency, WaveContent } from './content.js';
import type { Rollout, Wave } from './declaration/model.js';
import { awaitedBy, dependenciesOf, notReached, tooManyOfOne } from './dependencies.js';
import { moves, surplus } from './surplus.js';
import { resolveRings, type Problem, type ResolvedRing } from './rings.js';
import { byPlace, isDone, placeKey, runningOperations, type RolloutState, type StackSetState } from './state.js';
import {
  StepMaker,
  type AwaitOperation,
  type Awaited,
  type Gate,
  type Place,
  type Stage,
  type Step,
  type UnitWork,
} from './steps.js';
import { modeOf, strengthOf } from './strength.js';
import type { RolloutTemplate } from './template.js';
import type { Tree } from './tree.js';
import type { RingPlan, RolloutPlan } from './rollout-plan.js';

export interface PlanOptions {
  /** Accept waves that make the hook weaker than it is, such as from `FAIL` to `WARN`. `@default` false */
  readonly allowWeaker?: boolean;
  /** Accept that accounts are without their stack for a while. `@default` false */
  readonly allowGap?: boolean;
}

/**
 * Plans one rollout.
 *
 * Waves are gone through in their order. A wave is done when the stack set of its ring holds its content, or that of a
 * later wave of the same ring; a wave that would make the hook of its ring weaker is left out. Accounts and Regions that
 * lack their instance get it with the wave that their ring has reached.
 *
 * @param before - Plans of the rollouts that this one depends on.
 */
export function planRollout(
  rollout: Rollout,
  template: RolloutTemplate,
  tree: Tree,
  state: RolloutState,
  options: PlanOptions = {},
  before: readonly RolloutPlan[] = [],
): RolloutPlan {
  return new Planner(rollout, template, tree, state, options, before).plan();
}

class Planner {
  private readonly problems: Problem[] = [];
  private readonly notes: string[] = [];
  /** Of the waves. */
  private contents: readonly WaveContent[] = [];

  constructor(
    private readonly rollout: Rollout,
    private readonly template: RolloutTemplate,
    private readonly tree: Tree,
    private readonly state: RolloutState,
    private readonly options: PlanOptions,
    private readonly before: readonly RolloutPlan[],
  ) {}

  plan(): RolloutPlan {
    const { rollout, tree, state } = this;
    const resolved = resolveRings(rollout, tree);
    this.problems.push(...resolved.problems);
    this.notes.push(...resolved.notes);
    const dependencies = new Map(resolved.rings.map((ring) => [ring.ring.name, this.dependencies(ring)]));
    this.contents = rollout.waves.map((wave) =>
      contentOf(rollout, wave, this.template, dependencies.get(wave.ring) ?? []),
    );
    const rings = resolved.rings.map((ring) => this.ringPlan(ring, dependencies.get(ring.ring.name)!));
    for (const ring of rings) this.checkOwner(ring);
    this.noteOthers();
    const running = [...state.rings.values()].flatMap((each) =>
      runningOperations(each).map((operation) => ({
        kind: 'awaitOperation' as const,
        stackSet: each.set.name,
        operationId: operation.id,
        action: operation.action,
        status: operation.status,
        isOwn: isOwn(operation),
      })),
    );
    const away = this.takeAway(rings);
    const stages = [
      ...this.waits(running),
      ...moves(rings, this.tree, rollout),
      // What is deleted with a unit and stays wanted is made anew behind it.
      ...away.filter(({ isFirst }) => isFirst).map(({ stage }) => stage),
      ...this.waves(rings),
      ...away.filter(({ isFirst }) => !isFirst).map(({ stage }) => stage),
    ];
    return {
      rollout: rollout.name,
      release: releaseOf(rollout, this.template),
      rings,
      stages: this.problems.length > 0 ? [] : stages,
      problems: this.problems,
      notes: [...new Set(this.notes)],
      running,
    };
  }

  private waits(running: readonly AwaitOperation[]): readonly Stage[] {
    if (running.length === 0) return [];
    const key = `wait ${running.map(({ operationId }) => operationId).join(' ')}`;
    const title = 'wait for operations that are running';
    return [{ key, title, gate: null, awaits: [], steps: running, mayStayUnfinished: 0 }];
  }

  /** The stack sets that the one of a ring is to depend on. */
  private dependencies(ring: ResolvedRing): readonly StackSetDependency[] {
    this.notes.push(...notReached(ring, this.before));
    // Accounts that join get the stack of no such rollout: there is nothing to be put in order.
    if (!this.rollout.autoDeployment.isEnabled) return [];
    const found = dependenciesOf(ring, this.before, this.tree);
    this.problems.push(...tooManyOfOne(ring, found));
    return found;
  }

  private ringPlan(ring: ResolvedRing, dependsOn: readonly StackSetDependency[]): RingPlan {
    const state = this.state.rings.get(ring.ring.name);
    const index =
      state === undefined
        ? -1
        : this.rollout.waves.findLastIndex(
            (wave, at) =>
              wave.ring === ring.ring.name && differences(state.set, this.contents[at]!, this.template).length === 0,
          );
    const wave = this.rollout.waves[index] ?? null;
    return { ...ring, state, wave, unfinished: unfinishedOf(ring, state), dependsOn };
  }

  /** A stack set of somebody else, or one that another tool has changed, is not taken over. */
  private checkOwner({ ring, state }: RingPlan): void {
    if (state === undefined) return;
    const { set } = state;
    if (set.permissionModel !== 'SERVICE_MANAGED') {
      this.problems.push({
        message: `there is a stack set \`${ring.stackSet}\` with ${set.permissionModel} permissions`,
        help: 'the permission model of a stack set cannot be changed: give the ring another `stackSet`',
      });
    } else if (set.tags[TAGS.rollout] !== this.rollout.name || set.tags[TAGS.ring] !== ring.name) {
      const owner = set.tags[TAGS.rollout];
      this.problems.push({
        message:
          owner === undefined
            ? `there is a stack set \`${ring.stackSet}\` already, which Stackade did not make`
            : `the stack set \`${ring.stackSet}\` belongs to the ring \`${set.tags[TAGS.ring] ?? ''}\` of the rollout \`${owner}\``,
        help: 'give the ring another `stackSet`, or delete that one if nobody needs it',
      });
    }
  }

  private noteOthers(): void {
    for (const { set, instances } of this.state.leftOver) {
      this.notes.push(
        `the stack set ${set.name} of this rollout is of no ring any more and has ${instances.length} instances: \`deploy destroy --ring ${set.tags[TAGS.ring] ?? ''}\``,
      );
    }
    for (const { set, instances } of this.state.rings.values()) {
      const broken = instances.filter(({ status }) => status === 'INOPERABLE');
      for (const { account, region, reason } of broken) {
        this.notes.push(
          `the instance of ${set.name} in ${account} ${region} is inoperable${reason === null ? '' : ` (${reason})`}: delete it with its stack retained, then the stack in the account by hand`,
        );
      }
    }
  }

  private waves(rings: readonly RingPlan[]): readonly Stage[] {
    const { waves } = this.rollout;
    const stages: Stage[] = [];
    let before: { readonly wave: Wave; readonly ring: RingPlan } | null = null;
    waves.forEach((wave, index) => {
      const ring = rings.find((each) => each.ring.name === wave.ring)!;
      const reached = ring.wave === null ? -1 : waves.indexOf(ring.wave);
      if (reached < index && this.isLeftOut(wave, index, ring)) return;
      if (reached === index) {
        const steps = this.stepsOf(ring, index, []);
        if (steps.length > 0) {
          const where = new Set(ring.unfinished.map(({ account }) => account));
          const awaits = awaitedBy(ring, where, this.before, this.tree, false);
          stages.push(this.stage(`repair ${wave.name}`, `${wave.name}: what is missing`, null, awaits, steps, wave));
        }
      } else if (reached < index) {
        const changes =
          ring.state === undefined ? [] : differences(ring.state.set, this.contents[index]!, this.template);
        const gate = before === null ? null : gateOf(before.wave, before.ring);
        const title = `wave ${index + 1} of ${waves.length}, ${wave.name}${this.modeText(wave)}`;
        // What an earlier wave makes in this plan is not there yet: this wave then changes all of it.
        const isLater = stages.some(({ key }) => this.stageRing(key) === wave.ring);
        const steps = isLater ? this.laterSteps(ring, index) : this.stepsOf(ring, index, changes);
        const awaits = awaitedBy(ring, ring.accounts, this.before, this.tree, true);
        stages.push(this.stage(`wave ${wave.name}`, title, gate, awaits, steps, wave));
      }
      before = { wave, ring };
    });
    return stages;
  }

  private stageRing(key: string): string | undefined {
    const name = /^wave (.*)$/.exec(key)?.[1];
    return this.rollout.waves.find((wave) => wave.name === name)?.ring;
  }

  private modeText(wave: Wave): string {
    const mode = modeOf(this.rollout, wave.parameters, this.template);
    return mode === null ? '' : ` (the hook: ${mode})`;
  }

  private stage(
    key: string,
    title: string,
    gate: Gate | null,
    awaits: readonly Awaited[],
    steps: readonly Step[],
    wave: Wave,
  ): Stage {
    return { key, title, gate, awaits, steps, mayStayUnfinished: wave.promotion.unfinished };
  }

  /** Whether a wave is left out because it would make the hook of its ring weaker; the last of a ring is refused. */
  private isLeftOut(wave: Wave, index: number, { ring, state }: RingPlan): boolean {
    if (state === undefined || state.instances.length === 0 || this.options.allowWeaker === true) return false;
    const now = strengthOf(this.rollout, state.set.parameters, this.template);
    const then = strengthOf(this.rollout, wave.parameters, this.template);
    if (now === null || then === null || then >= now) return false;
    const is = modeOf(this.rollout, state.set.parameters, this.template) ?? '';
    const becomes = modeOf(this.rollout, wave.parameters, this.template) ?? '';
    const comesBack = this.rollout.waves.some(
      (each, at) =>
        at > index && each.ring === ring.name && (strengthOf(this.rollout, each.parameters, this.template) ?? 0) >= now,
    );
    if (comesBack) {
      this.notes.push(
        `the wave ${wave.name} is left out: the hook of the ring ${ring.name} is ${is} already and would be ${becomes}; --allow-weaker brings it back to that first`,
      );
    } else {
      this.problems.push({
        message: `the wave \`${wave.name}\` would make the hook of the ring \`${ring.name}\` weaker: ${is} now, ${becomes} then`,
        help: 'if that is meant, say --allow-weaker',
      });
    }
    return true;
  }

  /** The steps that bring a stack set to the content of a wave, and instances to where they are missing. */
  private stepsOf(plan: RingPlan, index: number, changes: readonly string[]): readonly Step[] {
    const { ring, state } = plan;
    const content = this.contents[index]!;
    const maker = this.maker(plan);
    if (state === undefined) {
      return [{ kind: 'createStackSet', stackSet: ring.stackSet, content }, ...maker.create(this.missing(plan))];
    }
    const all = [...changes, ...settingDifferences(state.set, content)];
    const places = byPlace(state);
    const isOld = plan.unfinished.some(({ account, region }) => {
      const instance = places.get(placeKey(account, region));
      return instance?.status === 'OUTDATED' && instance.stackId !== null;
    });
    const update = all.length > 0 || isOld ? [maker.update(content, all, state.instances.length)] : [];
    return [...update, ...maker.create(this.missing(plan))];
  }

  /** The step of a wave whose ring a wave of the same plan has made or changed just before. */
  private laterSteps(plan: RingPlan, index: number): readonly Step[] {
    const { waves } = this.rollout;
    const earlier = waves.findLastIndex(({ ring }, at) => at < index && ring === plan.ring.name);
    const [was, is] = [waves[earlier]!.parameters, waves[index]!.parameters];
    const changes = [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((name) => was[name] !== is[name])
      .map((name) => `parameter ${name}`);
    const instances = Math.max(plan.state?.instances.length ?? 0, plan.accounts.size * plan.ring.regions.length);
    return [this.maker(plan).update(this.contents[index]!, changes, instances)];
  }

  private maker({ ring, state }: RingPlan): StepMaker {
    return new StepMaker(ring.stackSet, preferencesOf(this.rollout), state?.operations ?? []);
  }

  /** Units and accounts that lack an instance, or whose instance never had a stack. */
  private missing({ ring, units, accounts, state }: RingPlan): readonly UnitWork[] {
    const places = byPlace(state);
    const byAccounts = !this.rollout.autoDeployment.isEnabled;
    const registered = new Set(
      (state?.autoDeploymentTargets ?? []).flatMap(({ unit, regions }) => regions.map((region) => `${unit} ${region}`)),
    );
    const lacks = (account: string, region: string): boolean => {
      const instance = places.get(placeKey(account, region));
      return instance === undefined || (instance.status === 'OUTDATED' && instance.stackId === null);
    };
    return units.flatMap((unit): readonly UnitWork[] => {
      const members = this.tree
        .accountsBelow(unit)
        .map(({ id }) => id)
        .filter((id) => accounts.has(id));
      const whole: string[] = [];
      const bySome = new Map<string, { regions: string[]; accounts: string[] }>();
      let count = 0;
      for (const region of ring.regions) {
        const lacking = members.filter((id) => lacks(id, region));
        if (!byAccounts && !registered.has(`${unit} ${region}`)) {
          whole.push(region);
          count += lacking.length;
        } else if (lacking.length > 0) {
          const group = bySome.get(lacking.join(' '));
          if (group === undefined) bySome.set(lacking.join(' '), { regions: [region], accounts: lacking });
          else group.regions.push(region);
        }
      }
      return [
        ...(whole.length > 0 ? [{ unit, regions: whole, accounts: null, instances: count }] : []),
        ...[...bySome.values()].map((each) => ({
          unit,
          ...each,
          instances: each.accounts.length * each.regions.length,
        })),
      ];
    });
  }

  private takeAway(rings: readonly RingPlan[]): readonly { readonly stage: Stage; readonly isFirst: boolean }[] {
    return rings.flatMap((ring) => {
      const found = surplus(ring, rings, this.tree);
      this.notes.push(...found.notes);
      if (found.gap !== null && this.options.allowGap !== true) {
        this.problems.push({
          message: found.gap,
          help: '--allow-gap deletes them and makes them anew: the accounts are without their stack for a while',
        });
      }
      const steps = this.maker(ring).delete(found.work, this.rollout.autoDeployment.retainStacks);
      const { name } = ring.ring;
      const stage = {
        key: `remove ${name}`,
        title: `${name}: what is not declared any more`,
        gate: null,
        awaits: [],
        mayStayUnfinished: 0,
      };
      return steps.length === 0 ? [] : [{ stage: { ...stage, steps }, isFirst: found.gap !== null }];
    });
  }
}

/** Where the content of a stack set is not, of all places where it is wanted. */
export function unfinishedOf({ ring, accounts }: ResolvedRing, state: StackSetState | undefined): readonly Place[] {
  const places = byPlace(state);
  return [...accounts].flatMap((account) =>
    ring.regions.flatMap((region): readonly Place[] => {
      const instance = places.get(placeKey(account, region));
      if (instance !== undefined && isDone(instance)) return [];
      const why =
        instance === undefined
          ? 'there is no instance'
          : `${instance.detail ?? instance.status}${instance.reason === null ? '' : `: ${instance.reason}`}`;
      return [{ account, region, why }];
    }),
  );
}

function gateOf(wave: Wave, { ring, state, accounts, unfinished }: RingPlan): Gate {
  const ends = (state?.operations ?? []).filter(({ action }) => action === 'CREATE' || action === 'UPDATE');
  const own = ends.filter(isOwn);
  const times = (own.length > 0 ? own : ends).flatMap(({ endedAt }) => endedAt ?? []);
  return {
    wave: wave.name,
    ring: ring.name,
    promotion: wave.promotion,
    since: times.length === 0 ? null : Math.max(...times),
    unfinished,
    accounts: [...accounts],
    regions: ring.regions,
  };
}
