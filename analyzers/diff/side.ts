/** The templates of one side: their resources under one way to make the choices that parameters and conditions leave. */
import { resourceType } from '../../catalogue/index.js';
import {
  ABSENT,
  choicesIn,
  get,
  isList,
  isMap,
  keysOf,
  partitionOf,
  resolveTemplate,
  supposedName,
  valueUnder,
} from '../../template/index.js';
import type { Assignment, Choice, Path, Resolution, SupposedPlace, Value, ValueMap } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { withoutDefaults } from '../without-defaults.js';
import type { DiffOptions, Place, StackInput } from './model.js';
import type { Renames } from './rename.js';
import { withOldNames } from './rename.js';
import type { Definitions, Unknowns } from './unknowns.js';

/** Stands for an account and a Region of which nothing is known but that they are the stack's own. */
export const OWN_ACCOUNT = '000000000000';
export const OWN_REGION = 'own-region-1';

/** Where both sides are deployed. */
export function placeOf({ region, accountId }: DiffOptions): SupposedPlace {
  const partition = region === undefined ? 'aws' : partitionOf(region);
  return { partition, region: region ?? OWN_REGION, accountId: accountId ?? OWN_ACCOUNT };
}

/** A resource that is there under the choices made, its unknowns as texts. */
export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: ValueMap;
  /** What stands for properties that a macro makes; `undefined` where they are known. */
  readonly open: string | undefined;
  /** `DeletionPolicy` and `UpdateReplacePolicy` as texts. */
  readonly kept: Readonly<Record<'DeletionPolicy' | 'UpdateReplacePolicy', string | undefined>>;
  /** What `Ref` gives; `undefined` for types that no name is supposed for. */
  readonly called: string | undefined;
  /**
   * What a reference reads as while its own name is not computed yet: with `RoleName: !Sub …` another text than its name.
   *
   * @param attribute - Of `Fn::GetAtt`; `undefined` for `Ref`.
   */
  readonly referred: (attribute: string | undefined) => string | undefined;
  /** Where a value below the resource is written. @param path - From the resource on, such as `['Properties', 'Policies', 0]`. */
  readonly place: (path: Path) => Place;
}

/** A stack of one side, resolved. */
export class StackSide {
  readonly resolution: Resolution;
  /** With the logical ids of the old side. */
  readonly template: ValueMap;
  private readonly definitions: Definitions;
  private readonly written: ReadonlyMap<string, string>;
  private readonly supposed: (key: string, attribute: string | undefined) => string | undefined;

  constructor(
    readonly side: 'old' | 'new',
    readonly input: StackInput,
    private readonly unknowns: Unknowns,
    options: DiffOptions,
    renames: Renames = new Map(),
  ) {
    // What a parameter with NoEcho is given never reaches an output: nobody knows it here.
    const given = { ...options.parameters, ...input.parameters };
    const hidden = Object.keys(given).filter((name) => isHidden(input.template, name));
    this.template = withoutDefaults(withOldNames(input.template, renames), hidden);
    const { template } = this;
    const { place } = unknowns;
    const resources = get(template, 'Resources');
    const known = new Map<string, string | undefined>();
    this.supposed = (key, attribute) => {
      const reference = jsonOf([key, attribute ?? null]);
      if (!known.has(reference)) known.set(reference, nameOf(resources, key, attribute, place));
      return known.get(reference);
    };
    const { region, accountId } = options;
    this.resolution = resolveTemplate(template, {
      ...{ region, accountId, partition: place.partition },
      parameters: Object.fromEntries(Object.entries(given).filter(([name]) => !hidden.includes(name))),
      supposed: this.supposed,
    });
    this.definitions = { stack: input.name, model: this.resolution.model, template };
    this.written = new Map([...renames].map(([from, to]) => [to, from]));
  }

  get name(): string {
    return this.input.name;
  }

  /** Whether a parameter is given a value here, and not by its Default. */
  isGiven(name: string): boolean {
    return this.resolution.model.parameters.get(name)?.source === 'given';
  }

  /** The choices that resources hang on; `undefined` when they are too many. */
  choices(): readonly Choice[] | undefined {
    return choicesIn(get(this.resolution.document.value, 'Resources') ?? {}, this.resolution.document);
  }

  /** Macros and the like: what they make of the template is known only when it is processed. */
  get unseen(): readonly string[] {
    return this.resolution.model.untyped;
  }

  /** The resources under an assignment of the choices. */
  resources(assignment: Assignment): readonly Resource[] {
    const { document, model } = this.resolution;
    const section = get(document.value, 'Resources');
    return [...model.resources.values()].flatMap(({ key, type }) => {
      const value = isMap(section) ? get(section, key) : undefined;
      if (type === undefined || value === undefined) return [];
      const under = valueUnder(value, document, assignment);
      if (under === ABSENT || !isMap(under)) return [];
      const properties = get(under, 'Properties');
      const known = properties === undefined ? {} : this.text(properties);
      return [
        {
          stack: this.name,
          id: key,
          type,
          properties: isMap(known) ? known : {},
          open: isMap(known) ? undefined : jsonOf(known),
          kept: {
            DeletionPolicy: this.textIn(under, 'DeletionPolicy'),
            UpdateReplacePolicy: this.textIn(under, 'UpdateReplacePolicy'),
          },
          called: this.supposed(key, undefined),
          referred: (attribute) => this.supposed(key, attribute),
          place: (path: Path) => this.placeOf(document.sourcePath(['Resources', key, ...path], assignment)),
        },
      ];
    });
  }

  /** A logical id as the template of this side writes it. */
  writtenId(id: string): string {
    return this.written.get(id) ?? id;
  }

  private textIn(resource: ValueMap, attribute: string): string | undefined {
    const value = get(resource, attribute);
    return value === undefined ? undefined : textOf(this.text(value));
  }

  private text(value: Value): Value {
    return this.unknowns.replace(value, (node) => this.resolution.document.unknownAt(node), this.definitions);
  }

  /** A place in the template as it is written, before logical ids were changed. */
  private placeOf(path: Path): Place {
    const [section, id, ...rest] = path;
    const written = section === 'Resources' && typeof id === 'string' ? this.writtenId(id) : id;
    return {
      side: this.side,
      stack: this.name,
      path: id === undefined ? path : [section!, written!, ...rest],
    };
  }
}

/** Whether a template declares a parameter as one whose value is not to be shown. */
export function isHidden(template: ValueMap, name: string): boolean {
  const parameters = get(template, 'Parameters');
  const declaration = parameters !== undefined && isMap(parameters) ? get(parameters, name) : undefined;
  const noEcho = declaration !== undefined && isMap(declaration) ? get(declaration, 'NoEcho') : undefined;
  return textOf(noEcho)?.toLowerCase() === 'true';
}

/** What references to a resource read as. */
function nameOf(
  resources: Value | undefined,
  key: string,
  attribute: string | undefined,
  place: SupposedPlace,
): string | undefined {
  const resource = isMap(resources) ? get(resources, key) : undefined;
  const type = isMap(resource) ? get(resource, 'Type') : undefined;
  if (typeof type !== 'string' || !isMap(resource)) return undefined;
  const name = supposedName(key, { type, resource }, isIdOf(type, attribute) ? undefined : attribute, place);
  // The ARN of a role, user, group or policy holds its path.
  const properties = get(resource, 'Properties');
  const path = isMap(properties) ? get(properties, 'Path') : undefined;
  if (!type.startsWith('AWS::IAM::') || typeof path !== 'string' || name?.startsWith('arn:') !== true) return name;
  const slash = name.lastIndexOf('/');
  return `${name.slice(0, slash)}${path}${name.slice(slash + 1)}`;
}

/** Whether an attribute gives what `Ref` gives. */
function isIdOf(type: string, attribute: string | undefined): boolean {
  if (attribute === undefined) return false;
  if (type === 'AWS::EC2::SecurityGroup' && attribute === 'GroupId') return true;
  const identifiers = resourceType(type)?.refIdentifier ?? [];
  return identifiers.length === 1 && identifiers[0] === attribute;
}

/** The items of a list; a single value where a list belongs is a list of one. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : isList(value) ? value : [value];
}

/** A text, number or Boolean value as text. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}

/** The value at a way of property names. */
export function valueAt(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let at: Value | undefined = value;
  for (const key of path) at = at !== undefined && isMap(at) && keysOf(at).includes(key) ? get(at, key) : undefined;
  return at;
}
