/** The cases of every rule in the reference executable: with a parameter document, and with parameters written into the text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARAMETER_ROOT, guardName, inlineParameters } from '../../rules/index.js';
import type { ParameterValue } from '../../rules/index.js';
import { isMap } from '../../template/index.js';
import { compareRecorded } from '../support/recorded.js';
import { describeWithReference, runReference } from '../support/reference.js';
import { library, rulesFolder, services } from './library.js';
import type { LibraryCase, LibraryRule } from './library.js';

interface TestReport {
  readonly rule_file: string;
  readonly error?: string;
  readonly test_cases?: readonly {
    readonly name: string;
    readonly passed_rules: readonly object[];
    readonly failed_rules: readonly object[];
    readonly skipped_rules: readonly object[];
  }[];
}

interface Tested {
  readonly exitCode: number | null;
  readonly cases: number;
  readonly wrong: readonly unknown[];
}

/** Runs `cfn-guard test -d`; what went wrong, by rule file and case, and how many cases ran. */
function test(folder: string): Tested {
  const { exitCode, stdout, stderr } = runReference(['test', '-d', folder, '-o', 'json']);
  if (stderr !== '') return { exitCode, cases: 0, wrong: [stderr] };
  const reports = JSON.parse(stdout) as readonly TestReport[];
  const ran = reports.flatMap((report) => report.test_cases ?? []);
  const wrong = [
    ...reports.filter((report) => report.error !== undefined),
    ...ran.filter(
      (one) => one.failed_rules.length > 0 || one.skipped_rules.length > 0 || one.passed_rules.length !== 1,
    ),
  ];
  return { exitCode, cases: ran.length, wrong };
}

describeWithReference('cfn-guard', () => {
  it('gives every verdict that the cases of each service expect', async () => {
    const { differences } = await compareRecorded('rule-cases', services, {
      input: (service) =>
        JSON.stringify(
          library.filter((rule) => rule.service === service).map(({ id, guard, cases }) => [id, guard, cases]),
        ),
      ours: (service) => {
        const rules = library.filter((rule) => rule.service === service);
        const cases = rules.reduce((sum, rule) => sum + rule.cases.length, 0);
        return JSON.stringify({ exitCode: 0, cases, wrong: [] } satisfies Tested);
      },
      reference: (asked) => asked.map((service) => JSON.stringify(test(join(rulesFolder, service)))),
    });
    expect(differences).toStrictEqual([]);
  }, 120_000);

  it('gives the same verdicts where parameters are written into the text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stackade-inline-'));
    try {
      let cases = 0;
      for (const rule of library) cases += writeInlined(rule, folder);
      expect(cases).toBeGreaterThan(1_000);
      expect(test(folder)).toStrictEqual({ exitCode: 0, cases, wrong: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/**
 * One folder for each set of parameters that the cases of a rule use: the text with these parameters, and the cases without
 * them. Cases that lack a parameter have no such text.
 */
function writeInlined(rule: LibraryRule, folder: string): number {
  if (rule.metadata.parameters.length === 0) return 0;
  const groups = new Map<string, LibraryCase[]>();
  for (const one of rule.cases) {
    const given = isMap(one.input) ? (one.input[PARAMETER_ROOT] ?? {}) : {};
    if (!rule.metadata.parameters.every((name) => Object.hasOwn(given as object, name))) continue;
    const key = JSON.stringify(given);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  let count = 0;
  for (const [given, cases] of groups) {
    const place = join(folder, `${rule.id}-${count}`);
    mkdirSync(join(place, 'tests'), { recursive: true });
    const text = inlineParameters(rule.guard, JSON.parse(given) as Record<string, ParameterValue>);
    expect(text).not.toContain(PARAMETER_ROOT);
    writeFileSync(join(place, `${rule.id}.guard`), text);
    const plain = cases.map(({ name, input, verdict }) => {
      const rest = Object.fromEntries(Object.entries(input as object).filter(([key]) => key !== PARAMETER_ROOT));
      return { name, input: rest, expectations: { rules: { [guardName(rule.id)]: verdict } } };
    });
    writeFileSync(join(place, 'tests', `${rule.id}_tests.json`), JSON.stringify(plain));
    count += cases.length;
  }
  return count;
}
