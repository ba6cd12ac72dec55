/**
 * Packs the rule library (rule texts, metadata, packs, controls) into one file of dist/, so that the command reads one
 * file instead of some hundred. Run by `npm run build`.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseRules, typesNeeded } from '../../dist/guard/index.js';

const rules = join(dirname(fileURLToPath(import.meta.url)), '..');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const entries = (folder) => readdirSync(folder, { withFileTypes: true });

/** What lets the command leave a rule unparsed where a template has nothing for it. */
function needsOf(text, name) {
  const { tree, diagnostics } = parseRules(text, name);
  if (tree === null) throw new Error(`${name}: ${diagnostics[0]?.message}`);
  return typesNeeded(tree);
}

const library = { rules: [], packs: [], controls: json(join(rules, 'controls.json')) };
for (const folder of entries(rules)) {
  if (!folder.isDirectory()) continue;
  const inside = join(rules, folder.name);
  for (const { name } of entries(inside)) {
    const [, id, kind] = /^(.*)\.(guard|ts)$/.exec(name) ?? [];
    // A TypeScript file with metadata beside it is a rule; its text is compiled like the rest.
    if (kind === undefined || !existsSync(join(inside, `${id}.json`))) continue;
    const text = kind === 'guard' ? readFileSync(join(inside, name), 'utf8') : '';
    library.rules.push({
      metadata: json(join(inside, `${id}.json`)),
      file: `${folder.name}/${name}`,
      text,
      ...(kind === 'guard' && { needs: needsOf(text, name) }),
    });
  }
}
for (const { name } of entries(join(rules, 'packs'))) {
  if (name.endsWith('.json')) library.packs.push(json(join(rules, 'packs', name)));
}
library.rules.sort((a, b) => (a.metadata.id < b.metadata.id ? -1 : 1));

const target = join(rules, '..', 'dist', 'rules');
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'library.json'), JSON.stringify(library));
