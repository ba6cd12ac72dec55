/** The rules of one run: those of the packs, then the user's own. */
import type { Diagnostic } from '../../findings/index.js';
import type { GuardRuleSource, PackDefinition } from '../../rules/index.js';
import { InputError } from '../input-error.js';
import type { Library } from '../library.js';
import { noRules, unknownPack } from './diagnostics.js';
import { discover } from './discover.js';
import { readFileText } from './read-file.js';

export const RULE_EXTENSIONS: readonly string[] = ['.guard', '.ruleset'];

/** The name that stands for no pack. */
export const NO_PACK = 'none';

/** The packs of these names, in the order given. @throws InputError when there is none of a name. */
export async function choosePacks(library: Library, names: readonly string[]): Promise<readonly PackDefinition[]> {
  const known = library.packs.map(({ id }) => id).sort();
  const chosen: PackDefinition[] = [];
  const problems: Diagnostic[] = [];
  for (const name of new Set(names)) {
    if (name === NO_PACK && names.length === 1) continue;
    const pack = library.packs.find(({ id }) => id === name);
    if (pack !== undefined) chosen.push(pack);
    else {
      const { nearestName } = await import('../../catalogue/index.js');
      problems.push(unknownPack(name, known, nearestName(name, known)));
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return chosen;
}

/**
 * Reads the user's own Guard files.
 *
 * @param paths - Files of any name, or folders with `.guard` and `.ruleset` files at any depth.
 * @throws InputError when one cannot be read, or a path leads to no rule file.
 */
export function readOwnRules(paths: readonly string[], cwd: string): readonly GuardRuleSource[] {
  const problems: Diagnostic[] = [];
  const sources = new Map<string, GuardRuleSource>();
  for (const path of paths) {
    const { files, problems: found } = discover([path], { cwd, extensions: RULE_EXTENSIONS });
    problems.push(...found.map(({ diagnostic }) => diagnostic));
    if (files.length === 0 && found.length === 0) problems.push(noRules(`\`${path}\` holds no Guard file`));
    for (const { source, path: file } of files) {
      const { text, diagnostic } = readFileText(source, file);
      if (text === null) problems.push(diagnostic);
      else sources.set(source, { file, text, rules: new Map() });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return [...sources.values()];
}
