/** Texts that functions are given or put together, known in part where a value in them is not known. */
import { ABSENT } from '../unknown.js';
import { isList, isMap, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { jsonOf, textOf } from './build.js';
import { badValue } from './diagnostics.js';
import { identityOf } from './identity.js';
import { callOf } from './intrinsics.js';
import type { Evaluated, Resolver } from './resolver.js';
import { Invalid, Stuck } from './scope.js';
import type { Blocker, Scope } from './scope.js';

/** What a function gives. */
export type Outcome = Evaluated | Stuck | Invalid;
/** A function: its form has been checked, and it gets its argument unevaluated. */
export type IntrinsicFunction = (resolver: Resolver, argument: Value, scope: Scope, node: ValueMap) => Outcome;

/** The text of an argument; functions take numbers and booleans for their text. */
export function text(resolver: Resolver, node: Value, scope: Scope, from: string): string | Stuck | Invalid {
  const value = resolver.need(node, scope);
  if (value instanceof Stuck) return value;
  return textOf(value) ?? new Invalid(badValue(`\`${from}\` is given ${kindOf(value)} where it needs text`));
}

export function kindOf(value: Value): string {
  if (value === null) return 'null';
  return isList(value) ? 'a list' : isMap(value) ? 'a map' : 'a scalar';
}

/** Text put together from values, or what is missing of it. */
export class Text {
  private readonly pieces: (string | null)[] = [];
  private readonly blockers: Blocker[] = [];
  private readonly sources: (string | null)[] = [];
  private problem: Invalid | undefined;
  private single: Value | undefined;
  private count = 0;

  constructor(
    private readonly resolver: Resolver,
    private readonly from: string,
  ) {}

  literal(text: string): void {
    const last = this.pieces.length - 1;
    const before = this.pieces[last];
    if (typeof before === 'string') this.pieces[last] = before + text;
    else if (text !== '') this.pieces.push(text);
  }

  /** @param written - What the value comes from, when it is no value of its own. */
  add(value: Outcome, written?: Value): void {
    this.count++;
    if (value instanceof Invalid) this.problem ??= value;
    else if (value instanceof Stuck) this.missing(value.blockers, written);
    else if (value === ABSENT) {
      this.problem ??= new Invalid(badValue(`\`AWS::NoValue\` is no text for \`${this.from}\``));
    } else {
      const blocker = this.resolver.blockedBy(value);
      if (blocker !== undefined) {
        this.missing([blocker], value);
        this.single = value;
        return;
      }
      const text = textOf(value);
      if (text === undefined) {
        this.problem ??= new Invalid(badValue(`\`${this.from}\` is given ${kindOf(value)} where it needs text`));
      } else this.literal(text);
    }
  }

  private missing(blockers: readonly Blocker[], from: Value | undefined): void {
    this.blockers.push(...blockers);
    const own = blockers.length === 1 && from !== undefined ? identityOf(from) : null;
    for (const blocker of blockers) {
      this.sources.push(...(blocker.pieces === undefined ? [own] : (blocker.sources ?? [])));
      for (const piece of blocker.pieces ?? [null]) {
        if (piece === null) this.pieces.push(null);
        else this.literal(piece);
      }
    }
  }

  result(): Outcome {
    if (this.problem !== undefined) return this.problem;
    if (this.blockers.length === 0) return this.pieces.join('');
    // A text that is one reference and nothing else is that reference.
    const alone = this.count === 1 && this.pieces.length === 1 ? this.single : undefined;
    return alone ?? new Stuck(this.blockers, this.pieces, this.sources);
  }
}

/** Functions that give a text, or nothing that a template could write. */
const TEXTS: ReadonlySet<string> = new Set(['Ref', 'Fn::Sub', 'Fn::Join', 'Fn::ImportValue', 'Fn::GetStackOutput']);

/** Adds a value as JSON. @returns Whether each unknown in it is a text of which JSON would escape nothing that is known. */
export function addJson(resolver: Resolver, value: Value, text: Text): boolean {
  const blocker = resolver.blockedBy(value);
  if (blocker !== undefined) {
    const isText = isMap(value) && isTextCall(resolver, value);
    if (!isText || blocker.pieces?.some((piece) => piece !== null && JSON.stringify(piece) !== `"${piece}"`)) {
      return false;
    }
    text.literal('"');
    text.add(value);
    text.literal('"');
    return true;
  }
  if (isList(value)) {
    text.literal('[');
    const all = value.every((item, index) => {
      if (index > 0) text.literal(',');
      return addJson(resolver, item, text);
    });
    text.literal(']');
    return all;
  }
  if (!isMap(value)) {
    text.literal(jsonOf(value));
    return true;
  }
  text.literal('{');
  const all = keysOf(value).every((key, index) => {
    text.literal(`${index > 0 ? ',' : ''}${JSON.stringify(key)}:`);
    return addJson(resolver, value[key]!, text);
  });
  text.literal('}');
  return all;
}

/** Whether a function gives a text; a parameter may be a list. */
function isTextCall(resolver: Resolver, value: ValueMap): boolean {
  const call = callOf(value);
  if (call === undefined || !TEXTS.has(call.name)) return false;
  const parameter = typeof call.argument === 'string' ? resolver.parameters.get(call.argument) : undefined;
  return call.name !== 'Ref' || !(parameter?.type ?? '').includes('List');
}
