/**
 * Values that nobody knows, inside a policy document: each is a text of one character that no document can hold, so that
 * the document can be read, and what hangs on such a value can be told.
 */
import { identityOf } from '../resolve/identity.js';
import type { ResolvedDocument, Unknown } from '../unknown.js';
import { get, isList, isMap, keysOf } from '../values.js';
import type { Value, ValueMap } from '../values.js';

/** What a reference reads as where no name is supposed for it; the argument follows as JSON. */
export const REFERENCE = 'reference:';

/** The first of the characters; they belong to a private use area (Unicode plane 16). */
const FIRST = 0x10_0000;
const LAST = 0x10_fffd;
const MARK = /[\u{100000}-\u{10fffd}]/gu;
const DYNAMIC_REFERENCE = /\{\{resolve:[^{}]*\}\}/g;

/**
 * The unknown values of one document. Two of them have the same mark only when they certainly have the same value: they are
 * the same expression (see {@link identityOf}) or the same dynamic reference.
 */
export class Marks {
  private readonly byName = new Map<string, string>();
  private readonly unknowns = new Map<string, Unknown>();
  private readonly unlike = new Map<Unknown, number>();

  constructor(private readonly document: ResolvedDocument) {}

  /** Whether a copy of a value is text as a whole. */
  isText(value: Value): boolean {
    if (typeof value !== 'object' || value === null) return typeof value === 'string';
    return this.document.unknownAt(value) !== undefined || referenceText(value) !== undefined;
  }

  /** A copy of a value in which every unknown is text. A reference that no name is supposed for is a text that names it. */
  replace(value: Value): Value {
    return this.copy(value, (_, text) => text);
  }

  /** The same with dynamic references as they are written: they may name a resource, such as a secret. */
  replaceForNames(value: Value): Value {
    return this.copy(
      value,
      (_, text) => text,
      (text) => text,
    );
  }

  /** The same for a policy document, where a reference that no name is supposed for is unknown. */
  replaceInPolicy(value: Value): Value {
    return this.copy(value, (reference, text) => this.mark(text, notCalledYet(reference)));
  }

  private copy(
    value: Value,
    referred: (reference: ValueMap, text: string) => string,
    written = (text: string): string => this.withoutDynamicReferences(text),
  ): Value {
    if (typeof value === 'string') return written(value);
    if (typeof value !== 'object' || value === null) return value;
    const unknown = this.document.unknownAt(value);
    if (unknown !== undefined) return written(this.textOf(unknown, value));
    if (isList(value)) return value.map((item) => this.copy(item, referred, written));
    if (!isMap(value)) return value;
    const reference = referenceText(value);
    if (reference !== undefined) return referred(value, reference);
    return Object.fromEntries(keysOf(value).map((key) => [key, this.copy(get(value, key)!, referred, written)]));
  }

  /** The unknowns that a text holds. */
  in(text: string): readonly Unknown[] {
    const found = text.match(MARK) ?? [];
    return [...new Set(found)]
      .map((mark) => this.unknowns.get(mark))
      .filter((one): one is Unknown => one !== undefined);
  }

  private textOf(unknown: Unknown, node: Value): string {
    const { pieces, sources } = unknown;
    if (pieces === undefined || sources === undefined) return this.markOf(identityOf(node), unknown, 0);
    let open = 0;
    return pieces.map((piece) => piece ?? this.markOf(sources[open] ?? null, unknown, open++)).join('');
  }

  /** @param index - Tells the pieces of one unknown apart when nothing says what they come from. */
  private markOf(identity: string | null, unknown: Unknown, index: number): string {
    if (identity !== null) return this.mark(identity, unknown);
    const number = this.unlike.get(unknown) ?? this.unlike.size;
    this.unlike.set(unknown, number);
    return this.mark(`${number} ${index}`, unknown);
  }

  /** The rest of the text is known, as the account in `arn:aws:iam::{{resolve:ssm:account}}:root` is not. */
  private withoutDynamicReferences(text: string): string {
    return text.replace(DYNAMIC_REFERENCE, (reference) => {
      const unknown = this.document.unknownAt(reference);
      return unknown === undefined ? reference : this.mark(reference, unknown);
    });
  }

  private mark(name: string, unknown: Unknown): string {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const mark = String.fromCodePoint(Math.min(FIRST + this.byName.size, LAST));
    this.byName.set(name, mark);
    this.unknowns.set(mark, unknown);
    return mark;
  }
}

/** A reference to a resource that no name is supposed for: some text without wildcards, the same wherever it stands. */
function referenceText(map: Value): string | undefined {
  if (!isMap(map)) return undefined;
  const keys = keysOf(map);
  const [key] = keys;
  if (keys.length !== 1 || (key !== 'Ref' && key !== 'Fn::GetAtt')) return undefined;
  const argument = get(map, key)!;
  return `${REFERENCE}${JSON.stringify(argument).replace(/[*?$]/g, '-')}`;
}

/** What an attribute gives that is neither a name nor an ARN, such as an output of a nested stack. */
function notCalledYet(reference: ValueMap): Unknown {
  const [key] = keysOf(reference);
  const argument = get(reference, key!)!;
  const [id, ...attribute] = (isList(argument) ? argument : [argument]).map(String);
  const what = attribute.length === 0 ? `\`${id}\`` : `attribute \`${attribute.join('.')}\` of resource \`${id}\``;
  return {
    kind: 'attribute',
    reason: `what ${what} gives is known only after deployment`,
    parameters: [],
    choices: [],
    under: () => undefined,
  };
}

/** A text with something else in the place of each unknown. */
export function withUnknownsAs(text: string, other: string): string {
  return text.replace(MARK, other);
}
