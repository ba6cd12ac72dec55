/**
 * Values that nobody knows, inside a policy document: each is a text of one character that no document can hold, so that
 * the document can be read, and what hangs on such a value can be told.
 */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { ResolvedDocument, Unknown, Value, ValueMap } from '../../template/index.js';
import { REFERENCE } from './graph.js';

/** The first of the characters; they belong to a private use area (Unicode plane 16). */
const FIRST = 0x10_0000;
const LAST = 0x10_fffd;
const MARK = /[\u{100000}-\u{10fffd}]/gu;

/** The unknown values of one document. */
export class Marks {
  private readonly byName = new Map<string, string>();
  private readonly unknowns = new Map<string, Unknown>();

  constructor(private readonly document: ResolvedDocument) {}

  /** A copy of a value in which every unknown is text. A reference that no name is supposed for is a text that names it. */
  replace(value: Value): Value {
    return this.copy(value, (_, text) => text);
  }

  /** The same for a policy document, where a reference that no name is supposed for is unknown. */
  replaceInPolicy(value: Value): Value {
    return this.copy(value, (reference, text) => this.mark(text, notCalledYet(reference)));
  }

  private copy(value: Value, referred: (reference: ValueMap, text: string) => string): Value {
    if (typeof value !== 'object' || value === null) return value;
    const unknown = this.document.unknownAt(value);
    if (unknown !== undefined) return this.textOf(unknown);
    if (isList(value)) return value.map((item) => this.copy(item, referred));
    if (!isMap(value)) return value;
    const reference = referenceText(value);
    if (reference !== undefined) return referred(value, reference);
    return Object.fromEntries(keysOf(value).map((key) => [key, this.copy(get(value, key)!, referred)]));
  }

  /** The unknowns that a text holds. */
  in(text: string): readonly Unknown[] {
    const found = text.match(MARK) ?? [];
    return [...new Set(found)]
      .map((mark) => this.unknowns.get(mark))
      .filter((one): one is Unknown => one !== undefined);
  }

  private textOf(unknown: Unknown): string {
    const { pieces, parameters, reason } = unknown;
    const open = pieces?.filter((piece) => piece === null).length ?? 0;
    if (pieces === undefined) return this.mark(parameters.length === 1 ? parameters[0]! : reason, unknown);
    // One open piece that one parameter gives is the same text wherever the parameter stands.
    const name = (index: number): string =>
      open === 1 && parameters.length === 1 ? parameters[0]! : `${reason} ${index} ${JSON.stringify(pieces)}`;
    return pieces.map((piece, index) => piece ?? this.mark(name(index), unknown)).join('');
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
