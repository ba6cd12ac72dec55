/** A limit on work that grows faster than the document. */
export class Budget {
  /** Whether something was left out because the limit was reached. */
  exceeded = false;

  constructor(private left: number) {}

  /** Asks for an amount of work. @returns `false` when it must not be done. */
  spend(amount: number): boolean {
    this.left -= amount;
    if (this.left < 0) this.exceeded = true;
    return this.left >= 0;
  }
}
