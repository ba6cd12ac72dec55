/**
 * The backtracking matcher for look-around, back-references, atomic groups and conditionals, with the step limit of
 * `fancy_regex` 0.13: a search that backtracks more often is an evaluation error there, and here.
 */
import { holds } from './assertions.js';
import { codePointBefore, width } from './chars.js';
import type { BacktrackProgram, Step } from './backtrack-program.js';
import type { Slots } from './pike.js';

/** How often one search may go back. */
export const BACKTRACK_LIMIT = 1_000_000;
/** How many ways back one search may remember. */
const STACK_LIMIT = 1_000_000;

/** A search was given up: the pattern backtracks too often on this text. */
export class RegexBudgetError extends Error {
  override readonly name = 'RegexBudgetError';
  constructor(readonly pattern: string) {
    super(`the regular expression /${pattern}/ backtracks too often on this text`);
  }
}

/**
 * Finds the first match at or after `start`.
 * @throws {RegexBudgetError} when the search backtracks more often than the reference allows.
 */
export function runBacktracking(program: BacktrackProgram, pattern: string, text: string, start: number): Slots | null {
  return new Search(program, pattern, text, start).run();
}

class Search {
  private readonly steps: readonly Step[];
  private readonly values: number[];
  /** Slot that holds the top of the stack of atomic groups, which lies behind it. */
  private readonly atomicTop: number;
  // The ways back: place, position, and how much of the trail was written by then.
  private readonly places: number[] = [];
  private readonly positions: number[] = [];
  private readonly marks: number[] = [];
  // Slots and the values that they had before, to be put back.
  private readonly trail: number[] = [];

  constructor(
    program: BacktrackProgram,
    private readonly pattern: string,
    private readonly text: string,
    private readonly start: number,
  ) {
    this.steps = program.steps;
    this.values = new Array<number>(program.slots).fill(-1);
    this.atomicTop = program.slots;
    this.values.push(program.slots + 1);
    this.groups = program.groups;
  }

  private readonly groups: number;

  private set(slot: number, value: number): void {
    this.trail.push(slot, this.values[slot] ?? -1);
    this.values[slot] = value;
  }

  private get(slot: number): number {
    return this.values[slot] ?? -1;
  }

  private push(place: number, position: number): void {
    if (this.places.length >= STACK_LIMIT) throw new RegexBudgetError(this.pattern);
    this.places.push(place);
    this.positions.push(position);
    this.marks.push(this.trail.length);
  }

  /** Puts everything back to the last way remembered; returns its place. */
  private undo(): number {
    const mark = this.marks.pop() ?? 0;
    while (this.trail.length > mark) {
      const value = this.trail.pop() ?? -1;
      const slot = this.trail.pop() ?? 0;
      this.values[slot] = value;
    }
    return this.places.pop() ?? 0;
  }

  private forgetWaysBack(count: number): void {
    this.places.length = Math.min(this.places.length, count);
    this.positions.length = this.places.length;
    this.marks.length = this.places.length;
  }

  run(): Slots | null {
    let place = 0;
    let position = this.start;
    for (let backtracks = 0; ;) {
      const ended = this.forward(place, position);
      if (ended) return this.result();
      if (this.places.length === 0) return null;
      backtracks += 1;
      if (backtracks > BACKTRACK_LIMIT) throw new RegexBudgetError(this.pattern);
      position = this.positions.pop() ?? 0;
      place = this.undo();
    }
  }

  private result(): Slots {
    const slots = this.values.slice(0, this.groups * 2);
    // After `\K` the start can lie behind the end.
    if ((slots[0] ?? 0) > (slots[1] ?? 0)) slots[0] = slots[1] ?? 0;
    return slots;
  }

  /** Runs until the program ends (true) or fails (false). */
  private forward(from: number, at: number): boolean {
    const { steps, text } = this;
    let place = from;
    let position = at;
    for (;;) {
      const step = steps[place];
      if (step === undefined) return false;
      place += 1;
      switch (step.op) {
        case 'end':
          return true;
        case 'text':
          if (!text.startsWith(step.text, position)) return false;
          position += step.text.length;
          break;
        case 'set': {
          const codePoint = position < text.length ? (text.codePointAt(position) ?? -1) : -1;
          if (codePoint < 0 || !step.test(codePoint)) return false;
          position += width(codePoint);
          break;
        }
        case 'assert':
          if (!holds(step.assertion, text, position)) return false;
          break;
        case 'delegate': {
          const slots = step.machine.exec(text, position, true);
          if (slots === null) return false;
          for (let group = step.startGroup; group < step.endGroup; group += 1) {
            const slot = 2 * (group - step.startGroup + 1);
            this.set(2 * group, slots[slot] ?? -1);
            this.set(2 * group + 1, slots[slot + 1] ?? -1);
          }
          position = slots[1] ?? position;
          break;
        }
        case 'split':
          this.push(step.second, position);
          place = step.first;
          break;
        case 'jump':
          place = step.to;
          break;
        case 'save':
          this.set(step.slot, position);
          break;
        case 'zero':
          this.set(step.slot, 0);
          break;
        case 'restore':
          position = this.get(step.slot);
          break;
        case 'repeat': {
          const count = this.get(step.counter);
          if (step.check === null && count === step.hi) {
            place = step.next;
            break;
          }
          if (step.check !== null && count > step.lo && this.get(step.check) === position) return false;
          this.set(step.counter, count + 1);
          if (count < step.lo) break;
          if (step.check !== null) this.set(step.check, position);
          this.push(step.greedy ? step.next : place, position);
          if (!step.greedy) place = step.next;
          break;
        }
        case 'goBack': {
          for (let i = 0; i < step.count; i += 1) {
            if (position === 0) return false;
            position -= width(codePointBefore(text, position));
          }
          break;
        }
        case 'failNegativeLook':
          // The way back that the look-around left is the one that leads on when its body fails.
          for (let popped = -1; popped !== place;) {
            this.positions.pop();
            popped = this.undo();
          }
          return false;
        case 'backref': {
          const from = this.get(2 * step.group);
          const to = this.get(2 * step.group + 1);
          if (from < 0 || to < from) return false;
          const wanted = text.slice(from, to);
          if (!text.startsWith(wanted, position)) return false;
          position += wanted.length;
          break;
        }
        case 'backrefExists':
          if (this.get(2 * step.group) < 0) return false;
          break;
        case 'beginAtomic': {
          const top = this.get(this.atomicTop);
          this.set(top, this.places.length);
          this.set(this.atomicTop, top + 1);
          break;
        }
        case 'endAtomic': {
          const top = this.get(this.atomicTop) - 1;
          this.set(this.atomicTop, top);
          this.forgetWaysBack(this.get(top));
          break;
        }
        case 'continue':
          if (position > this.start) return false;
          break;
      }
    }
  }
}
