/**
 * Policies, compiled and indexed by action, so that a decision looks only at statements that can match the action.
 */
import { POLICY_LAYERS } from '../model.js';
import type { ApplicablePolicies, Policy, PolicyLayer } from '../model.js';
import { TRUE } from './ternary.js';
import type { Key, World } from './world.js';
import { compilePolicy } from './statement.js';
import type { ActionPattern, CompiledPolicy, CompiledStatement } from './statement.js';

/** A statement that took part in a decision. */
export interface DecidingStatement {
  readonly policyType: PolicyLayer;
  /** Of SCPs and RCPs: 0 is the root, the last is the account. */
  readonly level?: number;
  /** Position in the list of the layer, or of the level. */
  readonly policyIndex: number;
  readonly sid?: string;
  /** Position in the policy, for statements without a Sid. */
  readonly statementIndex?: number;
  readonly effect: 'Allow' | 'Deny';
}

/** A statement at its place in a set of policies. */
export interface Slot {
  readonly statement: CompiledStatement;
  readonly description: DecidingStatement;
  /** As a bit: the first of POLICY_LAYERS is 1, the next 2. */
  readonly layer: number;
  readonly level: number;
  /** Position among all statements of the layer, or of the level. */
  readonly ordinal: number;
}

/** The order of the statements of a set. */
export function compareSlots(left: Slot, right: Slot): number {
  return left.layer - right.layer || left.level - right.level || left.ordinal - right.ordinal;
}

const byPolicy = new WeakMap<Policy, CompiledPolicy>();
const byContent = new Map<string, CompiledPolicy>();
const MOST_BY_CONTENT = 2_048;

/** Equal documents are compiled once, as long as not too many different ones come between. */
function compiled(policy: Policy): CompiledPolicy {
  const known = byPolicy.get(policy);
  if (known !== undefined) return known;
  const content = JSON.stringify(policy);
  let result = byContent.get(content);
  if (result === undefined) {
    result = compilePolicy(policy);
    if (byContent.size >= MOST_BY_CONTENT) byContent.clear();
    byContent.set(content, result);
  }
  byPolicy.set(policy, result);
  return result;
}

/** Statements of one group that differ in nothing that decides whether they apply. */
export interface Candidate {
  /** As a bit. */
  readonly layer: number;
  readonly isAllow: boolean;
  readonly formsOf: CompiledStatement['formsOf'];
  readonly matches: CompiledStatement['matches'];
  readonly slots: Slot[];
}

/**
 * Candidates that hang on the value of one key and on nothing else, as the many denies of SCPs by Region or by principal
 * do: which of them apply is looked up by the value, once it was seen.
 */
export class Bunch {
  constructor(
    readonly key: Key,
    readonly candidates: readonly Candidate[],
    /** By value, the positions of those that apply; shared with the bunches of other actions. */
    private readonly byValue: Map<string, readonly number[]>,
  ) {}

  /** Positions of those that apply to a request in which the key has this one value. */
  matching(value: string, world: World): readonly number[] {
    let found = this.byValue.get(value);
    if (found === undefined) {
      const positions: number[] = [];
      for (const [position, { matches }] of this.candidates.entries()) {
        if (matches?.(world) === TRUE) positions.push(position);
      }
      found = positions;
      if (this.byValue.size >= MOST_VALUES) this.byValue.clear();
      this.byValue.set(value, found);
    }
    return found;
  }
}

const MOST_VALUES = 512;
const FEWEST_BUNCHED = 3;

/** Statements of a group whose action element matches an action. */
export interface Candidates {
  readonly single: Candidate[];
  readonly bunches: Bunch[];
}

const MOST_ACTIONS = 4_096;

/**
 * Policies of which any may allow: those of a layer, or of one level of the SCPs or RCPs. Sets with the same policies at
 * the same place share the group and what it has found out, so that many sets that differ a little stay small.
 */
class Group {
  /** Few of the actions have statements of their own; all others share what stands here under the same statements. */
  private readonly byStatements = new Map<string, Candidates>();
  private readonly byAction = new Map<string, Candidates>();
  private readonly byBunch = new Map<string, Map<string, readonly number[]>>();
  private readonly slots: readonly Slot[];
  private index: ActionIndex | undefined;

  /** @param level - Left out where there are none. */
  constructor(
    readonly layer: number,
    policyType: PolicyLayer,
    level: number | undefined,
    policies: readonly CompiledPolicy[],
  ) {
    const slots: Slot[] = [];
    for (const [policyIndex, { statements }] of policies.entries()) {
      for (const [statementIndex, statement] of statements.entries()) {
        const description: DecidingStatement = {
          policyType,
          ...(level === undefined ? {} : { level }),
          policyIndex,
          ...(statement.sid === undefined ? { statementIndex } : { sid: statement.sid }),
          effect: statement.isAllow ? 'Allow' : 'Deny',
        };
        const ordinal = slots.length;
        slots.push({ statement, description: Object.freeze(description), layer, level: level ?? 0, ordinal });
      }
    }
    this.slots = slots;
  }

  /** @param action - In lower case. */
  candidates(action: string): Candidates {
    const known = this.byAction.get(action);
    if (known !== undefined) return known;
    this.index ??= new ActionIndex(this.slots);
    const slots = this.index.find(action);
    const statements = slots.map(({ ordinal }) => ordinal).join(' ');
    if (this.byAction.size >= MOST_ACTIONS) {
      this.byAction.clear();
      this.byStatements.clear();
      this.byBunch.clear();
    }
    let candidates = this.byStatements.get(statements);
    if (candidates === undefined) {
      candidates = this.merged(slots);
      this.byStatements.set(statements, candidates);
    }
    this.byAction.set(action, candidates);
    return candidates;
  }

  private merged(slots: readonly Slot[]): Candidates {
    const found: Candidate[] = [];
    const keys = new Map<Candidate, Key>();
    for (const slot of slots) {
      const { isAllow, formsOf, matches, onlyKey } = slot.statement;
      const same = found.find(
        (each) => each.isAllow === isAllow && each.formsOf === formsOf && each.matches === matches,
      );
      if (same !== undefined) {
        same.slots.push(slot);
        continue;
      }
      const candidate: Candidate = { layer: slot.layer, isAllow, formsOf, matches, slots: [slot] };
      found.push(candidate);
      if (onlyKey !== undefined && formsOf === undefined && slot.description.policyType !== 'resource') {
        keys.set(candidate, onlyKey);
      }
    }
    return this.bunched(found, keys);
  }

  /** Puts candidates that hang on the same key together. */
  private bunched(found: readonly Candidate[], keys: ReadonlyMap<Candidate, Key>): Candidates {
    const byKey = new Map<Key['id'], { readonly key: Key; readonly candidates: Candidate[] }>();
    const single: Candidate[] = [];
    for (const candidate of found) {
      const key = keys.get(candidate);
      const bunch = key && byKey.get(key.id);
      if (key === undefined) single.push(candidate);
      else if (bunch === undefined) byKey.set(key.id, { key, candidates: [candidate] });
      else bunch.candidates.push(candidate);
    }
    const bunches: Bunch[] = [];
    for (const { key, candidates } of byKey.values()) {
      if (candidates.length < FEWEST_BUNCHED) {
        single.push(...candidates);
        continue;
      }
      // Most actions of a group have the same statements in such a bunch, and then they share what was found out.
      const content = candidates.map(({ slots }) => slots[0]!.ordinal).join(' ');
      let byValue = this.byBunch.get(content);
      if (byValue === undefined) {
        byValue = new Map();
        this.byBunch.set(content, byValue);
      }
      bunches.push(new Bunch(key, candidates, byValue));
    }
    return { single, bunches };
  }
}

const groupsByContent = new Map<string, Group>();
const MOST_GROUPS = 2_048;

/** The group of some policies at a place; the same object for equal documents, as long as there are not too many. */
function groupOf(name: PolicyLayer, layer: number, list: readonly Policy[], level?: number): Group {
  const policies = list.map(compiled);
  const content = `${layer} ${level ?? ''} ${policies.map(({ id }) => id).join(' ')}`;
  let group = groupsByContent.get(content);
  if (group === undefined) {
    group = new Group(layer, name, level, policies);
    if (groupsByContent.size >= MOST_GROUPS) groupsByContent.clear();
    groupsByContent.set(content, group);
  }
  return group;
}

/** A set of policies ready to decide requests. */
export class CompiledSet {
  /** The layer of each group, as a bit. */
  readonly layers: readonly number[];
  /** The layers that have policies, if only an empty list, as bits. */
  readonly present: number;
  private readonly groups: readonly Group[];
  private readonly byAction = new Map<string, readonly Candidates[]>();

  constructor(policies: ApplicablePolicies) {
    const groups: Group[] = [];
    let present = 0;
    const { scps, rcps, resource, identity, boundary, session, vpcEndpoint } = policies;
    const lists: Readonly<Record<PolicyLayer, readonly (readonly Policy[])[] | null>> = {
      scp: scps,
      rcp: rcps,
      resource: resource && [[resource]],
      identity: [identity],
      boundary: boundary && [boundary],
      session: session && [session],
      vpcEndpoint: vpcEndpoint && [[vpcEndpoint]],
    };
    for (const [index, name] of POLICY_LAYERS.entries()) {
      if (lists[name] === null) continue;
      const layer = 1 << index;
      present |= layer;
      const hasLevels = name === 'scp' || name === 'rcp';
      for (const [level, list] of lists[name].entries()) {
        groups.push(groupOf(name, layer, list, hasLevels ? level : undefined));
      }
    }
    this.groups = groups;
    this.layers = groups.map(({ layer }) => layer);
    this.present = present;
  }

  /**
   * Statements whose action element matches an action, by group.
   *
   * @param action - In lower case.
   */
  candidates(action: string): readonly Candidates[] {
    let candidates = this.byAction.get(action);
    if (candidates === undefined) {
      candidates = this.groups.map((group) => group.candidates(action));
      if (this.byAction.size >= MOST_ACTIONS) this.byAction.clear();
      this.byAction.set(action, candidates);
    }
    return candidates;
  }
}

/** Finds the statements whose action element matches an action. */
class ActionIndex {
  private readonly literal = new Map<string, Slot[]>();
  private readonly byService = new Map<string, (readonly [Slot, ActionPattern])[]>();
  /** Statements that may match actions of any service. */
  private readonly others: Slot[] = [];

  constructor(slots: readonly Slot[]) {
    for (const slot of slots) {
      const { isNotAction, actions } = slot.statement;
      if (isNotAction || actions.patterns.some(({ service }) => service === undefined)) {
        this.others.push(slot);
        continue;
      }
      for (const pattern of actions.patterns) {
        if (pattern.literal !== undefined) push(this.literal, pattern.literal, slot);
        else push(this.byService, pattern.service!, [slot, pattern] as const);
      }
    }
  }

  /** In the order of the set, each once. */
  find(action: string): readonly Slot[] {
    const found = new Set(this.literal.get(action));
    const colon = action.indexOf(':');
    for (const [slot, { glob }] of this.byService.get(action.slice(0, colon)) ?? []) {
      if (glob.matches(action)) found.add(slot);
    }
    for (const slot of this.others) {
      const { actions, isNotAction } = slot.statement;
      if (actions.lists(action) !== isNotAction) found.add(slot);
    }
    return [...found].sort((left, right) => left.ordinal - right.ordinal);
  }
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
