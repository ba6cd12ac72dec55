/**
 * Replacement templates: `$1`, `${1}`, `$name`, `${name}`, `$$`. The longest name is taken (`$1a` is the group `1a`),
 * and a group that does not exist gives nothing.
 * https://docs.rs/fancy-regex/0.13.0/fancy_regex/struct.Regex.html#replacement-string-syntax
 */
import { readName } from './pattern-cursor.js';

/** Expands a template; `groupText` gives the text of a group, null when it took no part or does not exist. */
export function expand(
  template: string,
  names: ReadonlyMap<string, number>,
  groupText: (group: number) => string | null,
): string {
  let result = '';
  let from = 0;
  for (;;) {
    const dollar = template.indexOf('$', from);
    if (dollar < 0) return result + template.slice(from);
    result += template.slice(from, dollar);
    from = dollar + 1;
    if (template[from] === '$') {
      result += '$';
      from += 1;
      continue;
    }
    const tail = template.slice(from);
    const reference = readName(tail, '{', '}', false) ?? readName(tail, '', '', false);
    if (reference === null) {
      result += '$';
      continue;
    }
    from += reference.length;
    const named = names.get(reference.name);
    const group = named ?? (/^\d+$/.test(reference.name) ? Number(reference.name) : null);
    let text = group === null ? null : groupText(group);
    // A name made of digits can belong to a group that took no part; then its number counts.
    if (text === null && named !== undefined && /^\d+$/.test(reference.name)) text = groupText(Number(reference.name));
    result += text ?? '';
  }
}
