/**
 * Why a rule failed, in the shape that `cfn-guard validate --structured -o json` prints under `not_compliant`
 * (one place decides the shape, reporters only serialise it). `origin` fields are ours and are left out of that output.
 */
import type { Value } from '../template/index.js';

/** Paths are `/`-joined keys and indexes from the document's root, `''` for the root and for literals. */
export interface PathValue {
  readonly path: string;
  /** Already in its printed form: regexes as `/re/`, ranges as `[1,9)`. */
  readonly value: Value;
}

export interface UnresolvedValue {
  readonly traversed_to: PathValue;
  readonly remaining_query: string;
  readonly reason: string | null;
}

export type ComparisonName =
  | 'Eq'
  | 'In'
  | 'Gt'
  | 'Ge'
  | 'Lt'
  | 'Le'
  | 'Exists'
  | 'Empty'
  | 'IsString'
  | 'IsList'
  | 'IsMap'
  | 'IsBool'
  | 'IsInt'
  | 'IsFloat'
  | 'IsNull';
/** Operator and whether it is negated. */
export type Comparison = readonly [ComparisonName, boolean];

export interface Messages {
  readonly custom_message: string | null;
  readonly error_message: string | null;
}

export type UnaryCheck =
  | { readonly Resolved: { readonly value: PathValue; readonly comparison: Comparison } }
  | { readonly UnResolved: { readonly value: UnresolvedValue; readonly comparison: Comparison } }
  | { readonly UnResolvedContext: string };

export type BinaryCheck =
  | { readonly Resolved: { readonly from: PathValue; readonly to: PathValue; readonly comparison: Comparison } }
  | { readonly UnResolved: { readonly value: UnresolvedValue; readonly comparison: Comparison } }
  | {
      readonly InResolved: {
        readonly from: PathValue;
        readonly to: readonly PathValue[];
        readonly comparison: Comparison;
      };
    };

/** Where in the rule file a check comes from. */
export interface Origin {
  readonly offset: number;
  readonly end: number;
}

export type FailedCheck =
  | {
      readonly Rule: {
        readonly name: string;
        readonly metadata: Record<string, never>;
        readonly messages: Messages;
        readonly checks: readonly FailedCheck[];
      };
    }
  | { readonly Disjunctions: { readonly checks: readonly FailedCheck[] } }
  | {
      readonly Block: {
        readonly context: string;
        readonly messages: Messages;
        readonly unresolved: UnresolvedValue | null;
      };
      readonly origin?: Origin;
    }
  | {
      readonly Clause: {
        readonly Unary: { readonly check: UnaryCheck; readonly context: string; readonly messages: Messages };
      };
      readonly origin?: Origin;
    }
  | {
      readonly Clause: {
        readonly Binary: { readonly context: string; readonly messages: Messages; readonly check: BinaryCheck };
      };
      readonly origin?: Origin;
    };
