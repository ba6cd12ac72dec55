/** Which resource of a template a value refers to, once references read as the names that they will give. */
import { attributesOf } from '../../catalogue/index.js';
import { get, isList, isMap, keysOf, REFERENCE, supposedName } from '../../template/index.js';
import type { SupposedPlace, Value } from '../../template/index.js';
import type { Reading } from './reading.js';
import type { ResourceUnder } from './view.js';

/** References between the resources of a template under one way to make its choices. */
export class Graph {
  private readonly byName = new Map<string, ResourceUnder[]>();
  private readonly byKey = new Map<string, ResourceUnder>();
  private readonly arns: (readonly [string, ResourceUnder])[] = [];

  constructor(
    resources: readonly ResourceUnder[],
    private readonly reading: Reading,
  ) {
    for (const resource of resources) this.byKey.set(resource.key, resource);
    // Names that the template gives go before names made of logical ids, which a given name may happen to equal.
    for (const resource of resources) this.add(reading.names(resource).given, resource);
    for (const resource of resources) this.add(reading.names(resource).made, resource);
  }

  /**
   * The resource that a value names: by `Ref`, by any `Fn::GetAtt`, or by its name or ARN as text.
   *
   * @param types - The types that can be meant where the value stands; any when left out.
   */
  target(value: Value | undefined, ...types: readonly string[]): ResourceUnder | undefined {
    const text = value === undefined ? undefined : this.reading.nameText(value);
    if (text === undefined) return undefined;
    const isMeant = ({ type }: ResourceUnder): boolean => types.length === 0 || types.includes(type);
    const referenced = this.referenced(text);
    if (referenced !== undefined) return isMeant(referenced) ? referenced : undefined;
    return this.byName.get(text)?.find(isMeant);
  }

  /**
   * The resources that any text inside a value names, or whose ARN stands in it, such as `arn:aws:s3:::name/prefix/*`; also
   * those to which a reference inside of text leads, such as `!Sub https://${Api.Endpoint}/`.
   */
  mentioned(value: Value, ...types: readonly string[]): readonly ResourceUnder[] {
    const found = new Set<ResourceUnder>();
    const look = (node: Value): void => {
      const text = this.reading.nameText(node);
      if (text !== undefined) {
        for (const one of this.inText(text)) found.add(one);
        for (const one of this.written(node)) found.add(one);
      } else if (isList(node)) node.forEach(look);
      else if (isMap(node)) for (const key of keysOf(node)) look(get(node, key)!);
    };
    look(value);
    return [...found].filter(({ type }) => types.length === 0 || types.includes(type));
  }

  private inText(text: string): readonly ResourceUnder[] {
    const referenced = this.referenced(text);
    if (referenced !== undefined) return [referenced];
    const inside = this.arns.filter(([arn, { type }]) => standsIn(text, arn, type)).map(([, resource]) => resource);
    return [...(this.byName.get(text) ?? []), ...inside];
  }

  /** What a function refers to whose text is not known: it stays as it was written. */
  private written(node: Value): readonly ResourceUnder[] {
    if (isList(node)) return node.flatMap((item) => this.written(item));
    if (!isMap(node)) return [];
    return keysOf(node).flatMap((key) => {
      const argument = get(node, key)!;
      if (key === 'Ref' || key === 'Fn::GetAtt') return this.ofKey(isList(argument) ? argument[0] : argument);
      if (key !== 'Fn::Sub') return this.written(argument);
      const [text, variables] = isList(argument) ? argument : [argument];
      const own = variables !== undefined && isMap(variables) ? keysOf(variables) : [];
      const names = typeof text === 'string' ? [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name!) : [];
      const free = names.filter((name) => !own.includes(name));
      return [...free.flatMap((name) => this.ofKey(name)), ...this.written(variables ?? null)];
    });
  }

  private ofKey(key: Value | undefined): readonly ResourceUnder[] {
    if (typeof key !== 'string') return [];
    const resource = this.byKey.get(key) ?? this.byKey.get(key.split('.')[0]!);
    return resource === undefined ? [] : [resource];
  }

  /** The resource of a reference that no text is supposed for. */
  private referenced(text: string): ResourceUnder | undefined {
    if (!text.startsWith(REFERENCE)) return undefined;
    const argument = jsonOf(text.slice(REFERENCE.length));
    return this.ofKey(isList(argument) ? argument[0] : argument)[0];
  }

  private add({ names, arns }: Names, resource: ResourceUnder): void {
    for (const name of names) {
      const known = this.byName.get(name);
      if (known === undefined) this.byName.set(name, [resource]);
      else if (!known.includes(resource)) known.push(resource);
    }
    for (const arn of arns) this.arns.push([arn, resource]);
  }
}

/** Texts that name a resource. */
interface Names {
  readonly names: ReadonlySet<string>;
  /** Those among them that name it also inside of longer texts. */
  readonly arns: readonly string[];
}

/** The names of a resource: those that its properties give, and those that references have when it gives none. */
export interface ResourceNames {
  readonly given: Names;
  readonly made: Names;
}

/**
 * The names of a resource.
 *
 * @param textOf - Gives a value's text with unknowns and references inside, `undefined` when it is no text.
 */
export function resourceNames(
  resource: ResourceUnder,
  place: SupposedPlace,
  textOf: (value: Value) => string | undefined,
): ResourceNames {
  const { key, type, properties } = resource;
  const nameOf = (value: Value | undefined, attribute?: string): string | undefined =>
    supposedName(key, { type, resource: value }, attribute, place);
  // The properties that are texts, also those put together from values that nobody knows.
  const named: Record<string, Value> = Object.fromEntries(
    keysOf(properties).flatMap((property) => {
      const text = textOf(get(properties, property)!);
      return text === undefined || text.startsWith(REFERENCE) ? [] : [[property, text] as const];
    }),
  );
  const given = new NameList();
  if (nameOf({ Properties: named }) !== nameOf(undefined)) {
    given.add(nameOf({ Properties: named }));
    given.addArn(nameOf({ Properties: named }, 'Arn')?.replace(/:\*$/, ''));
  }
  for (const property of Object.keys(named)) given.add(nameOf({ Properties: named }, property));
  given.addArn(pathArn(type, named, (value) => nameOf(value, 'Arn')));
  // A name that hangs on a choice is not known where references were given their texts: those have the other name.
  const made = new NameList();
  made.add(nameOf(undefined));
  made.addArn(nameOf(undefined, 'Arn')?.replace(/:\*$/, ''));
  for (const attribute of attributesOf(type) ?? []) made.add(nameOf(undefined, attribute));
  return { given, made };
}

/** The ARNs of users, roles and policies hold the path, which names in references leave out. */
function pathArn(
  type: string,
  { Path: path, ...properties }: Readonly<Record<string, Value>>,
  arnOf: (value: Value) => string | undefined,
): string | undefined {
  if (!type.startsWith('AWS::IAM::') || typeof path !== 'string') return undefined;
  const arn = arnOf({ Properties: properties });
  if (arn === undefined) return undefined;
  const slash = arn.lastIndexOf('/');
  return `${arn.slice(0, slash)}${path}${arn.slice(slash + 1)}`;
}

class NameList implements Names {
  readonly names = new Set<string>();
  readonly arns: string[] = [];

  add(name: string | undefined): void {
    if (name !== undefined) this.names.add(name);
  }

  addArn(arn: string | undefined): void {
    if (arn === undefined) return;
    this.add(arn);
    this.add(`${arn}:*`);
    this.arns.push(arn);
  }
}

/** Types whose names may hold slashes, or come after a path: what follows a slash is part of a longer name. */
const SLASHES_IN_NAMES = /^AWS::(IAM::\w+|Logs::LogGroup|SSM::Parameter|ECR::Repository)$/;

/** What a longer name goes on with; a value that nobody knows may be such a thing. */
const GOES_ON = /[\w.\u{100000}-\u{10fffd}-]/u;

/** Whether an ARN stands in a text and no longer name goes on there. */
function standsIn(text: string, arn: string, type: string): boolean {
  for (let at = text.indexOf(arn); at >= 0; at = text.indexOf(arn, at + 1)) {
    const [next = ''] = text.slice(at + arn.length);
    if (!GOES_ON.test(next) && !(next === '/' && SLASHES_IN_NAMES.test(type))) return true;
  }
  return false;
}

/** A text of the template may begin as references do. */
function jsonOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return null;
  }
}
