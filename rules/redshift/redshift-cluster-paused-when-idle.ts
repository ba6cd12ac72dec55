/** redshift-cluster-paused-when-idle: a cluster that is not used around the clock is paused and resumed by schedule. */
import { at, named, parameterText, scalar } from '../code/read.js';
import { tagOf } from '../code/tags.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const ALWAYS = '24x7';
const ACTIONS = ['PauseCluster', 'ResumeCluster'];

export function check(view: View): void {
  for (const cluster of view.resources('AWS::Redshift::Cluster')) {
    const planned = ACTIONS.filter((action) => isScheduled(view, cluster, action));
    const missing = ACTIONS.filter((action) => !planned.includes(action));
    const why = planned.length > 0 ? 'it has a schedule for only one of both' : restOf(view, cluster);
    if (why === undefined) continue;
    if (missing.length === 0) view.pass(cluster);
    else {
      view.fail(cluster, {
        path: ['Resources', cluster.key],
        message: `no schedule has the action ${missing.map((name) => `\`${name}\``).join(' or ')} for the cluster \`${cluster.logicalId}\`, and ${why}`,
        subject: 'schedule',
      });
    }
  }
}

/** Why a cluster rests at times, as its tags say; `undefined` when they do not say so. */
function restOf(view: View, cluster: ResourceUnder): string | undefined {
  const hours = tagOf(view, cluster, parameterText(view, 'operatingHoursTag'));
  const stage = tagOf(view, cluster, parameterText(view, 'stageTag'));
  const told = hours.state === 'value' ? hours : stage;
  if (hours.state === 'unknown' || (hours.state === 'absent' && stage.state === 'unknown')) {
    const open = hours.state === 'unknown' ? hours : stage;
    if (open.state === 'unknown') view.open(cluster, open.path, open.unknowns);
    return undefined;
  }
  if (told.state !== 'value') return undefined;
  if (told.unknowns.length > 0) {
    view.open(cluster, told.path, told.unknowns);
    return undefined;
  }
  if (told === hours) return told.text === ALWAYS ? undefined : `its operating hours are \`${told.text}\``;
  return view.texts('productionStages').includes(told.text) ? undefined : `its stage is \`${told.text}\``;
}

function isScheduled(view: View, cluster: ResourceUnder, action: string): boolean {
  return view.resources('AWS::Redshift::ScheduledAction').some((one) => {
    const target = at(property(one, 'TargetAction'), action, 'ClusterIdentifier');
    const isOn = scalar(view, property(one, 'Enable'))?.toLowerCase() !== 'false';
    return isOn && named(view, target, cluster.type, 'ClusterIdentifier') === cluster;
  });
}
