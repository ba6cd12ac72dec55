/** The library of policy templates as it lies in `scp/templates/`. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplate, readTemplateFiles } from '../../scp/index.js';
import type { PolicyTemplate, TemplateData } from '../../scp/index.js';
import { repositoryRoot } from '../support/repository.js';

export const templatesFolder = join(repositoryRoot(), 'scp', 'templates');

export const names: readonly string[] = readdirSync(templatesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

export function dataOf(name: string): TemplateData {
  const text = (file: string): string => readFileSync(join(templatesFolder, name, file), 'utf8');
  const hasStatements = existsSync(join(templatesFolder, name, 'statements.json'));
  return readTemplateFiles({
    name,
    metadata: text('template.json'),
    ...(hasStatements ? { statements: text('statements.json') } : {}),
    cases: text('cases.yml'),
    claims: text('claims.yml'),
  });
}

export function templateOf(name: string): PolicyTemplate {
  return loadTemplate(dataOf(name));
}
