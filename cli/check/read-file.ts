/** From a path to text, within limits: no file can hang the command or fill the memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from '../../findings/index.js';
import { decodeUtf8 } from '../../template/index.js';
import { pause } from '../guard/pause.js';
import { tooLarge, unreadable } from './diagnostics.js';

/** CloudFormation takes 1 MB; what is far larger is no template, and reading it would take long. */
export const MAX_BYTES = 50 * 1024 * 1024;

/** Standard input, as a path on the command line. */
export const STDIN = '-';

/** A file's text; or why there is none, and whether its bytes look like those of a template. */
export type FileText =
  | { readonly text: string; readonly diagnostic: null }
  | { readonly text: null; readonly diagnostic: Diagnostic; readonly looksLikeTemplate: boolean };

/**
 * Reads one file as UTF-8.
 *
 * @param path - Where it is; {@link STDIN} for standard input.
 * @param name - Its name in messages.
 * @returns What cannot be read is told by a diagnostic, never by an exception.
 */
export function readFileText(path: string, name: string, maxBytes = MAX_BYTES): FileText {
  let descriptor = 0;
  try {
    descriptor = path === STDIN ? 0 : openSync(path, 'r');
    return readDescriptor(descriptor, name, maxBytes);
  } catch (error) {
    return { text: null, diagnostic: unreadable(name, error), looksLikeTemplate: true };
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

function readDescriptor(descriptor: number, name: string, maxBytes: number): FileText {
  const { size } = fstatSync(descriptor);
  if (size > maxBytes) {
    return { text: null, diagnostic: tooLarge(name, maxBytes, size), looksLikeTemplate: looksThrough(descriptor) };
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // A pipe has no size, and a file may grow while it is read.
  for (let wanted = Math.max(size + 1, 1 << 16); ; wanted = 1 << 20) {
    const chunk = Buffer.allocUnsafe(wanted);
    const count = readChunk(descriptor, chunk);
    if (count === 0) break;
    length += count;
    if (length > maxBytes) return { text: null, diagnostic: tooLarge(name, maxBytes), looksLikeTemplate: true };
    chunks.push(chunk.subarray(0, count));
  }
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
  const { text, diagnostic } = decodeUtf8(bytes, name);
  if (text === null) return { text, diagnostic, looksLikeTemplate: looksLikeTemplate(bytes.toString('latin1')) };
  return { text, diagnostic: null };
}

/** @returns The number of bytes read; 0 at the end. */
function readChunk(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      // Standard input may be set not to block: then there is nothing to read just now.
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}

const MARKS = /AWSTemplateFormatVersion|(?<![\w.-])Resources["']?\s*:/;

/**
 * Whether a text that is no JSON or YAML mapping was meant as a template: it names `AWSTemplateFormatVersion` or has a
 * key `Resources`. NUL bytes do not count, so that a template in UTF-16 is noticed.
 */
export function looksLikeTemplate(text: string): boolean {
  return MARKS.test(text.includes('\0') ? text.replaceAll('\0', '') : text);
}

/** The same question to a file that is too large to keep. */
function looksThrough(descriptor: number): boolean {
  const chunk = Buffer.allocUnsafe(1 << 20);
  let tail = '';
  for (;;) {
    const count = readChunk(descriptor, chunk);
    if (count === 0) return false;
    const text = tail + chunk.toString('latin1', 0, count);
    if (looksLikeTemplate(text)) return true;
    // A mark may lie across two chunks; in UTF-16 it is twice as long.
    tail = text.slice(-100);
  }
}
