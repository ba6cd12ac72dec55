/**
 * Packs the policy templates into one file of dist/, so that the command reads one file and the room none. Run by
 * `npm run build`, after the compiler.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTemplate, readTemplateFiles } from '../../dist/scp/index.js';

const room = join(dirname(fileURLToPath(import.meta.url)), '..');
const templates = readdirSync(join(room, 'templates'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const path = (file) => join(room, 'templates', name, file);
    const text = (file) => readFileSync(path(file), 'utf8');
    const data = readTemplateFiles({
      name,
      metadata: text('template.json'),
      ...(existsSync(path('statements.json')) && { statements: text('statements.json') }),
      cases: text('cases.yml'),
      claims: text('claims.yml'),
    });
    loadTemplate(data);
    return data;
  })
  .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

const target = join(room, '..', 'dist', 'scp');
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'library.json'), JSON.stringify(templates));
