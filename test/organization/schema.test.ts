/** The JSON Schema for editors accepts the forms that the reader accepts, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { printOrganization, readOrganization } from '../../organization/index.js';
import { isMap, keysOf, readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { repositoryRoot } from '../support/repository.js';
import { anyOrganization } from './arbitrary.js';

const root = repositoryRoot();
const schema = JSON.parse(readFileSync(join(root, 'organization', 'org.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);

/** Codes of what a schema can see: the form of each value alone. */
const FORMS = new Set(['ORG1001', 'ORG1002', 'ORG1003', 'ORG1004', 'ORG1015']);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Whether the reader finds each value of the right form. */
function isRightForm(value: Json): boolean {
  const { diagnostics } = readOrganization(JSON.stringify(value), 'org.json');
  return !diagnostics.some(({ code }) => FORMS.has(code));
}

const plain = (value: Value): Json =>
  Array.isArray(value)
    ? value.map(plain)
    : isMap(value)
      ? Object.fromEntries(keysOf(value).map((key) => [key, plain(value[key]!)]))
      : (value as Json);

const documentOf = (text: string): Json => plain(readTemplate(text, 'org.yaml').source!.value);

/** The paths of all values of a document. */
function paths(value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value).map(([key, each]) => paths(each, [...path, Array.isArray(value) ? +key : key]));
  return [path, ...entries.flat()];
}

/** The document with the value at a path changed; `undefined` takes it away. */
function changed(value: Json, path: readonly (string | number)[], next: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  const entries = Object.entries(value as object) as [string, Json][];
  const made = entries.flatMap(([key, each]): [string, Json][] => {
    if (key !== String(step)) return [[key, each]];
    const inner = changed(each, rest, next);
    return inner === undefined ? [] : [[key, inner]];
  });
  return Array.isArray(value) ? made.map(([, each]) => each) : Object.fromEntries(made);
}

const OTHERS: (Json | undefined)[] = [
  ...[
    undefined,
    null,
    true,
    1,
    111122223333,
    '',
    ' ',
    'x',
    '111122223333',
    'ou-ab12-11111111',
    'eu-central-1',
    'r-ab12',
  ],
  ...[[], ['x'], [['x']], [null], {}, { x: 1 }, { 'a-b': 1 }, { ' ': {} }, { x: { id: '111122223333' } }, { x: null }],
  ...[[{}], [{ name: 'x' }], [{ name: 'x', id: '111122223333' }], [{ file: 'x' }], [{ template: 'x', name: 'y' }]],
  ...[[{ file: 'x', name: '' }], [{ file: 'x', template: 'x' }], { parent: 'x' }, { 'x.amazonaws.com': ['x'] }],
];

it('holds for the example', () => {
  const text = readFileSync(join(root, 'examples', 'organization', 'org.yaml'), 'utf8');
  expect(validate(documentOf(text)) ? [] : validate.errors).toStrictEqual([]);
});

it('holds for what the reader takes', () => {
  fc.assert(
    fc.property(anyOrganization, (organization) => {
      expect(validate(documentOf(printOrganization(organization))) ? [] : validate.errors).toStrictEqual([]);
    }),
    { numRuns: 100 },
  );
});

const FLAT = `version: 1
x-any: 1
organization:
  id: o-exampleorgid
  managementAccount: '111122223333'
  homeRegion: eu-central-1
  governedRegions: [eu-central-1]
  delegatedAdministrators: { a.amazonaws.com: x, b.amazonaws.com: [x] }
root:
  id: r-ab12
  environment: e
  parameters: { a: { b: [c] } }
  policies: { fullAwsAccess: true, scp: [x, { template: x, parameters: {} }], rcp: [{ file: x, name: y }] }
  accounts: [{ name: x, id: '111122223334', parent: U, environment: e, parameters: {}, policies: {} }]
  units:
    U: { id: ou-ab12-11111111, units: [{ name: V, accounts: { a: '111122223335', b: { id: '111122223336' } } }] }
    W: { parent: U, accounts: [{ name: a, id: '111122223337' }], units: { X: { policies: { tag: [] } } } }
`;

it('agrees with the reader on every change of a value', () => {
  const document = documentOf(FLAT);
  const differences: unknown[] = [];
  let refused = 0;
  for (const path of paths(document)) {
    for (const other of OTHERS) {
      const next = changed(document, path, other);
      if (next === undefined) continue;
      const ours = isRightForm(next);
      if (!ours) refused += 1;
      if (ours !== validate(next)) differences.push({ path: path.join('.'), other, reader: ours });
    }
  }
  expect(differences).toStrictEqual([]);
  expect(refused).toBeGreaterThan(500);
});
