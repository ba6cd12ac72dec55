/** Where clauses run: the value that queries start from, and the variables in sight. */
import type { GuardValue } from '../operators/index.js';
import type { Document, Taint } from './document.js';
import { MOST_NESTED, circularVariable, tooDeep, unknownVariable } from './faults.js';
import type { Result, Results } from './results.js';

export const PASS = 0;
export const FAIL = 1;
export const SKIP = 2;
/** One of the constants above. */
export type StatusCode = number;

/** How a name of a scope gets its results: a literal has them from the start. */
export type Binding = Results | ((scope: Scope) => Results);

/** The names that a block, a file or a parameter list declares; the same for every activation of it. */
export class Declarations {
  private readonly indexes = new Map<string, number>();

  constructor(
    readonly names: readonly string[],
    /** Empty for parameters, whose results are known from the start. */
    readonly bindings: readonly Binding[],
  ) {
    names.forEach((name, index) => this.indexes.set(name, index));
  }

  indexOf(name: string): number {
    return this.indexes.get(name) ?? -1;
  }
}

export const NO_DECLARATIONS = new Declarations([], []);

/** Marks a variable that is being evaluated. */
const IN_PROGRESS: Results = [];

/** One activation of a scope: its variables and what they turned out to be. */
export class Frame {
  /** The scope in which the variables are evaluated. */
  scope: Scope | null = null;
  private touched: boolean[] | null = null;

  constructor(
    readonly parent: Frame | null,
    readonly declarations: Declarations,
    private readonly slots: (Results | undefined)[],
    private readonly run: Run,
  ) {}

  resolve(index: number): Results {
    const known = this.slots[index];
    if (known === undefined) return this.evaluate(index);
    if (known === IN_PROGRESS) {
      throw circularVariable(this.declarations.names[index]!);
    }
    if (this.touched?.[index] === true) this.run.touched = true;
    return known;
  }

  private evaluate(index: number): Results {
    const { run } = this;
    const binding = this.declarations.bindings[index]!;
    if (typeof binding !== 'function') return (this.slots[index] = binding);
    const before = run.restartTouched();
    this.slots[index] = IN_PROGRESS;
    run.enter();
    const results = binding(this.scope!);
    run.leave();
    this.slots[index] = results;
    if (run.touched) (this.touched ??= [])[index] = true;
    else run.touched = before;
    return results;
  }

  /** Adds a captured key to a variable of the file, as a result of its own. */
  capture(index: number, key: string): void {
    if (typeof this.declarations.bindings[index] !== 'function') return;
    const known = this.slots[index];
    this.slots[index] = known === undefined || known === IN_PROGRESS ? [key] : [...known, key];
  }
}

const NOBODY: readonly string[] = [];

/** One evaluation of one rule file on one document. */
export class Run {
  /** Whether an unknown value was read since this was last set to false. */
  touched = false;
  readonly taint: Taint | null;
  readonly root: GuardValue;
  readonly rootScope: Scope;
  /** Statuses of rules by position, as far as known. */
  readonly statuses: StatusCode[] = [];
  /** Whether a rule read an unknown value, by position. */
  readonly ruleTouched: boolean[] = [];
  /** What references to a name have found. */
  references: Map<string, { readonly status: StatusCode; readonly touched: boolean }> | null = null;
  /** Names of rules being evaluated for a reference, outermost first. */
  waiting: readonly string[] = NOBODY;
  private depth = 0;
  private captured: Map<string, Result[]> | null = null;

  constructor(
    readonly document: Document,
    declarations: Declarations,
  ) {
    this.taint = document.taint;
    this.root = document.root;
    const frame = new Frame(null, declarations, [], this);
    this.rootScope = new Scope(document.root, frame, null, this);
    frame.scope = this.rootScope;
  }

  enter(): void {
    if (++this.depth > MOST_NESTED) throw tooDeep();
  }

  leave(): void {
    this.depth--;
  }

  /** Begins to watch for unknown values anew. @returns whether one was read before. */
  restartTouched(): boolean {
    const before = this.touched;
    this.touched = false;
    return before;
  }

  /** Notes that a value was read. Call it only when {@link taint} is not null. */
  touch(value: unknown): void {
    if (this.taint!.unknown.has(value)) this.touched = true;
  }

  /** Notes that a value was read with everything in it. */
  touchDeep(value: unknown): void {
    if (this.taint!.holding.has(value)) this.touched = true;
  }

  capture(name: string, key: string): void {
    const { frame } = this.rootScope;
    const index = frame.declarations.indexOf(name);
    if (index >= 0) {
      frame.capture(index, key);
      return;
    }
    this.captured ??= new Map();
    const keys = this.captured.get(name);
    if (keys === undefined) this.captured.set(name, [key]);
    else keys.push(key);
  }

  /** Results of a name that no scope declares: the keys captured so far. */
  undeclared(name: string, offset: number): Results {
    const keys = this.captured?.get(name);
    if (keys !== undefined) return keys;
    throw unknownVariable(name, offset);
  }
}

/**
 * A place to run clauses. Queries start at `root`; filters inside a query that have no value of their own to start from
 * run in `resolver`, which for a block is the scope itself and for the candidate of a filter the scope around it
 * (cfn-guard 3.1.1, measured).
 */
export class Scope {
  readonly resolver: Scope;

  constructor(
    readonly root: GuardValue,
    readonly frame: Frame,
    resolver: Scope | null,
    readonly run: Run,
  ) {
    this.resolver = resolver ?? this;
  }
}

/** Looks a name up from a frame outwards. */
export function lookUp(from: Frame | null, name: string, run: Run, offset: number): Results {
  for (let frame = from; frame !== null; frame = frame.parent) {
    const index = frame.declarations.indexOf(name);
    if (index >= 0) return frame.resolve(index);
  }
  return run.undeclared(name, offset);
}
