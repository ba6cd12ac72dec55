/** Which resource of a template a value refers to, once references read as the names that they will give. */
import { attributesOf } from '../../catalogue/index.js';
import { get, isList, isMap, keysOf, supposedName } from '../../template/index.js';
import type { SupposedPlace, Value } from '../../template/index.js';
import type { ResourceUnder } from './view.js';

/** References between the resources of a template under one way to make its choices. */
export class Graph {
  private readonly byName = new Map<string, ResourceUnder[]>();
  private readonly byKey = new Map<string, ResourceUnder>();
  private readonly arns: (readonly [string, ResourceUnder])[] = [];

  /** @param textOf - Gives a value's text with unknowns and references inside, `undefined` when it is no text. */
  constructor(
    resources: readonly ResourceUnder[],
    private readonly place: SupposedPlace,
    private readonly textOf: (value: Value) => string | undefined,
  ) {
    for (const resource of resources) this.byKey.set(resource.key, resource);
    // Names that the template gives go before names made of logical ids, which a given name may happen to equal.
    for (const resource of resources) {
      const named = this.named(resource);
      if (this.nameOf(resource, { Properties: named }) !== this.nameOf(resource, undefined)) {
        this.addNames(resource, { Properties: named });
      }
      for (const name of Object.keys(named)) this.add(this.nameOf(resource, { Properties: named }, name), resource);
      this.addPathArn(resource, named);
    }
    // A name that hangs on a choice is not known where references were given their texts: those have the other name.
    for (const resource of resources) {
      this.addNames(resource, undefined);
      for (const attribute of attributesOf(resource.type) ?? []) {
        this.add(this.nameOf(resource, undefined, attribute), resource);
      }
    }
  }

  /**
   * The resource that a value names: by `Ref`, by any `Fn::GetAtt`, or by its name or ARN as text.
   *
   * @param types - The types that can be meant where the value stands; any when left out.
   */
  target(value: Value | undefined, ...types: readonly string[]): ResourceUnder | undefined {
    const text = value === undefined ? undefined : this.textOf(value);
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
      const text = this.textOf(node);
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

  /** The properties that are texts, also those put together from values that nobody knows. */
  private named({ properties }: ResourceUnder): Record<string, Value> {
    return Object.fromEntries(
      keysOf(properties).flatMap((key) => {
        const text = this.textOf(get(properties, key)!);
        return text === undefined || text.startsWith(REFERENCE) ? [] : [[key, text] as const];
      }),
    );
  }

  private nameOf({ key, type }: ResourceUnder, resource: Value | undefined, attribute?: string): string | undefined {
    return supposedName(key, { type, resource }, attribute, this.place);
  }

  private addNames(resource: ResourceUnder, value: Value | undefined): void {
    this.add(this.nameOf(resource, value), resource);
    this.addArn(this.nameOf(resource, value, 'Arn')?.replace(/:\*$/, ''), resource);
  }

  /** The ARNs of users, roles and policies hold the path, which names in references leave out. */
  private addPathArn(resource: ResourceUnder, { Path: path, ...properties }: Readonly<Record<string, Value>>): void {
    const arn = this.nameOf(resource, { Properties: properties }, 'Arn');
    if (!resource.type.startsWith('AWS::IAM::') || typeof path !== 'string' || arn === undefined) return;
    const slash = arn.lastIndexOf('/');
    this.addArn(`${arn.slice(0, slash)}${path}${arn.slice(slash + 1)}`, resource);
  }

  private addArn(arn: string | undefined, resource: ResourceUnder): void {
    if (arn === undefined) return;
    this.add(arn, resource);
    this.add(`${arn}:*`, resource);
    this.arns.push([arn, resource]);
  }

  private add(name: string | undefined, resource: ResourceUnder): void {
    if (name === undefined) return;
    const known = this.byName.get(name);
    if (known === undefined) this.byName.set(name, [resource]);
    else if (!known.includes(resource)) known.push(resource);
  }
}

/** What a reference reads as where no name is supposed for it; the argument follows as JSON. */
export const REFERENCE = 'reference:';

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
