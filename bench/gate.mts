/**
 * The feature gate beside the reading of a template, and beside the general validator of JSON Schema: ratios of runs side
 * by side in one process; the verdicts are compared before anything is timed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { resourceType, resourceTypeNames } from '../catalogue/index.js';
import { buildGate, catalogueSet, CATALOGUE_SOURCE, checkTemplateGate, generateSchema } from '../hooks/gate/index.js';
import { openTemplate } from '../rules/index.js';
import type { Row } from './report.mjs';
import { kept, ratio, shown, sideBySide, timeOf } from './timing.mjs';

const context = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws' };
const text = (root: string, count: number): string => {
  const bucket = readFileSync(join(root, 'examples/gate/templates/orders.yaml'), 'utf8').split('Resources:\n')[1]!;
  const copies = Array.from({ length: count }, (_, index) =>
    bucket.replaceAll(/^ {2}(Orders|Topic):$/gm, `  $1${index}:`),
  );
  return `Parameters:\n  Key:\n    Type: String\n    Default: k\nResources:\n${copies.join('')}`;
};
/** Rows about the feature gate. */
export function featureGate(root: string): Row[] {
  const rows: Row[] = [];
  const types = ['AWS::S3::Bucket', 'AWS::SNS::Topic'];
  const { gate } = buildGate(catalogueSet(types), []);
  if (gate === null) throw new Error('no gate');

  for (const count of [1, 25, 250]) {
    const template = text(root, count);
    const deployment = { accountId: context.accountId, region: context.region };
    const checked = checkTemplateGate(template, 't.yaml', gate, deployment, context);
    if (checked.kind !== 'checked' || checked.result.file.status !== 'PASS') {
      throw new Error('the template does not pass');
    }
    const [alone, gated] = sideBySide(15, [
      () => openTemplate(template, 't.yaml', deployment),
      () => checkTemplateGate(template, 't.yaml', gate, deployment, context),
    ]);
    rows.push({
      what: 'read, resolve and gate against read and resolve',
      size: `${2 * count} resources`,
      result: ratio(gated!, alone!),
    });
  }

  const schema = generateSchema(resourceType('AWS::S3::Bucket')!, CATALOGUE_SOURCE);
  const compile = (): unknown => {
    const ajv = new Ajv({ strict: false });
    return ajv.compile(schema);
  };
  const properties = {
    BucketName: 'orders',
    VersioningConfiguration: { Status: 'Enabled' },
    Tags: [{ Key: 'a', Value: 'b' }],
  };
  const validate = compile() as (value: unknown) => boolean;
  if (!validate(properties)) throw new Error('ajv refuses');
  const request = { type: 'AWS::S3::Bucket', action: 'CREATE', properties } as const;
  if (gate.decide(request, context).status !== 'PASS') throw new Error('the gate refuses');
  const first = timeOf(5, () => kept.push(compile()));
  const [ours, theirs] = sideBySide(15, [
    () => {
      for (let count = 0; count < 1_000; count++) kept[0] = gate.decide(request, context);
    },
    () => {
      for (let count = 0; count < 1_000; count++) kept[0] = validate(properties);
    },
  ]);
  rows.push({
    what: 'the gate against ajv, which has to compile the schema first',
    size: 'one bucket, 1,000 times',
    result: `the gate ${shown(ours!)}, ajv ${shown(theirs!)} after ${shown(first)}`,
  });

  const all = timeOf(3, () => {
    for (const name of resourceTypeNames()) kept[0] = generateSchema(resourceType(name)!, CATALOGUE_SOURCE);
  });
  rows.push({ what: 'restricted schemas', size: `all ${resourceTypeNames().length} types`, result: shown(all) });
  return rows;
}
