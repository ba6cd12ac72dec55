/** What is written at the place of a finding, so that a baseline knows it again. */
import { createHash } from 'node:crypto';
import type { Finding } from '../../findings/index.js';
import { Float, get, isList, isMap, keysOf, readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';

/** What is written at the places of templates. Each template is read at most once, and only for elements of lists. */
export class WrittenPlaces {
  private readonly values = new Map<string, Value | undefined>();

  /** @param texts - Texts of the templates, by path. */
  constructor(private readonly texts: ReadonlyMap<string, string>) {}

  /**
   * A hash of what is written at a place: blanks do not count, so that a value that is indented anew stays the same. Of an
   * element of a list all that it says counts: a port that the world may reach is another one when its number changes,
   * though the address range at fault stays.
   */
  hash(location: Finding['location']): string {
    const text = this.texts.get(location.file) ?? '';
    const element = this.elementAt(location.file, text, location.pointer);
    const written = element === undefined ? '' : `\n${canonical(element)}`;
    return createHash('sha256')
      .update(`${cut(location, text)}${written}`, 'utf8')
      .digest('hex')
      .slice(0, 16);
  }

  /** The innermost map that is an element of a list and holds the place. Arguments of functions are no list. */
  private elementAt(file: string, text: string, pointer: string): Value | undefined {
    if (!isInList(pointer)) return undefined;
    if (!this.values.has(file)) this.values.set(file, readTemplate(text, file).source?.value);
    let at = this.values.get(file);
    let name = '';
    let element: Value | undefined;
    for (const step of pointer.split('/').slice(1)) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const isElement = isList(at) && !name.startsWith('Fn::');
      if (isList(at)) at = at[Number(key)];
      else at = at !== undefined && isMap(at) ? get(at, key) : undefined;
      if (at === undefined) break;
      if (isElement && isMap(at)) element = at;
      name = key;
    }
    return element;
  }
}

/** Whether the place is in an element of a list, or in an argument of a function. */
export function isInList(pointer: string): boolean {
  return /\/[0-9]+(\/|$)/.test(pointer);
}

function cut({ line, column, endLine, endColumn }: Finding['location'], text: string): string {
  const lines = text.split(/\r\n|\r|\n/).slice(line - 1, endLine);
  const last = lines.length - 1;
  if (last >= 0) {
    lines[last] = lines[last]!.slice(0, endColumn - 1);
    lines[0] = lines[0]!.slice(column - 1);
  }
  return lines.join('\n').replaceAll(/\s+/g, ' ').trim();
}

/** A text that is the same for values that say the same, in whatever order their keys stand. */
function canonical(value: Value): string {
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  if (isMap(value)) {
    return `{${[...keysOf(value)]
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`)
      .join()}}`;
  }
  if (value instanceof Float) return `${value.value}f`;
  return typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}
