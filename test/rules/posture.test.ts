/** The page of the posture: every control has a rule or a reason, and the page says which. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPosturePage } from '../../rules/index.js';
import type { PostureGuardrail } from '../../rules/metadata/posture-page.js';
import { repositoryRoot } from '../support/repository.js';
import { codeLibrary, controls, coverage, library } from './library.js';

const all = [...library, ...codeLibrary];
const path = join(repositoryRoot(), 'docs', 'posture.md');
const rules = all.map(({ metadata, service }) => ({ metadata, page: `../rules/${service}/${metadata.id}.md` }));

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
  const page = renderPosturePage(controls, coverage, rules, guardrails);

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
    const bare = page.split('\n').filter((line) => /^\| `(?:[^|]*\|){3} –\s*\|[^|]*\|\s*\|$/.test(line));
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

  it('of an unknown family is an error', () => {
    expect(() => renderPosturePage([{ ...control!, family: 'XYZ' }], coverage, rules, guardrails)).toThrow(RangeError);
  });
});
