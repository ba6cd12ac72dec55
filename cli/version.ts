/** Who prints a report. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const toolName = 'stackade';

let root: string | undefined;
let version: string | undefined;

/** The folder of this package. The command may run from its sources or from `dist/`, one folder deeper. */
export function packageRoot(): string {
  if (root === undefined) {
    root = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  }
  return root;
}

/** The version of this package. */
export function toolVersion(): string {
  version ??= (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string })
    .version;
  return version;
}
