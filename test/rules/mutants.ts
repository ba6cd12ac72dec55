/**
 * Faults planted into a rule, one at a time: a line or a member of an `or` left out, a clause negated, `some` added or taken
 * away, an entry of a list left out. A rule's cases are good when they notice each of them.
 */
import type { Query, RuleFile } from '../../guard/index.js';

export interface Mutant {
  /** What was planted, with the text of the line; numbered where the rule has several of that name. */
  readonly name: string;
  readonly tree: RuleFile;
}

type Node = Readonly<Record<string, unknown>>;
type Replace = (value: unknown) => RuleFile;

/** Whether a query goes through a list or a map. The `[*]` after a variable at the head stands for the variable itself. */
function givesSeveral({ parts }: Query): boolean {
  const own = parts[0]?.kind === 'variable' ? parts.slice(2) : parts;
  return own.some((part) => part.kind === 'allIndices' || part.kind === 'allValues');
}

/** Every mutant of a rule file. `text` is the file, for names. Names have no line numbers, so that they outlive edits. */
export function mutantsOf(tree: RuleFile, text: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const named = new Map<string, number>();
  const add = (name: string, other: RuleFile): void => {
    const count = (named.get(name) ?? 0) + 1;
    named.set(name, count);
    mutants.push({ name: count === 1 ? name : `${name} (${count})`, tree: other });
  };
  const lineOf = (offset: unknown): string => {
    if (typeof offset !== 'number') return '';
    const start = text.lastIndexOf('\n', offset) + 1;
    const end = text.indexOf('\n', offset);
    return `: ${text.slice(start, end < 0 ? undefined : end).trim()}`;
  };
  const visit = (value: unknown, replace: Replace, place: string): void => {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, (other) => replace(value.with(index, other)), place);
      });
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    const here =
      'offset' in node && node['kind'] !== 'query' && node['kind'] !== 'literal' ? lineOf(node['offset']) : place;
    const plant = (name: string, changes: Node): void => {
      add(`${name}${here}`, replace({ ...node, ...changes }));
    };
    if (node['kind'] === 'access') {
      plant('negated', { negated: node['negated'] !== true });
      const query = node['query'] as Query;
      // Where a query can give one value only, all of them and some of them are the same.
      if (givesSeveral(query)) plant('some toggled', { query: { ...query, matchAll: !query.matchAll } });
    }
    if (node['kind'] === 'list') {
      const items = node['items'] as readonly unknown[];
      // Generated lists of types would give a thousand mutants that say nothing.
      if (items.length <= 20) {
        items.forEach((_, index) => {
          plant(`list entry ${index} left out`, { items: items.toSpliced(index, 1) });
        });
      }
    }
    for (const key of ['conjunctions', 'conditions']) {
      const lines = node[key] as readonly (readonly Node[])[] | null | undefined;
      if (lines === null || lines === undefined) continue;
      lines.forEach((members, line) => {
        const at = lineOf(members[0]!['offset']);
        const left = (other: readonly (readonly Node[])[]): RuleFile => replace({ ...node, [key]: other });
        add(`${key === 'conditions' ? 'condition' : 'line'} left out${at}`, left(lines.toSpliced(line, 1)));
        if (members.length > 1) {
          members.forEach((member, index) => {
            add(`member left out${lineOf(member['offset'])}`, left(lines.with(line, members.toSpliced(index, 1))));
          });
        }
      });
    }
    for (const [key, inner] of Object.entries(node)) visit(inner, (other) => replace({ ...node, [key]: other }), here);
  };
  visit(tree, (other) => other as RuleFile, '');
  return mutants;
}
