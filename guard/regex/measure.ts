/** What can be said of an expression without running it. */
import type { Expr } from './syntax.js';

/** The least number of characters that a node takes. */
export function minLength(expr: Expr): number {
  switch (expr.kind) {
    case 'any':
    case 'literal':
    case 'class':
      return 1;
    case 'concat':
      return expr.items.reduce((sum, item) => sum + minLength(item), 0);
    case 'alt':
      return expr.items.reduce((least, item) => Math.min(least, minLength(item)), Infinity);
    case 'group':
    case 'atomic':
      return minLength(expr.child);
    case 'repeat':
      return expr.lo === 0 ? 0 : expr.lo * minLength(expr.child);
    case 'conditional':
      return minLength(expr.condition) + Math.min(minLength(expr.yes), minLength(expr.no));
    default:
      return 0;
  }
}

/** How many groups a node opens. */
export function countGroups(expr: Expr): number {
  return childrenOf(expr).reduce((sum, child) => sum + countGroups(child), expr.kind === 'group' ? 1 : 0);
}

/** Whether a node, however often it is run, takes no character. */
export function matchesOnlyEmpty(expr: Expr): boolean {
  switch (expr.kind) {
    case 'empty':
    case 'assertion':
      return true;
    case 'concat':
    case 'alt':
      return expr.items.every(matchesOnlyEmpty);
    case 'group':
      return matchesOnlyEmpty(expr.child);
    case 'repeat':
      return expr.hi === 0 || matchesOnlyEmpty(expr.child);
    default:
      return false;
  }
}

/** Whether the language of a node is regular, so that a machine without backtracking can run it. */
export function isRegular(expr: Expr): boolean {
  switch (expr.kind) {
    case 'look':
    case 'backref':
    case 'atomic':
    case 'keepOut':
    case 'continue':
    case 'backrefExists':
    case 'conditional':
      return false;
    case 'repeat':
      // The backtracking matcher of the reference takes `{2,1}` for `{1}`; the linear-time engine refuses it.
      return expr.lo <= expr.hi && isRegular(expr.child);
    default:
      return childrenOf(expr).every(isRegular);
  }
}

/** The nodes directly below a node. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'concat':
    case 'alt':
      return expr.items;
    case 'group':
    case 'look':
    case 'repeat':
    case 'atomic':
      return [expr.child];
    case 'conditional':
      return [expr.condition, expr.yes, expr.no];
    default:
      return [];
  }
}
