/** The guide of `stackade check`: its examples have the verdicts that it gives them, and its tables are complete. */
import { Command } from 'commander';
import { registerCheck } from '../../cli/check/command.js';
import { CONFIG_SCHEMA } from '../../cli/check/config-schema.js';
import { parseConfig } from '../../cli/check/config.js';
import { OFF_BY_DEFAULT } from '../../cli/lint/service.js';
import { reporters } from '../../findings/index.js';
import { buildBundle, checkTemplate } from '../../rules/index.js';
import { isMap, readTemplate } from '../../template/index.js';
import { pageAt } from './files.js';
import type { Block } from './markdown.js';
import { PageFolder } from './shell.js';

const page = pageAt('docs/check.md');
const ruleFile = page.blocks.find(({ file }) => file === 'my-rules/log-groups.guard')!;
const { bundle } = buildBundle([{ file: 'log-groups.guard', text: ruleFile.text, rules: new Map() }]);

/** `# FAIL: message`, as the first line of an example. */
const HEAD = /^# (PASS|FAIL|SKIP|NOT EVALUATED)(?:: (.*))?\n/;
const examples = page.blocks.filter(({ text }) => HEAD.test(text));

/** The verdict on an example, written as its first line is. */
function verdictOn({ text }: Block): string {
  const checked = checkTemplate(text, 'template.yaml', bundle!);
  if (checked.kind !== 'checked') return checked.kind;
  const { file, findings, notEvaluated } = checked.result;
  const said = new Set([
    ...findings.map(({ message, labels }) => [message, ...labels.map((label) => `(${label})`)].join(' ')),
    ...notEvaluated.map(({ reason }) => reason),
  ]);
  const [verdict] = Object.values(file.rules);
  return [`# ${verdict?.replace('_', ' ')}`, ...said].join(': ');
}

it('has an example of every verdict', () => {
  const verdicts = examples.map(({ text }) => HEAD.exec(text)![1]);
  expect([...new Set(verdicts)].sort()).toStrictEqual(['FAIL', 'NOT EVALUATED', 'PASS', 'SKIP']);
});

it.each(examples.map((block) => [block.line, block] as const))('the example of line %i', (_line, block) => {
  expect(verdictOn(block)).toBe(block.text.split('\n', 1)[0]);
});

/** The code in the first column of the table of a section. */
function firstColumn(section: string): readonly string[] {
  const from = page.prose.indexOf(`\n## ${section}\n`);
  const to = page.prose.indexOf('\n## ', from + 1);
  const rows = [...page.prose.slice(from, to === -1 ? undefined : to).matchAll(/^\| (`[^|]*`) +\|/gm)];
  return rows.flatMap((row) => [...row[1]!.matchAll(/`([^`]*)`/g)].map((code) => code[1]!.split(' ')[0]!));
}

it('lists all options', () => {
  const program = new Command();
  registerCheck(program);
  const options = program.commands[0]!.options.filter(({ hidden }) => !hidden).map(({ long }) => long);
  expect([...firstColumn('Options')].sort()).toStrictEqual(options.sort());
});

it('lists all formats', () => {
  expect([...firstColumn('Formats')].sort()).toStrictEqual([...Object.keys(reporters), 'html'].sort());
});

it('lists all settings, and its example has each of them and is accepted', () => {
  const { lint, ...settings } = CONFIG_SCHEMA.properties;
  const names = [...Object.keys(settings), ...Object.keys(lint.properties).map((name) => `lint.${name}`)];
  expect([...firstColumn('The configuration file')].sort()).toStrictEqual(names.sort());
  const { text } = page.blocks.find(({ file }) => file === 'stackade.yaml')!;
  const { folder, ...config } = parseConfig(text, 'stackade.yaml', '/folder');
  expect(folder).toBe('/folder');
  expect(Object.keys(config).sort()).toStrictEqual(Object.keys(CONFIG_SCHEMA.properties).sort());
});

it('names the lint codes that are off', () => {
  expect(page.prose).toContain(
    `The codes ${OFF_BY_DEFAULT.slice(0, -1)
      .map((code) => `\`${code}\``)
      .join(', ')} and \`${OFF_BY_DEFAULT.at(-1)}\` are off`,
  );
});

describe('the recipes', () => {
  const recipes = page.blocks.filter(({ section }) => section === 'Recipes');

  it('are YAML', () => {
    expect(recipes).toHaveLength(3);
    for (const { text, file } of recipes) {
      const { source, diagnostics } = readTemplate(text, file!);
      expect(diagnostics).toStrictEqual([]);
      expect(isMap(source!.value)).toBe(true);
    }
  });

  it.each(recipes.map((recipe) => [recipe.file, recipe] as const))('%s runs a check that works', (_file, recipe) => {
    const [, command] = /main\.js"? (check .*)$/m.exec(recipe.text)!;
    const folder = new PageFolder();
    try {
      const good = 'Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: alias/topics } }\n';
      folder.write({ language: 'yaml', file: 'templates/topic.yaml', text: good, section: '', line: 0 });
      const text = `$ stackade ${command!} --no-lint > printed.txt\n$ echo $?\n`;
      expect(folder.run({ language: 'console', file: null, text, section: '', line: 0 })).toStrictEqual(['', '0\n']);
    } finally {
      folder.remove();
    }
  });
});
