/** mwaa-environment-heartbeat-watched: an alarm watches the scheduler, and a schedule has its health evaluated. */
import { alarmsOn } from '../code/alarms.js';
import { isEnabled } from '../code/events.js';
import { itemsOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const METRIC = 'SchedulerHeartbeat';
const WATCHED = { namespace: 'AmazonMWAA', metrics: [METRIC], dimension: 'Environment', property: 'Name' };

export function check(view: View): void {
  const evaluated = isEvaluated(view);
  for (const environment of view.resources('AWS::MWAA::Environment')) {
    const before = view.verdicts.length;
    const path = ['Resources', environment.key];
    const { alarms, unknowns } = alarmsOn(view, environment, WATCHED);
    if (alarms.length === 0 && unknowns.length > 0) view.open(environment, path, unknowns);
    else if (alarms.length === 0) {
      const message = `no alarm watches \`${METRIC}\` of the environment \`${environment.logicalId}\``;
      view.fail(environment, { path, message, subject: 'alarm' });
    } else if (!alarms.some((alarm) => acts(view, alarm))) {
      const message = `the alarm \`${alarms[0]!.logicalId}\` on \`${METRIC}\` does nothing when it goes off`;
      view.fail(environment, { path, message, subject: 'action' });
    }
    if (!evaluated) {
      const message = `no schedule starts a state machine that evaluates the health of \`${environment.logicalId}\``;
      view.fail(environment, { path, message, subject: 'schedule' });
    }
    if (view.verdicts.length === before) view.pass(environment);
  }
}

function acts(view: View, alarm: ResourceUnder): boolean {
  const isOn = scalar(view, property(alarm, 'ActionsEnabled'))?.toLowerCase() !== 'false';
  return isOn && itemsOf(property(alarm, 'AlarmActions')).length > 0;
}

/** Whether a schedule starts a state machine, of this template or of another one. */
function isEvaluated(view: View): boolean {
  const rules = view
    .resources('AWS::Events::Rule')
    .filter((rule) => property(rule, 'ScheduleExpression') !== undefined && isEnabled(view, rule))
    .map((rule) => property(rule, 'Targets'));
  const schedules = view
    .resources('AWS::Scheduler::Schedule')
    .filter((schedule) => isEnabled(view, schedule))
    .map((schedule) => property(schedule, 'Target'));
  return [...rules, ...schedules].flatMap(itemsOf).some((target) => {
    const machines = view.graph.mentioned(target, 'AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine');
    return machines.length > 0 || /:states:[^:"]*:[^:"]*:stateMachine:/.test(JSON.stringify(target));
  });
}
