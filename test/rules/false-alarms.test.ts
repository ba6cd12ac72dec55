/**
 * The findings of the foundation pack at level error on templates of common architectures are those of
 * `docs/false-alarms.md`, each of which somebody has looked at: none is wrong.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeRule } from '../../rules/code/index.js';
import { buildBundle, checkTemplate, defaultParameters, parameterDocument, rulesOfPack } from '../../rules/index.js';
import { severityInPack, guardName } from '../../rules/index.js';
import type { RuleMetadata } from '../../rules/index.js';
import type { Value } from '../../template/index.js';
import { repositoryRoot } from '../support/repository.js';
import { codeLibrary, library, packs } from './library.js';

const root = repositoryRoot();
const page = join(root, 'docs', 'false-alarms.md');
const FOLDERS = ['test/rules/realistic', 'examples/good', 'examples/bad'];

const templates = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .sort()
    .map((file) => `${folder}/${file}`),
);

const foundation = packs.find(({ id }) => id === 'foundation')!;
const wanted = new Set(rulesOfPack(foundation));

function infoOf(metadata: RuleMetadata): Parameters<typeof codeRule>[0] {
  const { id, title, controls, remediation, tags } = metadata;
  const severity = severityInPack(foundation, metadata);
  const flags = { secret: tags.includes('secrets'), written: tags.includes('as-written') };
  return { id, title, severity, controls, help: remediation.text, docs: '', ...flags };
}

const { bundle } = buildBundle(
  library
    .filter(({ id }) => wanted.has(id))
    .map(({ id, guard, metadata }) => ({
      file: `${id}.guard`,
      text: guard,
      rules: new Map([[guardName(id), infoOf(metadata)]]),
    })),
  codeLibrary
    .filter(({ id }) => wanted.has(id))
    .map(({ metadata }) => codeRule(infoOf(metadata), metadata.resourceTypes)),
);

/** What a reader tells findings apart by. */
interface Row {
  readonly template: string;
  readonly resource: string;
  readonly rule: string;
  readonly finding: string;
}

const keyOf = ({ template, resource, rule, finding }: Row): string => [template, resource, rule, finding].join(' | ');

const inputs = parameterDocument(defaultParameters()) as unknown as Record<string, Value>;
const found: readonly Row[] = templates.flatMap((template) => {
  const checked = checkTemplate(readFileSync(join(root, template), 'utf8'), template, bundle!, {}, { inputs });
  if (checked.kind !== 'checked') throw new Error(`${template} was not checked: ${checked.kind}`);
  return checked.result.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ resource, ruleId, message }) => ({
      template,
      resource: resource?.logicalId ?? '-',
      rule: ruleId,
      finding: message.replaceAll('|', '\\|'),
    }));
});

const CELLS = /^\| (\S+) +\| (\S+) +\| (\S+) +\| (.*?) +\| (right|wrong|) *\| (.*?) *\|$/;

/** Rows of the page with what was judged of them. */
const judged = readFileSync(page, 'utf8')
  .split('\n')
  .flatMap((line) => {
    const cells = CELLS.exec(line);
    if (cells === null) return [];
    const [, template, resource, rule, finding, verdict, reason] = cells as unknown as readonly string[];
    return [{ template: template!, resource: resource!, rule: rule!, finding: finding!, verdict, reason: reason! }];
  });

if (process.env['UPDATE_RULES'] === '1') {
  const known = new Map(judged.map((row) => [keyOf(row), row]));
  const lines = found.map((row) => {
    const { verdict = '', reason = '' } = known.get(keyOf(row)) ?? {};
    return `| ${[row.template, row.resource, row.rule, row.finding, verdict, reason].join(' | ')} |`;
  });
  const text = readFileSync(page, 'utf8');
  const head = text.slice(0, text.indexOf('| template'));
  const table = [
    '| template | resource | rule | finding | judgement | reason |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  writeFileSync(page, `${head}${[...table, ...lines].join('\n')}\n`);
}

it('are fifty templates and more', () => {
  expect(readdirSync(join(root, FOLDERS[0]!)).length).toBeGreaterThanOrEqual(50);
});

it('each finding was looked at (UPDATE_RULES=1 writes new ones, without a judgement)', () => {
  expect(judged.map(keyOf)).toStrictEqual(found.map(keyOf));
});

it('none is wrong, and each says why', () => {
  expect(judged.filter(({ verdict }) => verdict !== 'right').map(keyOf)).toStrictEqual([]);
  expect(judged.filter(({ reason }) => reason.length < 10).map(keyOf)).toStrictEqual([]);
});

it('the good examples have none', () => {
  expect(found.filter(({ template }) => template.startsWith('examples/good/'))).toStrictEqual([]);
});
