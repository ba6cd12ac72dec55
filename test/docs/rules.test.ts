/** The tables of the guide to rules agree with the packs and the parameters. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARAMETERS, rulesOfPack } from '../../rules/index.js';
import type { PackDefinition } from '../../rules/index.js';
import { pageAt, root } from './files.js';

const { prose } = pageAt('docs/rules.md');

/** The cells of the rows of the table that begins with this heading, sorted. */
function rowsOf(heading: string): readonly string[] {
  const lines = prose.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const rows = lines.slice(from + 2, lines.indexOf('', from));
  return rows.map((row) => row.replace(/ +\|/g, ' |').replace(/\| +/g, '| ')).sort();
}

it('lists the packs', () => {
  const folder = join(root, 'rules', 'packs');
  const packs = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as PackDefinition,
  );
  expect(rowsOf('pack')).toStrictEqual(
    packs.map((pack) => `| \`${pack.id}\` | ${rulesOfPack(pack).length} | ${pack.description} |`).sort(),
  );
});

it('lists the parameters', () => {
  expect(rowsOf('parameter')).toStrictEqual(
    Object.entries(PARAMETERS)
      .map(
        ([name, { default: value, description }]) => `| \`${name}\` | \`${JSON.stringify(value)}\` | ${description} |`,
      )
      .sort(),
  );
});
