/** Elements that are one text or a list of texts. */
import { isList } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { kindOf } from './problems.js';
import type { Problems } from './problems.js';

/** One text of an element and the way to it. */
export interface PlacedText {
  readonly text: string;
  readonly path: Path;
}

/**
 * Reads a text or a list of texts.
 *
 * @param what - The element, as messages name it.
 * @returns `null` when something else stands there; then a problem says so.
 */
export function textList(value: Value, what: string, path: Path, problems: Problems): readonly PlacedText[] | null {
  if (typeof value === 'string') return [{ text: value, path }];
  if (!isList(value)) {
    return problems.fatal(
      'DATA_TYPE_MISMATCH',
      path,
      `\`${what}\` is ${kindOf(value)}`,
      'write a text or a list of texts',
    );
  }
  const texts: PlacedText[] = [];
  let faulty = false;
  for (const [index, item] of value.entries()) {
    if (typeof item === 'string') {
      texts.push({ text: item, path: [...path, index] });
    } else {
      problems.fatal(
        'DATA_TYPE_MISMATCH',
        [...path, index],
        `an entry of \`${what}\` is ${kindOf(item)}`,
        'write every entry as a text',
      );
      faulty = true;
    }
  }
  return faulty ? null : texts;
}
