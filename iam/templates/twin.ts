/** The change of a twin, on written statements. */
import { textOf } from './fill.js';
import type { Twin, WrittenStatement } from './model.js';

/**
 * The statements with the change of a twin.
 *
 * @param name - Of the template, for the message.
 * @throws Error when the twin names a statement that is not there.
 */
export function changeStatements(
  name: string,
  written: readonly WrittenStatement[],
  { without, change = {} }: Pick<Twin, 'without' | 'change'>,
): readonly WrittenStatement[] {
  for (const sid of [...(without === undefined ? [] : [without]), ...Object.keys(change)]) {
    if (!written.some((each) => each['Sid'] === sid)) throw new Error(`${name} has no statement ${sid}`);
  }
  return written
    .filter((each) => each['Sid'] !== without)
    .map((each) => {
      const elements = change[textOf(each['Sid'])] ?? {};
      const changed = Object.entries({ ...each, ...elements }).filter(([, value]) => value !== null);
      return Object.fromEntries(changed);
    });
}
