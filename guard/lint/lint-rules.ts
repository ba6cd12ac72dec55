/** The lint of one rule file: one walk over its tree, which knows the names and the conditions above each clause. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import type {
  AccessClause,
  Block,
  Clause,
  Condition,
  Conjunctions,
  Let,
  LetValue,
  Literal,
  ParameterizedRule,
  Query,
  QueryPart,
  Rule,
  RuleFile,
  RuleItem,
} from '../ast.js';
import { FUNCTION_NAMES } from '../functions/index.js';
import * as told from './diagnostics.js';
import { factOf, factsOf, judge } from './judge.js';
import { askedBy, isComplete, isEach, literalOf } from './keys.js';
import type { TypeKnowledge } from './knowledge.js';
import { judgePattern } from './patterns.js';
import { carried, Names } from './scope.js';
import type { Context, Fact, Name, Place } from './scope.js';
import { hasPath, isPublicType, matching, propertyPath, typesAsked, typesOf } from './types.js';

type Item = Clause | Condition | RuleItem;

/** Where lines stand: what they decide. */
type Role = 'clause' | 'condition' | 'filter';

/** A rule file that was parsed. */
export interface LintedRules {
  readonly file: string;
  readonly text: string;
  readonly tree: RuleFile;
}

/**
 * Looks for what proves nothing in a rule file.
 *
 * @returns Diagnostics in the order of the file. Any tree is looked at; nothing is thrown.
 */
export function lintRules(rules: LintedRules, knowledge: TypeKnowledge): readonly Diagnostic[] {
  const lint = new RuleLint(rules, knowledge);
  lint.file();
  const seen = new Set<string>();
  return lint.found
    .filter(({ code, message, location }) => {
      const key = `${code} ${message} ${location!.start}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.location!.start - b.location!.start || (a.code < b.code ? -1 : 1));
}

class RuleLint {
  readonly found: Diagnostic[] = [];
  private readonly ruleNames: ReadonlySet<string>;
  private readonly called = new Set<string>();
  private readonly captures = new Set<string>();

  constructor(
    private readonly rules: LintedRules,
    private readonly knowledge: TypeKnowledge,
  ) {
    this.ruleNames = new Set(rules.tree.rules.map(({ name }) => name));
    collectCaptures(rules.tree, this.captures);
  }

  file(): void {
    const { tree } = this.rules;
    const names = new Names(null);
    const context: Context = { names, facts: [], place: null };
    this.duplicates(
      'rule',
      tree.rules.filter(({ loose }) => !loose),
    );
    this.duplicates('parameterized rule', tree.parameterizedRules);
    this.lets(tree.lets, context);
    for (const rule of tree.rules) this.rule(rule, context);
    for (const rule of tree.parameterizedRules) this.parameterized(rule, context);
    for (const { name, offset } of tree.parameterizedRules) {
      if (!this.called.has(name)) this.tell(told.unusedName('parameterized rule', name, this.at(offset)));
    }
    this.unused(names);
  }

  private rule(rule: Rule, context: Context): void {
    const { conditions } = rule;
    if (conditions !== null) this.lines(conditions, context, 'condition');
    const facts = [...context.facts, ...(conditions === null ? [] : factsOf(conditions))];
    this.block(rule.block, { ...context, facts });
  }

  private parameterized({ parameters, offset, block }: ParameterizedRule, context: Context): void {
    const names = new Names(context.names);
    for (const parameter of parameters) {
      const value: Name = { kind: 'parameter', offset, used: false, literal: null, place: null, facts: [] };
      if (names.add(parameter, value)) this.tell(told.duplicateName('parameter', parameter, this.at(offset)));
    }
    this.block(block, { names, facts: [], place: null });
    this.unused(names);
  }

  private block(block: Block<Item>, context: Context): void {
    const names = new Names(context.names);
    const facts = context.facts.filter((fact) => !block.lets.some(({ name }) => name === fact.variable));
    const inner: Context = { ...context, names, facts };
    this.lets(block.lets, inner);
    this.lines(block.conjunctions, inner, 'clause');
    this.unused(names);
  }

  private lets(lets: readonly Let[], context: Context): void {
    for (const { name, value, offset } of lets) {
      const bound = value.kind === 'query' ? this.boundBy(value, context) : { place: null, facts: [] };
      const entry: Name = { kind: 'variable', offset, used: false, literal: literalOf(value), ...bound };
      if (context.names.add(name, entry)) this.tell(told.duplicateName('variable', name, this.at(offset)));
    }
    for (const { value, offset } of lets) this.value(value, context, offset);
  }

  /** What is known of the values that a query selects: their types, and what its last filter asks for. */
  private boundBy(query: Query, context: Context): { place: Place | null; facts: readonly Fact[] } {
    const last = query.parts.at(-1);
    const facts = last?.kind === 'filter' ? factsOf(last.conjunctions).filter(({ variable }) => variable === null) : [];
    return { place: this.placeOf(query, context).place, facts };
  }

  /** Lines that must all hold, each of members of which one must hold. */
  private lines(lines: Conjunctions<Item>, context: Context, role: Role): void {
    const facts: Fact[] = [...context.facts];
    for (const members of lines) {
      const here = { ...context, facts };
      // A clause may fail while the ones below it are looked at, so it is no fact for what they hold.
      for (const member of members) this.item(member, role === 'clause' ? context : here);
      this.alternatives(members);
      const judged = members.map((member) => judge(member, here));
      members.forEach((member, index) => {
        const judgement = judged[index];
        if (judgement === null || judgement === undefined) return;
        this.judged(
          member,
          judgement.holds,
          judgement.why,
          judgement.constant || role !== 'clause',
          role,
          members.length > 1,
        );
      });
      const only = members.length === 1 ? factOf(members[0]!) : null;
      if (only !== null) facts.push(only);
    }
  }

  private judged(item: Item, holds: boolean, why: string, certain: boolean, role: Role, isBranch: boolean): void {
    const at = this.at(item.offset, item.kind === 'access' ? item.end : undefined);
    if (isBranch && !holds) this.tell(told.idleBranch(`it never holds, because ${why}`, at));
    else if (holds) this.tell(told.cannotFail(why, at));
    else if (role === 'condition') this.tell(told.neverHolds('the condition never holds', why, at));
    else if (role === 'filter') this.tell(told.neverHolds('the filter selects nothing', why, at));
    // Under `when X`, `not X` with a message is how a rule says that X itself is wrong.
    else if (certain || !hasMessage(item)) this.tell(told.cannotPass(why, at));
  }

  /** Members of one line: a repeated one changes nothing, a question and its opposite leave nothing to fail. */
  private alternatives(members: readonly Item[]): void {
    const known = new Map<string, boolean>();
    for (const member of members) {
      const asked = askedBy(member);
      if (asked === null) continue;
      const before = known.get(asked.key);
      const at = this.at(member.offset, member.kind === 'access' ? member.end : undefined);
      if (before === undefined) known.set(asked.key, asked.negated);
      else if (before === asked.negated) this.tell(told.idleBranch('it is the same as one before it', at));
      else if (member.kind !== 'access' || isComplete(member)) {
        this.tell(told.cannotFail('one of its branches is the opposite of another', at));
      }
    }
  }

  private item(item: Item, context: Context): void {
    switch (item.kind) {
      case 'access':
        this.query(item.query, context, item.offset, isOutcry(item));
        this.comparison(item, context);
        return;
      case 'block': {
        this.query(item.query, context, item.offset);
        const [head] = item.query.parts;
        const named =
          head?.kind === 'variable' && item.query.parts.length === 1 ? context.names.find(head.name) : undefined;
        const own = named?.facts ?? this.boundBy(item.query, context).facts;
        const facts = [...carried(context.facts, item.block.lets), ...own];
        this.block(item.block, { ...context, facts, place: this.placeOf(item.query, context).place });
        return;
      }
      case 'when':
        this.lines(item.conditions, context, 'condition');
        this.block(item.block, { ...context, facts: [...context.facts, ...factsOf(item.conditions)] });
        return;
      case 'typeBlock': {
        this.typeName(item.typeName, item.offset);
        const place: Place = { types: [item.typeName], path: null };
        const inner: Context = { ...context, facts: carried(context.facts), place };
        if (item.conditions !== null) this.lines(item.conditions, inner, 'condition');
        this.block(item.block, { ...inner, facts: [...inner.facts, ...factsOf(item.conditions ?? [])] });
        return;
      }
      case 'ruleCall':
        this.call(item.name, item.offset);
        for (const argument of item.args) this.value(argument, context, item.offset);
        return;
      case 'reference':
        if (this.ruleNames.has(item.name)) return;
        this.tell(told.undefinedName('rule', item.name, this.nearest(item.name, this.ruleNames), this.at(item.offset)));
    }
  }

  private call(name: string, offset: number): void {
    this.called.add(name);
    const names = this.rules.tree.parameterizedRules.map((rule) => rule.name);
    if (names.includes(name)) return;
    this.tell(told.undefinedName('parameterized rule', name, this.nearest(name, names), this.at(offset)));
  }

  private comparison({ operator, right, offset, end }: AccessClause, context: Context): void {
    if (right !== null) this.value(right, context, offset);
    const literal = literalOf(right);
    if (literal !== null && (operator === 'eq' || operator === 'in')) this.patterns(literal, this.at(offset, end));
  }

  private patterns(literal: Literal, at: SourceRange): void {
    if (literal.kind === 'list') for (const item of literal.items) this.patterns(item, at);
    if (literal.kind !== 'regex') return;
    const judged = judgePattern(literal.pattern);
    if (judged !== null) this.tell(told.idlePattern(literal.pattern, judged === 'everything', at));
  }

  private value(value: LetValue, context: Context, offset: number): void {
    if (value.kind === 'query') this.query(value, context, offset);
    if (value.kind !== 'call') return;
    if (!FUNCTION_NAMES.includes(value.name)) {
      this.tell(told.undefinedName('function', value.name, this.nearest(value.name, FUNCTION_NAMES), this.at(offset)));
    }
    for (const argument of value.args) this.value(argument, context, offset);
  }

  private query(query: Query, context: Context, offset: number, mayLack = false): void {
    query.parts.forEach((part, index) => {
      if (part.kind === 'variable') this.use(part.name, context.names, offset);
      if (part.kind === 'keyFilter' && part.right.kind === 'query') this.query(part.right, context, offset);
      if (part.kind === 'keyFilter' && part.right.kind === 'regex') this.patterns(part.right, this.at(offset));
      if (part.kind !== 'filter') return;
      for (const { names, pattern, offset: at } of typesAsked(part.conjunctions).flat()) {
        for (const name of names) this.typeName(name, at);
        if (pattern !== null && matching(pattern, this.knowledge).length === 0) {
          this.tell(told.unknownType(`/${pattern}/`, undefined, this.at(at)));
        }
      }
      const before = this.placeOf({ ...query, parts: query.parts.slice(0, index + 1) }, context).place;
      this.lines(part.conjunctions, { ...context, facts: carried(context.facts), place: before }, 'filter');
    });
    if (!mayLack || !this.lacksKeyOnly(query, context)) this.property(query, context, offset);
  }

  /** The place of what a query selects, and whether its path exists. */
  private placeOf(
    query: Query,
    { names, place }: Context,
  ): { place: Place | null; missing: string | null; types: readonly string[] } {
    const nothing = { place: null, missing: null, types: [] };
    const { parts } = query;
    const [head, second] = parts;
    let from = 0;
    let at: Place | null = place;
    if (head?.kind === 'key' && head.name === 'Resources') {
      if (second?.kind !== 'allValues') return nothing;
      from = 2;
      at = null;
    } else if (head?.kind === 'variable') {
      at = names.find(head.name)?.place ?? null;
      from = isEach(second) ? 2 : 1;
    }
    for (
      let part: QueryPart | undefined = parts[from];
      part?.kind === 'filter' && (at?.path ?? null) === null;
      part = parts[++from]
    ) {
      const asked = typesOf(part.conjunctions, this.knowledge);
      const types =
        asked === null ? (at?.types ?? null) : at === null ? asked : at.types.filter((type) => asked.includes(type));
      at = types === null || types.length === 0 ? null : { types, path: null };
    }
    if (at === null || from === parts.length) return { ...nothing, place: at };
    return at.path === null ? this.below(query, from, at) : this.inside(query, from, { ...at, path: at.path });
  }

  /** From a resource into its properties. */
  private below(query: Query, from: number, { types }: Place): ReturnType<RuleLint['placeOf']> {
    const path = propertyPath(query, from);
    if (path === null) return { place: null, missing: null, types };
    const whole = query.parts.length - from - 1 === path.length;
    const missing = this.isMissing(types, path) ? `Properties.${path.join('.')}` : null;
    return { place: whole && path.length > 0 ? { types, path } : null, missing, types };
  }

  /** From a property on. */
  private inside(
    query: Query,
    from: number,
    { types, path: base }: Place & { readonly path: readonly string[] },
  ): ReturnType<RuleLint['placeOf']> {
    const probe: Query = { ...query, parts: [{ kind: 'key', name: 'Properties' }, ...query.parts.slice(from)] };
    const more = propertyPath(probe, 0)!;
    const path = [...base, ...more];
    const missing = more.length > 0 && this.isMissing(types, path) ? `Properties.${path.join('.')}` : null;
    const whole = query.parts.length - from === more.length;
    return { place: whole ? { types, path } : null, missing, types };
  }

  private isMissing(types: readonly string[], path: readonly string[]): boolean {
    const known = types.filter((type) => this.knowledge.isType(type));
    return (
      known.length > 0 && known.length === types.length && !known.some((type) => hasPath(type, path, this.knowledge))
    );
  }

  /** Whether the last key of a query alone does not exist. */
  private lacksKeyOnly(query: Query, context: Context): boolean {
    const shorter = { ...query, parts: query.parts.slice(0, -1) };
    return query.parts.at(-1)?.kind === 'key' && this.placeOf(shorter, context).missing === null;
  }

  private property(query: Query, context: Context, offset: number): void {
    const { missing, types } = this.placeOf(query, context);
    if (missing !== null) this.tell(told.unknownProperty(missing, types, this.at(offset)));
  }

  private typeName(name: string, offset: number): void {
    if (!isPublicType(name) || this.knowledge.isType(name)) return;
    this.tell(told.unknownType(name, this.knowledge.nearestType(name), this.at(offset)));
  }

  private use(name: string, names: Names, offset: number): void {
    const known = names.find(name);
    if (known !== undefined) known.used = true;
    else if (!this.captures.has(name)) {
      this.tell(told.undefinedName('variable', `%${name}`, this.nearest(name, names.all()), this.at(offset)));
    }
  }

  private unused(names: Names): void {
    for (const [name, { kind, offset }] of names.unused()) this.tell(told.unusedName(kind, name, this.at(offset)));
  }

  private duplicates(kind: string, rules: readonly { readonly name: string; readonly offset: number }[]): void {
    const seen = new Set<string>();
    for (const { name, offset } of rules) {
      if (seen.has(name)) this.tell(told.duplicateName(kind, name, this.at(offset)));
      seen.add(name);
    }
  }

  private nearest(name: string, candidates: Iterable<string>): string | undefined {
    return this.knowledge.nearest(name, [...candidates]);
  }

  private tell(diagnostic: Diagnostic): void {
    this.found.push(diagnostic);
  }

  /** A place: to the end of its line at most. */
  private at(offset: number, end = Infinity): SourceRange {
    const { file, text } = this.rules;
    const newline = text.indexOf('\n', offset);
    const line = text.slice(offset, Math.min(newline < 0 ? text.length : newline, end)).trimEnd();
    return { file, start: offset, end: offset + line.length };
  }
}

/** A clause that is meant to fail where it is reached, so that its message is told at the value: a list has no such key. */
function isOutcry(item: AccessClause): boolean {
  return item.operator === 'exists' && item.negated === item.prefixNot && item.message !== null;
}

function hasMessage(item: Item): boolean {
  return 'message' in item && item.message !== null;
}

function collectCaptures(node: unknown, captures: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if ('capture' in node && typeof node.capture === 'string') captures.add(node.capture);
  for (const child of Object.values(node)) collectCaptures(child, captures);
}
