/** Rules written in TypeScript: metadata, cases with places and messages, pages. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import {
  buildBundle,
  checkTemplate,
  PARAMETERS,
  parameterDocument,
  renderRulePage,
  rulesOfPack,
  validateRuleMetadata,
} from '../../rules/index.js';
import type { ParameterValue } from '../../rules/index.js';
import { CODE_RULE_IDS, codeRule } from '../../rules/code/index.js';
import { readTemplate } from '../../template/index.js';
import { codeLibrary, controls, packs, readJson, rulesFolder } from './library.js';

interface CodeCase {
  readonly name: string;
  readonly parameters?: object;
  readonly conditions?: object;
  readonly resources: object;
  /** Values of the rule's parameters. */
  readonly with?: Readonly<Record<string, ParameterValue>>;
  readonly account?: string;
  readonly expect: 'PASS' | 'FAIL' | 'SKIP' | 'NOT_EVALUATED';
  /** `pointer: message` of each finding. */
  readonly findings?: readonly string[];
}

const rules = codeLibrary.map(({ service, id, metadata }) => {
  const path = (name: string): string => join(rulesFolder, service, name);
  return {
    id,
    metadata,
    code: readFileSync(path(`${id}.ts`), 'utf8'),
    cases: readCases(path(join('cases', `${id}.yml`))),
    pagePath: path(`${id}.md`),
  };
});

/** Cases are written as templates are, with short forms; the template reader gives their long forms. */
function readCases(file: string): readonly CodeCase[] {
  const { source, diagnostics } = readTemplate(readFileSync(file, 'utf8'), file);
  expect(diagnostics).toStrictEqual([]);
  return source!.value as unknown as readonly CodeCase[];
}

const ajv = new Ajv({ allErrors: true });
const ruleSchema = ajv.compile(readJson(join(rulesFolder, 'schema', 'rule.schema.json')) as object);
const update = process.env['UPDATE_RULES'] === '1';
const DEFAULTS = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { default: value }]) => [name, value]));

it('each is registered', () => {
  expect(rules.map(({ id }) => id).sort()).toStrictEqual([...CODE_RULE_IDS].sort());
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, { metadata, cases, code, pagePath }) => {
  const info = {
    id,
    title: metadata.title,
    severity: metadata.severity,
    controls: metadata.controls,
    help: '',
    docs: '',
  };
  const { bundle } = buildBundle([], [codeRule(info, metadata.resourceTypes)]);

  it('has metadata that fit the schema, controls that exist, and a pack', () => {
    expect(validateRuleMetadata(metadata, ruleSchema)).toStrictEqual({ value: metadata });
    expect(metadata.id).toBe(id);
    expect(metadata.kind).not.toBe('guard');
    expect(metadata.controls.filter((control) => !controls.some((one) => one.id === control))).toStrictEqual([]);
    expect(packs.some((pack) => rulesOfPack(pack).includes(id))).toBe(true);
    expect(metadata.parameters.filter((name) => !Object.hasOwn(PARAMETERS, name))).toStrictEqual([]);
    expect(metadata.parameters.filter((name) => !code.includes(name))).toStrictEqual([]);
  });

  it('has cases for each verdict, with names of their own', () => {
    const names = cases.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toStrictEqual([]);
    expect([...new Set(cases.map((one) => one.expect))].sort()).toStrictEqual([
      'FAIL',
      'NOT_EVALUATED',
      'PASS',
      'SKIP',
    ]);
    expect(cases.some(({ findings }) => findings !== undefined)).toBe(true);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const template = { Parameters: one.parameters ?? {}, Conditions: one.conditions ?? {}, Resources: one.resources };
    const inputs = parameterDocument({ ...DEFAULTS, ...one.with });
    const checked = checkTemplate(
      JSON.stringify(template),
      'case.json',
      bundle!,
      one.account === undefined ? {} : { accountId: one.account },
      { inputs },
    );
    if (checked.kind !== 'checked') throw new Error(checked.kind);
    const { file, findings, notEvaluated } = checked.result;
    const own = findings.filter(({ ruleId }) => ruleId === id);
    expect(findings.filter((finding) => !own.includes(finding))).toStrictEqual([]);
    expect({ verdict: file.rules[id], notEvaluated: notEvaluated.length }).toStrictEqual({
      verdict: one.expect,
      notEvaluated: one.expect === 'NOT_EVALUATED' ? 1 : 0,
    });
    expect(own.length > 0).toBe(one.expect === 'FAIL');
    if (one.findings !== undefined) {
      expect(own.map(({ location, message }) => `${location.pointer}: ${message}`)).toStrictEqual(one.findings);
    }
  });

  it('has an up-to-date page (UPDATE_RULES=1 writes it)', () => {
    const page = renderRulePage({
      metadata,
      guard: '',
      cases: cases.map(({ name, expect: verdict }) => ({ name, verdict })),
      controls,
      packs: packs.filter((pack) => rulesOfPack(pack).includes(id)).map((pack) => pack.id),
    });
    if (update) writeFileSync(pagePath, page);
    else expect(existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : undefined).toBe(page);
  });
});
