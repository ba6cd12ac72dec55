/** The boundaries and roles of this package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplate } from '../../boundaries/index.js';
import type { BoundaryTemplate } from '../../boundaries/index.js';
import { nearestName } from '../../catalogue/index.js';
import { unknownTemplate } from '../../iam/templates/index.js';
import type { TemplateData } from '../../iam/templates/index.js';
import { InputError } from '../input-error.js';
import { packageRoot } from '../version.js';

/** The templates of some names, or all when none is given. @throws InputError for a name that is not there. */
export function chooseBoundaries(wanted: readonly string[]): readonly BoundaryTemplate[] {
  const text = readFileSync(join(packageRoot(), 'dist', 'boundaries', 'library.json'), 'utf8');
  const all = (JSON.parse(text) as readonly TemplateData[]).map(loadTemplate);
  if (wanted.length === 0) return all;
  const names = all.map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((name) => unknownTemplate(name, 'stackade boundary list', nearestName(name, names))),
    );
  }
  return all.filter(({ name }) => wanted.includes(name));
}
