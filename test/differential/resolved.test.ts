/**
 * The resolved view against cfn-guard: a document in which nothing is unknown is written as JSON and given to the
 * executable, with the rule's parameters as an input file; every verdict of the pipeline equals its status.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMap, readTemplate, resolveTemplate } from '../../template/index.js';
import type { ResolvedDocument } from '../../template/index.js';
import { buildBundle, runChecks } from '../../rules/index.js';
import { jsonText } from '../support/json.js';
import { controlTowerFolder, controlTowerRules, describeWithReference, validateFiles } from '../support/reference.js';
import { corpus } from './corpus/corpus.js';

interface Known {
  readonly name: string;
  readonly document: ResolvedDocument;
  readonly source: NonNullable<ReturnType<typeof readTemplate>['source']>;
}

/** Templates of the corpus that resolve completely when every parameter has a value. */
function knownTemplates(): Known[] {
  const known: Known[] = [];
  for (const { name, text } of corpus()) {
    const { source } = readTemplate(text, name);
    if (source === null || !isMap(source.value)) continue;
    const { document } = resolveTemplate(source.value, { region: 'eu-west-1', accountId: '111122223333' });
    // An empty document is told apart from a missing one by the reader of cfn-guard only.
    if (!document.hasUnknowns && isMap(document.value['Resources'])) known.push({ name, document, source });
  }
  return known;
}

describeWithReference('the resolved view', () => {
  it('has the verdicts of cfn-guard on the same document', async () => {
    const all = knownTemplates();
    const changed = all.filter(({ document, source }) => document.value !== source.value);
    expect(changed.length).toBeGreaterThan(40);
    const known = [...changed, ...all.filter((one) => !changed.includes(one)).slice(0, 100)];
    const sources = controlTowerRules().map(({ name, text }) => ({
      file: name,
      text,
      rules: new Map<string, never>(),
    }));
    const { bundle } = buildBundle(sources);
    const folder = mkdtempSync(join(tmpdir(), 'stackade-resolved-'));
    try {
      const paths = known.map(({ name, document }) => {
        const path = join(folder, `${name}.json`);
        writeFileSync(path, jsonText(document.value));
        return path;
      });
      const { reports, stderr } = await validateFiles([controlTowerFolder], paths);
      expect(stderr).toBe('');
      const wrong = known.flatMap(({ name, document, source }, index) => {
        const { rules } = runChecks({ path: name, source, document }, bundle!).file;
        const report = reports[index]!;
        const there = new Map<string, string>();
        for (const rule of report.skipped) there.set(rule, 'SKIP');
        for (const rule of report.passed) there.set(rule, 'PASS');
        for (const rule of report.failed) there.set(rule, 'FAIL');
        return Object.entries(rules)
          .filter(([rule, verdict]) => there.get(rule) !== verdict)
          .map(([rule, verdict]) => `${name}: ${rule} ${verdict}, there ${there.get(rule) ?? 'nothing'}`);
      });
      expect(wrong).toStrictEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});
