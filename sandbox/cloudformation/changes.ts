/** What an operation would change of a stack. */
import { resourceType } from '../../catalogue/index.js';
import type { ChangeData, Places, StackData, StackRequest } from './data.js';
import { changedProperties, isReplaced } from './replacement.js';
import { calledIn, settingOf } from './stack-state.js';
import { Template } from './template.js';
import type { DeclaredResource, Evaluated } from './template.js';

/** The changes of resources, in the order of the template, removals last. */
export function changesOf(places: Places, stack: StackData, request: StackRequest): readonly ChangeData[] {
  const [before, after] = beforeAndAfter(places, stack, request);
  const changes: ChangeData[] = [];
  for (const [logicalId, declared] of after.resources) {
    const current = stack.resources.get(logicalId);
    const was = before?.resources.get(logicalId);
    if (current?.physicalId === undefined || was === undefined) {
      changes.push({
        action: 'Add',
        logicalId,
        type: declared.type,
        physicalId: undefined,
        replacement: undefined,
        scope: [],
        details: [],
        before: null,
        after: declared.properties,
      });
      continue;
    }
    const change = modified(was, declared, current.physicalId);
    if (change !== undefined) changes.push(change);
  }
  for (const { logicalId, type, physicalId, properties } of stack.resources.values()) {
    if (after.resources.has(logicalId) || physicalId === undefined) continue;
    changes.push({
      action: 'Remove',
      logicalId,
      type,
      physicalId,
      replacement: undefined,
      scope: [],
      details: [],
      before: before?.resources.get(logicalId)?.properties ?? properties,
      after: null,
    });
  }
  return changes;
}

/** Whether an update would find anything to do. */
export function hasUpdates(places: Places, stack: StackData, request: StackRequest): boolean {
  if (JSON.stringify([...stack.tags]) !== JSON.stringify([...request.tags])) return true;
  if (changesOf(places, stack, request).length > 0) return true;
  const [before, after] = beforeAndAfter(places, stack, request);
  return JSON.stringify(before?.outputs) !== JSON.stringify(after.outputs);
}

function beforeAndAfter(places: Places, stack: StackData, request: StackRequest): [Evaluated | undefined, Evaluated] {
  const setting = settingOf(stack, places);
  const called = calledIn(stack);
  const isNew = stack.status === 'REVIEW_IN_PROGRESS';
  return [
    isNew ? undefined : Template.read(stack.template).evaluate(stack.parameters, setting, called),
    Template.read(request.template).evaluate(request.parameters, setting, called),
  ];
}

function modified(was: DeclaredResource, now: DeclaredResource, physicalId: string): ChangeData | undefined {
  const names = changedProperties(was.properties, now.properties);
  const known = resourceType(now.type);
  const tags = known?.tags?.name;
  const replaces = was.type !== now.type || isReplaced(now.type, was.properties, now.properties);
  const mayReplace = names.some((name) => known?.properties.get(name)?.replacement === 'sometimes');
  const scope = [
    ...(names.some((name) => name !== tags) ? ['Properties'] : []),
    ...(tags !== undefined && names.includes(tags) ? ['Tags'] : []),
    ...(was.attributes === now.attributes ? [] : [attributeScope(was, now)]),
  ];
  if (scope.length === 0 && !replaces) return undefined;
  return {
    action: 'Modify',
    logicalId: now.logicalId,
    type: now.type,
    physicalId,
    replacement: replaces ? 'True' : mayReplace ? 'Conditional' : 'False',
    scope,
    details: names.map((name) => ({
      attribute: name === tags ? 'Tags' : 'Properties',
      ...(name !== tags && { name }),
      recreation: { always: 'Always', sometimes: 'Conditionally', never: 'Never' }[
        known?.properties.get(name)?.replacement ?? 'never'
      ],
    })),
    before: was.properties,
    after: now.properties,
  };
}

function attributeScope(was: DeclaredResource, now: DeclaredResource): string {
  if (was.deletionPolicy !== now.deletionPolicy) return 'DeletionPolicy';
  return was.updateReplacePolicy === now.updateReplacePolicy ? 'Metadata' : 'UpdateReplacePolicy';
}
