/** The lists of the rule on required tags: which resource types take tags, and below which properties. */
import { resourceTypeNames, tagPropertyOf } from '../../catalogue/index.js';

const BEGIN = '# generated: begin';
const END = '# generated: end';

/**
 * Writes the lists of the catalogue into the text of a rule, between the lines `# generated: begin` and
 * `# generated: end`.
 *
 * @throws RangeError when the text has no such lines.
 */
export function withTaggableTypes(guard: string): string {
  const begin = guard.indexOf(BEGIN);
  const end = guard.indexOf(END);
  if (begin < 0 || end < begin) throw new RangeError(`the text has no lines ${BEGIN} and ${END}`);
  return guard.slice(0, begin + BEGIN.length) + `\n${taggableLists()}\n` + guard.slice(end);
}

function taggableLists(): string {
  const properties = new Set<string>();
  const direct: string[] = [];
  const specified: string[] = [];
  for (const type of resourceTypeNames()) {
    const tags = tagPropertyOf(type);
    if (tags === undefined || tags.shape === 'other') continue;
    if (tags.shape === 'specifications') {
      specified.push(type);
      continue;
    }
    properties.add(tags.name);
    direct.push(type);
  }
  return [
    `let tag_properties = ${list([...properties])}`,
    `let taggable_types = ${list(direct)}`,
    `let specified_types = ${list(specified)}`,
  ].join('\n');
}

function list(items: readonly string[]): string {
  return `[\n${[...items]
    .sort()
    .map((item) => `  '${item}'`)
    .join(',\n')}\n]`;
}
