/** For each code: a policy that has the fault, with the exact place, and the nearest policy that is clean. */
import { NOT_REPORTED, POLICY_CHECKS, validatePolicy, validatePolicyText } from '../../../iam/validate/index.js';
import type { PolicyFinding } from '../../../iam/validate/index.js';
import { CASES, type Case } from './cases/index.js';

function validate({ kind, text, options, ...values }: Case, which: 'bad' | 'good'): readonly PolicyFinding[] {
  return text === undefined
    ? validatePolicy(values[which], kind, options)
    : validatePolicyText(text[which], kind, 'policy.json', options).findings;
}

it('has a case for each code, and no code without', () => {
  expect([...new Set(CASES.map(({ code }) => code))].sort()).toStrictEqual([...POLICY_CHECKS.keys()].sort());
});

it('lists at least 100 codes of Access Analyzer, and none as missing that it reports', () => {
  const theirs = [...POLICY_CHECKS.keys()].filter((code) => !code.startsWith('IAM'));
  expect(theirs.length).toBeGreaterThanOrEqual(100);
  expect(Object.keys(NOT_REPORTED).filter((code) => POLICY_CHECKS.has(code))).toStrictEqual([]);
});

describe.each(CASES)('$code', (each) => {
  const bad = validate(each, 'bad');

  it('is found at its place, with nothing besides', () => {
    const own = bad.filter(({ code }) => code === each.code);
    expect(own.map(({ path }) => path)).toContainEqual(each.path);
    expect([...new Set(bad.map(({ code }) => code))].sort()).toStrictEqual([each.code, ...(each.besides ?? [])].sort());
  });

  it('has the type of the table, and words', () => {
    for (const { code, type, message, help } of bad) {
      expect(type).toBe(POLICY_CHECKS.get(code)!.type);
      expect(message).toMatch(/^(?:[^A-Z]|[A-Z]{2}).*[^.]$/);
      expect(help).toMatch(/\S.*[^.]$/);
    }
  });

  it('is not found in the nearest good policy, nor is anything else', () => {
    expect(validate(each, 'good')).toStrictEqual([]);
  });
});
