/**
 * Shows, without looking at how they were made, that the documents of a composition decide at each account as the
 * policies do that the description chooses.
 *
 * A request is denied when a denial of any level matches, so that denials are compared over the whole way to the
 * account; it is allowed when some statement of each level allows it, so that statements that allow are compared level by
 * level ("SCP evaluation", https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html).
 */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Statement } from '../../iam/index.js';
import type { Proof } from '../../iam/prove/index.js';
import { deniedBy, isIncluded, mayDeny, sameDecisions, statementText, tidied } from '../pack/index.js';
import type { GuardrailKind } from '../pack/index.js';

/** The statements of one place, as chosen and as composed. */
export interface ComparedLevel {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
  /** Whether `FullAWSAccess`, or `RCPFullAWSAccess`, is attached there. */
  readonly allowsEverything: boolean;
}

/** A sentence that was to be proven. */
export interface Obligation {
  readonly says: 'denied as before' | 'denies nothing more' | 'allows the same';
  readonly statement: string;
  readonly result: 'HOLDS' | 'FAILS' | 'UNKNOWN';
  /** Of one that does not hold: a request, or why it is not known. */
  readonly detail?: string;
}

/** What was shown about the way to one or more accounts. */
export interface PathProof {
  /** Obligations, those of equal text once. */
  readonly proven: number;
  /** The others; none when the two decide alike. */
  readonly open: readonly Obligation[];
}

interface Verdict {
  readonly result: Obligation['result'];
  readonly detail?: string;
}

const HOLDS: Verdict = { result: 'HOLDS' };

/** Proves ways through the tree; what several ways have in common is proven once. */
export class PathProver {
  private readonly known = new Map<string, Verdict>();
  private readonly texts = new Map<Statement, string>();
  private readonly named = new Map<string, Statement>();

  constructor(
    private readonly kind: GuardrailKind,
    private readonly options: { readonly budget?: number } = {},
  ) {}

  /** How many proofs were made. */
  get proofs(): number {
    return this.known.size;
  }

  /** Compares all levels from the root to an account. */
  prove(levels: readonly ComparedLevel[]): PathProof {
    const open: Obligation[] = [];
    let proven = 0;
    const note = (says: Obligation['says'], statement: Statement | null, verdict: Verdict): void => {
      if (verdict.result === 'HOLDS') proven++;
      else open.push({ says, statement: statement === null ? '' : this.text(statement), ...verdict });
    };
    const before = denials(levels.flatMap((level) => level.before));
    const after = denials(levels.flatMap((level) => level.after));
    for (const level of levels) {
      for (const each of denials(level.before)) {
        note('denied as before', each, this.denied(each, [denials(level.after), after]));
      }
      for (const each of denials(level.after)) {
        note('denies nothing more', each, this.chosen(each, denials(level.before), before));
      }
      if (!level.allowsEverything) note('allows the same', null, this.allowed(level));
    }
    return { proven, open };
  }

  /** Whether a denial denies only what chosen ones deny: those of its own place, or of the whole way. */
  private chosen(statement: Statement, local: readonly Statement[], before: readonly Statement[]): Verdict {
    const verdict = this.denied(this.withNames(statement, before), [local, before]);
    return verdict.result === 'HOLDS' ? verdict : this.denied(this.withNames(statement, []), [local, before]);
  }

  /** Whether others deny what one denies: first those of its own place, which other ways have too. */
  private denied(statement: Statement, among: readonly (readonly Statement[])[]): Verdict {
    let verdict: Verdict = { result: 'FAILS' };
    for (const others of among) {
      verdict = this.deniedBy(statement, others);
      if (verdict.result === 'HOLDS') return verdict;
    }
    return verdict;
  }

  private deniedBy(statement: Statement, others: readonly Statement[]): Verdict {
    const text = this.text(statement);
    const near = others.filter((other) => mayDeny(other, statement));
    const texts = near.map((other) => this.text(other));
    if (texts.includes(text)) return HOLDS;
    const key = `${text} ${[...new Set(texts)].sort().join(' ')}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    // Most that holds is seen by comparing parts; the search is for the rest.
    const verdict = isIncluded(statement, near) ? HOLDS : verdictOf(deniedBy(this.kind, statement, near, this.options));
    this.known.set(key, verdict);
    return verdict;
  }

  private allowed({ before, after }: ComparedLevel): Verdict {
    const [left, right] = [allows(before), allows(after)];
    const textOf = (statements: readonly Statement[]): string =>
      [...new Set(statements.map((each) => this.text(each)))].sort().join(' ');
    const key = `${textOf(left)} | ${textOf(right)}`;
    if (textOf(left) === textOf(right)) return HOLDS;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    // Nothing allowed on one side: there is no document to compare with.
    const proof = left.length === 0 || right.length === 0 ? null : sameDecisions(this.kind, left, right, this.options);
    const verdict: Verdict =
      proof === null ? { result: 'FAILS', detail: 'one of both allows nothing' } : verdictOf(proof);
    this.known.set(key, verdict);
    return verdict;
  }

  /**
   * A denial with the actions of the catalogue in place of its wildcards, but for wildcards that were chosen so: what AWS
   * adds later may match a shortened name, and the proof is about the actions of the catalogue.
   */
  private withNames(statement: Statement, chosen: readonly Statement[]): Statement {
    const { action } = statement;
    if (action.negated) return statement;
    const kept = new Set(chosen.flatMap((each) => each.action.patterns.map((pattern) => pattern.toLowerCase())));
    const patterns = action.patterns.flatMap((pattern) => {
      if (!/[*?]/.test(pattern) || kept.has(pattern.toLowerCase())) return [pattern];
      const names = expandActionPattern(pattern);
      return names.length === 0 ? [pattern] : names;
    });
    const key = `${this.text(statement)} ${patterns.join()}`;
    const known = this.named.get(key) ?? tidied({ ...statement, action: { negated: false, patterns } });
    this.named.set(key, known);
    return known;
  }

  private text(statement: Statement): string {
    const known = this.texts.get(statement) ?? statementText(tidied(statement));
    this.texts.set(statement, known);
    return known;
  }
}

function verdictOf(proof: Proof): Verdict {
  switch (proof.kind) {
    case 'HOLDS':
      return HOLDS;
    case 'FAILS':
      return { result: 'FAILS', detail: JSON.stringify(proof.counterexample) };
    case 'UNKNOWN':
      return { result: 'UNKNOWN', detail: proof.detail };
  }
}

function denials(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ effect }) => effect === 'Deny');
}

function allows(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ effect }) => effect === 'Allow');
}
