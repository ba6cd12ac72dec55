/** The cases of iam/cases/, each citing the page that says so, in both evaluators. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rcpApplies } from '../../../cli/iam/rcp-scope.js';
import { compilePolicies, evaluate, readPolicies, readRequest, referenceEvaluate } from '../../../iam/index.js';
import type { Decision, PolicyLayer } from '../../../iam/index.js';
import type { Value } from '../../../template/index.js';
import { repositoryRoot } from '../../support/repository.js';

interface Case {
  readonly name: string;
  readonly source: string;
  readonly request: Value;
  readonly policies: Value;
  readonly decision: Decision;
  /** The layer that denies, or does not allow. */
  readonly blockedBy?: PolicyLayer;
}

const folder = join(repositoryRoot(), 'iam', 'cases');
const files = readdirSync(folder).map((file) => {
  const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: Case[] };
  return { file, cases };
});

it('has many cases', () => {
  expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThan(600);
});

describe.each(files)('$file', ({ cases }) => {
  it.each(cases)('$name', ({ request: asked, policies: given, decision, blockedBy, source }) => {
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    const { value: request, problems } = readRequest(asked);
    const { value: policies, problems: faults } = readPolicies(given);
    expect([...problems, ...faults]).toStrictEqual([]);
    const reference = referenceEvaluate(request!, policies!, { rcpApplies });
    const { decision: decided, layers, by } = evaluate(compilePolicies(policies!), request!, { rcpApplies });
    expect({ decision: decided, layers }).toStrictEqual(reference);
    expect(decided).toBe(decision);
    if (blockedBy !== undefined) expect(layers[blockedBy]).toBe(decision);
    if (decision === 'EXPLICIT_DENY') expect(by.map(({ policyType }) => policyType)).toContain(blockedBy);
    expect(by.every(({ effect }) => effect === (decision === 'ALLOW' ? 'Allow' : 'Deny'))).toBe(true);
  });
});
