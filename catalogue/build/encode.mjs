/**
 * Turns the resource database of `@aws-cdk/aws-service-spec` into the compact text that `catalogue/decode.ts` reads.
 * Runs at build time only. Pure: database in, text out, in an order that depends on nothing but the database.
 *
 * One JSON text per service, so that a question about one type parses a few kilobytes:
 * `{ "e": enums, "d": objects, "r": { "Bucket": record } }`
 * - an object is a list of properties, `Name` FLAGS `:` TYPE, separated by commas; `:s` is left out
 * - FLAGS: `!` required, `~` a change replaces the resource, `?` a change may replace it, `-` deprecated
 * - TYPE: `s` string, `i` integer, `n` number, `b` boolean, `j` JSON, `d` timestamp, `t` Key and Value, `[` list of,
 *   `{` map of, `(…)` union of, `@7` object 7, `#7` string of enum 7, `%7` integer of enum 7
 * - a record is `properties;attributes;primary identifier;Ref identifier;tag property=shape;flags`
 */

const SIMPLE = { string: 's', integer: 'i', number: 'n', boolean: 'b', json: 'j', 'date-time': 'd', tag: 't' };
const NAME = /^[A-Za-z0-9_.]+$/;

/** Text order by code unit, the same on every machine. */
function byText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortedEntries(record) {
  return Object.entries(record).sort(([a], [b]) => byText(a, b));
}

/**
 * @param database - What `loadAwsServiceSpecSync` returns.
 * @returns Names and texts by service.
 */
export function encode(database) {
  const services = new Map();
  for (const resource of database.all('resource')) {
    const end = resource.cloudFormationType.lastIndexOf('::');
    const service = resource.cloudFormationType.slice(0, end);
    if (!services.has(service)) services.set(service, []);
    services.get(service).push(resource);
  }
  return [...services]
    .sort(([a], [b]) => byText(a, b))
    .map(([service, resources]) => {
      resources.sort((a, b) => byText(a.cloudFormationType, b.cloudFormationType));
      const names = resources.map(({ cloudFormationType }) => cloudFormationType.slice(service.length + 2));
      return { service, names, text: encodeService(database, resources, names) };
    });
}

function encodeService(database, resources, names) {
  const classes = objectClasses(database, resources);
  const enums = [];
  const enumIndex = new Map();
  const objects = [];
  const objectIndex = new Map();

  const enumOf = (values) => {
    const key = JSON.stringify(values);
    if (!enumIndex.has(key)) enumIndex.set(key, enums.push(values) - 1);
    return enumIndex.get(key);
  };
  const objectOf = (reference) => {
    const key = classes.get(reference.$ref);
    if (!objectIndex.has(key)) {
      // The number is given before the properties are written, because an object can hold itself.
      const index = objects.push('') - 1;
      objectIndex.set(key, index);
      objects[index] = propertyList(database.get('typeDefinition', reference).properties);
    }
    return objectIndex.get(key);
  };
  const typeOf = (type) => {
    switch (type.type) {
      case 'string':
        return type.allowedValues ? `#${enumOf(type.allowedValues)}` : 's';
      case 'integer':
        return type.allowedValues ? `%${enumOf(type.allowedValues)}` : 'i';
      case 'array':
        return `[${typeOf(type.element)}`;
      case 'map':
        return `{${typeOf(type.element)}`;
      case 'union':
        return `(${type.types.map(typeOf).join('')})`;
      case 'ref':
        return `@${objectOf(type.reference)}`;
      default: {
        const simple = SIMPLE[type.type];
        if (simple === undefined) throw new Error(`The catalogue knows no type ${JSON.stringify(type)}.`);
        return simple;
      }
    }
  };
  const propertyList = (properties) =>
    sortedEntries(properties)
      .filter(([, property]) => property.deprecated !== 'IGNORE')
      .map(([name, property]) => {
        if (!NAME.test(name)) throw new Error(`The catalogue cannot write the name ${JSON.stringify(name)}.`);
        const type = typeOf(property.type);
        return `${name}${flagsOf(property)}${type === 's' ? '' : `:${type}`}`;
      })
      .join(',');

  const records = {};
  for (const [index, resource] of resources.entries()) {
    const { properties, attributes, primaryIdentifier = [], cfnRefIdentifier = [] } = resource;
    records[names[index]] = [
      propertyList(properties),
      propertyList(attributes),
      primaryIdentifier.join(','),
      cfnRefIdentifier.join(','),
      tagsOf(database, resource),
      `${resource.isStateful ? 'S' : ''}${resource.cloudFormationTransform ? 'T' : ''}`,
    ]
      .join(';')
      .replace(/;+$/, '');
  }
  return JSON.stringify({ e: enums, d: objects, r: records });
}

function flagsOf({ required, causesReplacement, deprecated }) {
  const replacement = causesReplacement === 'yes' ? '~' : causesReplacement === 'maybe' ? '?' : '';
  return `${required ? '!' : ''}${replacement}${deprecated === 'WARN' ? '-' : ''}`;
}

/** `Tags=l`: the property that holds the tags and its shape; `''` when there is none. */
function tagsOf(database, { properties, tagInformation }) {
  const name = tagInformation?.tagPropertyName ?? ['Tags', 'TagSpecifications'].find((each) => each in properties);
  if (name === undefined || !(name in properties)) return '';
  return `${name}=${tagShape(database, properties[name].type, tagInformation?.variant)}`;
}

function tagShape(database, type, variant) {
  if (type.type === 'map' || variant === 'map') return 'm';
  if (type.type !== 'array') return 'o';
  if (type.element.type === 'tag') return 'l';
  if (type.element.type !== 'ref') return 'o';
  const names = Object.keys(database.get('typeDefinition', type.element.reference).properties);
  if (names.includes('PropagateAtLaunch')) return 'a';
  if (names.includes('Key') && names.includes('Value')) return 'l';
  return names.includes('Tags') ? 's' : 'o';
}

/**
 * Objects with the same properties become one. They are first taken for equal and then told apart until nothing
 * changes, which also works for objects that hold themselves.
 */
function objectClasses(database, resources) {
  const definitions = new Map();
  const visit = (type) => {
    if (type.element) visit(type.element);
    for (const each of type.types ?? []) visit(each);
    if (type.type === 'ref' && !definitions.has(type.reference.$ref)) {
      const definition = database.get('typeDefinition', type.reference);
      definitions.set(type.reference.$ref, definition);
      for (const property of Object.values(definition.properties)) visit(property.type);
    }
  };
  for (const { properties, attributes } of resources) {
    for (const property of [...Object.values(properties), ...Object.values(attributes)]) visit(property.type);
  }
  let classes = new Map([...definitions.keys()].map((id) => [id, 0]));
  for (let count = 0; ;) {
    const numbers = new Map();
    const next = new Map();
    for (const [id, definition] of definitions) {
      const key = JSON.stringify([
        classes.get(id),
        sortedEntries(definition.properties).map(([name, property]) => [
          name,
          flagsOf(property),
          property.deprecated === 'IGNORE',
          shape(property.type, classes),
        ]),
      ]);
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      next.set(id, numbers.get(key));
    }
    classes = next;
    if (numbers.size === count) return classes;
    count = numbers.size;
  }
}

function shape(type, classes) {
  if (type.type === 'ref') return classes.get(type.reference.$ref);
  return [
    type.type,
    type.allowedValues ?? null,
    type.element ? shape(type.element, classes) : null,
    type.types?.map((each) => shape(each, classes)) ?? null,
  ];
}

/**
 * The module that is committed.
 *
 * @param services - What {@link encode} returns.
 * @param info - Version of the package, and the date on which the data was generated (`YYYY-MM-DD`).
 */
export function moduleText(services, { version, date }) {
  const lines = services.map(
    ({ service, names, text }) => `  ${quote(service)}: [${quote(names.join(','))}, ${quote(text)}],`,
  );
  return `// Generated by catalogue/build/generate.mjs from @aws-cdk/aws-service-spec (Apache License 2.0); not edited by hand.

/** Where the data comes from. */
export const SOURCE = { package: '@aws-cdk/aws-service-spec', version: ${quote(version)}, date: ${quote(date)} } as const;

/** By service: the names of its resource types, and their encoded properties. */
export const SERVICES: Readonly<Record<string, readonly [names: string, data: string]>> = {
${lines.join('\n')}
};
`;
}

/** A string literal in single quotes, which leaves the double quotes of JSON as they are. */
function quote(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
