import { Float, isList, isMap, keysOf, type Value, type ValueMap } from '../../template/index.js';
import { jsonText } from './json.js';
import { Random } from './random.js';

/** How a document is written; the value is the same in every style. */
export interface YamlStyle {
  /** Chooses quotes, flow or block, comments and indentation. */
  readonly random: Random;
  /** Write `{ "Fn::Sub": … }` as `!Sub …` where the tag can stand. */
  readonly shortForms: boolean;
  /** Comments, blank lines, anchors and quoted keys as people leave them. */
  readonly untidy: boolean;
  readonly lineEnd: '\n' | '\r\n';
}

const SCALAR_TAGS = new Set([
  'Ref',
  'Fn::Base64',
  'Fn::Sub',
  'Fn::GetAZs',
  'Fn::ImportValue',
  'Fn::GetAtt',
  'Condition',
]);
const SEQUENCE_TAGS = new Set([
  'Fn::GetAtt',
  'Fn::Sub',
  'Fn::Select',
  'Fn::Split',
  'Fn::Join',
  'Fn::FindInMap',
  'Fn::And',
  'Fn::Equals',
  'Fn::If',
  'Fn::Not',
  'Fn::Or',
]);
/** Plain where no reader of YAML could take it for anything but this text. */
const SAFE_PLAIN = /^[A-Za-z_/][A-Za-z0-9_./ -]*(?:::?[A-Za-z0-9_./-]+)*$/;
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n|inf(?:inity)?|nan)$/i;

class Writer {
  private readonly lines: string[] = [];
  private anchors = 0;

  constructor(private readonly style: YamlStyle) {}

  write(value: Value): string {
    this.node('', value, '');
    return `${this.lines.join(this.style.lineEnd)}${this.style.lineEnd}`;
  }

  private chance(probability: number): boolean {
    return this.style.random.chance(probability);
  }

  private text(value: string): string {
    const { random } = this.style;
    const plain = SAFE_PLAIN.test(value) && !RESERVED.test(value) && !value.endsWith(' ') && !value.endsWith(':');
    // eslint-disable-next-line no-control-regex -- control characters are what single quotes cannot hold
    const quotable = !/[\u0000-\u001f\u007f-\u00a0\ufeff]/.test(value);
    if (plain && !this.chance(0.15)) return value;
    return quotable && random.chance(0.5) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
  }

  private scalar(value: Value): string {
    if (typeof value === 'string') return this.text(value);
    if (value === null) return this.style.random.pick(['null', '~', 'null']);
    return jsonText(value);
  }

  private isScalar(value: Value): boolean {
    return (!isMap(value) && !isList(value)) || value instanceof Float;
  }

  /** The tag of a one-key map that has a short form here, with what it stands on. */
  private tagged(value: Value): { readonly tag: string; readonly inner: Value } | undefined {
    if (!this.style.shortForms || !isMap(value)) return undefined;
    const [name, ...others] = keysOf(value);
    if (name === undefined || others.length > 0) return undefined;
    const inner = value[name]!;
    if (typeof inner === 'string' ? !SCALAR_TAGS.has(name) : !(isList(inner) && SEQUENCE_TAGS.has(name))) {
      return undefined;
    }
    return { tag: `!${name.replace('Fn::', '')}`, inner };
  }

  private flow(value: Value): string {
    const short = this.tagged(value);
    if (short !== undefined) return `${short.tag} ${this.flow(short.inner)}`;
    if (isList(value)) return `[${value.map((item) => this.flow(item)).join(', ')}]`;
    if (isMap(value)) {
      return `{${keysOf(value)
        .map((key) => ` ${this.key(key)}: ${this.flow(value[key]!)}`)
        .join(',')} }`;
    }
    return typeof value === 'string' ? JSON.stringify(value) : this.scalar(value);
  }

  private key(key: string): string {
    const plain = /^[A-Za-z][A-Za-z0-9]*(?:::[A-Za-z0-9]+)*$/.test(key) && !RESERVED.test(key);
    if (plain && !(this.style.untidy && this.chance(0.03))) return key;
    return JSON.stringify(key);
  }

  private empty(value: Value): boolean {
    return isList(value) ? value.length === 0 : keysOf(value as ValueMap).length === 0;
  }

  /** Writes a node whose first line begins with `lead`; what follows on further lines is indented by `indent`. */
  private node(lead: string, value: Value, indent: string): void {
    const short = this.tagged(value);
    if (short !== undefined) {
      this.body(`${lead}${lead === '' ? '' : ' '}${short.tag}`, short.inner, indent);
      return;
    }
    this.body(lead, value, indent);
  }

  private body(lead: string, value: Value, indent: string): void {
    const glue = lead === '' ? '' : `${lead} `;
    if (typeof value === 'string' && /^[!-~][\n -~]*\n$/.test(value) && !value.endsWith('\n\n') && lead !== '') {
      // Several lines stand as a literal block, as inline code does.
      this.lines.push(
        `${glue}|`,
        ...value
          .slice(0, -1)
          .split('\n')
          .map((line) => (line === '' ? '' : `${indent}${line}`)),
      );
    } else if (this.isScalar(value)) {
      this.lines.push(`${glue}${this.scalar(value)}${this.remark()}`);
    } else if (this.empty(value) || (indent.length > 2 && this.chance(0.2) && jsonText(value).length < 80)) {
      this.lines.push(`${glue}${this.flow(value)}${this.remark()}`);
    } else {
      const anchor =
        lead !== '' && !lead.includes('!') && this.style.untidy && this.chance(0.02) ? ` &a${++this.anchors}` : '';
      if (lead !== '') this.lines.push(`${lead}${anchor}${this.remark()}`);
      if (isList(value)) this.items(value, indent);
      else this.entries(value as ValueMap, indent);
    }
  }

  private remark(): string {
    return this.style.untidy && this.chance(0.04) ? ' # see the runbook' : '';
  }

  private items(items: readonly Value[], indent: string): void {
    for (const item of items) {
      if (isMap(item) && this.tagged(item) === undefined && !this.empty(item)) {
        // The first key stands on the line of the dash.
        const start = this.lines.length;
        this.entries(item, `${indent}  `, false);
        this.lines[start] = `${indent}- ${this.lines[start]!.slice(indent.length + 2)}`;
      } else {
        this.node(`${indent}-`, item, `${indent}  `);
      }
    }
  }

  private entries(map: ValueMap, indent: string, mayBreak = true): void {
    for (const key of keysOf(map)) {
      if (mayBreak && this.style.untidy && this.chance(0.04)) {
        this.lines.push(...this.style.random.pick([[''], [`${indent}# ${key}`]]));
      }
      mayBreak = true;
      const value = map[key]!;
      // Lists may stand at the column of their key.
      const inner = isList(value) && this.chance(0.5) ? indent : `${indent}  `;
      this.node(`${indent}${this.key(key)}:`, value, inner);
    }
  }
}

/** The YAML text of a value. */
export function yamlText(value: Value, style: Partial<YamlStyle> = {}): string {
  const complete: YamlStyle = { random: new Random(1), shortForms: true, untidy: true, lineEnd: '\n', ...style };
  return new Writer(complete).write(value);
}
