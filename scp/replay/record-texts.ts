/**
 * Parses the texts of several records. The caller takes up nearly half of a record and is the same, letter by letter, in all
 * records of a session: it is parsed once, and records share the map.
 *
 * Whatever comes out is what `JSON.parse` of the whole list gives: a record is put together from parts only when its text
 * begins as CloudTrail's do, and each part is a value by itself.
 */
import type { Value } from '../../template/index.js';

/** Between two records as CloudTrail writes them. A quote ends every text before it, so that it cannot lie inside of one. */
export const BOUNDARY = '},{"eventVersion":';

const BEGINNING = '{"eventVersion":"';
/** Behind the version, which has no character that is written otherwise than it is. */
const CALLER = '","userIdentity":';
const LONGEST_VERSION = 8;
const VERSION = /^[0-9.]+$/;
const BEHIND = ',"eventTime":';

/** Callers that are remembered, twice, at about two kilobytes each. */
const MOST_KNOWN = 300;
/** So many lookups are judged together. */
const SAMPLE = 1_000;
/** With fewer callers known than this part, looking costs more than it spares. */
const WORTH = 0.3;
/** So many records are parsed whole before callers are looked for again. */
const PAUSE = 20_000;

interface Caller {
  readonly text: string;
  readonly value: Value;
}

/** Of whom no text is. */
const NOBODY: Caller = { text: 'nobody', value: null };

/** Parses texts; remembers callers. */
export class RecordTexts {
  private known = new Map<string, Caller>();
  private older = new Map<string, Caller>();
  /** The caller of the record before. */
  private last: Caller = NOBODY;
  /** The version of the record before. */
  private version: string | undefined;
  private looked = 0;
  private met = 0;
  private pause = 0;

  /**
   * @param text - Records, separated by commas.
   * @throws SyntaxError when it is no list of values.
   */
  parse(text: string): readonly Value[] {
    if (this.pause > 0) {
      const records = JSON.parse(`[${text}]`) as readonly Value[];
      this.pause -= records.length;
      return records;
    }
    const records: Value[] = [];
    for (let from = 0; from <= text.length;) {
      const boundary = text.indexOf(BOUNDARY, from);
      const end = boundary < 0 ? text.length : boundary + 1;
      records.push(this.inParts(text, from, end) ?? (JSON.parse(text.slice(from, end)) as Value));
      from = end + 1;
    }
    return records;
  }

  /** @returns Nothing when the text has another form. */
  private inParts(text: string, from: number, end: number): Value | undefined {
    if (!text.startsWith(BEGINNING, from)) return undefined;
    const version = from + BEGINNING.length;
    const caller = text.indexOf(CALLER, version);
    if (caller < 0 || caller - version > LONGEST_VERSION) return undefined;
    const start = caller + CALLER.length;
    const eventVersion = text.slice(version, caller);
    if (eventVersion !== this.version && !VERSION.test(eventVersion)) return undefined;
    this.version = eventVersion;
    let behind = start + this.last.text.length;
    let userIdentity: Value | undefined;
    // Records of one caller come in rows; to compare takes less than to look a text up.
    if (text.startsWith(this.last.text, start) && text.startsWith(BEHIND, behind)) {
      if (behind >= end) return undefined;
      this.judge();
      this.met++;
      userIdentity = this.last.value;
    } else {
      behind = text.indexOf(BEHIND, start);
      if (behind < 0 || behind >= end) return undefined;
      userIdentity = this.caller(text.slice(start, behind));
      if (userIdentity === undefined) return undefined;
    }
    const record = JSON.parse(`{${text.slice(behind + 1, end)}`) as Record<string, Value>;
    // A key that is there twice has its last value.
    if (record['eventVersion'] !== undefined || record['userIdentity'] !== undefined) return undefined;
    record['eventVersion'] = eventVersion;
    record['userIdentity'] = userIdentity;
    return record;
  }

  private caller(text: string): Value | undefined {
    this.judge();
    const known = this.known.get(text);
    if (known !== undefined) {
      this.met++;
      return this.now(known);
    }
    let caller = this.older.get(text);
    if (caller === undefined) {
      try {
        caller = { text: ownText(text), value: JSON.parse(text) as Value };
      } catch {
        // Not the caller's end.
        return undefined;
      }
    } else this.met++;
    if (this.known.size >= MOST_KNOWN) {
      this.older = this.known;
      this.known = new Map();
    }
    this.known.set(caller.text, caller);
    return this.now(caller);
  }

  private now(caller: Caller): Value {
    this.last = caller;
    return caller.value;
  }

  /** Stops looking for callers where few of them come again. */
  private judge(): void {
    if (++this.looked < SAMPLE) return;
    if (this.met < WORTH * this.looked) this.pause = PAUSE;
    this.looked = this.met = 0;
  }
}

/** A piece of a text keeps all of the text in memory; this one is a text of its own. */
const ownText = (piece: string): string => JSON.parse(JSON.stringify(piece)) as string;
