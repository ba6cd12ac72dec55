/** Every rule that reads policy documents has a case for each way to write a grant that is easily judged wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { codeLibrary, rulesFolder } from './library.js';

/** Rules whose resources grant without statements, or that read no grants. */
const WITHOUT_STATEMENTS: Readonly<Record<string, string>> = {
  'lambda-permission-source-exact': 'an AWS::Lambda::Permission is a principal and a source',
  'template-settings-no-credentials': 'settings that hold credentials, no grants',
};

/** All statements in a value: maps with `Effect`. */
function statementsIn(value: Value): readonly Readonly<Record<string, Value | undefined>>[] {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (!isMap(value)) return [];
  const below = Object.values(value).flatMap((each) => statementsIn(each));
  return 'Effect' in value ? [value, ...below] : below;
}

const rules = codeLibrary.filter(({ metadata }) => metadata.kind === 'policy');

it('there are some', () => {
  expect(rules.length).toBeGreaterThan(30);
  for (const id of Object.keys(WITHOUT_STATEMENTS)) expect(rules.map((rule) => rule.id)).toContain(id);
});

it.each(rules.filter(({ id }) => !Object.hasOwn(WITHOUT_STATEMENTS, id)).map(({ service, id }) => [id, service]))(
  '%s',
  (id, service) => {
    const file = join(rulesFolder, service, 'cases', `${id}.yml`);
    const statements = statementsIn(readTemplate(readFileSync(file, 'utf8'), file).source!.value);
    const has = {
      NotAction: statements.some(({ NotAction }) => NotAction !== undefined),
      'Action as text': statements.some(({ Action }) => typeof Action === 'string'),
      'Action as list': statements.some(({ Action }) => Array.isArray(Action)),
      'Allow under a condition': statements.some(
        ({ Effect, Condition }) => Effect === 'Allow' && Condition !== undefined,
      ),
      'Deny of a part': statements.some(
        ({ Effect, Action, Resource, Condition }) =>
          Effect === 'Deny' && (Condition !== undefined || Action !== '*' || Resource !== '*'),
      ),
    };
    expect(Object.entries(has).filter(([, isThere]) => !isThere)).toStrictEqual([]);
  },
);
