/** What stays when a template is written in another way. */
import fc from 'fast-check';
import { scanTemplate, supposedOf } from '../../../analyzers/policies/index.js';
import { overlap } from '../../../analyzers/policies/overlap.js';
import { readTemplate } from '../../../template/index.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Resource {
  readonly id: string;
  readonly body: Json;
}

const principal = fc.constantFrom<Json>(
  '*',
  { AWS: '*' },
  { AWS: '111122223333' },
  { AWS: { Ref: 'Who' } },
  { Service: 'sns.amazonaws.com' },
);
const action = fc.constantFrom<Json>('s3:GetObject', ['s3:*', 'iam:PassRole'], '*', 'nosuch:Thing', { Ref: 'What' });
const condition = fc.constantFrom<Json>(
  {},
  { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
);

/** A statement, with a resource that refers to another one of the template. */
const statement = (target: string, named: boolean): fc.Arbitrary<Json> =>
  fc
    .record({ who: principal, what: action, when: condition, effect: fc.constantFrom('Allow', 'Allow', 'Deny') })
    .map(({ who, what, when, effect }): Json => ({
      Effect: effect,
      ...(named ? { Principal: who } : {}),
      Action: what,
      Resource: { 'Fn::Sub': `\${${target}.Arn}/*` },
      ...(Object.keys(when as object).length === 0 ? {} : { Condition: when }),
    }));

const document = (target: string, named: boolean): fc.Arbitrary<Json> =>
  fc
    .array(statement(target, named), { minLength: 1, maxLength: 3 })
    .map((statements): Json => ({ Version: '2012-10-17', Statement: statements }));

const resources: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(document('Bucket', true), document('Bucket', false), document('Bucket', false))
  .map(([bucketPolicy, inline, managed]) => [
    { id: 'Bucket', body: { Type: 'AWS::S3::Bucket' } },
    {
      id: 'Policy',
      body: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: bucketPolicy } },
    },
    {
      id: 'Group',
      body: { Type: 'AWS::IAM::Group', Properties: { Policies: [{ PolicyName: 'it', PolicyDocument: inline }] } },
    },
    { id: 'Managed', body: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: managed } } },
  ]);

const written = (all: readonly Resource[]): string =>
  JSON.stringify({
    Parameters: { Who: { Type: 'String' }, What: { Type: 'String' } },
    Resources: Object.fromEntries(all.map(({ id, body }) => [id, body])),
  });

/** What is told, by resource, without places; names as in the first template. */
function told(text: string, names: Readonly<Record<string, string>>): readonly string[] {
  const { source } = readTemplate(text, 't.json');
  const { findings, notEvaluated } = scanTemplate(source!, supposedOf(source!), { notGranted: ['iam:*'] });
  const first = (line: string): string =>
    Object.entries(names).reduce((all, [now, then]) => all.replaceAll(now, then), line);
  return [
    ...findings.map(
      ({ ruleId, resource, location, message }) => `${ruleId} ${resource!.logicalId} ${location.pointer} ${message}`,
    ),
    ...notEvaluated.map(({ ruleId, location, reason }) => `${ruleId} ${location!.pointer} ${reason}`),
  ]
    .map(first)
    .sort();
}

it('moving and renaming resources changes nothing that is told', () => {
  fc.assert(
    fc.property(resources, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (all, order) => {
      const before = told(written(all), {});
      const moved = order.map((at) => all[at]!);
      const renamed = written(moved)
        .replaceAll('Bucket"', 'Renamed77"')
        .replaceAll('${Bucket.', '${Renamed77.')
        .replaceAll('"S3::Renamed77"', '"S3::Bucket"');
      const fixed = renamed
        .replaceAll('AWS::S3::Renamed77', 'AWS::S3::Bucket')
        .replaceAll('"Properties":{"Renamed77"', '"Properties":{"Bucket"');
      expect(told(written(moved), {})).toStrictEqual(before);
      expect(told(fixed, { Renamed77: 'Bucket' })).toStrictEqual(before);
    }),
    { numRuns: 8 },
  );
});

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 6 });
const matches = (text: string, glob: string): boolean =>
  new RegExp(`^${glob.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
/** Every text of up to five letters: patterns without `*` in common with longer ones have none of these lengths. */
const texts = [0, 1, 2, 3, 4, 5, 6].reduce<string[][]>(
  (rows, length) => [
    ...rows,
    length === 0 ? [''] : rows[length - 1]!.flatMap((text) => ['a', 'b', ':'].map((each) => text + each)),
  ],
  [],
);

it('two patterns overlap when a text matches both', () => {
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      const short = texts.flat().some((text) => matches(text, a) && matches(text, b));
      if (short) expect(overlap(a, b)).toBe(true);
      // Without `*` a text in common is as long as both.
      else if (!a.includes('*') || !b.includes('*')) expect(overlap(a, b)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

it.each<[string, string, boolean]>([
  ['s3:*', 'S3:DeleteObject', true],
  ['s3:Get*', 's3:*Object', true],
  ['s3:Get*', 's3:Put*', false],
  ['*', '', true],
  ['iam:?ass*', 'iam:PassRole', true],
])('overlap of %s and %s', (a, b, expected) => {
  expect(overlap(a, b)).toBe(expected);
  expect(overlap(b, a)).toBe(expected);
});
