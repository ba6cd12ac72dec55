/** Reads CloudFormation templates, JSON and YAML, into plain values. */
import type { Diagnostic, Location, SourceRange } from '../../findings/index.js';
import { Float } from '../values.js';
import type { Path, Value } from '../values.js';
import { ReadError, readYaml } from './yaml/index.js';
import type { Dialect } from './yaml/index.js';

/** A template as it was read. */
export interface TemplateSource {
  readonly file: string;
  readonly text: string;
  readonly value: Value;
  /** Where the value at a path is written; `undefined` when the document has no such value. */
  rangeOf(path: Path): SourceRange | undefined;
  /** Where the last key of a path is written; `undefined` for list elements and for the root. */
  keyRangeOf(path: Path): SourceRange | undefined;
  /** The place of the value at a path (or of its key), or of its nearest ancestor that is written in the file. */
  locationOf(path: Path, which?: 'value' | 'key'): Location;
}

const BARE = new Set(['Ref', 'Condition']);
const INTEGER = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?$/;

function long(tag: string): string {
  const name = tag.slice(1);
  return BARE.has(name) ? name : `Fn::${name}`;
}

const cloudFormation: Dialect = {
  plain(text) {
    switch (text) {
      case '':
      case '~':
      case 'null':
      case 'Null':
      case 'NULL':
        return null;
      case 'true':
      case 'True':
      case 'TRUE':
        return true;
      case 'false':
      case 'False':
      case 'FALSE':
        return false;
      default:
    }
    if (INTEGER.test(text)) {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text.replace('+', ''));
    }
    if (FLOAT.test(text)) {
      const number = Number(text);
      return Number.isInteger(number) ? new Float(number) : number;
    }
    return text;
  },
  tagged(tag, text, plain) {
    if (!tag.startsWith('!')) return tag === 'tag:yaml.org,2002:str' || !plain ? text : cloudFormation.plain(text);
    const name = long(tag);
    if (name === 'Fn::GetAtt') {
      const dot = text.indexOf('.');
      return { [name]: dot < 0 ? text : [text.slice(0, dot), text.slice(dot + 1)] };
    }
    return { [name]: text };
  },
  wrapper(tag) {
    return tag.startsWith('!') ? long(tag) : undefined;
  },
  plainKey(text) {
    return text;
  },
  empty: null,
  aliases: true,
  mergeKeys: true,
  duplicateKeys: 'error',
  surrogateEscapes: true,
  firstDocumentOnly: false,
  maxDepth: 250,
  maxExpanded: 1_000_000,
};

/**
 * Reads one template.
 *
 * @param text - The file's characters.
 * @param file - Its name, for places and messages.
 * @returns The source, or `null` with diagnostics that say why it could not be read.
 */
export function readTemplate(
  text: string,
  file: string,
): { source: TemplateSource | null; diagnostics: readonly Diagnostic[] } {
  try {
    const value = readYaml(text, cloudFormation) ?? null;
    return {
      source: {
        file,
        text,
        value,
        rangeOf: () => undefined,
        keyRangeOf: () => undefined,
        locationOf: (path) => ({
          file,
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 1,
          pointer: path.map((step) => `/${String(step)}`).join(''),
        }),
      },
      diagnostics: [],
    };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const location = { file, start: error.offset, end: error.offset };
    return { source: null, diagnostics: [{ code: 'TPL0001', severity: 'error', message: error.message, location }] };
  }
}
