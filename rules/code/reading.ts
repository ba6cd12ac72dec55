/**
 * What all rules in TypeScript have in common when they read one template: its resources under each way to make their
 * choices, their policies, texts and names. Each is made when a rule first asks for it and then kept, so that another rule
 * costs only what it does itself.
 */
import { parsePolicy, readPolicy } from '../../iam/index.js';
import {
  ABSENT,
  choicesIn,
  feasibleAssignments,
  get,
  isMap,
  Marks,
  policiesOf,
  valueUnder,
} from '../../template/index.js';
import type { Assignment, Choice, Supposed, Value } from '../../template/index.js';
import { resourceNames } from './graph.js';
import type { ResourceNames } from './graph.js';
import { propertiesOf } from './view.js';
import type { PolicyUnder, ResourceUnder } from './view.js';

/** A resource as it is written. */
export interface WrittenResource {
  readonly key: string;
  readonly logicalId: string;
  readonly type: string;
  readonly value: Value;
}

/** Most ways to make choices that are tried for one rule. */
const MAX_ASSIGNMENTS = 256;
/** Most choices that one rule may hang on. */
const MAX_CHOICES = 64;

/** Some rules read hundreds of types. */
const typeSets = new WeakMap<readonly string[], ReadonlySet<string>>();
const readings = new WeakMap<Supposed, Reading>();

/** The reading of a template, the same one each time. */
export function readingOf(supposed: Supposed): Reading {
  let reading = readings.get(supposed);
  if (reading === undefined) readings.set(supposed, (reading = new Reading(supposed)));
  return reading;
}

export class Reading {
  readonly marks: Marks;
  private readonly all: readonly WrittenResource[];
  private readonly choiceLists = new Map<WrittenResource, readonly Choice[] | undefined>();
  private readonly ways = new Map<string, readonly Assignment[] | undefined>();
  private readonly made = new Map<WrittenResource, Map<string, ResourceUnder | undefined>>();
  private readonly policyLists = new Map<ResourceUnder, readonly PolicyUnder[]>();
  private readonly named = new Map<ResourceUnder, ResourceNames>();
  private readonly texts = new Map<Value, string | undefined>();
  private readonly nameTexts = new Map<Value, string | undefined>();

  constructor(readonly supposed: Supposed) {
    const { document, model } = supposed.resolution;
    this.marks = new Marks(document);
    const section = get(document.value, 'Resources');
    this.all = [...model.resources.values()].flatMap(({ key, logicalId, type }) => {
      const value = (isMap(section) ? get(section, key) : undefined) ?? null;
      return type === undefined ? [] : [{ key, logicalId, type, value }];
    });
  }

  /** The resources of some types as they are written, whether they will be there or not. */
  ofTypes(types: readonly string[]): readonly WrittenResource[] {
    let wanted = typeSets.get(types);
    if (wanted === undefined) typeSets.set(types, (wanted = new Set(types)));
    return this.all.filter(({ type }) => wanted.has(type));
  }

  /** The choices that a resource hangs on; `undefined` when there are more than can be tried. */
  choices(resource: WrittenResource): readonly Choice[] | undefined {
    if (!this.choiceLists.has(resource)) {
      this.choiceLists.set(resource, choicesIn(resource.value, this.supposed.resolution.document));
    }
    return this.choiceLists.get(resource);
  }

  /** The ways to make the choices of some resources that can come about; `undefined` when they are too many to try. */
  assignments(resources: readonly WrittenResource[]): readonly Assignment[] | undefined {
    const found = new Map<string, Choice>();
    for (const resource of resources) {
      const choices = this.choices(resource);
      if (choices === undefined) return undefined;
      for (const choice of choices) found.set(choice.id, choice);
    }
    if (found.size > MAX_CHOICES) return undefined;
    const key = JSON.stringify([...found.keys()]);
    if (!this.ways.has(key)) this.ways.set(key, this.feasible([...found.values()]));
    return this.ways.get(key);
  }

  private feasible(choices: readonly Choice[]): readonly Assignment[] | undefined {
    return feasibleAssignments(choices, this.supposed.resolution.document, MAX_ASSIGNMENTS);
  }

  /** A resource with its choices made; `undefined` when it is not there then. */
  under(resource: WrittenResource, assignment: Assignment): ResourceUnder | undefined {
    // What is chosen elsewhere changes nothing here.
    const own = (this.choices(resource) ?? []).map(({ id }) => [id, assignment.get(id) ?? null] as const);
    const key = own.length === 0 ? '' : JSON.stringify(own);
    let known = this.made.get(resource);
    if (known === undefined) this.made.set(resource, (known = new Map<string, ResourceUnder | undefined>()));
    if (!known.has(key)) known.set(key, this.carriedOut(resource, assignment));
    return known.get(key);
  }

  private carriedOut(
    { key, logicalId, type, value }: WrittenResource,
    assignment: Assignment,
  ): ResourceUnder | undefined {
    const carried = valueUnder(value, this.supposed.resolution.document, assignment);
    if (carried === ABSENT || !isMap(carried)) return undefined;
    return { key, logicalId, type, value: carried, properties: propertiesOf(carried) };
  }

  /** The policy documents of a resource. */
  policies(resource: ResourceUnder): readonly PolicyUnder[] {
    let known = this.policyLists.get(resource);
    if (known === undefined) this.policyLists.set(resource, (known = this.readPolicies(resource)));
    return known;
  }

  private readPolicies(resource: ResourceUnder): readonly PolicyUnder[] {
    return policiesOf(resource.type, resource.value).map(({ kind, value, path, protects }) => {
      const replaced = this.marks.replaceInPolicy(value);
      const parsed = typeof replaced === 'string' ? readPolicy(replaced, kind, '') : parsePolicy(replaced, kind);
      const targets = protects === undefined ? [] : [this.marks.replace(protects)].flat();
      return {
        resource,
        kind,
        path: ['Resources', resource.key, ...path],
        ...(parsed.policy === undefined ? {} : { policy: parsed.policy }),
        problems: parsed.problems,
        value: replaced,
        unknowns: this.marks.in(JSON.stringify(replaced)),
        protects: targets.filter((target): target is string => typeof target === 'string'),
      };
    });
  }

  /** A value with its unknowns as text; `undefined` when that is no text. */
  text(value: Value): string | undefined {
    return this.kept(this.texts, value, (one) => this.marks.replace(one));
  }

  /** The same for looking up names. */
  nameText(value: Value): string | undefined {
    return this.kept(this.nameTexts, value, (one) => this.marks.replaceForNames(one));
  }

  /** The names of a resource. */
  names(resource: ResourceUnder): ResourceNames {
    let known = this.named.get(resource);
    if (known === undefined) {
      known = resourceNames(resource, this.supposed.place, (value) => this.nameText(value));
      this.named.set(resource, known);
    }
    return known;
  }

  private kept(
    known: Map<Value, string | undefined>,
    value: Value,
    replace: (value: Value) => Value,
  ): string | undefined {
    if (!this.marks.isText(value)) return undefined;
    const isNode = typeof value === 'object';
    if (isNode && known.has(value)) return known.get(value);
    const replaced = replace(value);
    const text = typeof replaced === 'string' ? replaced : undefined;
    if (isNode) known.set(value, text);
    return text;
  }
}
