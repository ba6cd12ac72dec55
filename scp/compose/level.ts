/** Fits the statements of one root, unit or account into its documents. */
import type { Policy, Statement } from '../../iam/index.js';
import type { TargetPath } from '../../organization/index.js';
import { compact, deniedBy, fill, isIncluded, statementText } from '../pack/index.js';
import type { Compacted, CompactOptions, GuardrailKind, Overflow, Room } from '../pack/index.js';
import type { AttachmentTarget } from './model.js';

/** How names of actions are shortened. */
export type Wildcards = CompactOptions['wildcards'];

/** What is to stand at one place. */
export interface LevelInput {
  readonly kind: GuardrailKind;
  /** The policies chosen there, and denials that found no room above, as one list of statements. */
  readonly statements: readonly Statement[];
  /** Denials that stand above already. */
  readonly above: readonly Statement[];
  /** Whether `FullAWSAccess` stays attached there. */
  readonly allowsEverything: boolean;
  readonly room: Room;
  /** Whether every account that the place reaches is reached by the places directly below it, too. */
  readonly canSpill: boolean;
}

export interface LevelOptions {
  /** `@default` whole words, and wherever it is exact when that does not fit. */
  readonly wildcards?: Wildcards | undefined;
  /** Most steps of each proof. */
  readonly budget?: number | undefined;
}

/** How it was fitted. */
export interface Level {
  readonly documents: readonly Policy[];
  /** Denials for the places directly below. */
  readonly spilled: readonly Statement[];
  /** What has no place at all. */
  readonly overflow?: Overflow;
  readonly wildcards: Wildcards;
  readonly compacted: Compacted;
  /** Statements that say nothing there, with the reason. */
  readonly idle: readonly Idle[];
}

/** How one place came out. */
export interface ComposedLevel {
  readonly path: TargetPath;
  readonly target: AttachmentTarget;
  readonly kind: GuardrailKind;
  /** What is chosen there. */
  readonly chosen: readonly { readonly name: string; readonly policies: readonly Policy[] }[];
  /** What came from above. */
  readonly moved: readonly Statement[];
  readonly room: Room;
  readonly level: Level;
}

/** A statement left out because of what stands elsewhere. */
export interface Idle {
  readonly statement: string;
  readonly because: 'FullAWSAccess is attached' | 'denied above';
}

/** Compacts each list of statements once. */
export class Compactor {
  private readonly known = new Map<string, Compacted>();
  private readonly denied = new Map<string, boolean>();
  private readonly limits: { readonly budget?: number };

  constructor(
    readonly kind: GuardrailKind,
    budget: number | undefined,
  ) {
    this.limits = budget === undefined ? {} : { budget };
  }

  compact(statements: readonly Statement[], wildcards: Wildcards): Compacted {
    const key = `${wildcards} ${statements.map(statementText).join(' ')}`;
    const known =
      this.known.get(key) ??
      compact([{ version: '2012-10-17', statements }], {
        kind: this.kind,
        wildcards,
        ...this.limits,
      });
    this.known.set(key, known);
    return known;
  }

  /** Whether it is proven that other statements deny all that one denies. */
  isDeniedBy(statement: Statement, others: readonly Statement[]): boolean {
    if (!isIncluded(statement, others)) return false;
    const key = `${statementText(statement)} ${others.map(statementText).join(' ')}`;
    const known = this.denied.get(key) ?? deniedBy(this.kind, statement, others, this.limits).kind === 'HOLDS';
    this.denied.set(key, known);
    return known;
  }
}

const WILDCARDS: readonly Wildcards[] = ['words', 'characters'];

/**
 * Fits one level. What helps is tried in this order: names of actions shortened by whole words, then wherever that is
 * exact; denials left out that stand above already; denials moved to the places below.
 *
 * Statements that allow never move: each level has to allow for itself.
 */
export function fitLevel(input: LevelInput, compactor: Compactor, options: LevelOptions): Level {
  const { room, canSpill, allowsEverything } = input;
  // Beside a policy that allows everything another one allows nothing more.
  const needed = input.statements.filter(({ effect }) => effect === 'Deny' || !allowsEverything);
  const idle = input.statements
    .filter((statement) => !needed.includes(statement))
    .map((statement): Idle => ({ statement: statementText(statement), because: 'FullAWSAccess is attached' }));
  for (const wildcards of options.wildcards === undefined ? WILDCARDS : [options.wildcards]) {
    const compacted = compactor.compact(needed, wildcards);
    const { documents, overflow } = fill(compacted.statements, room);
    if (overflow === undefined) return { documents, spilled: [], wildcards, compacted, idle };
  }
  const wildcards = options.wildcards ?? 'characters';
  const compacted = compactor.compact(needed, wildcards);
  const isDenied = (statement: Statement): boolean =>
    statement.effect === 'Deny' && compactor.isDeniedBy(statement, input.above);
  const kept: Statement[] = [];
  for (const statement of compacted.statements) {
    if (isDenied(statement)) idle.push({ statement: statementText(statement), because: 'denied above' });
    else kept.push(statement);
  }
  const { documents, overflow } = fill(kept, room);
  const level: Level = { documents, spilled: [], wildcards, compacted, idle };
  if (overflow === undefined) return level;
  return canSpill && overflow.statements.every(({ effect }) => effect === 'Deny')
    ? { ...level, spilled: overflow.statements }
    : { ...level, overflow };
}
