/** Where the characters of a text of a template are written: through quotes, blocks, and the functions that join texts. */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, TemplateSource, Value } from '../../template/index.js';
import { valueAt } from './values.js';

/** A stretch of a text whose characters are written somewhere, or one of which nothing is known. */
interface Piece {
  /** `undefined` for what a reference gives. */
  readonly literal?: string;
  /** For each character of the literal its offset in the file; -1 where it has none. */
  readonly offsets: readonly number[];
  /** Whether something else may stand in its place, as for the Default of a parameter. */
  readonly isSure: boolean;
}

const UNKNOWN: Piece = { offsets: [], isSure: false };

/**
 * For each character of a text its offset in the file; -1 for those that are not written, such as names of resources.
 *
 * @param written - Path of the expression that gives the text.
 * @param text - What it gives.
 * @returns `undefined` when the expression gives another text.
 */
export function writtenOffsets(source: TemplateSource, written: Path, text: string): readonly number[] | undefined {
  const node = valueAt(source.value, written);
  if (node === undefined) return undefined;
  const pieces = new Pieces(source).of(node, written, 0);
  const offsets = new Array<number>(text.length).fill(-1);
  let at = 0;
  let isOpen = false;
  for (const [index, { literal, offsets: places, isSure }] of pieces.entries()) {
    if (literal === '') continue;
    const found: number = literal === undefined ? -1 : placeOf(literal, text, at, isOpen, index === pieces.length - 1);
    if (found < 0 && isSure) return undefined;
    isOpen = found < 0;
    if (literal === undefined || found < 0) continue;
    for (let step = 0; step < literal.length; step++) offsets[found + step] = places[step] ?? -1;
    at = found + literal.length;
  }
  return isOpen || at === text.length ? offsets : undefined;
}

/** Behind what is not known a piece stands at the first place that has it, the last piece at the end. */
function placeOf(literal: string, text: string, at: number, isOpen: boolean, isLast: boolean): number {
  if (!isOpen) return text.startsWith(literal, at) ? at : -1;
  if (!isLast) return text.indexOf(literal, at);
  return text.endsWith(literal) && text.length - literal.length >= at ? text.length - literal.length : -1;
}

/** Most expressions in each other that are followed. */
const MAX_DEPTH = 20;

class Pieces {
  constructor(private readonly source: TemplateSource) {}

  of(node: Value, path: Path, depth: number): readonly Piece[] {
    if (typeof node === 'string') return [{ literal: node, offsets: this.offsetsOf(node, path), isSure: true }];
    const [name, ...others] = isMap(node) ? keysOf(node) : [];
    if (!isMap(node) || name === undefined || others.length > 0 || depth > MAX_DEPTH) return [UNKNOWN];
    const argument = get(node, name)!;
    const below = [...path, name];
    switch (name) {
      case 'Fn::Sub':
        return this.ofSub(argument, below, depth);
      case 'Fn::Join':
        return this.ofJoin(argument, below, depth);
      case 'Ref':
        return typeof argument === 'string' ? this.at(['Parameters', argument, 'Default'], depth) : [UNKNOWN];
      case 'Fn::FindInMap':
        return isList(argument) && argument.length === 3 && argument.every((each) => typeof each === 'string')
          ? this.at(['Mappings', ...argument], depth)
          : [UNKNOWN];
      default:
        return [UNKNOWN];
    }
  }

  /** What is written elsewhere, and may be another value than the one that is used. */
  private at(path: Path, depth: number): readonly Piece[] {
    const node = valueAt(this.source.value, path);
    if (typeof node !== 'string') return [UNKNOWN];
    return this.of(node, path, depth + 1).map((piece) => ({ ...piece, isSure: false }));
  }

  private ofSub(argument: Value, path: Path, depth: number): readonly Piece[] {
    const [text, variables] = isList(argument) ? argument : [argument];
    if (typeof text !== 'string') return [UNKNOWN];
    const textPath = isList(argument) ? [...path, 0] : path;
    const places = this.offsetsOf(text, textPath);
    const pieces: Piece[] = [];
    const literal = (from: number, to: number): void => {
      pieces.push({ literal: text.slice(from, to), offsets: places.slice(from, to), isSure: true });
    };
    let end = 0;
    for (const { 0: whole, 1: name = '', index } of text.matchAll(/\$\{([^}]*)\}/g)) {
      literal(end, index);
      end = index + whole.length;
      if (name.startsWith('!')) {
        // `${!Name}` gives `${Name}`.
        literal(index, index + 2);
        literal(index + 3, end);
        continue;
      }
      const value = variables !== undefined && isMap(variables) ? get(variables, name.trim()) : undefined;
      if (value !== undefined) pieces.push(...this.of(value, [...path, 1, name.trim()], depth + 1));
      else pieces.push(...this.at(['Parameters', name.trim(), 'Default'], depth));
    }
    literal(end, text.length);
    return pieces;
  }

  private ofJoin(argument: Value, path: Path, depth: number): readonly Piece[] {
    const [delimiter, items] = isList(argument) ? argument : [];
    if (typeof delimiter !== 'string' || items === undefined || !isList(items)) return [UNKNOWN];
    return items.flatMap((item, index) => {
      const pieces = this.of(item, [...path, 1, index], depth + 1);
      return index === 0 ? pieces : [{ literal: delimiter, offsets: [], isSure: true }, ...pieces];
    });
  }

  /** Of a text that is written as a scalar; all at its beginning when its spelling cannot be followed. */
  private offsetsOf(text: string, path: Path): readonly number[] {
    const range = this.source.rangeOf(path);
    if (range === undefined) return [];
    const raw = this.source.text.slice(range.start, range.end);
    const offsets = spelledOffsets(text, raw)?.map((offset) => offset + range.start);
    return offsets ?? new Array<number>(text.length).fill(range.start);
  }
}

const SPACE = /\s/;

/**
 * For each character of a text its offset in the spelling of the text: plain, quoted, or as a block. Blanks are put where
 * the next other character is, since blocks and quoted lines fold them.
 *
 * @returns `undefined` when the spelling is of another text.
 */
export function spelledOffsets(text: string, raw: string): readonly number[] | undefined {
  const [tags] = /^(?:[!&]\S*\s+)*/.exec(raw)!;
  const header = /^[|>][-+\d]*[^\n]*\n/.exec(raw.slice(tags.length))?.[0] ?? '';
  let at = tags.length + header.length;
  const quote = header === '' && /["']/.test(raw[at] ?? '') ? raw[at]! : '';
  if (quote !== '') at++;
  const offsets: number[] = [];
  for (let index = 0; index < text.length; index++) {
    while (at < raw.length) {
      if (SPACE.test(raw[at]!)) at++;
      else if (quote === '"' && /^\\(?:[ntr \n]|\r)/.test(raw.slice(at, at + 2))) at += 2;
      else break;
    }
    offsets.push(Math.min(at, raw.length - 1));
    const char = text[index]!;
    if (SPACE.test(char)) continue;
    const spelled = spelling(raw, at, quote);
    if (spelled === undefined || !text.startsWith(spelled.text, index)) return undefined;
    for (let more = 1; more < spelled.text.length; more++, index++) offsets.push(at);
    at += spelled.length;
  }
  return offsets;
}

/** The character that is spelled at a place. */
function spelling(
  raw: string,
  at: number,
  quote: string,
): { readonly text: string; readonly length: number } | undefined {
  const char = raw[at];
  if (char === undefined) return undefined;
  if (quote === "'" && char === "'") return raw[at + 1] === "'" ? { text: "'", length: 2 } : undefined;
  if (quote !== '"' || char !== '\\') return { text: char, length: 1 };
  const [code, hex] = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(raw.slice(at, at + 10)) ?? [];
  if (code === undefined) return { text: raw[at + 1] ?? '', length: 2 };
  const point = Number.parseInt(hex ?? code.slice(2), 16);
  return point > 0x10_ffff ? undefined : { text: String.fromCodePoint(point), length: code.length };
}
