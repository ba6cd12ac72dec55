/** From a resource type of the catalogue to its restricted schema: closed at every object, free-form values refused. */
import type { Property, PropertyType, ResourceType } from '../../catalogue/index.js';
import { reference } from './schema.js';
import type { RestrictedSchema, Schema } from './schema.js';

/** Where the types come from, as {@link RestrictedSchema} notes it. */
export type SchemaSource = RestrictedSchema['x-source'];

/**
 * Makes the restricted schema of a type: every property that the type has on the day of the source is in it, and nothing
 * else. A value that may hold anything (a policy document), and a map whose keys the template chooses, is refused until an
 * overlay opens it, since nothing is known of what would come in with it.
 *
 * @returns The same schema for the same type, down to the order of its keys.
 */
export function generateSchema(type: ResourceType, source: SchemaSource): RestrictedSchema {
  const generator = new Generator(OPTIONAL.get(type.name));
  const root = generator.object(type.properties);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    typeName: type.name,
    'x-source': source,
    ...root,
    definitions: generator.definitions(),
  };
}

/**
 * Members that the source takes for required since one of several forms of the object requires them, by type and property
 * (AWS CloudFormation Template Reference, "AWS::CloudFormation::LambdaHook TargetFilters": `Targets`, or any of the others).
 */
const OPTIONAL: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  ['AWS::CloudFormation::LambdaHook', 'AWS::CloudFormation::GuardHook'].map((name) => [
    name,
    new Map([['TargetFilters', 'Targets']]),
  ]),
);

class Generator {
  /** One name per object of the catalogue, so that an object that holds itself is written once. */
  private readonly names = new Map<PropertyType, string>();
  private readonly defined = new Map<string, Schema>();

  constructor(private readonly optional: ReadonlyMap<string, string> = new Map()) {}

  /** @param of - The property that leads to the object; none for the resource. */
  object(properties: ReadonlyMap<string, Property>, of?: string): Schema {
    const entries = [...properties.values()];
    const optional = of === undefined ? undefined : this.optional.get(of);
    const required = entries.filter((each) => each.required && each.name !== optional).map(({ name }) => name);
    return {
      type: 'object',
      additionalProperties: false,
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries(entries.map(({ name, type }) => [name, this.value(type, name)])),
    };
  }

  definitions(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.defined].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @param name - The property that leads to the value; objects are called after it. */
  private value(type: PropertyType, name: string): Schema {
    switch (type.kind) {
      case 'string':
      case 'integer':
        return { type: type.kind, ...(type.values !== undefined && { enum: type.values }) };
      case 'number':
      case 'boolean':
        return { type: type.kind };
      case 'timestamp':
        return { type: 'string' };
      case 'json':
        return { not: {}, 'x-free-form': 'json' };
      case 'map':
        return { not: {}, 'x-free-form': { map: this.value(type.element, name) } };
      case 'list':
        return { type: 'array', items: this.value(type.element, name) };
      case 'object':
        return reference(this.define(type, name));
      case 'union':
        // JSON as a text is as free as JSON as a value.
        if (type.types.some(({ kind }) => kind === 'json')) return { not: {}, 'x-free-form': 'json' };
        return { anyOf: type.types.map((each) => this.value(each, name)) };
    }
  }

  private define(type: PropertyType & { readonly kind: 'object' }, name: string): string {
    const known = this.names.get(type);
    if (known !== undefined) return known;
    let free = name;
    for (let count = 2; this.defined.has(free); count++) free = `${name}${count}`;
    this.names.set(type, free);
    // The name is taken before the properties are looked at, because an object can hold itself.
    this.defined.set(free, {});
    this.defined.set(free, this.object(type.properties, name));
    return free;
  }
}
