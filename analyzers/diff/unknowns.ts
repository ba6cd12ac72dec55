/**
 * Values that nobody knows, as texts that no template is likely to hold, so that policies with such values can be read,
 * compared and shown. Both sides of a comparison share the texts: the same parameter is the same unknown on both.
 *
 * A text such as `@TableName@` behaves in a comparison as a value that is equal to itself and to nothing else. That a claim
 * holds for it is not yet that it holds for every value: see `abstract.ts`.
 */
import { identityOf, isList, isMap, keysOf } from '../../template/index.js';
import type { SupposedPlace, TemplateModel, Unknown, Value, ValueMap } from '../../template/index.js';
import { jsonOf } from '../json.js';
import type { UnknownText } from './model.js';

/** The definitions that the meaning of a function hangs on besides its arguments. */
export interface Definitions {
  readonly stack: string;
  readonly model: TemplateModel;
  readonly template: ValueMap;
}

const PLACEHOLDER = /@[A-Za-z0-9._-]+@/g;
/** What stands for an unknown where a text of another form must be. */
const STAND_IN = /9999\d{8}|unknown\d{8}/g;
const DYNAMIC_REFERENCE = /\{\{resolve:[^{}]*\}\}/g;

export class Unknowns {
  private readonly byIdentity = new Map<string, string>();
  private readonly byText = new Map<string, { readonly reason: string }>();
  private readonly numbers = new Map<string, number>();
  private readonly byStandIn = new Map<string, string>();
  private readonly opaque = new Map<string, number>();
  private readonly opaqueReasons: string[] = [];

  /** @param place - What the own account and Region are called, whether known or not. */
  constructor(readonly place: SupposedPlace) {}

  /** The text of an unknown. @param identity - Equal for equal values; see {@link identityIn}. */
  text(identity: string, label: string, reason: string): string {
    const known = this.byIdentity.get(identity);
    if (known !== undefined) return known;
    const word = label.replace(/[^A-Za-z0-9._-]+/g, '.').replace(/^\.+|\.+$/g, '') || 'value';
    let text = `@${word}@`;
    for (let count = 2; this.byText.has(text); count++) text = `@${word}.${count}@`;
    this.byIdentity.set(identity, text);
    this.byText.set(text, { reason });
    return text;
  }

  /** A copy of a value with each unknown as text. */
  replace(value: Value, unknownAt: (node: Value) => Unknown | undefined, within: Definitions): Value {
    if (typeof value === 'string') return this.withoutDynamicReferences(value);
    if (typeof value !== 'object' || value === null) return value;
    const unknown = unknownAt(value);
    if (unknown !== undefined) return this.ofUnknown(unknown, value, within);
    if (isList(value)) return value.map((item) => this.replace(item, unknownAt, within));
    if (!isMap(value)) return value;
    const [key, ...more] = keysOf(value);
    if (more.length === 0 && (key === 'Ref' || key === 'Fn::GetAtt')) return this.ofExpression(value, within);
    return Object.fromEntries(keysOf(value).map((name) => [name, this.replace(value[name]!, unknownAt, within)]));
  }

  /** The unknowns that texts hold. */
  in(...texts: readonly string[]): readonly UnknownText[] {
    const found = new Set(texts.flatMap((text) => text.match(PLACEHOLDER) ?? []).filter((one) => this.byText.has(one)));
    return [...found].sort().map((text) => ({ text, reason: this.byText.get(text)!.reason }));
  }

  /** Whether a text holds an unknown, in the form of an account or of an action too. */
  isOpen(text: string): boolean {
    return (
      (text.match(PLACEHOLDER) ?? []).some((one) => this.byText.has(one)) ||
      (text.match(STAND_IN) ?? []).some((one) => this.byStandIn.has(one))
    );
  }

  /** Twelve digits that stand for a text in a place that must be an account id; no account begins with so many nines. */
  accountOf(text: string): string {
    return this.standIn(`9999${String(this.numberOf(text)).padStart(8, '0')}`, text);
  }

  /** What stands for a text in the place of an action's name. */
  actionOf(text: string): string {
    return this.standIn(`unknown${String(this.numberOf(text)).padStart(8, '0')}`, text);
  }

  /** A text with something else in the place of each unknown. */
  withUnknownsAs(text: string, other: string): string {
    return text
      .replace(PLACEHOLDER, (one) => (this.byText.has(one) ? other : one))
      .replace(STAND_IN, (one) => (this.byStandIn.has(one) ? other : one));
  }

  /** A text with what stands for unknowns as it is written in templates. */
  shown(text: string): string {
    return text
      .replace(/arn:aws:unknown::(9999\d{8}):/g, (whole, account: string) => (this.byStandIn.has(account) ? '' : whole))
      .replace(/arn:aws:iam::(9999\d{8}):root/g, (whole, account: string) => this.byStandIn.get(account) ?? whole)
      .replace(/\b[a-z0-9-]+:(unknown\d{8})/g, (whole, action: string) => this.byStandIn.get(action) ?? whole)
      .replace(STAND_IN, (one) => this.byStandIn.get(one) ?? one);
  }

  /** A number for a text of which nobody knows what it says. @param reason - Why, as messages tell it. */
  opaqueId(text: string, reason: string): number {
    const known = this.opaque.get(text);
    if (known !== undefined) return known;
    this.opaque.set(text, this.opaque.size);
    this.opaqueReasons.push(reason);
    return this.opaque.size - 1;
  }

  /** Why values that texts of statements hang on are not known. */
  reasonsIn(text: string): readonly string[] {
    const ids = [...text.matchAll(/unknown\/(?:allows|denies)\/(\d+)/g)].map(
      ([, id]) => this.opaqueReasons[Number(id)]!,
    );
    const values = this.in(this.shown(text)).map(({ reason }) => reason);
    return [...new Set([...ids, ...values])].filter((reason) => reason !== '').sort();
  }

  private numberOf(text: string): number {
    const known = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, known);
    return known;
  }

  private standIn(made: string, text: string): string {
    this.byStandIn.set(made, text);
    return made;
  }

  private ofUnknown({ pieces, sources, reason }: Unknown, node: Value, within: Definitions): string {
    if (pieces === undefined || sources === undefined) return this.ofExpression(node, within, reason);
    let open = 0;
    return pieces
      .map((piece) => {
        if (piece !== null) return this.withoutDynamicReferences(piece);
        const source = sources[open++] ?? null;
        if (source === null) return this.ofExpression(node, within, reason);
        return this.ofIdentity(source, within, reason);
      })
      .join('');
  }

  private ofExpression(node: Value, within: Definitions, reason?: string): string {
    // A macro may give something else each time it is called; the same call in an old and a new template is taken for one.
    const identity = identityOf(node) ?? jsonOf(node);
    return this.ofIdentity(identity, within, reason ?? 'what a reference gives is known only after deployment');
  }

  private ofIdentity(identity: string, within: Definitions, reason: string): string {
    if (identity === '{"Ref":"AWS::Region"}') return this.place.region;
    if (identity === '{"Ref":"AWS::AccountId"}') return this.place.accountId;
    return this.text(identityIn(identity, within), labelOf(identity), reason);
  }

  private withoutDynamicReferences(text: string): string {
    return text.replace(DYNAMIC_REFERENCE, (reference) =>
      this.text(reference, 'secret', `\`${reference}\` is a dynamic reference and known only at deployment`),
    );
  }
}

/** The identity of an expression with everything that its value hangs on, so that it means the same on both sides. */
function identityIn(expression: string, { stack, model, template }: Definitions): string {
  const parts = [stack, expression];
  if (expression.includes('"Fn::FindInMap"')) parts.push(jsonOf(template['Mappings'] ?? null));
  if (/"(?:Fn::If|Condition)"/.test(expression)) parts.push(jsonOf(template['Conditions'] ?? null));
  for (const [, name] of expression.matchAll(/"Ref":"([^"]+)"/g)) {
    const parameter = model.parameters.get(name!);
    // The Default of such a parameter is not the value but the name under which it is kept.
    if (parameter?.type.startsWith('AWS::SSM::') === true) parts.push(jsonOf(parameter.default ?? null));
  }
  return parts.join('\n');
}

function labelOf(identity: string): string {
  const texts = [...identity.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!);
  const words = texts
    .filter((text) => !/^(?:Ref|Fn::\w+|Condition)$/.test(text))
    .map((text) => text.replace(/^AWS::/, ''));
  return words.join('.').slice(0, 60);
}
