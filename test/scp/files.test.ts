/** The files of the templates fit their schemas, speak of controls that exist, and have the page that is made of them. */
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { CASES_SCHEMA, CLAIMS_SCHEMA, completeParameters, describeTemplate, TEMPLATE_SCHEMA } from '../../scp/index.js';
import { repositoryRoot } from '../support/repository.js';
import { dataOf, names, templateOf } from './library.js';

const root = repositoryRoot();
const pages = join(root, 'docs', 'scp');
const controls = new Set(
  (JSON.parse(readFileSync(join(root, 'rules', 'controls.json'), 'utf8')) as { readonly id: string }[]).map(
    ({ id }) => id,
  ),
);
const ajv = new Ajv({ allErrors: true, strictTypes: false });
const schemas = {
  metadata: ajv.compile(TEMPLATE_SCHEMA),
  cases: ajv.compile(CASES_SCHEMA),
  claims: ajv.compile(CLAIMS_SCHEMA),
};

/** A page without what Prettier lays out: white space, and the rules of tables. */
const unspaced = (text: string): string => text.replace(/\s|-{3,}/g, '');

describe.each(names)('%s', (name) => {
  const data = dataOf(name);
  const template = templateOf(name);

  it.each(['metadata', 'cases', 'claims'] as const)('has %s that fit the schema', (part) => {
    schemas[part](data[part]);
    expect(schemas[part].errors ?? []).toStrictEqual([]);
  });

  it('names controls that exist', () => {
    expect(template.controls.filter((id) => !controls.has(id))).toStrictEqual([]);
  });

  it('has examples and defaults that its parameters accept', () => {
    expect(completeParameters(template, {}, { examples: true }).diagnostics).toStrictEqual([]);
  });

  it('has the page that is made of it (UPDATE_SCP=1 and Prettier write it)', () => {
    const page = describeTemplate(template);
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

it('gives a parameter the same type in all templates', () => {
  const types = new Map<string, Set<string>>();
  for (const name of names) {
    for (const [parameter, { type, list }] of Object.entries(templateOf(name).parameters)) {
      const known = types.get(parameter) ?? new Set();
      types.set(parameter, known.add(`${type}${list === true ? ' list' : ''}`));
    }
  }
  expect([...types].filter(([, each]) => each.size > 1)).toStrictEqual([]);
});
