/** The page of the posture: every control has a rule or a reason, and the page says which. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsTemplate } from '../../cli/hook/bundle.js';
import { renderPosturePage } from '../../rules/index.js';
import type { PostureGuardrail, PostureRule } from '../../rules/metadata/posture-page.js';
import type { ControlCoverage } from '../../rules/index.js';
import { scanCells } from '../analyzers/checks/control-rows.js';
import { repositoryRoot } from '../support/repository.js';
import { codeLibrary, controls, coverage, library } from './library.js';

const all = [...library, ...codeLibrary.map((rule) => ({ ...rule, guard: '' }))];
const path = join(repositoryRoot(), 'docs', 'posture.md');
const rules = all.map(({ metadata, service, guard }): PostureRule => ({
  metadata,
  page: `../rules/${service}/${metadata.id}.md`,
  isOfWholeTemplate: needsTemplate({
    rule: { metadata, file: '', text: guard },
    severity: metadata.severity,
  }),
}));

const guardrails = Object.entries({
  scp: 'scp',
  boundaries: 'boundaries',
  'scp/management': 'management-policies',
}).flatMap(([folder, pages]) =>
  readdirSync(join(repositoryRoot(), folder, 'templates')).map((name) => {
    const text = readFileSync(join(repositoryRoot(), folder, 'templates', name, 'template.json'), 'utf8');
    return { name, page: `${pages}/${name}.md`, controls: (JSON.parse(text) as PostureGuardrail).controls };
  }),
);

describe('docs/posture.md', () => {
  const page = renderPosturePage(controls, coverage, rules, guardrails, scanCells);

  it('is up to date (UPDATE_RULES=1 writes it)', () => {
    if (process.env['UPDATE_RULES'] === '1') writeFileSync(path, page);
    else expect(readFileSync(path, 'utf8')).toBe(page);
  });

  it('has a row for each of the 280 controls', () => {
    const ids = [...page.matchAll(/^\| `([A-Z0-9-]+)` /gm)].map((match) => match[1]);
    expect(ids).toStrictEqual(controls.map((control) => control.id));
    expect(ids).toHaveLength(280);
  });

  it('names every rule of the library', () => {
    expect(all.map((rule) => rule.id).filter((id) => !page.includes(`[${id}](`))).toStrictEqual([]);
  });

  it('leaves no row without a rule and without a reason', () => {
    const bare = page.split('\n').filter((line) => /^\| `(?:[^|]*\|){3} –\s*\|(?:[^|]*\|){4}\s*\|$/.test(line));
    expect(bare).toStrictEqual([]);
  });
});

describe('a control', () => {
  const [control] = controls.filter((one) => coverage[one.id]?.needs !== undefined);
  const id = control!.id;

  it.each([
    ['with neither a rule nor a reason', {}],
    [
      'without what a rule would have to read',
      { [id]: { rules: [], open: 'It must be read as a whole, by somebody.' } },
    ],
    ['without the reason', { [id]: { rules: [], needs: 'graph' as const } }],
    ['that names a rule which does not exist', { [id]: { rules: ['no-such-rule'] } }],
  ])('%s is an error', (_name, given) => {
    expect(() => renderPosturePage([control!], given, rules, guardrails)).toThrow(RangeError);
  });

  it('that a policy could hold is an error with neither a template nor a reason, and with both', () => {
    const held = controls.find(({ layers }) => layers[0] === 'scp')!;
    const reason = { [held.id]: { rules: [], withoutPolicy: 'No condition key carries it.' } };
    const template = [{ name: 'a', page: 'scp/a.md', controls: [held.id] }];
    expect(() => renderPosturePage([held], {}, rules, [])).toThrow('neither a template of a policy nor a reason');
    expect(() => renderPosturePage([held], reason, rules, template)).toThrow('and a reason why it has none');
    expect(renderPosturePage([held], reason, rules, [])).toContain('| No condition key carries it. |');
    expect(renderPosturePage([held], {}, rules, template)).toContain('| [a](scp/a.md) |');
  });

  it('that a gate or a hook could hold is an error with neither a rule, a mechanism nor a reason', () => {
    const held = controls.find(({ layers }) => layers.every((layer) => layer === 'gate' || layer === 'hook'))!;
    const page = (entry: Partial<ControlCoverage>): string =>
      renderPosturePage([held], { [held.id]: { rules: [], ...entry } }, rules, []);
    const hook = { decides: 'the gate', test: 'test/hooks/gate/vectors.test.ts' };
    expect(() => page({})).toThrow('is decided by no rule, gate or hook, and has no reason');
    expect(() => page({ hook, withoutHook: 'Nobody can.' })).toThrow('and has a reason why it is not');
    expect(page({ hook })).toMatch(/\| the gate +\|/);
    expect(page({ withoutHook: 'Nobody can.' })).toMatch(/\| Nobody can\. +\|/);
    const other = controls.find(({ layers }) => !layers.includes('gate') && !layers.includes('hook'))!;
    expect(() =>
      renderPosturePage([other], { [other.id]: { ...coverage[other.id]!, hook } }, rules, guardrails),
    ).toThrow('is none that a gate or a hook could hold');
    const left = rules.find(({ isOfWholeTemplate }) => isOfWholeTemplate)!;
    const rest = { [held.id]: { rules: [left.metadata.id] } };
    expect(renderPosturePage([held], rest, rules, [])).toMatch(/\| rules, with the template +\|/);
  });

  it('that a rollout could bring is an error with neither a template nor a reason, and with both', () => {
    const held = controls.find(({ layers }) => layers.every((layer) => layer === 'stackset'))!;
    const page = (entry: Partial<ControlCoverage>): string =>
      renderPosturePage([held], { [held.id]: { rules: [], ...entry } }, rules, []);
    expect(() => page({})).toThrow('is rolled out by no template, and has no reason');
    expect(() => page({ rollout: 'a', withoutRollout: 'Nobody can.' })).toThrow('and has a reason why it is not');
    expect(page({ rollout: '`a.yaml`' })).toMatch(/\| `a\.yaml` +\|/);
    const other = controls.find(({ layers }) => layers.every((layer) => layer === 'attest'))!;
    expect(() => renderPosturePage([other], { [other.id]: { rules: [], rollout: 'a' } }, rules, [])).toThrow(
      'is none that is rolled out to accounts',
    );
  });

  it('that a gate or a hook holds names a test that there is', () => {
    const named = Object.values(coverage).flatMap(({ hook }) => (hook === undefined ? [] : [hook.test]));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(join(repositoryRoot(), path)))).toStrictEqual([]);
  });

  it('of an unknown family is an error', () => {
    expect(() => renderPosturePage([{ ...control!, family: 'XYZ' }], coverage, rules, guardrails)).toThrow(RangeError);
  });
});
