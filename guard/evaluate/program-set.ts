/**
 * Many rule files on one document. Most files of a large set are about types of resources that a document does not have;
 * an index from types to files finds the others without looking at every file.
 */
import { EvaluationError, guardKeys, isGuardMap } from '../operators/index.js';
import type { Document } from './document.js';
import type { Gate } from './gate.js';
import type { Evaluation, Program } from './program.js';

/** Which files may apply to a document that has a type of resource, or a key at its root. */
interface Index {
  readonly byType: ReadonlyMap<string, readonly number[]>;
  readonly byKey: ReadonlyMap<string, readonly number[]>;
  /** Files with a rule that nothing rules out. */
  readonly always: readonly number[];
  /** The results when no rule of any file applies. */
  readonly skipped: readonly Evaluation[];
}

/** Rule files that are evaluated together. */
export class ProgramSet {
  private index: Index | null = null;
  private evaluations = 0;

  constructor(readonly programs: readonly Program[]) {}

  /**
   * Evaluates every rule of every file on a document.
   *
   * @returns One entry a program, in their order: what {@link Program.evaluate} returns, or the error it throws. The
   *   entries of files whose rules are all skipped are shared between documents.
   */
  evaluate(document: Document): readonly (Evaluation | EvaluationError)[] {
    const { programs } = this;
    const { resources, root } = document;
    // Worth making when a second document comes.
    if (this.evaluations++ === 0 || resources === null || resources.allUnknown || !isGuardMap(root)) {
      return programs.map((program) => evaluated(program, document));
    }
    const { byType, byKey, always, skipped } = (this.index ??= indexOf(programs));
    const results: (Evaluation | EvaluationError)[] = skipped.slice();
    const done = new Uint8Array(programs.length);
    const run = (files: readonly number[] | undefined): void => {
      if (files === undefined) return;
      for (const file of files) {
        if (done[file] === 1) continue;
        done[file] = 1;
        results[file] = evaluated(programs[file]!, document);
      }
    };
    run(always);
    for (const type of resources.types()) run(byType.get(type));
    for (const key of guardKeys(root)) run(byKey.get(key));
    return results;
  }
}

function evaluated(program: Program, document: Document): Evaluation | EvaluationError {
  try {
    return program.evaluate(document);
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
}

function indexOf(programs: readonly Program[]): Index {
  const byType = new Map<string, number[]>();
  const byKey = new Map<string, number[]>();
  const always: number[] = [];
  const add = (index: Map<string, number[]>, name: string, file: number): void => {
    const files = index.get(name);
    if (files === undefined) index.set(name, [file]);
    else if (files.at(-1) !== file) files.push(file);
  };
  programs.forEach((program, file) => {
    const gates = program.ruleGates;
    if (gates.includes(null)) {
      always.push(file);
      return;
    }
    // One condition of each rule is enough to find the file: without it the rule is skipped.
    for (const gate of gates as readonly Gate[]) {
      const [types] = gate.types;
      if (types === undefined) add(byKey, gate.keys[0]!, file);
      else for (const type of types) add(byType, type, file);
    }
  });
  return { byType, byKey, always, skipped: programs.map((program) => program.skipped) };
}
