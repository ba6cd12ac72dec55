/** From the bytes of a file to its characters. */
import type { Diagnostic } from '../../findings/index.js';
import { notText } from './diagnostics.js';

/**
 * Decodes the bytes of a template.
 *
 * @param file - Its name, for the diagnostic.
 * @returns The text, a byte order mark included; or `null` and a diagnostic when the file is binary or not UTF-8.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  file: string,
): { readonly text: string; readonly diagnostic: null } | { readonly text: null; readonly diagnostic: Diagnostic } {
  const location = { file, start: 0, end: 0 };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { text: null, diagnostic: notText('the file is UTF-16, not UTF-8', location) };
  }
  if (bytes.includes(0)) return { text: null, diagnostic: notText('the file is binary: it holds NUL bytes', location) };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), diagnostic: null };
  } catch {
    return { text: null, diagnostic: notText('the file is binary, or its encoding is not UTF-8', location) };
  }
}
