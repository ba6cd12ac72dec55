/**
 * Decides which parts of a pattern the backtracking matcher runs itself and which it hands, whole and without going
 * back into them, to the linear-time machine. The decisions are `fancy_regex` 0.13's, because they can be observed:
 * a part that was handed over is not tried again in another way.
 */
import { RegexSyntaxError } from './syntax.js';
import type { Expr } from './syntax.js';

export interface Info {
  readonly expr: Expr;
  readonly children: readonly Info[];
  /** Number of the first group that the node opens, and of the first group after it. */
  readonly startGroup: number;
  readonly endGroup: number;
  readonly minSize: number;
  readonly constSize: boolean;
  readonly hard: boolean;
}

type Traits = Pick<Info, 'minSize' | 'constSize' | 'hard'>;

/** Bounds of a counted loop in the linear-time engine. */
const MAX_REPEAT = 2 ** 32 - 1;

/**
 * Analyses a whole pattern, wrapped in group 0.
 * @throws {RegexSyntaxError} for a back-reference to a group that has not been opened before it.
 */
export function analyze(expr: Expr): Info {
  return new Analyzer().visit(expr);
}

/**
 * Checks what the linear-time engine refuses in a part that it is given.
 * @throws {RegexSyntaxError}
 */
export function checkEasy(info: Info): void {
  const { expr } = info;
  if (expr.kind === 'repeat') {
    if (expr.hi < expr.lo) throw new RegexSyntaxError('a repetition has its bounds in the wrong order', 0);
    if (expr.lo > MAX_REPEAT || (expr.hi !== Infinity && expr.hi > MAX_REPEAT)) {
      throw new RegexSyntaxError('a repetition has too large a bound', 0);
    }
  }
  info.children.forEach(checkEasy);
}

class Analyzer {
  // Group 0 is the whole match.
  private nextGroup = 1;

  visit(expr: Expr): Info {
    const startGroup = this.nextGroup;
    if (expr.kind === 'group') this.nextGroup += 1;
    if ((expr.kind === 'backref' || expr.kind === 'backrefExists') && expr.group >= this.nextGroup) {
      throw new RegexSyntaxError(`a back-reference names group ${expr.group}, which is not open before it`, 0);
    }
    const children = this.visitChildren(expr);
    return { expr, children, startGroup, endGroup: this.nextGroup, ...traitsOf(expr, children) };
  }

  private visitChildren(expr: Expr): readonly Info[] {
    switch (expr.kind) {
      case 'concat':
      case 'alt':
        return expr.items.map((item) => this.visit(item));
      case 'group':
      case 'look':
      case 'repeat':
      case 'atomic':
        return [this.visit(expr.child)];
      case 'conditional':
        return [this.visit(expr.condition), this.visit(expr.yes), this.visit(expr.no)];
      default:
        return [];
    }
  }
}

function traitsOf(expr: Expr, children: readonly Info[]): Traits {
  const hard = children.some((child) => child.hard);
  const [first] = children;
  switch (expr.kind) {
    case 'empty':
      return { minSize: 0, constSize: true, hard };
    case 'assertion':
      return { minSize: 0, constSize: true, hard: /^(?:notWord|word)/.test(expr.assertion) };
    case 'any':
    case 'literal':
    case 'class':
      return { minSize: 1, constSize: true, hard };
    case 'concat': {
      const minSize = children.reduce((sum, child) => sum + child.minSize, 0);
      return { minSize, constSize: children.every((child) => child.constSize), hard };
    }
    case 'alt':
      return traitsOfAlternatives(children, hard);
    case 'group':
      return { minSize: first?.minSize ?? 0, constSize: first?.constSize ?? true, hard };
    case 'look':
      return { minSize: 0, constSize: true, hard: true };
    case 'repeat': {
      const minSize = expr.lo === 0 ? 0 : (first?.minSize ?? 0) * expr.lo;
      return { minSize, constSize: (first?.constSize ?? true) && expr.lo === expr.hi, hard };
    }
    case 'backref':
      return { minSize: 0, constSize: false, hard: true };
    case 'atomic':
      return { minSize: first?.minSize ?? 0, constSize: first?.constSize ?? true, hard: true };
    case 'keepOut':
    case 'continue':
    case 'backrefExists':
      return { minSize: 0, constSize: true, hard: true };
    case 'conditional':
      return traitsOfConditional(children);
  }
}

function traitsOfAlternatives(children: readonly Info[], hard: boolean): Traits {
  let minSize = children[0]?.minSize ?? 0;
  let constSize = children[0]?.constSize ?? true;
  for (const child of children.slice(1)) {
    constSize = constSize && child.constSize && minSize === child.minSize;
    minSize = Math.min(minSize, child.minSize);
  }
  return { minSize, constSize, hard };
}

function traitsOfConditional([condition, yes, no]: readonly Info[]): Traits {
  if (condition === undefined || yes === undefined || no === undefined) {
    throw new Error('a conditional has three parts');
  }
  return {
    minSize: condition.minSize + Math.min(yes.minSize, no.minSize),
    constSize: condition.constSize && yes.constSize && no.constSize && condition.minSize + yes.minSize === no.minSize,
    hard: true,
  };
}
