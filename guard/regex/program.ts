/** Compiles an expression without hard nodes to a program for {@link runPike}. */
import { charTest } from './chars.js';
import type { CharTest } from './chars.js';
import { countGroups, matchesOnlyEmpty, minLength } from './measure.js';
import type { AssertionKind, Expr, Repeat } from './syntax.js';

export type Instruction =
  | { readonly op: 'char'; readonly codePoint: number }
  | { readonly op: 'set'; readonly test: CharTest }
  | { readonly op: 'assert'; readonly assertion: AssertionKind }
  | { readonly op: 'save'; readonly slot: number }
  /** Goes on at `first`, and at `second` when that fails. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  /** Two for each group, the whole match being group 0. */
  readonly slots: number;
}

/**
 * Compiles an expression, whose first group takes the slots 2 and 3. Counted loops are written out: `checkSize` has to
 * have passed.
 */
export function compileProgram(expr: Expr): Program {
  const compiler = new Compiler();
  compiler.emit({ op: 'save', slot: 0 });
  compiler.visit(expr);
  compiler.emit({ op: 'save', slot: 1 });
  compiler.emit({ op: 'match' });
  return { instructions: compiler.instructions, slots: compiler.groups * 2 };
}

class Compiler {
  readonly instructions: Instruction[] = [];
  groups = 1;
  private readonly tests = new Map<Expr, CharTest>();

  emit<T extends Instruction>(instruction: T): T {
    this.instructions.push(instruction);
    return instruction;
  }

  private get next(): number {
    return this.instructions.length;
  }

  visit(expr: Expr): void {
    switch (expr.kind) {
      case 'empty':
        return;
      case 'literal':
        if (!expr.caseless) {
          this.emit({ op: 'char', codePoint: expr.codePoint });
          return;
        }
        this.emitTest(expr);
        return;
      case 'any':
      case 'class':
        this.emitTest(expr);
        return;
      case 'assertion':
        this.emit({ op: 'assert', assertion: expr.assertion });
        return;
      case 'concat':
        for (const item of expr.items) this.visit(item);
        return;
      case 'alt':
        this.visitAlternatives(expr.items);
        return;
      case 'group': {
        const group = this.groups;
        this.groups += 1;
        this.emit({ op: 'save', slot: 2 * group });
        this.visit(expr.child);
        this.emit({ op: 'save', slot: 2 * group + 1 });
        return;
      }
      case 'repeat':
        this.visitRepeat(expr);
        return;
      default:
        throw new Error(`a ${expr.kind} needs the backtracking matcher`);
    }
  }

  private emitTest(expr: Expr): void {
    const test = this.tests.get(expr) ?? charTest(expr);
    if (test === null) throw new Error(`a ${expr.kind} is not one character`);
    this.tests.set(expr, test);
    this.emit({ op: 'set', test });
  }

  private visitAlternatives(items: readonly Expr[]): void {
    const jumps: { to: number }[] = [];
    items.forEach((item, index) => {
      if (index === items.length - 1) {
        this.visit(item);
        return;
      }
      const split = this.emit({ op: 'split', first: this.next + 1, second: 0 });
      this.visit(item);
      jumps.push(this.emit({ op: 'jump', to: 0 }));
      split.second = this.next;
    });
    for (const jump of jumps) jump.to = this.next;
  }

  /** Every copy of a counted loop's body saves to the same groups. */
  private visitCopy(expr: Expr, firstGroup: number): void {
    this.groups = firstGroup;
    this.visit(expr);
  }

  private visitRepeat({ child, lo, hi, greedy }: Repeat): void {
    const firstGroup = this.groups;
    // What matches nothing but the empty text says all in one round.
    const most = matchesOnlyEmpty(child) ? 1 : Infinity;
    const least = Math.min(lo, most);
    const limit = hi === Infinity && most === Infinity ? Infinity : Math.min(hi, most);
    if (limit === Infinity) {
      for (let i = 0; i < least - 1; i += 1) this.visitCopy(child, firstGroup);
      if (least === 0) this.visitStar(child, firstGroup, greedy);
      else this.visitPlus(child, firstGroup, greedy);
    } else {
      for (let i = 0; i < least; i += 1) this.visitCopy(child, firstGroup);
      const splits: { first: number; second: number }[] = [];
      for (let i = least; i < limit; i += 1) {
        splits.push(this.emit({ op: 'split', first: this.next + 1, second: 0 }));
        this.visitCopy(child, firstGroup);
      }
      for (const split of splits) this.leaveAt(split, this.next, greedy);
    }
    // The groups of a body that is never run exist all the same.
    this.groups = firstGroup + countGroups(child);
  }

  private visitStar(child: Expr, firstGroup: number, greedy: boolean): void {
    const split = this.emit({ op: 'split', first: this.next + 1, second: 0 });
    if (minLength(child) > 0) {
      const start = this.next - 1;
      this.visitCopy(child, firstGroup);
      this.emit({ op: 'jump', to: start });
    } else {
      // `x*` is `(x+)?` where x can be empty, which keeps the order of preference.
      this.visitPlus(child, firstGroup, greedy);
    }
    this.leaveAt(split, this.next, greedy);
  }

  private visitPlus(child: Expr, firstGroup: number, greedy: boolean): void {
    const start = this.next;
    this.visitCopy(child, firstGroup);
    const split = this.emit({ op: 'split', first: start, second: 0 });
    this.leaveAt(split, this.next, greedy);
  }

  private leaveAt(split: { first: number; second: number }, place: number, greedy: boolean): void {
    split.second = place;
    if (!greedy) [split.first, split.second] = [split.second, split.first];
  }
}
