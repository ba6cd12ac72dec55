/** The library of management policies: files, documents, cases, and the syntax and inheritance that they rest on. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import {
  buildManagementPolicy,
  describeManagementTemplate,
  loadManagementTemplate,
  MANAGEMENT_SCHEMA,
  runSettingCases,
  SETTING_CASES_SCHEMA,
  settingAt,
  syntaxFaults,
} from '../../scp/index.js';
import type { ManagementPolicyKind } from '../../scp/index.js';
import { PARAMETERS } from '../../rules/index.js';
import { readJsonSource, readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { repositoryRoot } from '../support/repository.js';

const root = repositoryRoot();
const folder = join(root, 'scp', 'management', 'templates');
const pages = join(root, 'docs', 'management-policies');
const names = readdirSync(folder).sort();
const controls = new Set(
  (JSON.parse(readFileSync(join(root, 'rules', 'controls.json'), 'utf8')) as { readonly id: string }[]).map(
    ({ id }) => id,
  ),
);
const ajv = new Ajv({ allErrors: true, strictTypes: false });

function dataOf(name: string): { readonly metadata: Value; readonly cases: Value } {
  const text = (file: string): string => readFileSync(join(folder, name, file), 'utf8');
  return {
    metadata: readJsonSource(text('template.json'), name).source!.value,
    cases: readTemplate(text('cases.yml'), name).source!.value,
  };
}

/** A page without what Prettier lays out: white space, and the rules of tables. */
const unspaced = (text: string): string => text.replace(/\s|-{3,}/g, '');

describe.each(names)('%s', (name) => {
  const data = dataOf(name);
  const template = loadManagementTemplate(data);

  it('has files that fit their schemas, and names controls that exist', () => {
    const faults = ([MANAGEMENT_SCHEMA, SETTING_CASES_SCHEMA] as const).flatMap((schema, index) => {
      const validate = ajv.compile(schema);
      validate([data.metadata, data.cases][index]);
      return validate.errors ?? [];
    });
    expect(faults).toStrictEqual([]);
    expect(template.name).toBe(name);
    expect(template.controls.filter((id) => !controls.has(id))).toStrictEqual([]);
  });

  it('makes a document of its defaults that keeps to the documented syntax', () => {
    const { document, diagnostics } = buildManagementPolicy(template, {});
    expect(diagnostics).toStrictEqual([]);
    expect(syntaxFaults(template.kind, document)).toStrictEqual([]);
  });

  it('has cases that come out as expected, two and more of them refusals or the work of a policy below', () => {
    const faults = runSettingCases(template).filter(({ ok }) => !ok);
    expect(faults.map((each) => `${each.case.name}: ${each.fault!}`)).toStrictEqual([]);
    expect(
      template.cases.filter(({ refused, below }) => refused !== undefined || below !== undefined).length,
    ).toBeGreaterThan(1);
  });

  it('has cases that notice when a setting is left out', () => {
    const { document } = buildManagementPolicy(template, {});
    const settings = leaves(document);
    const asked = new Set(template.cases.map(({ at = [] }) => at.at(-1)));
    // Preferences that say nothing, and the message, are no settings that somebody relies on.
    const idle = new Set(['http_endpoint', 'instance_metadata_tags', 'exception_message']);
    expect(settings.filter((leaf) => !asked.has(leaf) && !idle.has(leaf))).toStrictEqual([]);
  });

  it('has the page that is made of it (UPDATE_SCP=1 and Prettier write it)', () => {
    const page = describeManagementTemplate(template);
    const path = join(pages, `${name}.md`);
    if (process.env['UPDATE_SCP'] !== undefined) {
      mkdirSync(pages, { recursive: true });
      writeFileSync(path, page);
    }
    expect(unspaced(readFileSync(path, 'utf8'))).toBe(unspaced(page));
  });
});

it('has no page without a template', () => {
  expect(readdirSync(pages).sort()).toStrictEqual(names.map((name) => `${name}.md`));
});

it('takes the required tags of the rules as they are', () => {
  const template = loadManagementTemplate(dataOf('required-tags-reported'));
  expect(template.parameters['requiredTags']!.default).toStrictEqual(PARAMETERS['requiredTags']!.default);
  const requiredTags = [
    { key: 'stage', values: ['dev', 'prod'] },
    { key: 'owner', pattern: '.+@.+' },
  ];
  expect(buildManagementPolicy(template, { requiredTags }).diagnostics).toStrictEqual([]);
});

it('refuses parameters that a template does not have, at their place', () => {
  const template = loadManagementTemplate(dataOf('ai-services-opt-out'));
  const { document, diagnostics } = buildManagementPolicy(template, { exceptService: [] });
  expect([document, diagnostics.map(({ code, help }) => `${code}: ${help ?? ''}`)]).toStrictEqual([
    null,
    ['SCP1001: did you mean `exceptServices`?'],
  ]);
  expect(buildManagementPolicy(template, []).document).toBeNull();
});

describe('syntax', () => {
  it.each<[ManagementPolicyKind, Value, string]>([
    ['tag', {}, 'tags'],
    ['tag', { tags: { owner: { tag_key: 'owner' } } }, '/tags/owner/tag_key'],
    ['tag', { tags: { owner: { tagKey: { '@@assign': 'owner' } } } }, 'tagKey'],
    ['tag', { tags: { a: { tag_value: { '@@assign': ['*a*'] } } } }, '/tags/a/tag_value/@@assign/0'],
    ['tag', { tags: { a: { enforced_for: { '@@assign': ['instance'] } } } }, 'enforced_for'],
    ['tag', { tags: { a: { tag_key: { '@@assign': 'x'.repeat(129) } } } }, '128'],
    ['ec2', { ec2_attributes: {} }, '/ec2_attributes'],
    ['ec2', { ec2_attributes: { image_block_public_access: { state: { '@@assign': 'block_all_sharing' } } } }, 'state'],
    ['ec2', { ec2_attributes: { instance_metadata_defaults: { http_tokens: 'required' } } }, 'http_tokens'],
    [
      'ec2',
      { ec2_attributes: { instance_metadata_defaults: { http_put_response_hop_limit: { '@@assign': '65' } } } },
      'hop_limit',
    ],
    ['ai-opt-out', { services: { default: { opt_out_policy: { '@@assign': 'optout' } } } }, 'opt_out_policy'],
    ['ai-opt-out', { services: { default: { '@@assign': 'optOut' } } }, '/services/default'],
    [
      'ai-opt-out',
      {
        services: Object.fromEntries(
          Array.from({ length: 60 }, (_, n) => [`s${n}`, { opt_out_policy: { '@@assign': 'optOut' } }]),
        ),
      },
      'allowed are 2500',
    ],
  ])('%s refuses %j', (kind, document, part) => {
    expect(syntaxFaults(kind, document).join('; ')).toContain(part);
  });
});

describe('inheritance', () => {
  const upper = { a: { list: { '@@assign': ['x', 'y'] }, one: { '@@assign': 'u' } } };
  const at = (policies: readonly Value[], ...path: string[]): Value | undefined => settingAt(policies, path);

  it('the lowest assignment holds; lists are added to and taken from', () => {
    expect(at([upper, { a: { one: { '@@assign': 'v' } } }], 'a', 'one')).toBe('v');
    expect(at([upper, { a: { list: { '@@append': ['z', 'y'], '@@remove': ['x'] } } }], 'a', 'list')).toStrictEqual([
      'y',
      'z',
    ]);
    expect(at([upper, {}], 'a', 'list')).toStrictEqual(['x', 'y']);
    expect(at([upper], 'a', 'other')).toBeUndefined();
  });

  it('only the operators that a policy above lets through are taken', () => {
    const only = (...operators: string[]): Value => ({
      a: { list: { '@@operators_allowed_for_child_policies': operators, '@@assign': ['x'] } },
    });
    const below = { a: { list: { '@@assign': ['w'], '@@append': ['z'] } } };
    expect(at([only('@@append'), below], 'a', 'list')).toStrictEqual(['x', 'z']);
    expect(at([only('@@assign'), below], 'a', 'list')).toStrictEqual(['w']);
    expect(at([only('@@none'), below], 'a', 'list')).toStrictEqual(['x']);
    expect(at([only('@@all'), below], 'a', 'list')).toStrictEqual(['w', 'z']);
    const loosened = { a: { list: { '@@operators_allowed_for_child_policies': ['@@all'] } } };
    expect(at([only('@@none'), loosened, below], 'a', 'list')).toStrictEqual(['x']);
    expect(at([only('@@append'), loosened, below], 'a', 'list')).toStrictEqual(['x', 'z']);
  });

  it('a name that is closed takes no new names below it', () => {
    const closed = { a: { '@@operators_allowed_for_child_policies': ['@@none'], one: { '@@assign': 'u' } } };
    const below = { a: { one: { '@@assign': 'v' }, two: { '@@assign': 'v' } } };
    expect(at([closed, below], 'a', 'one')).toBe('u');
    expect(at([closed, below], 'a', 'two')).toBeUndefined();
  });
});

/** Names of the settings of a document. */
function leaves(value: Value, name = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  if (Object.hasOwn(value, '@@assign')) return [name];
  return Object.entries(value as Readonly<Record<string, Value>>).flatMap(([key, each]) => leaves(each, key));
}
