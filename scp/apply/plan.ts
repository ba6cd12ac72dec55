/**
 * From the policies that there are to those that shall be. Pure: states in, steps out.
 *
 * Two rules give the order. A guard is in force before the one that it replaces goes: all that adds comes before all that
 * takes away, and a policy whose statements may be on their way to another one has both texts in between. And each state
 * on the way is a state to plan from: a plan that was interrupted is gone on with by planning again.
 */
import {
  API_POLICY_TYPES,
  isSettingType,
  MANAGED_POLICIES,
  MANAGED_POLICY_IDS,
  POLICY_TYPE_QUOTAS,
} from '../../organization/index.js';
import type { AwsPolicy, OrganizationPolicyType } from '../../organization/index.js';
import type { ComposedDocument } from '../compose/index.js';
import { contentChange, holderName, sameContent } from './content.js';
import { refusal, touchedBy } from './guards.js';
import type { ApplyPlan, ApplyProblem, ApplyStep, PolicyState, Stage, StepPolicy, WantedPolicies } from './model.js';
import { ownAccessProblem, type Caller } from './own-access.js';
import { simulate } from './simulate.js';
import { isOwn, policiesAt, policyKeyOf, targetsOfPolicy, typeOf } from './state.js';
import { StateTree } from './tree.js';
import { wantedProblems } from './wanted.js';
import { defaultWaves, namedWaves, waveOf, type Wave } from './waves.js';

export interface PlanOptions {
  /** Name of the set, see `OWNER_TAG`. */
  readonly set: string;
  /** Ids of targets by wave; those below them go with them. `@default` see `defaultWaves`. */
  readonly waves?: readonly (readonly string[])[];
  /** Who will make the calls. Left out: nobody looks whether the calls are still allowed after a step. */
  readonly caller?: Caller;
  /** Goes on although for a moment neither the old nor the new guard is in force, where there is no room for both. */
  readonly allowGap?: boolean;
  /** Attaches `FullAWSAccess` where it is wanted and missing, to undo; else that is only told. */
  readonly restoreFullAwsAccess?: boolean;
}

/** Plans one set of policies. The plan of a state that is as wanted has no stages. */
export function planPolicies(state: PolicyState, wanted: WantedPolicies, options: PlanOptions): ApplyPlan {
  return new Planner(state, wanted, options).plan();
}

/** A document that is there and has another text. */
interface Update {
  readonly document: ComposedDocument;
  readonly policy: AwsPolicy;
  readonly targets: readonly string[];
  readonly adds: boolean;
  readonly loses: boolean;
  readonly union: string | null;
}

interface Place {
  readonly policy: StepPolicy;
  readonly target: string;
}

class Planner {
  private readonly tree: StateTree;
  private readonly problems: ApplyProblem[] = [];
  private readonly notes: string[] = [];
  private readonly waves: readonly Wave[];
  /** Calls before anything changes anywhere; by wave those that add and those that take away; those that tidy up. */
  private readonly prepare: ApplyStep[] = [];
  private readonly adding: ApplyStep[][];
  private readonly removing: ApplyStep[][];
  private readonly tidying: ApplyStep[] = [];
  /** How many policies of a type are attached at a target when all is added and nothing taken away. */
  private readonly most = new Map<string, number>();

  constructor(
    private state: PolicyState,
    private readonly wanted: WantedPolicies,
    private readonly options: PlanOptions,
  ) {
    this.tree = new StateTree(state);
    const { waves } = options;
    const rootId = state.root.id;
    this.waves = waves === undefined ? defaultWaves(this.tree, rootId) : namedWaves(this.tree, rootId, waves);
    this.adding = this.waves.map(() => []);
    this.removing = this.waves.map(() => []);
  }

  plan(): ApplyPlan {
    const { set } = this.options;
    const start = this.state;
    this.problems.push(...wantedProblems(start, this.wanted, set, this.tree));
    if (this.problems.length > 0) return this.result(start, []);
    this.enableTypes();
    this.steps();
    const stages = this.stages();
    const after = this.rehearse(start, stages);
    return this.result(after, stages);
  }

  private enableTypes(): void {
    const used = new Set(this.wanted.attachments.filter((each) => each.documents.length > 0).map(({ type }) => type));
    for (const type of used) {
      if (this.state.root.enabledPolicyTypes.includes(API_POLICY_TYPES[type])) continue;
      const step: ApplyStep = { kind: 'enablePolicyType', rootId: this.state.root.id, type };
      this.prepare.push(step);
      // What AWS attaches by itself has to be planned with.
      this.state = simulate(this.state, step, this.options.set);
    }
  }

  private steps(): void {
    const { state, wanted } = this;
    const { set } = this.options;
    const own = new Map(
      state.policies
        .filter((policy) => isOwn(state, policy, set))
        .map((policy) => [policyKeyOf(typeOf(policy)!, policy.name), policy]),
    );
    for (const { targetId, policyId } of state.attachments) {
      const policy = state.policies.find(({ id }) => id === policyId);
      const type = policy === undefined ? undefined : typeOf(policy);
      if (type !== undefined) this.count(targetId, type, 1);
    }
    const updates: Update[] = [];
    for (const document of wanted.documents) {
      const policy = own.get(policyKeyOf(document.type, document.name));
      if (policy === undefined) this.prepare.push({ kind: 'createPolicy', document });
      else if (!sameContent(policy.content ?? '', document.content)) {
        const change = contentChange(document.type, policy.content ?? '', document.content);
        updates.push({ document, policy, targets: targetsOfPolicy(state, policy.id), ...change });
      }
    }
    const attach: Place[] = [];
    const keep = new Set<string>();
    for (const { targetId, type, documents } of wanted.attachments) {
      for (const name of documents) {
        const id = own.get(policyKeyOf(type, name))?.id ?? null;
        if (id !== null) keep.add(`${id} ${targetId}`);
        const isThere = state.attachments.some((each) => each.policyId === id && each.targetId === targetId);
        if (!isThere) attach.push({ policy: { type, name, id }, target: targetId });
      }
    }
    const detach = [...own.values()].flatMap((policy) =>
      targetsOfPolicy(state, policy.id)
        .filter((target) => !keep.has(`${policy.id} ${target}`))
        .map((target) => ({ policy: named(policy), target })),
    );
    for (const { policy, target } of attach) this.count(target, policy.type, 1);
    const early = this.makeRoom(attach, detach);
    this.update(updates, attach);
    for (const { policy, target } of attach) {
      this.at(this.adding, target).push({ kind: 'attachPolicy', policy, target: this.tree.target(target) });
    }
    this.fullAccess();
    for (const place of detach) {
      const step: ApplyStep = { kind: 'detachPolicy', policy: place.policy, target: this.tree.target(place.target) };
      if (early.has(place)) this.at(this.adding, place.target).unshift(step);
      else this.at(this.removing, place.target).push(step);
    }
    const wantedKeys = new Set(wanted.documents.map(({ type, name }) => policyKeyOf(type, name)));
    for (const [key, policy] of own) {
      if (!wantedKeys.has(key)) this.tidying.push({ kind: 'deletePolicy', policy: named(policy) });
    }
  }

  private count(target: string, type: OrganizationPolicyType, by: number): void {
    const key = `${type} ${target}`;
    this.most.set(key, (this.most.get(key) ?? 0) + by);
  }

  private room(target: string, type: OrganizationPolicyType): number {
    return POLICY_TYPE_QUOTAS[type].perTarget - (this.most.get(`${type} ${target}`) ?? 0);
  }

  private at(steps: readonly ApplyStep[][], target: string): ApplyStep[] {
    return steps[waveOf(this.waves, this.tree, this.state.root.id, target)]!;
  }

  /** Where new and old policies have no room beside each other: those of the old that have to go first. */
  private makeRoom(attach: readonly Place[], detach: readonly Place[]): ReadonlySet<Place> {
    const early = new Set<Place>();
    for (const { policy, target } of attach) {
      const { type } = policy;
      if (this.room(target, type) >= 0) continue;
      const place = detach.find((each) => each.target === target && each.policy.type === type && !early.has(each));
      // Too many even at the end: the rehearsal tells it.
      if (place === undefined) continue;
      early.add(place);
      this.count(target, type, -1);
      this.gap(
        target,
        `\`${place.policy.name}\` has to be detached from \`${this.tree.target(target).shown}\` before what replaces it is attached, because all places there are taken`,
      );
    }
    return early;
  }

  private gap(target: string, message: string): void {
    if (this.options.allowGap === true) {
      this.notes.push(`${message}; in between neither is in force`);
      return;
    }
    const help = 'free a place there, or accept with --allow-gap that in between neither is in force';
    this.problems.push({ kind: 'gap', of: this.tree.target(target).shown, message, help });
  }

  private update(updates: readonly Update[], attach: readonly Place[]): void {
    const additions = [
      ...attach.map(({ policy, target }) => ({ key: policyKeyOf(policy.type, policy.name), target })),
      ...updates
        .filter(({ adds }) => adds)
        .flatMap(({ document, targets }) =>
          targets.map((target) => ({ key: policyKeyOf(document.type, document.name), target })),
        ),
    ];
    for (const update of updates) {
      const { document, policy, targets, adds, loses } = update;
      const { description, content } = document;
      const step = (part: 'replace' | 'add' | 'remove', text: string): ApplyStep => ({
        kind: 'updatePolicy',
        policy: named(policy),
        part,
        description,
        content: text,
      });
      const first = this.firstWave(targets);
      if (first === undefined) {
        this.prepare.push(step('replace', content));
        continue;
      }
      if (targets.some((target) => waveOf(this.waves, this.tree, this.state.root.id, target) !== first)) {
        this.notes.push(
          `\`${policy.name}\` is attached in several waves; its new text is in force at all of its targets as soon as the first of them is reached`,
        );
      }
      const own = policyKeyOf(document.type, document.name);
      const mayMove = additions.some(
        (each) => each.key !== own && targets.some((target) => this.tree.related(target, each.target)),
      );
      if (loses && !adds) this.removing[first]!.push(step('remove', content));
      else if (!loses || !mayMove || update.union === null) this.adding[first]!.push(step('replace', content));
      else if (update.union.length <= POLICY_TYPE_QUOTAS[document.type].documentCharacters) {
        this.adding[first]!.push(step('add', update.union));
        this.removing[first]!.push(step('remove', content));
      } else this.hold(update, first, step('replace', content));
    }
  }

  private firstWave(targets: readonly string[]): number | undefined {
    const waves = targets.map((target) => waveOf(this.waves, this.tree, this.state.root.id, target));
    return waves.length === 0 ? undefined : Math.min(...waves);
  }

  /** Has another policy hold the old text until all that is new is in force, where one has no room for both texts. */
  private hold({ document, policy, targets }: Update, wave: number, replace: ApplyStep): void {
    const { type } = document;
    const { state } = this;
    const content = policy.content ?? '';
    const name = holderName(policy.name, content);
    const there = state.policies.find((each) => isOwn(state, each, this.options.set) && each.name === name);
    const missing = targets.filter(
      (target) => there === undefined || !targetsOfPolicy(state, there.id).includes(target),
    );
    const full = missing.find((target) => this.room(target, type) <= 0);
    if (full !== undefined) {
      this.gap(
        full,
        `the statements of \`${policy.name}\` at \`${this.tree.target(full).shown}\` may move to another policy, there is no place for one that holds them meanwhile, and old and new text together are too long for one policy`,
      );
      this.adding[wave]!.push(replace);
      return;
    }
    const holder: StepPolicy = { type, name, id: there?.id ?? null };
    if (there === undefined) {
      const description = `Holds statements of ${policy.name} while others take their place`;
      this.prepare.push({ kind: 'createPolicy', document: { name, type, description, content } });
      this.tidying.push({ kind: 'deletePolicy', policy: holder });
    }
    const held = missing.map((target): ApplyStep => {
      this.count(target, type, 1);
      return { kind: 'attachPolicy', policy: holder, target: this.tree.target(target) };
    });
    this.adding[wave]!.unshift(...held);
    this.adding[wave]!.push(replace);
    for (const target of missing) {
      this.at(this.removing, target).push({ kind: 'detachPolicy', policy: holder, target: this.tree.target(target) });
    }
  }

  /** `FullAWSAccess` goes where the description says so; it does not come back by itself, since that widens. */
  private fullAccess(): void {
    const id = MANAGED_POLICY_IDS.scp;
    const policy: StepPolicy = { type: 'scp', name: MANAGED_POLICIES.scp, id };
    if (!this.state.root.enabledPolicyTypes.includes(API_POLICY_TYPES.scp)) return;
    for (const { targetId, type, fullAwsAccess } of this.wanted.attachments) {
      if (type !== 'scp' || fullAwsAccess === undefined) continue;
      const isThere = policiesAt(this.state, targetId, 'scp').some((each) => each.id === id);
      if (isThere === fullAwsAccess) continue;
      const target = this.tree.target(targetId);
      if (!fullAwsAccess) this.at(this.removing, targetId).push({ kind: 'detachPolicy', policy, target });
      else if (this.options.restoreFullAwsAccess === true) {
        this.at(this.adding, targetId).unshift({ kind: 'attachPolicy', policy, target });
      } else {
        this.notes.push(
          `FullAWSAccess is not attached at \`${target.shown}\`, although the description does not say \`fullAwsAccess: false\`; it is not attached here, because that would allow more`,
        );
      }
    }
  }

  private stages(): readonly Stage[] {
    const inWaves = (all: readonly ApplyStep[][], what: string): readonly Stage[] => {
      const used = all.map((steps, index) => ({ steps, wave: this.waves[index]! })).filter(({ steps }) => steps.length);
      return used.map(({ steps, wave }, index) => ({
        title: `${what}, wave ${index + 1} of ${used.length}: ${wave.title}`,
        steps,
      }));
    };
    return [
      { title: 'prepare', steps: this.prepare },
      ...inWaves(this.adding, 'put in force'),
      ...inWaves(this.removing, 'take out of force'),
      { title: 'delete', steps: this.tidying },
    ].filter(({ steps }) => steps.length > 0);
  }

  /** Goes through the steps and looks at each state on the way. */
  private rehearse(start: PolicyState, stages: readonly Stage[]): PolicyState {
    const { set, caller } = this.options;
    let state = start;
    for (const step of stages.flatMap(({ steps }) => steps)) {
      const next = simulate(state, step, set);
      const problem =
        refusal(state, next, step, set, this.tree) ??
        (caller === undefined ? null : ownAccessProblem(state, next, step, caller, set, this.tree));
      if (problem !== null) this.problems.push(problem);
      state = next;
    }
    return state;
  }

  private result(after: PolicyState, stages: readonly Stage[]): ApplyPlan {
    const { set } = this.options;
    const isRefused = this.problems.length > 0;
    const accounts = new Set<string>();
    const places = new Map<string, readonly [OrganizationPolicyType, string]>();
    let state = this.state;
    if (!isRefused) {
      for (const step of stages.flatMap((stage) => stage.steps)) {
        const touched = touchedBy(state, step, set);
        for (const target of touched?.targets ?? []) {
          places.set(`${touched!.type} ${target}`, [touched!.type, target]);
          for (const account of this.tree.accountsBelow(target)) {
            if (reaches(state, account, touched!.type)) accounts.add(account);
          }
        }
        if (step.kind !== 'enablePolicyType') state = simulate(state, step, set);
      }
    }
    return {
      set,
      organizationId: after.organization.id,
      stages: isRefused ? [] : stages,
      problems: this.problems,
      notes: this.notes,
      accounts: [...accounts],
      use: [...places.values()].map(([type, target]) => ({
        target: this.tree.target(target),
        type,
        attached: policiesAt(after, target, type).length,
        limit: POLICY_TYPE_QUOTAS[type].perTarget,
      })),
      after,
    };
  }
}

/** SCPs and RCPs do not restrain the management account. */
function reaches(state: PolicyState, account: string, type: OrganizationPolicyType): boolean {
  return account !== state.organization.managementAccountId || isSettingType(type);
}

function named(policy: AwsPolicy): StepPolicy {
  return { type: typeOf(policy)!, name: policy.name, id: policy.id };
}
