/** A plan of many units stays short enough to be read. */
import { planText } from '../../../cli/scp/plan-report.js';
import type { ApplyPlan, PolicyState, TextChange } from '../../../scp/apply/index.js';

const TYPE = 'scp';
const units = Array.from({ length: 60 }, (_, index) => ({ id: `ou-ab12-${10000000 + index}`, shown: `/Unit${index}` }));
const change = (name: string, action: string): TextChange => {
  const Statement = [{ Effect: 'Deny', Action: action, Resource: '*' }];
  return { type: TYPE, name, before: null, after: JSON.stringify({ Version: '2012-10-17', Statement }) };
};

it('texts that are alike are shown once, and places with as many policies stand in one line', () => {
  const changes = [...units.map((_, index) => change(`unit-${index}`, 's3:*')), change('other', 'sqs:*')];
  const plan = {
    ...{ set: 'guardrails', organizationId: 'o-exampleorgid', problems: [], notes: [], accounts: [] },
    stages: [{ title: 'prepare', steps: [{ kind: 'enablePolicyType', type: TYPE, rootId: 'r-ab12' }] }],
    use: units.map((target) => ({ target, type: TYPE, attached: target.shown === '/Unit0' ? 3 : 2, limit: 10 })),
  } as unknown as ApplyPlan;
  const text = planText(plan, { accounts: [] } as unknown as PolicyState, changes, null);
  expect(text.match(/"Action": "(?:s3|sqs):\*"/g)).toStrictEqual(['"Action": "s3:*"', '"Action": "sqs:*"']);
  expect(text).toContain('policy `unit-0`, `unit-1`, `unit-2`, `unit-3`, `unit-4` and 55 more\n');
  expect(text.match(/^then \d of 10 places.*$/gm)).toStrictEqual([
    'then 3 of 10 places for policies of the type service control policy are taken at `/Unit0` (ou-ab12-10000000)',
    expect.stringMatching(/^then 2 of 10 .* at `\/Unit1` .* and 54 more$/) as string,
  ]);
});
