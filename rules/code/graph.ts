/** Which resource of a template a value refers to, once references read as the names that they will give. */
import { get, isList, isMap, keysOf, supposedName } from '../../template/index.js';
import type { SupposedPlace, Value } from '../../template/index.js';
import type { ResourceUnder } from './view.js';

/** References between the resources of a template under one way to make its choices. */
export class Graph {
  private readonly byName = new Map<string, ResourceUnder[]>();
  private readonly byKey = new Map<string, ResourceUnder>();
  private readonly arns: readonly (readonly [string, ResourceUnder])[];

  /** @param textOf - Gives a value's text with unknowns and references inside, `undefined` when it is no text. */
  constructor(
    resources: readonly ResourceUnder[],
    place: SupposedPlace,
    private readonly textOf: (value: Value) => string | undefined,
  ) {
    const arns: (readonly [string, ResourceUnder])[] = [];
    for (const resource of resources) {
      const { key, type } = resource;
      this.byKey.set(key, resource);
      // A name that hangs on a choice is not known where references were given their texts: those have the other name.
      for (const value of [resource.value, undefined]) {
        const named = { type, resource: value };
        this.add(supposedName(key, named, undefined, place), resource);
        const arn = supposedName(key, named, 'Arn', place)?.replace(/:\*$/, '');
        if (arn === undefined) continue;
        this.add(arn, resource);
        this.add(`${arn}:*`, resource);
        arns.push([arn, resource]);
      }
    }
    this.arns = arns;
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

  /** The resources that any text inside a value names, or whose ARN stands in it, such as `arn:aws:s3:::name/prefix/*`. */
  mentioned(value: Value, ...types: readonly string[]): readonly ResourceUnder[] {
    const found = new Set<ResourceUnder>();
    const look = (node: Value): void => {
      const text = this.textOf(node);
      if (text !== undefined) {
        for (const one of this.inText(text)) if (types.length === 0 || types.includes(one.type)) found.add(one);
      } else if (isList(node)) node.forEach(look);
      else if (isMap(node)) for (const key of keysOf(node)) look(get(node, key)!);
    };
    look(value);
    return [...found];
  }

  private inText(text: string): readonly ResourceUnder[] {
    const referenced = this.referenced(text);
    if (referenced !== undefined) return [referenced];
    const inside = this.arns.filter(([arn]) => isWhole(text, arn)).map(([, resource]) => resource);
    return [...(this.byName.get(text) ?? []), ...inside];
  }

  /** The resource of a reference that no text is supposed for. */
  private referenced(text: string): ResourceUnder | undefined {
    if (!text.startsWith(REFERENCE)) return undefined;
    const argument = JSON.parse(text.slice(REFERENCE.length)) as unknown;
    const [key] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    if (typeof key !== 'string') return undefined;
    return this.byKey.get(key) ?? this.byKey.get(key.split('.')[0]!);
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

/** Whether an ARN stands in a text and no longer name goes on there. */
function isWhole(text: string, arn: string): boolean {
  const at = text.indexOf(arn);
  return at >= 0 && !/[\w.-]/.test(text.charAt(at + arn.length));
}
