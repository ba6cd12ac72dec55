/** Compiles a pattern with hard nodes to a program for {@link runBacktracking}. */
import { checkEasy } from './analyze.js';
import type { Info } from './analyze.js';
import { charTest } from './chars.js';
import type { CharTest } from './chars.js';
import { PikeMachine } from './pike.js';
import { compileProgram } from './program.js';
import { checkSize } from './size.js';
import { RegexSyntaxError } from './syntax.js';
import type { AssertionKind, Expr } from './syntax.js';

export type Step =
  | { readonly op: 'end' }
  | { readonly op: 'text'; readonly text: string }
  | { readonly op: 'set'; readonly test: CharTest }
  | { readonly op: 'assert'; readonly assertion: AssertionKind }
  /** Runs a part that is not tried again in another way. */
  | { readonly op: 'delegate'; readonly machine: PikeMachine; readonly startGroup: number; readonly endGroup: number }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'zero'; readonly slot: number }
  | { readonly op: 'restore'; readonly slot: number }
  | {
      readonly op: 'repeat';
      readonly lo: number;
      readonly hi: number;
      readonly greedy: boolean;
      readonly counter: number;
      /** Slot of the place where the last round began, for a body that can be empty. */
      readonly check: number | null;
      next: number;
    }
  | { readonly op: 'goBack'; readonly count: number }
  | { readonly op: 'failNegativeLook' }
  | { readonly op: 'backref'; readonly group: number }
  | { readonly op: 'backrefExists'; readonly group: number }
  | { readonly op: 'beginAtomic' }
  | { readonly op: 'endAtomic' }
  | { readonly op: 'continue' };

export interface BacktrackProgram {
  readonly steps: readonly Step[];
  readonly groups: number;
  /** Groups' slots, then the counters'. */
  readonly slots: number;
}

/**
 * @throws {RegexSyntaxError} for a look-behind of varying length, and for what the linear-time engine refuses.
 */
export function compileBacktracking(info: Info): BacktrackProgram {
  const compiler = new Compiler(info.endGroup * 2);
  const scan = compiler.emit({ op: 'split', first: 0, second: 1 });
  compiler.emit({ op: 'set', test: () => true });
  compiler.emit({ op: 'jump', to: 0 });
  scan.first = compiler.next;
  compiler.emit({ op: 'save', slot: 0 });
  compiler.visit(info, true);
  compiler.emit({ op: 'save', slot: 1 });
  compiler.emit({ op: 'end' });
  return { steps: compiler.steps, groups: info.endGroup, slots: compiler.slots };
}

class Compiler {
  readonly steps: Step[] = [];

  constructor(public slots: number) {}

  emit<T extends Step>(step: T): T {
    this.steps.push(step);
    return step;
  }

  get next(): number {
    return this.steps.length;
  }

  private newSlot(): number {
    this.slots += 1;
    return this.slots - 1;
  }

  visit(info: Info, hard: boolean): void {
    if (!hard && !info.hard) {
      this.delegate([info]);
      return;
    }
    const { expr, children } = info;
    const [first] = children;
    switch (expr.kind) {
      case 'empty':
        return;
      case 'literal':
      case 'class':
        this.delegate([info]);
        return;
      case 'any':
        this.emit({ op: 'set', test: charTest(expr) ?? fails });
        return;
      case 'assertion':
        this.emit({ op: 'assert', assertion: expr.assertion });
        return;
      case 'concat':
        this.visitConcat(children, hard);
        return;
      case 'alt':
        this.visitAlternatives(
          children.map((child) => () => {
            this.visit(child, hard);
          }),
        );
        return;
      case 'group':
        this.emit({ op: 'save', slot: info.startGroup * 2 });
        this.visitChild(first, hard);
        this.emit({ op: 'save', slot: info.startGroup * 2 + 1 });
        return;
      case 'repeat':
        this.visitRepeat(info, expr, hard);
        return;
      case 'look':
        this.visitLook(first, expr.behind, expr.negated);
        return;
      case 'backref':
        this.emit({ op: 'backref', group: expr.group });
        return;
      case 'backrefExists':
        this.emit({ op: 'backrefExists', group: expr.group });
        return;
      case 'atomic':
        this.emit({ op: 'beginAtomic' });
        this.visitChild(first, false);
        this.emit({ op: 'endAtomic' });
        return;
      case 'keepOut':
        this.emit({ op: 'save', slot: 0 });
        return;
      case 'continue':
        this.emit({ op: 'continue' });
        return;
      case 'conditional':
        this.visitConditional(children, hard);
        return;
    }
  }

  private visitChild(info: Info | undefined, hard: boolean): void {
    if (info !== undefined) this.visit(info, hard);
  }

  /** A prefix and a suffix of constant length are handed over; after the last hard node, everything may be. */
  private visitConcat(children: readonly Info[], hard: boolean): void {
    const isEasy = (info: Info): boolean => info.constSize && !info.hard;
    let prefixEnd = 0;
    while (prefixEnd < children.length && isEasy(at(children, prefixEnd))) prefixEnd += 1;
    let suffixBegin = children.length;
    const fitsSuffix = (info: Info): boolean => (hard ? isEasy(info) : !info.hard);
    while (suffixBegin > prefixEnd && fitsSuffix(at(children, suffixBegin - 1))) suffixBegin -= 1;
    this.delegate(children.slice(0, prefixEnd));
    for (const child of children.slice(prefixEnd, suffixBegin)) this.visit(child, true);
    this.delegate(children.slice(suffixBegin));
  }

  private visitAlternatives(alternatives: readonly (() => void)[]): void {
    const jumps: { to: number }[] = [];
    alternatives.forEach((visit, index) => {
      if (index === alternatives.length - 1) {
        visit();
        return;
      }
      const split = this.emit({ op: 'split', first: this.next + 1, second: 0 });
      visit();
      jumps.push(this.emit({ op: 'jump', to: 0 }));
      split.second = this.next;
    });
    for (const jump of jumps) jump.to = this.next;
  }

  private visitRepeat(info: Info, expr: Expr & { kind: 'repeat' }, hard: boolean): void {
    const { lo, hi, greedy } = expr;
    const child = at(info.children, 0);
    if (lo === 0 && hi === 1) {
      const split = this.emit({ op: 'split', first: this.next + 1, second: this.next + 1 });
      this.visit(child, hard);
      if (greedy) split.second = this.next;
      else split.first = this.next;
      return;
    }
    const inner = hard || info.hard;
    const canBeEmpty = hi === Infinity && child.minSize === 0;
    if (!canBeEmpty && lo === 0 && hi === Infinity) {
      const split = this.emit({ op: 'split', first: this.next + 1, second: this.next + 1 });
      const start = this.next - 1;
      this.visit(child, inner);
      this.emit({ op: 'jump', to: start });
      if (greedy) split.second = this.next;
      else split.first = this.next;
    } else if (!canBeEmpty && lo === 1 && hi === Infinity) {
      const start = this.next;
      this.visit(child, inner);
      const after = this.next + 1;
      this.emit({ op: 'split', first: greedy ? start : after, second: greedy ? after : start });
    } else {
      const counter = this.newSlot();
      const check = canBeEmpty ? this.newSlot() : null;
      this.emit({ op: 'zero', slot: counter });
      const start = this.next;
      const repeat = this.emit({ op: 'repeat', lo, hi, greedy, counter, check, next: 0 });
      this.visit(child, inner);
      this.emit({ op: 'jump', to: start });
      repeat.next = this.next;
    }
  }

  private visitLook(inner: Info | undefined, behind: boolean, negated: boolean): void {
    if (inner === undefined) return;
    const visit = (info: Info): void => {
      if (negated) this.visitNegativeLook(info, behind);
      else this.visitPositiveLook(info, behind);
    };
    if (!behind || inner.constSize || inner.expr.kind !== 'alt') visit(inner);
    // `(?<!a|bb)` is `(?<!a)(?<!bb)`, `(?<=a|bb)` is `(?<=a)|(?<=bb)`.
    else if (negated) inner.children.forEach(visit);
    else {
      this.visitAlternatives(
        inner.children.map((child) => () => {
          visit(child);
        }),
      );
    }
  }

  private visitPositiveLook(info: Info, behind: boolean): void {
    const slot = this.newSlot();
    this.emit({ op: 'save', slot });
    this.visitLookBody(info, behind);
    this.emit({ op: 'restore', slot });
  }

  private visitNegativeLook(info: Info, behind: boolean): void {
    const split = this.emit({ op: 'split', first: this.next + 1, second: 0 });
    this.visitLookBody(info, behind);
    this.emit({ op: 'failNegativeLook' });
    split.second = this.next;
  }

  private visitLookBody(info: Info, behind: boolean): void {
    if (behind) {
      if (!info.constSize) throw new RegexSyntaxError('a look-behind needs a fixed length', 0);
      this.emit({ op: 'goBack', count: info.minSize });
    }
    this.visit(info, false);
  }

  /** When the condition has matched, the way to the "no" branch is cut off. */
  private visitConditional(children: readonly Info[], hard: boolean): void {
    this.emit({ op: 'beginAtomic' });
    const split = this.emit({ op: 'split', first: this.next + 1, second: 0 });
    this.visitChild(children[0], hard);
    this.emit({ op: 'endAtomic' });
    this.visitChild(children[1], hard);
    const jump = this.emit({ op: 'jump', to: 0 });
    split.second = this.next;
    this.visitChild(children[2], hard);
    jump.to = this.next;
  }

  private delegate(infos: readonly Info[]): void {
    if (infos.length === 0) return;
    infos.forEach(checkEasy);
    const [first] = infos;
    const expr: Expr =
      infos.length === 1 && first !== undefined
        ? first.expr
        : { kind: 'concat', items: infos.map((info) => info.expr) };
    checkSize(expr);
    const text = literalText(expr);
    if (text !== null) {
      this.emit({ op: 'text', text });
      return;
    }
    const test = charTest(expr);
    if (test !== null) {
      this.emit({ op: 'set', test });
      return;
    }
    this.emit({
      op: 'delegate',
      machine: new PikeMachine(compileProgram(expr)),
      startGroup: first?.startGroup ?? 0,
      endGroup: infos.at(-1)?.endGroup ?? 0,
    });
  }
}

const fails: CharTest = () => false;

function at(infos: readonly Info[], index: number): Info {
  const info = infos[index];
  if (info === undefined) throw new Error('no such node');
  return info;
}

function literalText(expr: Expr): string | null {
  if (expr.kind === 'literal') return expr.caseless ? null : String.fromCodePoint(expr.codePoint);
  if (expr.kind !== 'concat') return null;
  let text = '';
  for (const item of expr.items) {
    const part = literalText(item);
    if (part === null) return null;
    text += part;
  }
  return text;
}
