import fc from 'fast-check';
import { referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Policy } from '../../../iam/index.js';
import { proveClaim } from '../../../iam/prove/index.js';
import type { ClaimedDecision, RequestProperties } from '../../../iam/prove/index.js';
import { runs } from '../../support/runs.js';
import { policyOf, requestOf } from './generated.js';

const own = fc.array(policyOf(false), { minLength: 1, maxLength: 2 });
const orNone = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(each, { nil: null, freq: 2 });
const allowAll: Policy = {
  version: '2012-10-17',
  statements: [
    {
      effect: 'Allow',
      action: { negated: false, patterns: ['*'] },
      resource: { negated: false, patterns: ['*'] },
      conditions: [],
    },
  ],
};
const withAll = own.map((policies) => [allowAll, ...policies]);
const levels = fc.array(fc.oneof(withAll, own), { minLength: 1, maxLength: 2 });
const policySet: fc.Arbitrary<ApplicablePolicies> = fc.record({
  identity: fc.oneof(withAll, own),
  boundary: orNone(fc.oneof(withAll, own)),
  session: orNone(fc.oneof(withAll, own)),
  scps: orNone(levels),
  rcps: orNone(levels),
  resource: orNone(policyOf(true)),
  vpcEndpoint: orNone(fc.oneof(fc.constant(allowAll), policyOf(true))),
});

const ALL: RequestProperties = {};
const narrow: readonly RequestProperties[] = [
  ALL,
  { callers: ['anonymous', 'service'] },
  { callers: ['role', 'session'], accounts: 'same' },
  { accounts: 'different', actions: ['s3:*'] },
  { principalAccount: '111122223333', notActions: ['s3:Get*'], notPrincipalArns: ['arn:aws:iam::*:role/p/*'] },
  { principalArns: ['arn:aws:iam::*:user/*'], resources: ['arn:aws:s3:::*'] },
];
const decisions: readonly ClaimedDecision[] = ['ALLOW', 'DENY', 'EXPLICIT_DENY', 'IMPLICIT_DENY'];

describe('claims about whole sets of policies', () => {
  it('are refuted by requests that replay, and hold for requests near the policies', () => {
    const requests = fc.sample(requestOf(true), { seed: 7, numRuns: 150 });
    const seen: Record<string, number> = { HOLDS: 0, FAILS: 0, UNKNOWN: 0 };
    const sets = fc.sample(fc.tuple(policySet, fc.constantFrom(...narrow), fc.constantFrom(...decisions)), {
      seed: 11,
      numRuns: runs(70, 160),
    });
    for (const [policies, forAll, decision] of sets) {
      const proof = proveClaim({ forAll, policies, decision }, { budget: runs(500_000, 6_000_000) });
      seen[proof.kind]!++;
      if (proof.kind === 'UNKNOWN' && proof.reason === 'fault') {
        throw new Error(`does not replay: ${JSON.stringify({ forAll, decision, policies })}`);
      }
      if (proof.kind !== 'HOLDS' || forAll !== ALL) continue;
      for (const request of requests) {
        const got = referenceEvaluate(request, policies).decision;
        const agrees = got === decision || (decision === 'DENY' && got !== 'ALLOW');
        if (!agrees) throw new Error(`HOLDS is refuted: ${JSON.stringify({ policies, decision, got, request })}`);
      }
    }
    expect(seen['HOLDS']).toBeGreaterThan(runs(3, 8));
    expect(seen['FAILS']).toBeGreaterThan(runs(35, 80));
    expect(seen['UNKNOWN']).toBeLessThan(16);
  });

  const statement = (text: object): Policy => ({
    version: '2012-10-17',
    statements: [text as Policy['statements'][0]],
  });
  const listed = (...patterns: readonly string[]): object => ({ negated: false, patterns });
  const everything = { action: listed('*'), resource: listed('*'), conditions: [] };
  const denyLeaving = statement({ effect: 'Deny', ...everything, action: listed('organizations:LeaveOrganization') });
  const set = (part: Partial<ApplicablePolicies>): ApplicablePolicies => ({
    identity: [allowAll],
    boundary: null,
    session: null,
    scps: null,
    rcps: null,
    resource: null,
    vpcEndpoint: null,
    ...part,
  });
  const leaving: RequestProperties = {
    callers: ['user', 'role', 'session', 'root'],
    actions: ['organizations:LeaveOrganization'],
    notPrincipalArns: ['arn:*:iam::*:*role/aws-service-role/*'],
  };

  it('an SCP with a deny holds for every caller of the account but service-linked roles', () => {
    const policies = set({ scps: [[allowAll], [allowAll, denyLeaving]] });
    expect(proveClaim({ forAll: leaving, policies, decision: 'EXPLICIT_DENY' }).kind).toBe('HOLDS');
    const all: RequestProperties = { callers: leaving.callers!, actions: leaving.actions! };
    const proof = proveClaim({ forAll: all, policies, decision: 'EXPLICIT_DENY' });
    expect(proof).toMatchObject({ kind: 'FAILS' });
    expect(JSON.stringify(proof)).toContain('role/aws-service-role/');
    // Only a path that begins so is one of AWS.
    const own: RequestProperties = { ...all, notPrincipalArns: ['arn:*:iam::*:role/aws-service-role/*'] };
    expect(proveClaim({ forAll: own, policies, decision: 'EXPLICIT_DENY' }).kind).toBe('HOLDS');
  });

  it('without its statement the claim fails', () => {
    const proof = proveClaim({ forAll: leaving, policies: set({ scps: [[allowAll]] }), decision: 'EXPLICIT_DENY' });
    expect(proof.kind).toBe('FAILS');
  });

  it('a boundary holds identity policies in, and a resource policy that names the user gets around it', () => {
    const boundary = [statement({ effect: 'Allow', ...everything, action: listed('s3:*') })];
    const forAll: RequestProperties = { callers: ['user'], notActions: ['s3:*'], accounts: 'same' };
    expect(proveClaim({ forAll, policies: set({ boundary }), decision: 'IMPLICIT_DENY' }).kind).toBe('HOLDS');
    const resource = statement({
      effect: 'Allow',
      ...everything,
      principal: { negated: false, principals: [{ kind: 'AWS', value: 'arn:aws:iam::111122223333:user/u' }] },
    });
    const proof = proveClaim({ forAll, policies: set({ boundary, resource }), decision: 'IMPLICIT_DENY' });
    expect(proof).toMatchObject({ kind: 'FAILS', counterexample: { principal: 'arn:aws:iam::111122223333:user/u' } });
  });

  it('across accounts an identity policy alone allows nothing', () => {
    const forAll: RequestProperties = { callers: ['user', 'role', 'session'], accounts: 'different' };
    expect(proveClaim({ forAll, policies: set({}), decision: 'IMPLICIT_DENY' }).kind).toBe('HOLDS');
    const same: RequestProperties = { ...forAll, accounts: 'same' };
    expect(proveClaim({ forAll: same, policies: set({}), decision: 'IMPLICIT_DENY' }).kind).toBe('FAILS');
  });

  it('a resource policy for everybody lets in who may call it from another account', () => {
    const resource = statement({
      effect: 'Allow',
      ...everything,
      principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
    });
    const forAll: RequestProperties = { callers: ['role'], accounts: 'different', principalAccount: '111122223333' };
    const proof = proveClaim({ forAll, policies: set({ resource }), decision: 'DENY' });
    expect(proof.kind).toBe('FAILS');
    expect(JSON.stringify(proof)).toMatch(
      /\d{12}.*"resourceAccount":"(?!111122223333)\d{12}"|arn:aws:[^:]*:[^:]*:(?!111122223333)\d{12}/,
    );
  });
});
