/**
 * The resolved view of a template in which nothing is unknown, written as JSON and given to cfn-guard 3.1.1: every verdict
 * of `runChecks` is the status that the reference gives that document.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributesOf } from '../../catalogue/index.js';
import { buildBundle, runChecks } from '../../rules/index.js';
import {
  isMap,
  readTemplate,
  resolveTemplate,
  type ResolvedDocument,
  type TemplateSource,
} from '../../template/index.js';
import { jsonText } from '../support/json.js';
import { compareRecorded, digest } from '../support/recorded.js';
import { controlTowerFolder, controlTowerRules, describeWithReference, validateFiles } from '../support/reference.js';
import { corpus } from './corpus/corpus.js';

interface Resolved {
  readonly name: string;
  readonly source: TemplateSource;
  readonly document: ResolvedDocument;
}

/** Verdicts of all rules in the order of their names, and rules without one. */
interface Checked {
  readonly verdicts: readonly (readonly [rule: string, verdict: string])[];
  readonly open: readonly string[];
}

/** Everything that the corpus leaves open to the deployment. */
const deployment = {
  parameters: { Setting: 'true,prod' },
  region: 'eu-west-1',
  accountId: '111122223333',
  stackName: 'corpus',
  exports: { 'shared-key': 'arn:aws:kms:eu-west-1:111122223333:key/1', 'true,prod-subnet': 'subnet-1' },
  attributes: attributesOf,
};

/** Templates of the corpus that resolve completely. */
function resolved(): Resolved[] {
  return corpus().flatMap(({ name, text }) => {
    const { source } = readTemplate(text, name);
    if (source === null || !isMap(source.value) || !isMap(source.value['Resources'])) return [];
    const { document } = resolveTemplate(source.value, deployment);
    return document.hasUnknowns ? [] : [{ name, source, document }];
  });
}

describeWithReference('rules on resolved templates', () => {
  it('give the verdicts that the reference gives the resolved document', async () => {
    const templates = resolved();
    const changed = templates.filter(({ source, document }) => jsonText(source.value) !== jsonText(document.value));
    expect(templates.length).toBeGreaterThanOrEqual(250);
    expect(changed.length).toBeGreaterThanOrEqual(80);

    const sources = controlTowerRules().map(({ name, text }) => ({ file: name, text, rules: new Map() }));
    const { bundle } = buildBundle(sources);
    if (bundle === null) throw new Error('the rule files do not parse');
    const check = ({ name, source, document }: Resolved): Checked => {
      const { file, notEvaluated } = runChecks({ path: name, source, document }, bundle);
      const verdicts = Object.entries(file.rules).sort(([a], [b]) => (a < b ? -1 : 1));
      return { verdicts, open: notEvaluated.map(({ ruleId }) => ruleId) };
    };
    const rules = digest(sources.map(({ file, text }) => `${file}\n${text}`).join('\n'));
    const { differences, ran } = await compareRecorded('resolved', templates, {
      input: ({ document }) => JSON.stringify([rules, jsonText(document.value)]),
      ours: (template) => JSON.stringify(check(template)),
      reference: (asked) =>
        askReference(
          asked,
          check(templates[0]!).verdicts.map(([rule]) => rule),
        ),
    });
    expect(differences.map(({ item, ...answers }) => ({ name: item.name, ...answers }))).toStrictEqual([]);
    expect(ran).toBeGreaterThanOrEqual(10);
  }, 120_000);
});

/** Every rule stands twice in its file, for templates and for hook events; the stronger verdict counts. */
async function askReference(templates: readonly Resolved[], rules: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-resolved-'));
  try {
    const paths = templates.map(({ document }, index) => {
      const path = join(folder, `${index}.json`);
      writeFileSync(path, jsonText(document.value));
      return path;
    });
    const { outcome, reports } = await validateFiles([controlTowerFolder], paths);
    expect(outcome).toBe('ran');
    return reports.map(({ failed, passed }) => {
      const verdict = (rule: string): string =>
        failed.includes(rule) ? 'FAIL' : passed.includes(rule) ? 'PASS' : 'SKIP';
      return JSON.stringify({
        verdicts: rules.map((rule) => [rule, verdict(rule)] as const),
        open: [],
      } satisfies Checked);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
