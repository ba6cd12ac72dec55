/** The files of the templates fit their schemas, speak of controls that exist, and have the page that is made of them. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import {
  BOUNDARY_CASES_SCHEMA,
  BOUNDARY_CLAIMS_SCHEMA,
  BOUNDARY_SCHEMA,
  describeTemplate,
} from '../../boundaries/index.js';
import { expandActionPattern } from '../../catalogue/iam/index.js';
import { buildBoundary, policyNames } from '../../boundaries/index.js';
import { completeParameters } from '../../iam/templates/index.js';
import { repositoryRoot } from '../support/repository.js';
import { dataOf, names, templateOf } from './library.js';

const root = repositoryRoot();
const pages = join(root, 'docs', 'boundaries');
const controls = new Set(
  (JSON.parse(readFileSync(join(root, 'rules', 'controls.json'), 'utf8')) as { readonly id: string }[]).map(
    ({ id }) => id,
  ),
);
const ajv = new Ajv({ allErrors: true, strictTypes: false });
const schemas = {
  metadata: ajv.compile(BOUNDARY_SCHEMA),
  cases: ajv.compile(BOUNDARY_CASES_SCHEMA),
  claims: ajv.compile(BOUNDARY_CLAIMS_SCHEMA),
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

  it('has the name of its folder and names controls that exist', () => {
    expect(template.name).toBe(name);
    expect(template.controls.filter((id) => !controls.has(id))).toStrictEqual([]);
  });

  it('has examples and defaults that its parameters accept', () => {
    expect(completeParameters(template, {}, { examples: true }).diagnostics).toStrictEqual([]);
  });

  it('names actions that exist', () => {
    const { built } = buildBoundary(template, template.cases.parameters ?? {}, { examples: true });
    const patterns = policyNames(template).flatMap((policy) =>
      built!.policies[policy]!.statements.flatMap(({ action }) => action.patterns),
    );
    const unknown = patterns.filter((pattern) => pattern !== '*' && expandActionPattern(pattern).length === 0);
    expect(unknown).toStrictEqual([]);
  });

  it('has the page that is made of it (UPDATE_BOUNDARIES=1 and Prettier write it)', () => {
    const page = describeTemplate(template);
    const path = join(pages, `${name}.md`);
    if (process.env['UPDATE_BOUNDARIES'] !== undefined) {
      mkdirSync(pages, { recursive: true });
      writeFileSync(path, page);
    }
    expect(unspaced(readFileSync(path, 'utf8'))).toBe(unspaced(page));
  });
});

it('has no page without a template', () => {
  expect(readdirSync(pages).sort()).toStrictEqual(names.map((name) => `${name}.md`).sort());
});
