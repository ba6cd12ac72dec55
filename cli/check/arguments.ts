/**
 * An option that takes several values takes everything up to the next option, also a path that was meant to be checked, as
 * in `--pack encryption template.yaml`. What cannot be a value of the option goes back to the paths. The first value always
 * belongs to the option.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { discover, hasExtension, TEMPLATE_EXTENSIONS } from './discover.js';
import { STDIN } from './read-file.js';
import { RULE_EXTENSIONS } from './rule-sources.js';
import type { CheckFlags } from './settings.js';

/** Takes paths back from the options before them. @param packs - Names of packs that there are. */
export function sortArguments(
  paths: readonly string[],
  flags: CheckFlags,
  packs: readonly string[],
  cwd: string,
): { readonly paths: readonly string[]; readonly flags: CheckFlags } {
  const back: string[] = [];
  const keep = (
    values: readonly string[] | undefined,
    isPath: (value: string) => boolean,
  ): readonly string[] | undefined =>
    values?.filter((value, index) => {
      const path = index > 0 && (value === STDIN || isPath(value));
      if (path) back.push(value);
      return !path;
    });
  const exists = (value: string): boolean => existsSync(resolve(cwd, value));
  const pack = keep(
    flags.pack?.flatMap((value) => (exists(value) ? [value] : value.split(',').filter((name) => name !== ''))),
    (value) => exists(value) && !packs.includes(value),
  );
  const rules = keep(flags.rules, (value) => exists(value) && !holdsRules(resolve(cwd, value), cwd));
  const parameters = keep(flags.parameters, (value) => !value.includes('='));
  return {
    paths: [...back, ...paths],
    flags: {
      ...flags,
      ...(pack && { pack }),
      ...(rules && { rules }),
      ...(parameters && { parameters }),
    },
  };
}

function holdsRules(path: string, cwd: string): boolean {
  if (!statSync(path).isDirectory()) return !hasExtension(path, TEMPLATE_EXTENSIONS);
  return discover([path], { cwd, extensions: RULE_EXTENSIONS }).files.length > 0;
}
