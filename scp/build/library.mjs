/**
 * Packs the templates of each library into one file of dist/, so that commands read one file and the rooms none. Run by
 * `npm run build`, after the compiler.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTemplate as loadBoundary } from '../../dist/boundaries/index.js';
import { readTemplateFiles } from '../../dist/iam/templates/index.js';
import { readJsonSource, readTemplate } from '../../dist/template/index.js';
import { loadManagementTemplate, loadTemplate } from '../../dist/scp/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

for (const [room, load] of Object.entries({ scp: loadTemplate, boundaries: loadBoundary })) {
  const templates = readdirSync(join(root, room, 'templates'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const path = (file) => join(root, room, 'templates', name, file);
      const text = (file) => readFileSync(path(file), 'utf8');
      const data = readTemplateFiles({
        name,
        metadata: text('template.json'),
        ...(existsSync(path('statements.json')) && { statements: text('statements.json') }),
        cases: text('cases.yml'),
        claims: text('claims.yml'),
      });
      load(data);
      return data;
    })
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const target = join(root, 'dist', room);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'library.json'), JSON.stringify(templates));
}

const folder = join(root, 'scp', 'management', 'templates');
const management = readdirSync(folder)
  .sort()
  .map((name) => {
    const text = (file) => readFileSync(join(folder, name, file), 'utf8');
    const data = {
      metadata: readJsonSource(text('template.json'), `${name}/template.json`).source.value,
      cases: readTemplate(text('cases.yml'), `${name}/cases.yml`).source.value,
    };
    loadManagementTemplate(data);
    return data;
  });
writeFileSync(join(root, 'dist', 'scp', 'management.json'), JSON.stringify(management));
