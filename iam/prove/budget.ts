/**
 * What a proof may cost. Deciding policies is hard in the worst case, so every loop of the prover pays for its steps, and
 * a proof that runs out says so: it is never taken for a proof that found nothing.
 */

/** Thrown when the budget is used up; {@link Budget.exhausted} tells it from faults. */
export class Exhausted extends Error {
  constructor(readonly what: string) {
    super(`the budget of the proof is used up by ${what}`);
  }
}

/** Steps of about the same cost: one transition of an automaton, one comparison of a value. */
export class Budget {
  private left: number;

  constructor(readonly steps: number) {
    this.left = steps;
  }

  /** How many steps were paid for. */
  get spent(): number {
    return this.steps - this.left;
  }

  /** @throws Exhausted when more is asked for than is left. */
  spend(steps: number, what: string): void {
    this.left -= steps;
    if (this.left < 0) throw new Exhausted(what);
  }
}
