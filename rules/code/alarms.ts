/** What the alarms of a template watch. */
import { get } from '../../template/index.js';
import type { Unknown, Value } from '../../template/index.js';
import { at, itemsOf, named, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

/** A metric of one resource. */
export interface Watched {
  readonly namespace: string;
  readonly metrics: readonly string[];
  /** The dimension that names the resource. */
  readonly dimension: string;
  /** The property that holds this name. */
  readonly property: string;
}

/** Whether alarms watch a resource, or on what that hangs. */
export interface Watch {
  readonly alarms: readonly ResourceUnder[];
  /** Unknown values of alarms on such a metric of which it is not known whose they watch. */
  readonly unknowns: readonly Unknown[];
}

/** The alarms of the template that watch a resource. */
export function alarmsOn(view: View, resource: ResourceUnder, watched: Watched): Watch {
  const alarms: ResourceUnder[] = [];
  const unknowns: Unknown[] = [];
  for (const alarm of view.resources('AWS::CloudWatch::Alarm')) {
    for (const metric of metricsOf(alarm)) {
      if (scalar(view, at(metric, 'Namespace')) !== watched.namespace) continue;
      if (!watched.metrics.includes(scalar(view, at(metric, 'MetricName')) ?? '')) continue;
      const whose = dimensionOf(view, metric, watched.dimension);
      if (named(view, whose, resource.type, watched.property) === resource) alarms.push(alarm);
      else unknowns.push(...view.unknownsIn(scalar(view, whose) ?? ''));
    }
  }
  return { alarms, unknowns };
}

/** The metric of an alarm, or those of its expressions. */
function metricsOf({ properties }: ResourceUnder): readonly Value[] {
  const inside = itemsOf(get(properties, 'Metrics')).map((one) => at(one, 'MetricStat', 'Metric'));
  return [properties, ...inside.filter((one) => one !== undefined)];
}

function dimensionOf(view: View, metric: Value, name: string): Value | undefined {
  const dimension = itemsOf(at(metric, 'Dimensions')).find((one) => scalar(view, at(one, 'Name')) === name);
  return at(dimension, 'Value');
}
