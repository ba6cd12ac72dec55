/** The library of boundaries and roles as it lies in `boundaries/templates/`. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplate } from '../../boundaries/index.js';
import type { BoundaryTemplate } from '../../boundaries/index.js';
import { readTemplateFiles } from '../../iam/templates/index.js';
import type { TemplateData } from '../../iam/templates/index.js';
import { repositoryRoot } from '../support/repository.js';

const folder = join(repositoryRoot(), 'boundaries', 'templates');

export const names: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

export function dataOf(name: string): TemplateData {
  const text = (file: string): string => readFileSync(join(folder, name, file), 'utf8');
  return readTemplateFiles({
    name,
    metadata: text('template.json'),
    statements: text('statements.json'),
    cases: text('cases.yml'),
    claims: text('claims.yml'),
  });
}

export function templateOf(name: string): BoundaryTemplate {
  return loadTemplate(dataOf(name));
}
