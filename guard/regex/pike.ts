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

/** Rounds are remembered as 32-bit integers. */
const LAST_ROUND = 2 ** 31 - 1;

/** Threads in order of preference; a program place is in the list once. */
class ThreadList {
  readonly places: Int32Array;
  /** Only filled when groups are wanted. */
  readonly slots: Slots[] = [];
  length = 0;
  /** The round in which each place was last visited. */
  readonly seen: Int32Array;
  round = 0;

  constructor(size: number) {
    this.places = new Int32Array(size);
    this.seen = new Int32Array(size);
  }

  clear(): void {
    this.length = 0;
    if (this.round === LAST_ROUND) {
      this.seen.fill(0);
      this.round = 0;
    }
    this.round += 1;
  }
}

// The program as numbers, because these loops are the whole cost of a search.
const CHAR = 0;
const SET = 1;
const ASSERT = 2;
const SAVE = 3;
const SPLIT = 4;
const JUMP = 5;
const MATCH = 6;
const CODES: Readonly<Record<Instruction['op'], number>> = {
  char: CHAR,
  set: SET,
  assert: ASSERT,
  save: SAVE,
  split: SPLIT,
  jump: JUMP,
  match: MATCH,
};

const NO_SLOTS: Slots = [];

/** Runs one program; keeps its working memory between runs. */
export class PikeMachine {
  private current: ThreadList;
  private upcoming: ThreadList;
  private readonly codes: Uint8Array;
  private readonly first: Int32Array;
  private readonly second: Int32Array;
  private readonly instructions: readonly Instruction[];
  private readonly stack: number[] = [];
  private readonly slotStack: Slots[] = [];

  constructor(private readonly program: Program) {
    const { instructions } = program;
    this.instructions = instructions;
    this.codes = Uint8Array.from(instructions, ({ op }) => CODES[op]);
    this.first = Int32Array.from(instructions, (instruction) => firstOperand(instruction));
    this.second = Int32Array.from(instructions, (instruction) => (instruction.op === 'split' ? instruction.second : 0));
    this.current = new ThreadList(instructions.length);
    this.upcoming = new ThreadList(instructions.length);
  }

  /** Whether the program matches anywhere in the text. */
  test(text: string): boolean {
    return this.run(text, 0, false, null) !== null;
  }

  /** The slots of the first match at or after `start`, or exactly there when `anchored`. */
  exec(text: string, start: number, anchored: boolean): Slots | null {
    return this.run(text, start, anchored, new Array<number>(this.program.slots).fill(-1));
  }

  private run(text: string, start: number, anchored: boolean, blank: Slots | null): Slots | null {
    const { codes, first } = this;
    let matched: Slots | null = null;
    this.current.clear();
    for (let at = start; ;) {
      const { current, upcoming } = this;
      if (matched === null && (!anchored || at === start)) this.follow(current, 0, text, at, blank);
      if (current.length === 0 && (matched !== null || anchored)) return matched;
      const codePoint = at < text.length ? (text.codePointAt(at) ?? -1) : -1;
      const next = at + width(codePoint);
      upcoming.clear();
      for (let i = 0; i < current.length; i += 1) {
        const place = current.places[i] ?? 0;
        const code = codes[place];
        if (code === MATCH) {
          if (blank === null) return NO_SLOTS;
          matched = current.slots[i] ?? NO_SLOTS;
          // The threads behind this one are less preferred.
          break;
        }
        if (codePoint < 0) continue;
        if (code === CHAR ? first[place] === codePoint : this.inSet(place, codePoint)) {
          this.follow(upcoming, place + 1, text, next, blank === null ? null : (current.slots[i] ?? NO_SLOTS));
        }
      }
      if (codePoint < 0) return matched;
      this.current = upcoming;
      this.upcoming = current;
      at = next;
    }
  }

  private inSet(place: number, codePoint: number): boolean {
    const instruction = this.instructions[place];
    return instruction?.op === 'set' && instruction.test(codePoint);
  }

  /** Adds the threads that can be reached from a place without taking a character, most preferred first. */
  private follow(list: ThreadList, from: number, text: string, at: number, initial: Slots | null): void {
    const { stack, slotStack, codes, first, second } = this;
    const { seen, round, places } = list;
    let place = from;
    let slots = initial;
    for (;;) {
      // One way on, until it stops or was taken before.
      while (seen[place] !== round) {
        seen[place] = round;
        const code = codes[place];
        if (code === SPLIT) {
          stack.push(second[place] ?? 0);
          if (slots !== null) slotStack.push(slots);
          place = first[place] ?? 0;
        } else if (code === JUMP) {
          place = first[place] ?? 0;
        } else if (code === SAVE) {
          if (slots !== null) slots = slots.with(first[place] ?? 0, at);
          place += 1;
        } else if (code === ASSERT) {
          if (!this.assertionHolds(place, text, at)) break;
          place += 1;
        } else {
          places[list.length] = place;
          if (slots !== null) list.slots[list.length] = slots;
          list.length += 1;
          break;
        }
      }
      const way = stack.pop();
      if (way === undefined) return;
      place = way;
      if (slots !== null) slots = slotStack.pop() ?? NO_SLOTS;
    }
  }

  private assertionHolds(place: number, text: string, at: number): boolean {
    const instruction = this.instructions[place];
    return instruction?.op === 'assert' && holds(instruction.assertion, text, at);
  }
}

function firstOperand(instruction: Instruction): number {
  switch (instruction.op) {
    case 'char':
      return instruction.codePoint;
    case 'save':
      return instruction.slot;
    case 'split':
      return instruction.first;
    case 'jump':
      return instruction.to;
    default:
      return 0;
  }
}
