/** Where messages go that could not be worked off. */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import type { ResourceUnder, View } from './view.js';

/** Properties that name such a place, at queues, functions, subscriptions, rules, schedules, pipes, buses. */
const PLACES = ['RedrivePolicy', 'DeadLetterConfig', 'DeadLetterQueue', 'DeadLetterArn', 'OnFailure', 'ErrorAction'];

/** The queues of the template that take failed messages of another resource. */
export function deadLetterQueues(view: View): ReadonlySet<ResourceUnder> {
  const found = new Set<ResourceUnder>();
  for (const resource of view.everything) {
    const walk = (value: Value): void => {
      if (view.text(value) !== undefined) return;
      if (isList(value)) value.forEach(walk);
      else if (isMap(value)) {
        for (const key of keysOf(value)) {
          const inner = get(value, key)!;
          if (PLACES.includes(key)) {
            const queues = view.graph.mentioned(inner, 'AWS::SQS::Queue');
            for (const queue of queues.filter((one) => one !== resource)) found.add(queue);
          } else walk(inner);
        }
      }
    };
    walk(resource.properties);
  }
  return found;
}
