/** events-bus-archived: a bus that takes events of others keeps them in an archive for a time that somebody chose. */
import type { Unknown } from '../../template/index.js';
import { pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const BUS = 'AWS::Events::EventBus';

export function check(view: View): void {
  for (const bus of view.resources(BUS)) {
    if (!isCentral(view, bus)) continue;
    const archives = view
      .resources('AWS::Events::Archive')
      .filter((archive) => view.graph.target(property(archive, 'SourceArn'), BUS) === bus);
    if (archives.length > 0) for (const archive of archives) judge(view, archive);
    else {
      const message = 'others send events to the bus, and no archive of the template keeps them';
      view.fail(bus, { path: ['Resources', bus.key], missing: true, message, subject: 'Archive' });
    }
  }
}

/** A bus with a policy takes events of other accounts or services. */
function isCentral(view: View, bus: ResourceUnder): boolean {
  if (property(bus, 'Policy') !== undefined) return true;
  return view
    .resources('AWS::Events::EventBusPolicy')
    .some((policy) => view.graph.target(property(policy, 'EventBusName'), BUS) === bus);
}

function judge(view: View, archive: ResourceUnder): void {
  const days = scalar(view, property(archive, 'RetentionDays'));
  const unknowns: readonly Unknown[] = view.unknownsIn(days ?? '');
  const path = pathOf(archive, 'RetentionDays');
  if (unknowns.length > 0) view.open(archive, path, unknowns);
  else if (days === undefined || days === '0') {
    const message = 'the archive has no `RetentionDays`, so that events are kept for ever';
    view.fail(archive, { path, missing: days === undefined, message, subject: 'RetentionDays' });
  } else view.pass(archive);
}
