/**
 * Policies in which everything that hangs on an unknown value is a proposition of its own: "the resource fits
 * `arn:aws:s3:::@Bucket@/*`" is true or false, and the same wherever the same text stands. What holds of such policies
 * whatever is true and false holds whatever the values are, wildcards, nothing and each other's values among them.
 *
 * The propositions are keys of the request's context. What is known of a text beside its unknowns stays: a resource that
 * fits the pattern above is an object of Amazon S3, and one that fits `…/@Bucket@/a/*` fits `…/@Bucket@/*` too.
 */
import type { Condition, PatternElement, Policy, Statement } from '../../iam/index.js';
import { keyOf } from './statement-keys.js';
import type { Unknowns } from './unknowns.js';

/** Most statements that one becomes; beyond, the whole statement is one proposition. */
const MOST = 48;

/** One way in which a statement applies. */
interface Alternative {
  readonly statement: Statement;
  readonly conditions: readonly Condition[];
}

/**
 * @param side - What becomes propositions.
 * @param all - The policies of both sides: patterns of one are related to those of the other.
 */
export function abstracted(side: readonly Policy[], all: readonly Policy[], unknowns: Unknowns): readonly Policy[] {
  const open = all.flatMap(({ statements }) =>
    statements.flatMap(({ resource }) => resource?.patterns.filter((pattern) => unknowns.isOpen(pattern)) ?? []),
  );
  const abstraction = new Abstraction(unknowns, [...new Set(open)]);
  return side.map((policy) => ({
    ...policy,
    statements: policy.statements.flatMap((statement) => abstraction.statements(statement, policy.version)),
  }));
}

class Abstraction {
  private version: Policy['version'];

  constructor(
    private readonly unknowns: Unknowns,
    /** Patterns of resources with unknowns in them. */
    private readonly patterns: readonly string[],
  ) {}

  statements(statement: Statement, version: Policy['version']): readonly Statement[] {
    this.version = version;
    if (!this.isOpen(keyOf(statement))) return [statement];
    if (statement.principal?.negated === true && this.hasOpenPrincipal(statement)) return [this.whole(statement)];
    let ways: readonly Alternative[] = [{ statement, conditions: [] }];
    const parts: readonly ((way: Alternative) => readonly Alternative[])[] = [
      (way) => this.principals(way),
      (way) => this.actions(way),
      (way) => this.resources(way),
      (way) => this.conditionParts(way),
    ];
    for (const part of parts) {
      ways = ways.flatMap(part);
      if (ways.length > MOST) return [this.whole(statement)];
    }
    return ways.map((way) => ({ ...way.statement, conditions: way.conditions }));
  }

  private hasOpenPrincipal({ principal }: Statement): boolean {
    return principal?.principals.some(({ value }) => this.isOpen(value)) === true;
  }

  private isOpen(text: string): boolean {
    return this.unknowns.isOpen(text);
  }

  /** A statement that applies when its proposition is true. */
  private whole(statement: Statement): Statement {
    return {
      effect: statement.effect,
      ...(statement.principal && { principal: { negated: false, principals: [{ kind: 'AWS', value: '*' } as const] } }),
      action: { negated: false, patterns: ['*'] },
      ...(statement.resource && { resource: { negated: false, patterns: ['*'] } }),
      conditions: [this.isTrue(`statement ${keyOf(statement)}`)],
    };
  }

  private isTrue(proposition: string, isSo = true): Condition {
    // The version decides whether variables are any.
    const isPlain = this.version !== '2012-10-17' && proposition.includes('${');
    const text = isPlain ? `2008 ${proposition}` : proposition;
    return {
      operator: isSo ? 'StringEquals' : 'StringNotEquals',
      ifExists: false,
      key: `unknown/is/${this.unknowns.opaqueId(`is ${text}`, '')}`,
      values: ['true'],
    };
  }

  private principals(way: Alternative): readonly Alternative[] {
    const { principal, resource } = way.statement;
    if (principal === undefined || !this.hasOpenPrincipal(way.statement)) return [way];
    // In a trust policy `*` does not name services and providers; their names hold no wildcards and are only compared.
    const isKept = ({ kind, value }: (typeof principal.principals)[number]): boolean =>
      !this.isOpen(value) || (kind !== 'AWS' && resource === undefined);
    const known = principal.principals.filter(isKept);
    const somebody = { negated: false, principals: [{ kind: 'AWS', value: '*' } as const] };
    return [
      ...(known.length === 0
        ? []
        : [{ ...way, statement: { ...way.statement, principal: { negated: false, principals: known } } }]),
      ...principal.principals
        .filter((each) => !isKept(each))
        .map(({ kind, value }) => ({
          statement: { ...way.statement, principal: somebody },
          conditions: [...way.conditions, this.isTrue(`principal ${kind} ${value}`)],
        })),
    ];
  }

  private actions(way: Alternative): readonly Alternative[] {
    const { action } = way.statement;
    return this.element(action, `action`, way, (part) => ({ ...way.statement, action: part }), actionHull);
  }

  private resources(way: Alternative): readonly Alternative[] {
    const { resource } = way.statement;
    if (resource === undefined) return [way];
    return this.element(
      resource,
      'resource',
      way,
      (part) => ({ ...way.statement, resource: part }),
      (pattern) => this.resourceHull(pattern),
    );
  }

  private element(
    { negated, patterns }: PatternElement,
    name: 'action' | 'resource',
    way: Alternative,
    within: (part: PatternElement) => Statement,
    hull: (pattern: string) => string,
  ): readonly Alternative[] {
    const open = patterns.filter((pattern) => this.isOpen(pattern));
    if (open.length === 0) return [way];
    const known = patterns.filter((pattern) => !this.isOpen(pattern));
    const textOf = (pattern: string): string => `${name} ${name === 'action' ? pattern.toLowerCase() : pattern}`;
    if (negated) {
      const part = known.length === 0 ? { negated: false, patterns: ['*'] } : { negated: true, patterns: known };
      const conditions = open.map((pattern) => this.isTrue(textOf(pattern), false));
      return [{ statement: within(part), conditions: [...way.conditions, ...conditions] }];
    }
    return [
      ...(known.length === 0 ? [] : [{ ...way, statement: within({ negated: false, patterns: known }) }]),
      ...open.map((pattern) => ({
        statement: within({ negated: false, patterns: [hull(pattern)] }),
        conditions: [
          ...way.conditions,
          this.isTrue(textOf(pattern)),
          ...(name === 'action' ? [] : this.wider(pattern).map((each) => this.isTrue(textOf(each)))),
        ],
      })),
    ];
  }

  /** Other patterns with unknowns that everything fits which fits a pattern. */
  private wider(pattern: string): readonly string[] {
    return this.patterns.filter((other) => other !== pattern && isWithin(pattern, other));
  }

  /** A pattern that everything fits which fits a pattern with an unknown in it. */
  private resourceHull(pattern: string): string {
    const parts = pattern.split(':');
    const head = parts.slice(0, 5);
    if (parts[0] !== 'arn' || parts.length < 6 || head.some((part) => this.isOpen(part)) || parts[2] === 'unknown') {
      return '*';
    }
    return this.unknowns.withUnknownsAs(pattern, '*');
  }

  private conditionParts(way: Alternative): readonly Alternative[] {
    let ways: readonly Alternative[] = [way];
    for (const condition of way.statement.conditions) {
      ways = ways.flatMap((each) =>
        this.condition(condition).map((conditions) => ({ ...each, conditions: [...each.conditions, ...conditions] })),
      );
      if (ways.length > MOST) return ways;
    }
    return ways;
  }

  /** The ways in which a condition can be met: conditions that must all be met. */
  private condition(condition: Condition): readonly (readonly Condition[])[] {
    const { operator, qualifier = '', ifExists, key, values } = condition;
    const open = values.filter((value) => this.isOpen(value));
    if (open.length === 0) return [[condition]];
    const known = values.filter((value) => !this.isOpen(value));
    const isNegated = operator.includes('Not');
    const isPlain = qualifier === '' && !ifExists;
    const name = `${qualifier}${isPlain ? operator.replace('Not', '') : operator}${ifExists ? 'IfExists' : ''} ${key.toLowerCase()}`;
    const of = (value: string): Condition => this.isTrue(`condition ${name} ${value}`, !(isNegated && isPlain));
    const rest = known.length === 0 ? [] : [{ ...condition, values: known }];
    if (!isNegated && qualifier !== 'ForAllValues') {
      return [...rest.map((each) => [each]), ...open.map((each) => [of(each)])];
    }
    if (isNegated && qualifier !== 'ForAnyValue') return [[...rest, ...open.map(of)]];
    return [[this.isTrue(`condition ${name} ${[...values].sort().join('\n')}`)]];
  }
}

function actionHull(pattern: string): string {
  const service = /^([a-z0-9-]+):/i.exec(pattern)?.[1];
  return service === undefined || service === 'unknown' ? '*' : `${service}:*`;
}

/**
 * Whether whatever fits a pattern fits another one, by their texts: `*` of the other one stands for any text of the pattern,
 * but for the colons that part an ARN; everything else, unknowns among it, is the same on both.
 */
export function isWithin(pattern: string, other: string): boolean {
  // One character of something that nobody knows may be none.
  if (other.includes('?')) return false;
  const [mine, theirs] = [partsOf(pattern), partsOf(other)];
  if (mine.length !== theirs.length) return false;
  return theirs.every((part, index) => {
    const [first, ...rest] = part.split('*');
    let at = mine[index]!;
    if (!at.startsWith(first!)) return false;
    if (rest.length === 0) return at === first;
    at = at.slice(first!.length);
    const last = rest.pop()!;
    for (const middle of rest) {
      const found = at.indexOf(middle);
      if (found < 0) return false;
      at = at.slice(found + middle.length);
    }
    return at.endsWith(last) && at.length >= last.length;
  });
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? [arn] : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
