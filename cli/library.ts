/** The rule library of this package: one file that the build packs from `rules/`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Severity } from '../findings/index.js';
import { guardName, rulesOfPack, severityInPack } from '../rules/index.js';
import type { CodeRule, Control, GuardRuleSource, PackDefinition, RuleInfo, RuleMetadata } from '../rules/index.js';
import { brokenPack } from './check/diagnostics.js';
import { InputError } from './input-error.js';
import { packageRoot } from './version.js';

/** One rule with its text. */
export interface LibraryRule {
  readonly metadata: RuleMetadata;
  /** Its Guard or TypeScript file, relative to `rules/`. */
  readonly file: string;
  /** Of a Guard rule. */
  readonly text: string;
  /** Of a Guard rule: the types without which it does not apply, as `typesNeeded` of the guard room tells them. */
  readonly needs?: readonly (readonly string[])[];
}

export interface Library {
  /** In order of their ids. */
  readonly rules: readonly LibraryRule[];
  readonly packs: readonly PackDefinition[];
  readonly controls: readonly Control[];
}

let loaded: Library | undefined;

/** @throws an Error when the package was not built. */
export function loadLibrary(): Library {
  loaded ??= JSON.parse(readFileSync(join(packageRoot(), 'dist', 'rules', 'library.json'), 'utf8')) as Library;
  return loaded;
}

/** The page of a rule, relative to the package. */
export function rulePage(rule: LibraryRule): string {
  return `rules/${rule.file.replace(/\.(?:guard|ts)$/, '.md')}`;
}

/** A rule that packs ask for, at the severity that it has there. */
export interface ChosenRule {
  readonly rule: LibraryRule;
  readonly severity: Severity;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/**
 * The rules of some packs, each once, in order of their ids. Packs that differ about a severity: the higher one counts.
 *
 * @throws InputError when a pack names a rule that the library does not have: nothing is skipped in silence.
 */
export function rulesOf(library: Library, packs: readonly PackDefinition[]): readonly ChosenRule[] {
  const byId = new Map(library.rules.map((rule) => [rule.metadata.id, rule]));
  const chosen = new Map<string, ChosenRule>();
  for (const pack of packs) {
    for (const id of rulesOfPack(pack)) {
      const rule = byId.get(id);
      if (rule === undefined) throw new InputError([brokenPack(pack.id, id)]);
      const severity = severityInPack(pack, rule.metadata);
      const known = chosen.get(id);
      if (known === undefined || RANK[severity] > RANK[known.severity]) chosen.set(id, { rule, severity });
    }
  }
  return [...chosen.values()].sort((a, b) => (a.rule.metadata.id < b.rule.metadata.id ? -1 : 1));
}

/** A Guard rule in the form in which it is compiled. */
export function ruleSource(chosen: ChosenRule): GuardRuleSource {
  const { file, text, metadata, needs } = chosen.rule;
  const rules = new Map([[guardName(metadata.id), infoOf(chosen)]]);
  return { file: `rules/${file}`, text, rules, ...(needs !== undefined && { needs }) };
}

/** What reports say of a rule. */
function infoOf({ rule, severity }: ChosenRule): RuleInfo {
  const { id, title, controls, remediation, tags } = rule.metadata;
  const help = `${remediation.text}\n${remediation.cloudformation}`;
  const secret = tags.includes('secrets');
  const written = tags.includes('as-written');
  return {
    id,
    title,
    severity,
    controls,
    help,
    docs: rulePage(rule),
    ...(secret && { secret }),
    ...(written && { written }),
  };
}

/** The rules written in TypeScript among those chosen. Their module loads the IAM engine, so it waits until one is. */
export async function codeRules(chosen: readonly ChosenRule[]): Promise<readonly CodeRule[]> {
  const wanted = chosen.filter(({ rule }) => rule.metadata.kind !== 'guard');
  if (wanted.length === 0) return [];
  const { codeRule } = await import('../rules/code/index.js');
  return wanted.map((one) => codeRule(infoOf(one), one.rule.metadata.resourceTypes));
}

/** Whether a rule is Guard text. */
export function isGuard({ rule }: ChosenRule): boolean {
  return rule.metadata.kind === 'guard';
}
