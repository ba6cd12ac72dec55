/** Text operations that count bytes of UTF-8. */
import { EvaluationError } from '../operators/index.js';

/**
 * The bytes `from` to `to` (exclusive) of a text; `undefined` when they are not in it or are none.
 *
 * @throws EvaluationError when a bound is inside a character, where cfn-guard 3.1.1 crashes.
 */
export function substringOfBytes(text: string, from: number, to: number): string | undefined {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || from >= to || to > bytes.length) return undefined;
  const inside = (at: number): boolean => at < bytes.length && (bytes[at]! & 0xc0) === 0x80;
  if (inside(from) || inside(to)) throw new EvaluationError(`substring cuts a character of ${text}`, 'parse');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));
}

/** The text with `%XX` decoded, other text untouched; `undefined` when the bytes are not UTF-8. */
export function percentDecoded(text: string): string | undefined {
  const invalid: string[] = [];
  const decoded = text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => parseInt(hex, 16));
    const part = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const again = new TextEncoder().encode(part);
    // Bytes that are no text come back as other ones.
    if (again.length !== bytes.length || again.some((byte, index) => byte !== bytes[index])) invalid.push(run);
    return part;
  });
  return invalid.length === 0 ? decoded : undefined;
}
