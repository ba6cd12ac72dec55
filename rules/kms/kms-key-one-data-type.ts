/** kms-key-one-data-type: within an application, data of different types have different keys. */
import { usedKeys } from '../code/keys.js';
import type { Tagged } from '../code/keys.js';
import { parameterText } from '../code/read.js';
import { tagOf } from '../code/tags.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  const dataType = parameterText(view, 'dataTypeTag');
  const application = parameterText(view, 'appTag');
  for (const { key, uses } of usedKeys(view)) {
    const resources = [...(key === undefined ? [] : [key]), ...uses.map(({ resource }) => resource)];
    const first = new Map<string, Tagged>();
    for (const resource of resources) {
      const tag = tagOf(view, resource, dataType);
      const team = tagOf(view, resource, application);
      if (tag.state === 'unknown') view.open(resource, tag.path, tag.unknowns);
      if (tag.state !== 'value') continue;
      const name = team.state === 'value' ? team.text : '';
      const other = first.get(name);
      if (other === undefined) first.set(name, { resource, tag });
      else compare(view, { resource, tag }, other);
    }
  }
}

function compare(view: View, one: Tagged, other: Tagged): void {
  if (one.tag.state !== 'value' || other.tag.state !== 'value') return;
  const unknowns = [...one.tag.unknowns, ...other.tag.unknowns];
  if (one.tag.text === other.tag.text) view.pass(one.resource);
  else if (unknowns.length > 0) view.open(one.resource, one.tag.path, unknowns);
  else {
    view.fail(one.resource, {
      path: one.tag.path,
      message: `data of type \`${one.tag.text}\` and, in \`${other.resource.logicalId}\`, of type \`${other.tag.text}\` have the same key`,
      subject: other.resource.key,
    });
  }
}
