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
  try {
    return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
      const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => parseInt(hex, 16));
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
