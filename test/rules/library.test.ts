/** What holds for every rule of the library: names, metadata, cases, pages, packs, coverage of the controls. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { compileRules, parseRules } from '../../guard/index.js';
import {
  PARAMETERS,
  guardName,
  parametersRead,
  renderRulePage,
  rulesOfPack,
  validatePack,
  validateRuleMetadata,
} from '../../rules/index.js';
import type { RuleMetadata } from '../../rules/index.js';
import { withTaggableTypes } from '../../rules/metadata/taggable.js';
import { codeLibrary, controls, coverage, library, packs, readJson, rulesFolder } from './library.js';

const ids = library.map((rule) => rule.id);
/** Guard rules and those written in TypeScript. */
const all: readonly { readonly id: string; readonly metadata: RuleMetadata }[] = [...library, ...codeLibrary].sort(
  (a, b) => (a.id < b.id ? -1 : 1),
);
const ajv = new Ajv({ allErrors: true });
const ruleSchema = ajv.compile(readJson(join(rulesFolder, 'schema', 'rule.schema.json')) as object);
const packSchema = ajv.compile(readJson(join(rulesFolder, 'schema', 'pack.schema.json')) as object);
const update = process.env['UPDATE_RULES'] === '1';

describe('the library', () => {
  it('has rules', () => {
    expect(library.length).toBeGreaterThan(80);
  });

  it('has unique ids and aliases', () => {
    const names = all.flatMap((rule) => [rule.id, ...rule.metadata.aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toStrictEqual([]);
  });

  it('has no rule whose name begins with the name of another rule, because cfn-guard pairs tests by prefix', () => {
    expect(ids.flatMap((id) => ids.filter((other) => other !== id && other.startsWith(id)))).toStrictEqual([]);
  });
});

describe.each(library.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { metadata, guard, cases } = rule;

  it('has metadata that fit the schema', () => {
    expect(validateRuleMetadata(metadata, ruleSchema)).toStrictEqual({ value: metadata });
  });

  it('is called the same everywhere', () => {
    const { tree } = parseRules(guard, `${id}.guard`);
    const named = tree?.rules.filter((one) => !one.loose).map((one) => one.name);
    expect(named).toStrictEqual([guardName(id)]);
    expect(metadata.id).toBe(id);
    expect(id.startsWith(`${rule.service}-`)).toBe(true);
    expect(guard.startsWith(`# ${id}: `)).toBe(true);
  });

  it('declares the parameters that it reads', () => {
    expect([...new Set(parametersRead(guard))].sort()).toStrictEqual([...metadata.parameters].sort());
    expect(guard.match(/StackadeParameters/g) ?? []).toHaveLength(parametersRead(guard).length);
    expect(metadata.parameters.filter((name) => !Object.hasOwn(PARAMETERS, name))).toStrictEqual([]);
  });

  it('serves controls that exist', () => {
    expect(metadata.controls.filter((control) => !controls.some((one) => one.id === control))).toStrictEqual([]);
  });

  it('has messages with help wherever it can fail', () => {
    const messages = [...guard.matchAll(/<<([\s\S]*?)>>/g)].map((match) => match[1]!);
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) expect(message).toMatch(/^\s*[^\n]+\n\s*help: /);
  });

  it('has cases with names of their own, for each verdict, ending in it', () => {
    const names = cases.map((one) => one.name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toStrictEqual([]);
    expect(new Set(cases.map((one) => one.verdict))).toStrictEqual(new Set(['SKIP', 'PASS', 'FAIL']));
    expect(cases.filter((one) => !one.name.endsWith(`, ${one.verdict}`))).toStrictEqual([]);
  });

  it('has the cases worth having', () => {
    const names = cases.map((one) => one.name).join('\n');
    for (const wanted of [
      /^other types only, SKIP$/m,
      /^no resource, SKIP$/m,
      /^no Resources section, SKIP$/m,
      /^(Properties missing|neither), (FAIL|SKIP|PASS)$/m,
      /^one .+ and one .+, FAIL$/m,
      /from a parameter|Fn::If/,
    ]) {
      expect(names).toMatch(wanted);
    }
    for (const parameter of metadata.parameters) {
      expect(names).toContain(`parameter ${parameter} not given, FAIL`);
      expect(names).toContain(`parameter ${parameter} not given and nothing to check, SKIP`);
    }
  });

  it('has an up-to-date page (UPDATE_RULES=1 writes it)', () => {
    const page = renderRulePage({
      metadata,
      guard,
      cases,
      controls,
      packs: packs.filter((pack) => rulesOfPack(pack).includes(id)).map((pack) => pack.id),
    });
    if (update) writeFileSync(rule.pagePath, page);
    else expect(rule.page).toBe(page);
  });

  it('is in a pack', () => {
    expect(packs.some((pack) => rulesOfPack(pack).includes(id))).toBe(true);
  });

  it('compiles', () => {
    const { tree, diagnostics } = parseRules(guard, `${id}.guard`);
    expect(diagnostics).toStrictEqual([]);
    expect(compileRules(tree!, { file: `${id}.guard`, text: guard }).ruleNames).toStrictEqual([guardName(id)]);
  });
});

describe('the rule on required tags', () => {
  const rule = library.find((one) => one.id === 'tagging-resource-required-tags')!;

  it('lists the taggable types of the catalogue (UPDATE_RULES=1 writes them)', () => {
    const current = withTaggableTypes(rule.guard);
    if (update) writeFileSync(rule.guardPath, current);
    else expect(rule.guard).toBe(current);
  });

  it('lists types of every shape', () => {
    for (const text of [
      'AWS::S3::Bucket',
      'AWS::MSK::Cluster',
      'AWS::AutoScaling::AutoScalingGroup',
      'AWS::EC2::LaunchTemplate',
    ]) {
      expect(rule.guard).toContain(`'${text}'`);
    }
    expect(rule.guard).not.toContain("'AWS::S3::BucketPolicy'");
    expect(() => withTaggableTypes('rule a { b exists }')).toThrow(RangeError);
  });
});

describe('packs', () => {
  it.each(packs.map((pack) => [pack.id, pack] as const))(
    '%s fits the schema and names rules and controls that exist',
    (id, pack) => {
      expect(validatePack(pack, packSchema)).toStrictEqual({ value: pack });
      for (const [control, rules] of Object.entries(pack.controls)) {
        expect(controls.map((one) => one.id)).toContain(control);
        for (const rule of rules) expect(all.find((one) => one.id === rule)?.metadata.controls).toContain(control);
      }
      for (const rule of Object.keys(pack.levels ?? {})) expect(rulesOfPack(pack)).toContain(rule);
      expect(readJson(join(rulesFolder, 'packs', `${id}.json`))).toStrictEqual(pack);
    },
  );

  it.each(packs.map((pack) => [pack.id, pack] as const))('%s holds these rules', (_id, pack) => {
    expect(rulesOfPack(pack)).toMatchSnapshot();
  });

  it('foundation holds no opinions: level error only, and no tags are asked for', () => {
    const foundation = packs.find((pack) => pack.id === 'foundation')!;
    const rules = rulesOfPack(foundation).map((id) => all.find((rule) => rule.id === id)!);
    expect(rules.filter(({ metadata }) => metadata.severity !== 'error')).toStrictEqual([]);
    expect(rules.filter(({ metadata }) => metadata.tags.includes('tagging'))).toStrictEqual([]);
    const encryption = all.filter(
      ({ metadata }) =>
        metadata.severity === 'error' &&
        metadata.controls.some((control) => /^(ENC|TLS)-/.test(control)) &&
        !metadata.id.includes('-unclassified-'),
    );
    expect(rulesOfPack(foundation).filter((id) => encryption.some((rule) => rule.id === id))).toStrictEqual(
      encryption.map((rule) => rule.id),
    );
  });
});

describe('controls', () => {
  it('are the 280 of the posture, each once', () => {
    expect(controls).toHaveLength(280);
    expect(new Set(controls.map((control) => control.id)).size).toBe(280);
    for (const { id, family, severity, title, requirement } of controls) {
      expect(id.startsWith(`${family}-`)).toBe(true);
      expect(['error', 'warning', 'info']).toContain(severity);
      expect(title.length).toBeGreaterThan(5);
      expect(requirement.length).toBeGreaterThan(5);
    }
  });

  it('that a rule can decide have a rule, or say what a rule would have to read', () => {
    const decidable = controls.filter((control) => control.layers.includes('rule')).map((control) => control.id);
    expect(Object.keys(coverage).filter((control) => decidable.includes(control))).toStrictEqual(decidable);
    for (const [control, { rules, needs, open, withoutPolicy, hook, withoutHook, ...layers }] of Object.entries(
      coverage,
    )) {
      if (!decidable.includes(control)) {
        // What a gate or a hook decides, or a rollout brings; what only those or a policy could enforce, and none does.
        if ((hook ?? layers.rollout) !== undefined && rules.length === 0) continue;
        expect([control, rules, withoutHook ?? withoutPolicy ?? layers.withoutRollout]).toStrictEqual([
          control,
          [],
          expect.stringMatching(/.{30,}\.$/),
        ]);
        continue;
      }
      expect([control, rules.length === 0]).toStrictEqual([control, needs !== undefined]);
      if (needs !== undefined) expect(['policy', 'graph']).toContain(needs);
      if (rules.length === 0 || open !== undefined) expect(open).toMatch(/.{30,}\.$/);
    }
  });

  it('are covered by exactly the rules that say so', () => {
    const said = Object.keys(coverage).map((control) => [
      control,
      all.filter((rule) => rule.metadata.controls.includes(control)).map((rule) => rule.id),
    ]);
    expect(Object.entries(coverage).map(([control, { rules }]) => [control, rules])).toStrictEqual(said);
    expect(
      all.flatMap((rule) => rule.metadata.controls).filter((control) => !Object.hasOwn(coverage, control)),
    ).toStrictEqual([]);
  });

  it('never have a rule that is stricter than the control', () => {
    const rank = { info: 0, warning: 1, error: 2 };
    for (const { id, metadata } of all) {
      const strictest = Math.max(
        ...metadata.controls.map((control) => rank[controls.find((one) => one.id === control)!.severity]),
      );
      expect([id, rank[metadata.severity] <= strictest]).toStrictEqual([id, true]);
    }
  });
});
