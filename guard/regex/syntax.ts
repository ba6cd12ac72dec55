/**
 * The syntax tree of a Guard regular expression.
 *
 * Guard hands its patterns to the Rust crate `fancy_regex` (0.13 in cfn-guard 3.1.1), which gives everything without
 * look-around and back-references to the linear-time crate `regex`. The tree follows that split: a *hard* node is one
 * that only a backtracking matcher can run.
 */
import type { ClassSet } from './class-set.js';

export type AssertionKind =
  'startText' | 'endText' | 'startLine' | 'endLine' | 'wordBoundary' | 'notWordBoundary' | 'wordStart' | 'wordEnd';

export type Expr =
  | { readonly kind: 'empty' }
  | { readonly kind: 'any'; readonly newline: boolean }
  | { readonly kind: 'assertion'; readonly assertion: AssertionKind }
  | { readonly kind: 'literal'; readonly codePoint: number; readonly caseless: boolean }
  | { readonly kind: 'class'; readonly set: ClassSet; readonly caseless: boolean }
  | { readonly kind: 'concat'; readonly items: readonly Expr[] }
  | { readonly kind: 'alt'; readonly items: readonly Expr[] }
  | { readonly kind: 'group'; readonly child: Expr }
  | { readonly kind: 'look'; readonly child: Expr; readonly behind: boolean; readonly negated: boolean }
  | Repeat
  | { readonly kind: 'backref'; readonly group: number }
  | { readonly kind: 'atomic'; readonly child: Expr }
  | { readonly kind: 'keepOut' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'backrefExists'; readonly group: number }
  | { readonly kind: 'conditional'; readonly condition: Expr; readonly yes: Expr; readonly no: Expr };

export interface Repeat {
  readonly kind: 'repeat';
  readonly child: Expr;
  readonly lo: number;
  /** `Infinity` when there is no upper bound. */
  readonly hi: number;
  readonly greedy: boolean;
}

export interface ParsedRegex {
  readonly expr: Expr;
  /** Group names with their numbers; group 0 is the whole match. */
  readonly names: ReadonlyMap<string, number>;
  /** Number of groups, group 0 included. */
  readonly groups: number;
}

/** Why a pattern is refused. `offset` counts UTF-16 code units from the pattern's start. */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError';
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

export const EMPTY: Expr = { kind: 'empty' };
