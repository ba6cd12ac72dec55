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
import { controlTowerFolder, controlTowerRules, describeWithReference, validateFiles } from '../support/reference.js';
import { corpus } from './corpus/corpus.js';

interface Resolved {
  readonly name: string;
  readonly source: TemplateSource;
  readonly document: ResolvedDocument;
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

/** Templates of the corpus that hold intrinsics and resolve completely, besides every third of the others. */
function resolved(): Resolved[] {
  return corpus().flatMap(({ name, text, intrinsics }, index) => {
    if (!intrinsics && index % 3 !== 0) return [];
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
    const folder = mkdtempSync(join(tmpdir(), 'stackade-resolved-'));
    try {
      const paths = templates.map(({ document }, index) => {
        const path = join(folder, `${index}.json`);
        writeFileSync(path, jsonText(document.value));
        return path;
      });
      const { outcome, reports } = await validateFiles([controlTowerFolder], paths);
      expect(outcome).toBe('ran');
      const found = templates.flatMap(({ name, source, document }, index) => {
        const report = reports[index]!;
        const { file, notEvaluated } = runChecks({ path: name, source, document }, bundle);
        const differing = Object.entries(file.rules).filter(([rule, verdict]) => {
          // Every rule stands twice in its file, for templates and for hook events; the stronger verdict counts.
          const status = report.failed.includes(rule) ? 'FAIL' : report.passed.includes(rule) ? 'PASS' : 'SKIP';
          return verdict !== status;
        });
        return [
          ...differing.map((each) => [name, ...each]),
          ...notEvaluated.map(({ ruleId }) => [name, ruleId, 'open']),
        ];
      });
      expect(found).toStrictEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
