/** What a template declares, by name: the index that rules are looked up by. */
import { get, isMap, keysOf } from '../values.js';
import type { Path, ValueMap } from '../values.js';
import type { ParameterModel } from './parameters.js';
import type { Declared } from './sections.js';

/** A resource of the resolved document. */
export interface ResourceModel {
  /** Its key under `Resources` of the resolved document. */
  readonly key: string;
  /** The logical ID that the template writes: of a SAM resource for the plain resources that it stands for. */
  readonly logicalId: string;
  /** `undefined` when it cannot be told: what a macro, a module or an unexpanded loop makes. */
  readonly type: string | undefined;
  /** Where it is written. */
  readonly path: Path;
}

/** Everything that a template declares. */
export interface TemplateModel {
  /** Whether the document is a template at all: a map with a `Resources` map. */
  readonly isTemplate: boolean;
  /** By key, in the order of the resolved document; resources whose condition is not decided included. */
  readonly resources: ReadonlyMap<string, ResourceModel>;
  /** Keys by resource type, in the order of the resolved document. */
  readonly byType: ReadonlyMap<string, readonly string[]>;
  /** Keys of entries whose type cannot be told: each may be of any type. */
  readonly untyped: readonly string[];
  readonly parameters: ReadonlyMap<string, ParameterModel>;
  /** Names of the conditions. */
  readonly conditions: readonly string[];
  /** Whether a condition holds; `undefined` when it is not decided. */
  holds(condition: string): boolean | undefined;
}

/** Builds the model of a resolved document. */
export function buildModel(
  value: ValueMap,
  declared: ReadonlyMap<string, Declared>,
  isUnseen: (key: string) => boolean,
  rest: Pick<TemplateModel, 'parameters' | 'conditions' | 'holds'>,
): TemplateModel {
  const section = get(value, 'Resources');
  const resources = new Map<string, ResourceModel>();
  const byType = new Map<string, string[]>();
  const untyped: string[] = [];
  if (isMap(section)) {
    for (const key of keysOf(section)) {
      const resource = section[key]!;
      const path = declared.get(key)?.path ?? ['Resources', key];
      const written = isMap(resource) ? get(resource, 'Type') : undefined;
      const type = isUnseen(key) || typeof written !== 'string' ? undefined : written;
      resources.set(key, { key, logicalId: logicalIdOf(key, path), type, path });
      if (type === undefined) {
        if (isUnseen(key)) untyped.push(key);
        continue;
      }
      const keys = byType.get(type);
      if (keys === undefined) byType.set(type, [key]);
      else keys.push(key);
    }
  }
  return { isTemplate: isMap(section), resources, byType, untyped, ...rest };
}

/** A copy that a loop made has the logical ID of the copy; what stands for a SAM resource has the SAM resource's. */
function logicalIdOf(key: string, path: Path): string {
  const at = key.indexOf('::');
  if (at > 0 && !key.startsWith('Fn::')) return key.slice(0, at);
  return path.length > 2 ? key : String(path[1] ?? key);
}
