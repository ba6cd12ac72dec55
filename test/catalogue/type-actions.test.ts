/** The actions behind resource types: rows that are right, names that are found, and no type that is guessed. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { actionsOfType, typesWithoutActions, typesWithRow } from '../../catalogue/actions/index.js';
import { iamAction, iamCatalogueInfo, iamService } from '../../catalogue/iam/index.js';
import { resourceType, resourceTypeNames } from '../../catalogue/index.js';
import { typeActionsText } from '../../catalogue/build/type-actions.mjs';
import { repositoryRoot } from '../support/repository.js';

const root = repositoryRoot();
const file = JSON.parse(readFileSync(join(root, 'catalogue', 'type-actions.json'), 'utf8')) as {
  readonly namespaces: Readonly<Record<string, string>>;
  readonly rows: object;
};
const rows = typesWithRow().map((type) => actionsOfType(type)!);

it('the module is what the file says (npm run catalogue writes it)', () => {
  const module = readFileSync(join(root, 'catalogue', 'generated', 'type-actions.ts'), 'utf8');
  expect(module).toBe(typeActionsText(file));
});

it('has a row for 150 types and more, each a type of CloudFormation', () => {
  expect(rows.length).toBeGreaterThanOrEqual(150);
  expect(typesWithRow().filter((type) => resourceType(type) === undefined)).toStrictEqual([]);
});

it('names actions that exist, as the reference spells them, and that write', () => {
  const wrong = rows.flatMap(({ type, create, change, delete: remove }) =>
    [...create, ...change, ...remove].flatMap(({ action }) => {
      const known = iamAction(action);
      if (known?.name !== action) return [`${type}: ${action} is not known`];
      return ['Read', 'List'].includes(known.accessLevel) ? [`${type}: ${action} only reads`] : [];
    }),
  );
  expect(wrong).toStrictEqual([]);
  expect(rows.filter(({ create }) => create.length === 0)).toStrictEqual([]);
});

it('names the page of the service for each row, and a day not before the one of the catalogue', () => {
  const wrong = rows.filter(({ create, source, read }) => {
    const service = iamService(create[0]!.action.split(':')[0]!)!;
    const page = service.name.toLowerCase().replace(/[^a-z0-9]/g, '');
    // The catalogue has the two pages of a service with two APIs as one.
    const pages = [page, page.replace(/v2$/, '')].map((each) => `/list_${each}.html`);
    return !pages.some((each) => source!.endsWith(each)) || read! < iamCatalogueInfo.date;
  });
  expect(wrong).toStrictEqual([]);
});

it('has no row whose actions belong to two services', () => {
  const prefixes = rows.map(
    ({ create, change, delete: remove }) =>
      new Set([...create, ...change, ...remove].map(({ action }) => action.split(':')[0])).size,
  );
  expect(Math.max(...prefixes)).toBe(1);
});

it('has a row for each type that stands in several templates of this repository', () => {
  const counts = new Map<string, number>();
  for (const text of templates()) {
    for (const type of new Set([...text.matchAll(/\bType"?: *"?(AWS::\w+::\w+)/g)].map(([, name]) => name!))) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  const used = [...counts].filter(([type, count]) => count > 2 && resourceType(type) !== undefined);
  const own = ['AWS::CloudFormation::', 'AWS::Serverless::'];
  const without = used.filter(([type]) => !own.some((each) => type.startsWith(each)) && !typesWithRow().includes(type));
  expect(used.length).toBeGreaterThan(70);
  expect(without).toStrictEqual([]);
});

it('finds the actions that are called as a type is', () => {
  expect(actionsOfType('AWS::AppConfig::Application')).toStrictEqual({
    type: 'AWS::AppConfig::Application',
    origin: 'name',
    create: [{ action: 'appconfig:CreateApplication', resource: '*' }],
    change: [{ action: 'appconfig:UpdateApplication', resource: '*' }],
    delete: [{ action: 'appconfig:DeleteApplication', resource: '*' }],
  });
  expect(actionsOfType('AWS::VpcLattice::Service')!.create[0]!.action).toBe('vpc-lattice:CreateService');
});

it('knows nothing of a type that CloudFormation does not have, nor of CloudFormation itself', () => {
  // There are actions of these names.
  expect(actionsOfType('AWS::S3::AccessPointPolicy')).toBeUndefined();
  expect(actionsOfType('aws::s3::bucket')).toBeUndefined();
  expect(actionsOfType('AWS::CloudFormation::Stack')).toBeUndefined();
  expect(iamAction('cloudformation:CreateStack')).toBeDefined();
});

it('has prefixes of services that exist', () => {
  expect(Object.values(file.namespaces).filter((prefix) => iamService(prefix) === undefined)).toStrictEqual([]);
});

it('lists the other types in the template that governs types', () => {
  const gaps = typesWithoutActions();
  const text = readFileSync(join(root, 'scp', 'templates', 'only-through-cloudformation', 'template.json'), 'utf8');
  const { doesNotReach } = JSON.parse(text) as { readonly doesNotReach: readonly string[] };
  expect(doesNotReach.at(-1)).toBe(
    `${gaps.length} of ${resourceTypeNames().length} types of CloudFormation, of which the catalogue knows no action; they are refused as a parameter: ${gaps.join(', ')}.`,
  );
});

/** Texts of the examples and of the templates of the rules' tests. */
function templates(): readonly string[] {
  return ['examples', 'rules'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ya?ml|json|template)$/.test(path))
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  );
}
