/** The events of GuardDuty (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html). */
import type { EventKind } from './events.js';

const event = (detailType: string): EventKind => ({ source: 'aws.guardduty', 'detail-type': detailType });

export const FINDING = event('GuardDuty Finding');

/** Whether workloads are watched at run time, and whether no longer. */
export const COVERAGE: readonly EventKind[] = [
  event('GuardDuty Runtime Protection Unhealthy'),
  event('GuardDuty Runtime Protection Healthy'),
];
