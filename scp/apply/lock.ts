/**
 * The lock of a set: a service control policy of a fixed name that is attached nowhere. AWS Organizations makes only one
 * policy of a name and type (`DuplicatePolicyException`,
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html), so that of many runs one gets
 * it, on whatever machines they are. Its description tells who holds it and when the holder last gave a sign of life.
 *
 * A lock that is taken over is deleted and made anew with another id. By that the one who held it learns of it before
 * its next call, if it lives after all.
 */
import { API_POLICY_TYPES } from '../../organization/index.js';
import type { AwsPolicy, OrganizationsReader, OrganizationsWriter } from '../../organization/index.js';
import { BUSY_ERRORS } from './model.js';
import type { PolicyState } from './model.js';

/** The tag that says of which set a policy is the lock. */
export const LOCK_TAG = 'stackade:lock';

/** Seconds after the last sign of life at which a holder counts as dead. */
export const LOCK_LEASE = 600;

/** Seconds after which a holder gives the next sign of life. */
const RENEWAL = 30;

/** Looks at a lock that cannot be made and cannot be seen: lists follow changes with a delay. */
const UNSEEN_LOOKS = 5;

/** Looks at a lock that is gone. */
const LOST_LOOKS = 3;

/** Most seconds between two looks of a run that waits. */
const WAIT = 5;

/** A run that holds a lock, or wants to. None of the texts has white space. */
export interface LockHolder {
  /** Unlike that of any other run. */
  readonly run: string;
  /** For people, such as `alice@ci-7`. */
  readonly who: string;
  /** What the machine is known by. */
  readonly machine: string;
  /** Number of the process there. */
  readonly pid: number;
}

/** A lock as AWS Organizations has it. */
export interface SeenLock {
  readonly policyId: string;
  /** `null` when its description is not one of a lock. */
  readonly held: {
    readonly by: LockHolder;
    /** Milliseconds since 1970, by the clock of the holder. */
    readonly since: number;
    readonly alive: number;
  } | null;
}

/** What is asked of AWS Organizations for a lock. */
export type LockOperations = Pick<OrganizationsReader, 'listPolicies' | 'describePolicy'> &
  Pick<OrganizationsWriter, 'createPolicy' | 'updatePolicy' | 'deletePolicy' | 'listTagsForResource'>;

export interface LockSurroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; less long when the signal comes. What it throws ends whatever is under way. */
  readonly wait: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** Whether a holder is known to have ended, because it was a process of this machine. */
  readonly isDead: (holder: LockHolder) => boolean;
}

export interface LockOptions extends LockSurroundings {
  /** Seconds to wait for a lock that somebody else holds. */
  readonly patience: number;
  /** Take the lock that is found first from whoever holds it. */
  readonly takeOver: boolean;
  /** Told of a lock that is taken over, and why; and once of one that is waited for. */
  readonly tell: (what: 'waits' | 'dead' | 'silent' | 'told', lock: SeenLock) => void;
}

/** Somebody else holds the lock. */
export class LockedError extends Error {
  constructor(
    readonly set: string,
    /** `null` when the lock cannot be seen, although AWS Organizations says that it is there. */
    readonly lock: SeenLock | null,
  ) {
    super(`the set \`${set}\` is locked`);
  }
}

/** A policy has the name of the lock and was not made by Stackade. */
export class ForeignLockError extends Error {
  constructor(
    readonly policyId: string,
    readonly policyName: string,
  ) {
    super(`the policy \`${policyName}\` (${policyId}) is no lock of Stackade`);
  }
}

/** The lock was taken over by somebody else. */
export class LockLostError extends Error {
  override readonly name = 'lock lost';

  constructor(set: string) {
    super(`another run has taken the lock of the set \`${set}\` over; no further call is made`);
  }
}

/** The name of the lock of a set. */
export function lockName(set: string): string {
  return `stackade-lock-${set}`;
}

const TYPE = API_POLICY_TYPES.scp;

/** Denies nothing wherever somebody attaches it: the time that it asks for is over. */
const CONTENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'LockOfStackade',
      Effect: 'Deny',
      Action: 'organizations:LeaveOrganization',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': '2000-01-01T00:00:00Z' } },
    },
  ],
});

function descriptionOf(set: string, { run, who, machine, pid }: LockHolder, since: number, alive: number): string {
  const times = `since ${new Date(since).toISOString()}, alive ${new Date(alive).toISOString()}`;
  return `A run of Stackade changes the set ${set}; do not attach. Run ${run} of ${who}, machine ${machine}, process ${pid}, ${times}`;
}

const DESCRIPTION =
  / Run (?<run>\S+) of (?<who>\S+), machine (?<machine>\S+), process (?<pid>\d+), since (?<since>\S+), alive (?<alive>\S+)$/;

/** Reads the description of a lock. */
function heldBy(description: string): SeenLock['held'] {
  const groups = DESCRIPTION.exec(description)?.groups;
  if (groups === undefined) return null;
  const { run, who, machine, pid, since, alive } = groups as Readonly<Record<string, string>>;
  const times = [since!, alive!].map((time) => Date.parse(time));
  if (times.some(Number.isNaN)) return null;
  const by = { run: run!, who: who!, machine: machine!, pid: Number(pid) };
  return { by, since: times[0]!, alive: times[1]! };
}

/** A lock that is held. */
export class SetLock {
  private alive: number;

  private constructor(
    private readonly operations: LockOperations,
    private readonly set: string,
    private readonly holder: LockHolder,
    private readonly around: LockSurroundings,
    private readonly policyId: string,
    private readonly since: number,
  ) {
    this.alive = since;
  }

  /**
   * Takes the lock of a set, at once or as soon as its holder gives it back or is dead.
   *
   * @throws LockedError when somebody else holds it, ForeignLockError, and what the operations and `wait` throw.
   */
  static async take(
    operations: LockOperations,
    set: string,
    holder: LockHolder,
    options: LockOptions,
  ): Promise<SetLock> {
    const { now, patience } = options;
    const end = now() + patience * 1000;
    let first: string | undefined;
    let waits = 0;
    for (let unseen = 0; ;) {
      const since = now();
      const made = await make(operations, set, holder, since, options);
      if (made !== null) return new SetLock(operations, set, holder, options, made, since);
      const seen = await seenLock(operations, set);
      if (seen === null) {
        unseen += 1;
        if (unseen >= UNSEEN_LOOKS) throw new LockedError(set, null);
        await options.wait(1);
        continue;
      }
      // The answer to the call that made it got lost.
      if (seen.held?.by.run === holder.run) {
        return new SetLock(operations, set, holder, options, seen.policyId, seen.held.since);
      }
      first ??= seen.policyId;
      const why = reasonToTake(seen, first, options);
      if (why !== null) {
        options.tell(why, seen);
        await remove(operations, seen.policyId, options);
        continue;
      }
      if (now() >= end) throw new LockedError(set, seen);
      if (waits === 0) options.tell('waits', seen);
      await options.wait(Math.min(WAIT, 2 ** waits, Math.max(1, (end - now()) / 1000)));
      waits += 1;
    }
  }

  /**
   * Called before whatever the lock guards: sees that it is still held, and now and then gives a sign of life.
   *
   * @throws LockLostError when somebody else has taken it over.
   */
  async keep(): Promise<void> {
    const now = this.around.now();
    for (let looks = 1; ; looks += 1) {
      try {
        await this.look(now);
        return;
      } catch (error) {
        if (nameOf(error) !== 'PolicyNotFoundException') throw error;
        // What was made a moment ago may not be seen everywhere.
        if (looks >= LOST_LOOKS) throw new LockLostError(this.set);
      }
      await this.around.wait(1);
    }
  }

  private async look(now: number): Promise<void> {
    // A clock that was set back must not silence the holder.
    if (Math.abs(now - this.alive) < RENEWAL * 1000) {
      await this.operations.describePolicy(this.policyId);
      return;
    }
    const description = descriptionOf(this.set, this.holder, this.since, now);
    await whileBusy(
      () => this.operations.updatePolicy(this.policyId, { description, content: CONTENT }),
      this.around.wait,
    );
    this.alive = now;
  }

  /** Waits, and gives signs of life meanwhile. */
  async wait(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= RENEWAL) {
      await this.around.wait(Math.min(left, RENEWAL));
      await this.keep();
    }
  }

  /** Does something that takes its time, and gives signs of life meanwhile. @throws what it throws, or LockLostError. */
  async during<T>(work: Promise<T>): Promise<T> {
    const end = new AbortController();
    const over = work.then(
      () => {
        end.abort();
      },
      () => {
        end.abort();
      },
    );
    let failure: unknown;
    const isOver = (): boolean => end.signal.aborted;
    while (!isOver()) {
      try {
        await this.around.wait(RENEWAL, end.signal);
        if (!isOver()) await this.keep();
      } catch (error) {
        failure = error;
        await over;
      }
    }
    const result = await work;
    if (failure !== undefined) throw failure as Error;
    return result;
  }

  /** Gives it back. @throws what AWS Organizations refuses; that the lock is gone is no fault. */
  async release(): Promise<void> {
    await remove(this.operations, this.policyId, this.around);
  }
}

/** @returns The id of the lock; `null` when there is one already. */
async function make(
  operations: LockOperations,
  set: string,
  holder: LockHolder,
  now: number,
  { wait }: Pick<LockSurroundings, 'wait'>,
): Promise<string | null> {
  const description = descriptionOf(set, holder, now, now);
  const policy = { name: lockName(set), type: TYPE, description, content: CONTENT, tags: { [LOCK_TAG]: set } };
  try {
    return await whileBusy(() => operations.createPolicy(policy), wait);
  } catch (error) {
    if (nameOf(error) === 'DuplicatePolicyException') return null;
    throw error;
  }
}

/** @returns `null` when there is none. @throws ForeignLockError when a policy of that name is no lock. */
async function seenLock(operations: LockOperations, set: string): Promise<SeenLock | null> {
  const name = lockName(set);
  const found = (await operations.listPolicies(TYPE)).find((policy) => policy.name === name);
  if (found === undefined) return null;
  try {
    const tags = await operations.listTagsForResource(found.id);
    if (tags[LOCK_TAG] !== set) throw new ForeignLockError(found.id, name);
  } catch (error) {
    if (/^(?:TargetNotFound|PolicyNotFound)Exception$/.test(nameOf(error))) return null;
    throw error;
  }
  return { policyId: found.id, held: heldBy(found.description ?? '') };
}

function reasonToTake(
  { policyId, held }: SeenLock,
  first: string,
  { now, isDead, takeOver }: LockOptions,
): 'dead' | 'silent' | 'told' | null {
  if (held !== null && isDead(held.by)) return 'dead';
  if (held !== null && now() - held.alive > LOCK_LEASE * 1000) return 'silent';
  // One that somebody takes after that is of a run that nobody spoke of.
  return takeOver && policyId === first ? 'told' : null;
}

async function remove(
  operations: LockOperations,
  policyId: string,
  { wait }: Pick<LockSurroundings, 'wait'>,
): Promise<void> {
  try {
    await whileBusy(() => operations.deletePolicy(policyId), wait);
  } catch (error) {
    if (nameOf(error) !== 'PolicyNotFoundException') throw error;
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

async function whileBusy<T>(call: () => Promise<T>, wait: (seconds: number) => Promise<void>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!BUSY_ERRORS.includes(nameOf(error)) || tries >= 6) throw error;
      await wait(2 ** (tries - 1));
    }
  }
}

/** Whether two states of an organization differ in nothing but locks. */
export function sameBesideLocks(one: PolicyState, other: PolicyState): boolean {
  const [a, b] = [one, other].map((state) => JSON.stringify(withoutLocks(state)));
  return a === b;
}

function withoutLocks(state: PolicyState): PolicyState {
  const isLock = ({ id, name }: AwsPolicy): boolean => {
    const set = Object.hasOwn(state.tags, id) ? state.tags[id]![LOCK_TAG] : undefined;
    return set !== undefined && name === lockName(set);
  };
  const locks = new Set(state.policies.filter(isLock).map(({ id }) => id));
  return {
    ...state,
    policies: state.policies.filter(({ id }) => !locks.has(id)),
    tags: Object.fromEntries(Object.entries(state.tags).filter(([id]) => !locks.has(id))),
  };
}
