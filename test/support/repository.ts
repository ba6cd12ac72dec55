/** Where the checkout is, for tests and scripts that read its files. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds this project's package.json, found upwards from the working directory. */
export function repositoryRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'stackade') {
      return folder;
    }
    if (dirname(folder) === folder) throw new Error('Start this from within the stackade checkout.');
  }
}
