/** Sets of code points, as the trees of regular expressions hold them. */

/** A set of code points; case is folded by whoever matches with it. */
export type ClassSet =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** `escape` is what stands in an ECMAScript `\p{...}`. */
  | { readonly kind: 'property'; readonly escape: string }
  | { readonly kind: 'union'; readonly items: readonly ClassSet[] }
  | { readonly kind: 'not'; readonly set: ClassSet }
  | { readonly kind: 'operation'; readonly operator: SetOperator; readonly left: ClassSet; readonly right: ClassSet };

export type SetOperator = '&&' | '--' | '~~';
