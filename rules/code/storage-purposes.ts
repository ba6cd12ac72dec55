/** For what the parts of a data platform use places in S3. */
import type { Path, Unknown, Value } from '../../template/index.js';
import { placeOf } from './catalogued-data.js';
import { at, pathOf, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

/** A use of a bucket. */
export interface PlaceUse {
  /** Its name; the whole text where not even this part of it is known. */
  readonly bucket: string;
  /** Values on which it hangs which bucket is meant. */
  readonly unknowns: readonly Unknown[];
  /** Such as `query results`. */
  readonly purpose: string;
  readonly resource: ResourceUnder;
  readonly path: Path;
}

type Source = readonly [type: string, purpose: string, ...path: readonly string[]];

/** Data that no zone tells apart. */
export const DATA = 'data';
const SCRATCH = 'scratch data';

const SOURCES: readonly Source[] = [
  ['AWS::Athena::WorkGroup', 'query results', 'WorkGroupConfiguration', 'ResultConfiguration', 'OutputLocation'],
  ['AWS::Glue::Job', 'scripts', 'Command', 'ScriptLocation'],
  ['AWS::Glue::Job', SCRATCH, 'DefaultArguments', '--TempDir'],
  ['AWS::Glue::Table', DATA, 'TableInput', 'StorageDescriptor', 'Location'],
  ['AWS::Glue::Database', DATA, 'DatabaseInput', 'LocationUri'],
  ['AWS::LakeFormation::Resource', DATA, 'ResourceArn'],
];

/** Variables of functions that connect queries with other databases. */
const SPILL = ['spill_bucket', 'SpillBucket'];

/**
 * All uses of places by resources of the template.
 *
 * @param zones - First parts of prefixes that tell data of different kinds apart, such as `raw`.
 */
export function placeUses(view: View, zones: readonly string[]): readonly PlaceUse[] {
  const found: PlaceUse[] = [];
  const add = (resource: ResourceUnder, value: Value | undefined, purpose: string, path: readonly string[]): void => {
    const text = scalar(view, value) ?? '';
    const place = placeOf(text);
    const unknowns = place === undefined ? view.unknownsIn(text) : [];
    if (place === undefined && unknowns.length === 0) return;
    const [zone = ''] = place?.prefix.split('/') ?? [];
    const kind = purpose === DATA && zones.includes(zone) ? `${zone} data` : purpose;
    found.push({ bucket: place?.bucket ?? text, unknowns, purpose: kind, resource, path: pathOf(resource, ...path) });
  };
  for (const [type, purpose, ...path] of SOURCES) {
    for (const resource of view.resources(type)) add(resource, at(resource.properties, ...path), purpose, path);
  }
  for (const resource of view.resources('AWS::Lambda::Function', 'AWS::Serverless::Function')) {
    const variables = at(resource.properties, 'Environment', 'Variables');
    for (const name of SPILL) {
      const bucket = scalar(view, at(variables, name));
      if (bucket === undefined) continue;
      add(resource, `s3://${bucket}/`, 'spilled data', ['Environment', 'Variables', name]);
    }
  }
  return found;
}
