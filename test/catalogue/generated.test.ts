import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { encode, moduleText } from '../../catalogue/build/encode.mjs';
import {
  catalogueInfo,
  type Property,
  type PropertyType,
  resourceType,
  resourceTypeNames,
} from '../../catalogue/index.js';

const ROOT = join(__dirname, '../..');
const FILE = join(ROOT, 'catalogue/generated/resource-types.ts');
const database = loadAwsServiceSpecSync();
const committed = readFileSync(FILE, 'utf8');

it('is what the installed package gives; otherwise run `npm run catalogue`', () => {
  const manifest = readFileSync(join(ROOT, 'node_modules/@aws-cdk/aws-service-spec/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const fresh = moduleText(encode(database), { version, date: catalogueInfo.date });
  // Compared as a truth value, because a difference of a megabyte is no message.
  expect(committed === fresh ? 'fresh' : 'stale').toBe('fresh');
});

it('stays small', () => {
  expect(committed.length).toBeLessThan(2_000_000);
});

type DatabaseResource = ReturnType<typeof database.all<'resource'>>[number];
type DatabaseProperty = DatabaseResource['properties'][string];
type DatabaseType = DatabaseProperty['type'];

/** A type of the database in the words of the catalogue, objects by their number of properties. */
function expected(source: DatabaseType): unknown {
  switch (source.type) {
    case 'array':
      return ['list', expected(source.element)];
    case 'map':
      return ['map', expected(source.element)];
    case 'union':
      return ['union', ...source.types.map(expected)];
    case 'ref':
      return ['object', ...namesOf(database.get('typeDefinition', source.reference).properties)];
    case 'tag':
      return ['object', 'Key', 'Value'];
    case 'date-time':
      return ['timestamp'];
    default:
      return 'allowedValues' in source ? [source.type, ...source.allowedValues] : [source.type];
  }
}

function actual(type: PropertyType): unknown {
  switch (type.kind) {
    case 'list':
    case 'map':
      return [type.kind, actual(type.element)];
    case 'union':
      return ['union', ...type.types.map(actual)];
    case 'object':
      return ['object', ...[...type.properties.keys()].sort()];
    case 'string':
    case 'integer':
      return [type.kind, ...(type.values ?? [])];
    default:
      return [type.kind];
  }
}

function namesOf(properties: Readonly<Record<string, object>>): string[] {
  return Object.entries(properties)
    .filter(([, property]) => !('deprecated' in property) || property.deprecated !== 'IGNORE')
    .map(([name]) => name)
    .sort();
}

const REPLACEMENTS = { yes: 'always', maybe: 'sometimes', no: 'never' } as const;

/** What differs between the catalogue and the database, each object once per resource type. */
function differences(resource: DatabaseResource): string[] {
  const type = resourceType(resource.cloudFormationType);
  if (type === undefined) return [`${resource.cloudFormationType} is missing`];
  const found: string[] = [];
  const seen = new Set<string>();
  const same = (path: string, ours: unknown, theirs: unknown): void => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
      found.push(`${path}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`);
    }
  };
  const compareProperties = (
    path: string,
    ours: ReadonlyMap<string, Property>,
    theirs: Readonly<Record<string, DatabaseProperty>>,
  ): void => {
    same(path, [...ours.keys()].sort(), namesOf(theirs));
    for (const [name, property] of ours) {
      const source = theirs[name]!;
      same(
        `${path}.${name}`,
        [property.required, property.replacement, property.deprecated],
        [
          source.required === true,
          REPLACEMENTS[source.causesReplacement ?? 'no'],
          String(source.deprecated) === 'WARN',
        ],
      );
      compareTypes(`${path}.${name}`, property.type, source.type);
    }
  };
  const compareTypes = (path: string, ours: PropertyType, theirs: DatabaseType): void => {
    same(path, actual(ours), expected(theirs));
    if (theirs.type === 'array' || theirs.type === 'map') {
      compareTypes(path, (ours as { element: PropertyType }).element, theirs.element);
    } else if (theirs.type === 'union') {
      for (const [index, each] of theirs.types.entries()) {
        compareTypes(path, (ours as { types: readonly PropertyType[] }).types[index]!, each);
      }
    } else if (theirs.type === 'ref' && !seen.has(theirs.reference.$ref)) {
      seen.add(theirs.reference.$ref);
      const { properties } = ours as { properties: ReadonlyMap<string, Property> };
      compareProperties(path, properties, database.get('typeDefinition', theirs.reference).properties);
    }
  };
  const name = resource.cloudFormationType;
  compareProperties(name, type.properties, resource.properties);
  same(`${name} attributes`, [...type.attributes.keys()].sort(), namesOf(resource.attributes));
  for (const [attribute, ours] of type.attributes) {
    compareTypes(`${name} attribute ${attribute}`, ours, resource.attributes[attribute]!.type);
  }
  same(`${name} identifier`, type.primaryIdentifier, resource.primaryIdentifier ?? []);
  same(`${name} Ref`, type.refIdentifier, resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? []);
  if (resource.tagInformation) same(`${name} tags`, type.tags?.name, resource.tagInformation.tagPropertyName);
  return found;
}

it('agrees with the database in every type, property, attribute and identifier', () => {
  const resources = database.all('resource');
  expect([...resourceTypeNames()].sort()).toStrictEqual(
    resources.map(({ cloudFormationType }) => cloudFormationType).sort(),
  );
  expect(resources.flatMap(differences)).toStrictEqual([]);
});
