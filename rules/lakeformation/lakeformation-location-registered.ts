/** lakeformation-location-registered: every place where tables of a governed lake lie is registered, with a role. */
import type { Path, Value } from '../../template/index.js';
import { DATABASE, isBelow, isGoverned, placeOf, TABLE } from '../code/catalogued-data.js';
import type { Place } from '../code/catalogued-data.js';
import { at, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const LOCATIONS: readonly (readonly [type: string, ...path: readonly string[]])[] = [
  [TABLE, 'TableInput', 'StorageDescriptor', 'Location'],
  [DATABASE, 'DatabaseInput', 'LocationUri'],
];

export function check(view: View): void {
  if (!isGoverned(view)) return;
  const registrations = view.resources('AWS::LakeFormation::Resource');
  for (const one of registrations) checkRole(view, one);
  const arns = registrations.map((one) => scalar(view, property(one, 'ResourceArn')) ?? '');
  for (const [type, ...path] of LOCATIONS) {
    for (const resource of view.resources(type)) {
      const value = at(resource.properties, ...path);
      if (value !== undefined) checkLocation(view, resource, value, pathOf(resource, ...path), arns);
    }
  }
}

function checkLocation(view: View, resource: ResourceUnder, value: Value, path: Path, arns: readonly string[]): void {
  const text = scalar(view, value) ?? '';
  const place = placeOf(text);
  const registered = arns.map(placeOf).filter((one): one is Place => one !== undefined);
  if (place === undefined) {
    const unknowns = view.unknownsIn(text);
    if (unknowns.length > 0 && !arns.includes(text)) view.open(resource, path, unknowns);
    return;
  }
  if (registered.some((one) => isBelow(place, one))) {
    view.pass(resource);
    return;
  }
  // Who creates the bucket registers it; that of another stack may be registered there.
  if (view.graph.target(place.bucket, 'AWS::S3::Bucket') === undefined) return;
  const unknowns = view.unknownsIn(text, ...arns);
  if (unknowns.length > 0) view.open(resource, path, unknowns);
  else {
    const message = `\`${resource.logicalId}\` lies at \`${place.prefix === '' ? '/' : place.prefix}\` of a bucket of this template, and no \`AWS::LakeFormation::Resource\` covers this place`;
    view.fail(resource, { path, message, subject: 'location' });
  }
}

function checkRole(view: View, registration: ResourceUnder): void {
  const linked = scalar(view, property(registration, 'UseServiceLinkedRole')) ?? 'false';
  const unknowns = view.unknownsIn(linked);
  if (property(registration, 'RoleArn') !== undefined || linked.toLowerCase() === 'true') view.pass(registration);
  else if (unknowns.length > 0) view.open(registration, pathOf(registration, 'UseServiceLinkedRole'), unknowns);
  else {
    const message = `\`${registration.logicalId}\` registers a place without a role: it has no \`RoleArn\`, and \`UseServiceLinkedRole\` is not true`;
    view.fail(registration, { path: pathOf(registration, 'RoleArn'), missing: true, message, subject: 'role' });
  }
}
