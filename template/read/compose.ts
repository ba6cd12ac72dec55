/** Builds plain values from YAML events; what tags and plain scalars mean is the dialect's business. */
import { EVENT_ID, SCALAR_STYLE, YAMLException, getScalarValue, parseEvents } from 'js-yaml';
import type { Event, ScalarEvent } from 'js-yaml';
import { KEY_ORDER } from '../values.js';
import type { Value } from '../values.js';

/** What differs between the readers of YAML text. */
export interface Dialect {
  /** The value of a plain scalar without a tag. */
  plain(text: string): Value;
  /** The value of a scalar with a tag; `plain` says whether it was written without quotes. */
  tagged(tag: string, text: string, plain: boolean): Value;
  /** The value of a list or map with a tag. */
  wrap(tag: string, value: readonly Value[] | Record<string, Value>): Value;
  /** The key that a node gives. */
  key(value: Value, text: string | undefined): string;
  /** The value of an empty node without a tag. */
  readonly empty: Value;
  readonly aliases: boolean;
  readonly mergeKeys: boolean;
  readonly duplicateKeys: boolean;
}

/** A text that is not in the form that the reader takes. */
export class ReadError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

class Composer {
  private index = 0;
  private readonly anchors = new Map<string, Value>();
  private readonly events: readonly Event[];

  constructor(
    private readonly text: string,
    private readonly dialect: Dialect,
    readonly firstOnly: boolean,
  ) {
    this.events = parseEvents(text, { maxDepth: 1000 });
  }

  document(): Value | undefined {
    if (this.events.length === 0) return undefined;
    this.index = 1;
    const value = this.node();
    this.index++;
    if (!this.firstOnly && this.index < this.events.length) {
      throw new ReadError('the file holds more than one document', 0);
    }
    return value;
  }

  private node(): Value {
    const event = this.events[this.index++]!;
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const value = this.scalar(event);
        if (event.anchorStart >= 0) this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), value);
        return value;
      }
      case EVENT_ID.ALIAS: {
        if (!this.dialect.aliases) throw new ReadError('aliases are not supported', event.anchorStart);
        const name = this.text.slice(event.anchorStart, event.anchorEnd);
        const value = this.anchors.get(name);
        if (value === undefined) throw new ReadError(`no anchor is called \`${name}\``, event.anchorStart);
        return value;
      }
      case EVENT_ID.SEQUENCE: {
        const items: Value[] = [];
        while (this.events[this.index]!.type !== EVENT_ID.POP) items.push(this.node());
        this.index++;
        return this.close(event, items);
      }
      case EVENT_ID.MAPPING:
        return this.close(event, this.mapping());
      default:
        throw new Error(`unexpected event ${event.type}`);
    }
  }

  private close(
    event: { tagStart: number; tagEnd: number; anchorStart: number; anchorEnd: number },
    value: readonly Value[] | Record<string, Value>,
  ): Value {
    const result =
      event.tagStart >= 0 ? this.dialect.wrap(this.text.slice(event.tagStart, event.tagEnd), value) : value;
    if (event.anchorStart >= 0) this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), result);
    return result;
  }

  private mapping(): Record<string, Value> {
    const map: Record<string, Value> = {};
    let keys: string[] | null = null;
    while (this.events[this.index]!.type !== EVENT_ID.POP) {
      const event = this.events[this.index]!;
      const node = this.node();
      const text =
        event.type === EVENT_ID.SCALAR && event.valueStart >= 0 ? getScalarValue(this.text, event) : undefined;
      const key = this.dialect.key(node, text);
      const value = this.node();
      if (key === '<<' && this.dialect.mergeKeys) {
        this.merge(map, value);
        continue;
      }
      if (Object.hasOwn(map, key)) {
        if (!this.dialect.duplicateKeys) throw new ReadError(`duplicate key \`${key}\``, 0);
      } else if (keys) keys.push(key);
      else if (/^\d+$/.test(key)) keys = [...Object.keys(map), key];
      if (key === '__proto__') {
        Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
      } else map[key] = value;
    }
    this.index++;
    if (keys) (map as { [KEY_ORDER]?: string[] })[KEY_ORDER] = keys;
    return map;
  }

  private merge(map: Record<string, Value>, value: Value): void {
    for (const source of Array.isArray(value) ? (value as Value[]) : [value]) {
      if (typeof source !== 'object' || source === null) throw new ReadError('a merge key needs a map', 0);
      for (const [key, item] of Object.entries(source as Record<string, Value>)) {
        if (!Object.hasOwn(map, key)) map[key] = item;
      }
    }
  }

  private scalar(event: ScalarEvent): Value {
    const plain = event.style === SCALAR_STYLE.PLAIN;
    if (event.tagStart >= 0) {
      const text = event.valueStart < 0 ? '' : getScalarValue(this.text, event);
      return this.dialect.tagged(this.text.slice(event.tagStart, event.tagEnd), text, plain);
    }
    if (event.valueStart < 0) return this.dialect.empty;
    const text = getScalarValue(this.text, event);
    return plain ? this.dialect.plain(text) : text;
  }
}

/**
 * Reads the first (or only) document of a YAML text; `undefined` when there is none.
 *
 * @throws ReadError when the text is not YAML of the dialect.
 */
export function compose(text: string, dialect: Dialect, firstOnly: boolean): Value | undefined {
  try {
    return new Composer(text, dialect, firstOnly).document();
  } catch (error) {
    if (error instanceof YAMLException) throw new ReadError(error.reason, error.mark?.position ?? 0);
    throw error;
  }
}
