/** guardduty-detector-findings-noticed: rules send findings, and changes of coverage, to a target. */
import { isEnabled, openIn, takes } from '../code/events.js';
import type { EventKind } from '../code/events.js';
import { COVERAGE, FINDING } from '../code/guardduty.js';
import { at, itemsOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const rules = view
    .resources('AWS::Events::Rule')
    .filter((rule) => isEnabled(view, rule) && itemsOf(property(rule, 'Targets')).length > 0);
  const unknowns = rules.flatMap((rule) => openIn(view, rule));
  for (const detector of view.resources('AWS::GuardDuty::Detector')) {
    if (scalar(view, property(detector, 'Enable'))?.toLowerCase() === 'false') continue;
    const missing = eventsOf(view, detector).filter((event) => !rules.some((rule) => takes(view, rule, event)));
    if (missing.length === 0) view.pass(detector);
    else if (unknowns.length > 0) view.open(detector, ['Resources', detector.key], unknowns);
    else {
      const names = missing.map((event) => `\`${event['detail-type']}\``).join(', ');
      view.fail(detector, {
        path: ['Resources', detector.key],
        message: `no enabled event rule with a target takes ${names} of the source \`aws.guardduty\``,
        subject: 'events',
      });
    }
  }
}

/** Events of coverage come only where workloads are watched at run time. */
function eventsOf(view: View, detector: ResourceUnder): readonly EventKind[] {
  const watches = itemsOf(property(detector, 'Features')).some(
    (feature) =>
      (scalar(view, at(feature, 'Name')) ?? '').endsWith('RUNTIME_MONITORING') &&
      scalar(view, at(feature, 'Status')) !== 'DISABLED',
  );
  return watches ? [FINDING, ...COVERAGE] : [FINDING];
}
