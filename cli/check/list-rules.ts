/** `--list-rules`: what there is to check with. */
import type { Severity } from '../../findings/index.js';
import { visible } from '../../findings/index.js';
import type { PackDefinition, RuleBundle } from '../../rules/index.js';
import { rulesOfPack } from '../../rules/index.js';
import type { Library } from '../library.js';

/** A rule as the list shows it. */
export interface ListedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly kind: 'guard' | 'policy' | 'graph';
  readonly controls: readonly string[];
  readonly packs: readonly string[];
  readonly resourceTypes: readonly string[];
}

/**
 * Lists rules in order of their ids.
 *
 * @param packs - Only rules of these; `null` lists all.
 * @param bundle - The compiled rules of the run, for the severities that the packs give and for the user's own rules.
 */
export function listRules(
  library: Library,
  packs: readonly PackDefinition[] | null,
  bundle: RuleBundle,
): readonly ListedRule[] {
  const wanted = packs === null ? null : new Set(packs.flatMap(rulesOfPack));
  const chosen = new Map(bundle.rules.map((rule) => [rule.id, rule]));
  const known = library.rules
    .filter(({ metadata }) => wanted?.has(metadata.id) ?? true)
    .map(({ metadata: { id, title, severity, kind, controls, resourceTypes } }) => ({
      id,
      title,
      severity: chosen.get(id)?.severity ?? severity,
      kind,
      controls,
      packs: library.packs.filter((pack) => rulesOfPack(pack).includes(id)).map((pack) => pack.id),
      resourceTypes,
    }));
  const ids = new Set(library.rules.map(({ metadata }) => metadata.id));
  const own = bundle.rules
    .filter(({ id }) => !ids.has(id))
    .map(({ id, title, severity, controls }) => ({
      id,
      title,
      severity,
      kind: 'guard' as const,
      controls,
      packs: [],
      resourceTypes: [],
    }));
  return [...known, ...own].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The list for people: one line for each rule. */
export function prettyList(rules: readonly ListedRule[]): string {
  const width = Math.max(0, ...rules.map(({ id }) => id.length));
  return rules
    .map(({ id, severity, controls, packs, title }) => {
      const where = [controls.join(', '), packs.join(', ')].filter((part) => part !== '').join('; ');
      return `${visible(id).padEnd(width)}  ${severity.padEnd(7)}  ${visible(title)}${where === '' ? '' : ` (${visible(where)})`}\n`;
    })
    .join('');
}
