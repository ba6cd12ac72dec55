/**
 * A Pike machine: runs all ways through a program side by side, so that its time is at most the program's size times
 * the text's length, whatever the pattern. Its answer is that of a backtracking search (leftmost, first preference).
 * https://swtch.com/~rsc/regexp/regexp2.html
 */
import { holds } from './assertions.js';
import { width } from './chars.js';
import type { Instruction, Program } from './program.js';

/** Start and end of each group, -1 where the group took no part. */
export type Slots = readonly number[];

/** Threads in order of preference; a program place is in the list once. */
class ThreadList {
  readonly places: Int32Array;
  readonly slots: (Slots | null)[] = [];
  length = 0;
  private readonly seen: Int32Array;
  private round = 0;

  constructor(size: number) {
    this.places = new Int32Array(size);
    this.seen = new Int32Array(size);
  }

  clear(): void {
    this.length = 0;
    this.round += 1;
  }

  /** Whether this is the place's first visit since {@link clear}. */
  visit(place: number): boolean {
    if (this.seen[place] === this.round) return false;
    this.seen[place] = this.round;
    return true;
  }

  push(place: number, slots: Slots | null): void {
    this.places[this.length] = place;
    this.slots[this.length] = slots;
    this.length += 1;
  }
}

/** Runs one program; keeps its working memory between runs. */
export class PikeMachine {
  private current: ThreadList;
  private upcoming: ThreadList;
  private readonly instructions: readonly Instruction[];
  private readonly stack: { place: number; slots: Slots | null }[] = [];

  constructor(private readonly program: Program) {
    this.instructions = program.instructions;
    this.current = new ThreadList(this.instructions.length);
    this.upcoming = new ThreadList(this.instructions.length);
  }

  /** Whether the program matches anywhere at or after `start`. */
  test(text: string, start = 0): boolean {
    return this.run(text, start, false, null) !== null;
  }

  /** The slots of the first match at or after `start`, or exactly there when `anchored`. */
  exec(text: string, start: number, anchored: boolean): Slots | null {
    return this.run(text, start, anchored, new Array<number>(this.program.slots).fill(-1));
  }

  private run(text: string, start: number, anchored: boolean, blank: Slots | null): Slots | null {
    let matched: Slots | null = null;
    this.current.clear();
    for (let at = start; ;) {
      if (matched === null && (!anchored || at === start)) this.follow(this.current, 0, text, at, blank);
      if (this.current.length === 0 && (matched !== null || anchored)) return matched;
      const codePoint = at < text.length ? (text.codePointAt(at) ?? -1) : -1;
      const next = at + width(codePoint);
      this.upcoming.clear();
      for (let i = 0; i < this.current.length; i += 1) {
        const place = this.current.places[i] ?? 0;
        const slots = this.current.slots[i] ?? null;
        const instruction = this.instructions[place];
        if (instruction?.op === 'match') {
          if (slots === null) return [];
          matched = slots;
          // The threads behind this one are less preferred.
          break;
        }
        if (codePoint >= 0 && instruction !== undefined && takes(instruction, codePoint)) {
          this.follow(this.upcoming, place + 1, text, next, slots);
        }
      }
      if (codePoint < 0) return matched;
      [this.current, this.upcoming] = [this.upcoming, this.current];
      at = next;
    }
  }

  /** Adds the threads that can be reached from a place without taking a character, most preferred first. */
  private follow(list: ThreadList, from: number, text: string, at: number, initial: Slots | null): void {
    const { stack, instructions } = this;
    stack.push({ place: from, slots: initial });
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      let { place, slots } = top;
      while (list.visit(place)) {
        const instruction = instructions[place];
        if (instruction === undefined) break;
        if (instruction.op === 'jump') {
          place = instruction.to;
        } else if (instruction.op === 'split') {
          stack.push({ place: instruction.second, slots });
          place = instruction.first;
        } else if (instruction.op === 'save') {
          if (slots !== null) slots = slots.with(instruction.slot, at);
          place += 1;
        } else if (instruction.op === 'assert') {
          if (!holds(instruction.assertion, text, at)) break;
          place += 1;
        } else {
          list.push(place, slots);
          break;
        }
      }
    }
  }
}

function takes(instruction: Instruction, codePoint: number): boolean {
  if (instruction.op === 'char') return instruction.codePoint === codePoint;
  return instruction.op === 'set' && instruction.test(codePoint);
}
