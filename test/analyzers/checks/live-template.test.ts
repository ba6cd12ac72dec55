/** The account as a template: what no read shows is not known, and a rule decides only what holds either way. */
import { liveRuleChecks } from '../../../analyzers/scan/index.js';
import type { LiveResource, LiveVerdict } from '../../../analyzers/scan/index.js';
import { inLiveWords, liveTemplate } from '../../../analyzers/scan/checks/live/template.js';
import { contextOf, factsOf, PLACE, verdictOf } from './live.js';

const BUCKET: LiveResource = {
  type: 'AWS::S3::Bucket',
  identifier: 'data',
  arn: 'arn:aws:s3:::data',
  properties: { BucketName: 'data', Arn: 'arn:aws:s3:::data', Tags: [{ Key: 'a', Value: { Ref: 'AWS::NoValue' } }] },
};

const propertiesIn = (text: string): Readonly<Record<string, unknown>> => {
  const { Resources: resources } = JSON.parse(text) as { Resources: Record<string, { Properties: object }> };
  return { ...resources['L0Bucket']!.Properties };
};

it('gives a property that no read shows a value that nobody knows, or none', () => {
  const unknown = liveTemplate([BUCKET], PLACE);
  const { AccessControl: access } = propertiesIn(unknown.text);
  expect(access).toStrictEqual({ Ref: expect.stringMatching(/^NotRead\d+$/) as string });
  const { Ref: name } = access as { Ref: string };
  expect(inLiveWords(`parameter \`${name}\` has no value`, unknown)).toBe(
    'a read does not show `AccessControl` of data',
  );
  expect(propertiesIn(liveTemplate([BUCKET], PLACE, 'absent').text)).not.toHaveProperty('AccessControl');
});

it('takes no live value for a function, and no attribute for a property', () => {
  const { Tags: tags, ...others } = propertiesIn(liveTemplate([BUCKET], PLACE).text);
  expect(tags).toStrictEqual([{ Key: 'a', Value: { Ref: expect.stringMatching(/^NotRead/) as string } }]);
  expect(others).not.toHaveProperty('Arn');
});

/** A rule that fails with some `AccessControl` and without it. */
function verdictWith(judge: (has: boolean) => LiveVerdict['verdict']): string {
  const [check] = liveRuleChecks([
    {
      id: 'a-rule',
      controls: ['NET-S3-01'],
      severity: 'error',
      title: '',
      help: '',
      relates: false,
      types: ['AWS::S3::Bucket'],
      judge: (text) => {
        const verdict = judge(Object.hasOwn(propertiesIn(text), 'AccessControl'));
        const finding = { logicalId: 'L0Bucket', pointer: '/Resources/L0Bucket', message: 'wrong', help: '' };
        return { verdict, findings: verdict === 'FAIL' ? [finding] : [], open: [] };
      },
    },
  ]);
  return verdictOf(check!.check(factsOf(check!, { resources: [BUCKET], iam: NO_IAM }), contextOf({})));
}

const NO_IAM = { roles: [], users: [], groups: [], policies: [], summary: null, providers: [] };

it.each([
  ['fails either way', 'FAIL', 'FAIL', 'FAIL'],
  ['passes either way', 'PASS', 'PASS', 'PASS'],
  ['fails only where the property is not there', 'PASS', 'FAIL', 'NOT_EVALUATED'],
  ['fails only where it is there', 'FAIL', 'PASS', 'NOT_EVALUATED'],
  ['does not know where it is there', 'NOT_EVALUATED', 'PASS', 'NOT_EVALUATED'],
  ['does not know, and fails without it', 'NOT_EVALUATED', 'FAIL', 'NOT_EVALUATED'],
] as const)('a rule that %s', (_, present, absent, expected) => {
  expect(verdictWith((has) => (has ? present : absent))).toBe(expected);
});
