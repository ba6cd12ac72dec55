/** What differs between a resource as it is and as a template has it. */
import { resourceType } from '../../catalogue/index.js';
import type { ResourceData } from './data.js';
import type { DeclaredResource } from './template.js';

/** Whether a change of properties makes another resource. */
export function isReplaced(
  type: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  const known = resourceType(type);
  return changedProperties(before, after).some((name) => known?.properties.get(name)?.replacement === 'always');
}

export function changedProperties(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** What a template would have to say to give a resource as it is. */
export function declaredOf(record: ResourceData): DeclaredResource {
  const { logicalId, type, properties, deletionPolicy } = record;
  return { logicalId, type, properties, deletionPolicy, updateReplacePolicy: 'Delete', dependsOn: [], attributes: '' };
}
