/**
 * Lines of one shape. The lines of a batch mostly differ in their texts only: keys and their order are those of the line
 * before. What such a line says is taken from it by one regular expression, in half the time of `JSON.parse`, and needs
 * no other look at its form.
 */
import type { Request } from '../model.js';

/** What a line says whose form is known. */
export interface PlainQuestion {
  readonly name: string | null;
  readonly request: Request;
  /** The name of a set; null where the policies themselves stood. */
  readonly policies: string | null;
  /** Whether nothing is wrong with the context, whatever its values are. */
  readonly isContextFine: boolean;
}

interface Shape {
  readonly pattern: RegExp;
  readonly read: (texts: readonly string[]) => PlainQuestion;
}

/** Each one that does not fit costs a part of the time that one that fits saves. */
const MOST_SHAPES = 4;
/** An expression takes as long to compile as some ten lines to read: where shapes are that many, none is looked for any more. */
const MOST_LEARNED = 64;
/** Longer lines are rare, and hold more than a request. */
const LONGEST = 8_192;

/** The shapes of the lines that were read last. */
export class Shapes {
  private readonly shapes: Shape[] = [];
  private learned = 0;

  /**
   * @param text - JSON.
   * @returns What it says; `undefined` for a text of any other shape.
   */
  read(text: string): PlainQuestion | undefined {
    if (text.length > LONGEST || this.shapes.length === 0) return undefined;
    // Texts are cut out of what is matched and keep it alive. A line is cut out of a large piece of a file, so it is
    // matched as a text of its own, which the line break makes of it.
    const own = `${text}\n`;
    for (const { pattern, read } of this.shapes) {
      const texts = pattern.exec(own);
      if (texts !== null) return read(texts);
    }
    return undefined;
  }

  /**
   * Takes up the shape of a question, if all of its values are texts, or null.
   *
   * @param question - What `JSON.parse` makes of the text. It has the keys of a question, and no others.
   * @param isContextFine - Whether nothing is wrong with the keys of the context, whatever their values are.
   */
  learn(text: string, question: Readonly<Record<string, unknown>>, isContextFine: boolean): void {
    if (text.length > LONGEST || this.learned >= MOST_LEARNED) return;
    this.learned++;
    const writer = new Writer();
    if (!writer.write(question, '')) return;
    const pattern = new RegExp(`^${writer.pattern}\\n$`);
    // White space between the values, an escape, or a key that stands twice.
    if (!pattern.test(`${text}\n`)) return;
    if (this.shapes.length >= MOST_SHAPES) this.shapes.pop();
    this.shapes.unshift({ pattern, read: reader(writer.places, isContextFine) });
  }
}

/** A text without escapes is what stands between the quotes; control characters are no JSON. */
const TEXT = '"([^"\\\\\\x00-\\x1f]*)"';

/** Writes the expression of a shape. */
class Writer {
  pattern = '';
  /** Which text stands where, by the keys on the way there with `/` behind each. Index 0 is the whole line. */
  readonly places = new Map<string, number>();

  /** @returns Whether all values are texts or null. */
  write(value: unknown, path: string): boolean {
    if (value === null) this.literal('null');
    else if (typeof value === 'string') {
      this.places.set(path, this.places.size + 1);
      this.pattern += TEXT;
    } else return typeof value === 'object' && !Array.isArray(value) && this.map(Object.entries(value), path);
    return true;
  }

  private map(entries: readonly (readonly [key: string, value: unknown])[], path: string): boolean {
    let before = '{';
    for (const [key, value] of entries) {
      // Setting this key would set the prototype.
      if (key === '__proto__') return false;
      this.literal(`${before}${JSON.stringify(key)}:`);
      if (!this.write(value, `${path}${key}/`)) return false;
      before = ',';
    }
    this.literal(entries.length === 0 ? '{}' : '}');
    return true;
  }

  private literal(text: string): void {
    this.pattern += text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
}

const REQUEST = 'request/';
const CONTEXT = `${REQUEST}context/`;

/** Puts the texts of a line where they belong. The fields that every request has are written out, which is quickest. */
function reader(places: ReadonlyMap<string, number>, isContextFine: boolean): Shape['read'] {
  const name = places.get('name/');
  const policies = places.get('policies/');
  const [principal, action, resource] = ['principal', 'action', 'resource'].map((field) =>
    places.get(`${REQUEST}${field}/`)!,
  ) as [number, number, number];
  const others = (['sessionIssuer', 'resourceAccount'] as const).filter((field) => places.has(`${REQUEST}${field}/`));
  const otherPlaces = others.map((field) => places.get(`${REQUEST}${field}/`)!);
  const inContext = [...places].filter(([path]) => path.startsWith(CONTEXT));
  const keys = inContext.map(([path]) => path.slice(CONTEXT.length, -1));
  const keyPlaces = inContext.map(([, place]) => place);
  return (texts) => {
    const context: Record<string, string> = {};
    for (let index = 0; index < keys.length; index++) context[keys[index]!] = texts[keyPlaces[index]!]!;
    const request: { -readonly [Field in keyof Request]: Request[Field] } = {
      principal: texts[principal]!,
      action: texts[action]!,
      resource: texts[resource]!,
      context,
    };
    for (let index = 0; index < others.length; index++) request[others[index]!] = texts[otherPlaces[index]!]!;
    return {
      name: name === undefined ? null : texts[name]!,
      request,
      policies: policies === undefined ? null : texts[policies]!,
      isContextFine,
    };
  };
}
