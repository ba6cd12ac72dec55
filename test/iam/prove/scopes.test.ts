/** Large policies are decided service by service; that must change nothing but the effort. */
import fc from 'fast-check';
import { wildcardMatch } from '../../../catalogue/iam/index.js';
import type { Policy, Statement } from '../../../iam/index.js';
import { noNewAccess, referenceAllows } from '../../../iam/prove/queries.js';
import { scopesOf } from '../../../iam/prove/scopes.js';
import { pairOf } from './generated.js';

const SERVICES = ['padone', 'padtwo', 'padthree', 'padfour', 'padfive', 'padsix', 'padseven', 'padeight'];
const PADDING = SERVICES.flatMap((service) => Array.from({ length: 20 }, (_, index) => `${service}:Call${index}`));

const statement = (effect: Statement['effect'], patterns: readonly string[], negated = false): Statement => ({
  effect,
  action: { negated, patterns },
  resource: { negated: false, patterns: ['*'] },
  conditions: [],
});
const policyOf = (...statements: readonly Statement[]): Policy => ({ version: '2012-10-17', statements });

/** The policy, with so many patterns that it is taken apart; what both sides deny is new on neither. */
function large({ statements, ...rest }: Policy): Policy {
  return { ...rest, statements: [...statements, { ...statement('Deny', PADDING), ...principalOf(statements) }] };
}

function principalOf(statements: readonly Statement[]): Partial<Statement> {
  return statements.some(({ principal }) => principal !== undefined)
    ? { principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] } }
    : {};
}

describe('scopes', () => {
  it('are not made for policies with few patterns, or of few services', () => {
    expect(scopesOf([policyOf(statement('Allow', PADDING.slice(0, 100)))])).toBeUndefined();
    const one = Array.from({ length: 500 }, (_, index) => `s3:Call${index}`);
    expect(scopesOf([policyOf(statement('Allow', one))])).toBeUndefined();
  });

  it('concern each pattern where it can match, whatever its case, and nowhere else if it names a service', () => {
    const scopes = scopesOf([policyOf(statement('Allow', [...PADDING, 's3:Get*', '*', 'pad*:Call1']))])!;
    expect(scopes).toHaveLength(SERVICES.length + 2);
    const times = (pattern: string): number => scopes.filter(({ concerns }) => concerns(pattern)).length;
    expect([times('S3:Put*'), times('PadOne:*'), times('s3:Get*')]).toStrictEqual([1, 1, 1]);
    expect([times('*'), times('p*:Call1'), times('pad???:x')]).toStrictEqual([
      scopes.length,
      scopes.length,
      scopes.length,
    ]);
    // A service that no pattern of the policies names is one of the others.
    expect([times('ec2:*'), scopes.at(-1)!.concerns('ec2:*')]).toStrictEqual([1, true]);
  });
});

describe('claims about policies that are taken apart', () => {
  it.each(['identity', 'resource'] as const)('%s: have the verdict of the policies without the padding', (kind) => {
    const seen = { HOLDS: 0, FAILS: 0 };
    for (const [existing, updated] of fc.sample(pairOf(kind === 'resource'), { seed: 4_711, numRuns: 20 })) {
      const whole = noNewAccess([existing], [updated], kind, { budget: 4_000_000 });
      const parts = noNewAccess([large(existing)], [large(updated)], kind, { budget: 40_000_000 });
      if (whole.kind === 'UNKNOWN' || parts.kind === 'UNKNOWN') continue;
      expect({ existing, updated, kind: parts.kind }).toStrictEqual({ existing, updated, kind: whole.kind });
      seen[parts.kind]++;
      if (parts.kind !== 'FAILS') continue;
      expect(referenceAllows([large(updated)], kind, parts.counterexample)).toBe(true);
      expect(referenceAllows([large(existing)], kind, parts.counterexample)).toBe(false);
    }
    expect(Math.min(seen.HOLDS, seen.FAILS)).toBeGreaterThan(4);
  });

  const allPadding = statement('Allow', PADDING);
  it.each<[string, Statement, Statement, string | undefined]>([
    [
      'a pattern of one service',
      statement('Allow', ['padsix:Call*']),
      statement('Allow', ['padfive:Call*']),
      'padfive:*',
    ],
    [
      'a pattern over services',
      statement('Allow', ['pad*:Call1']),
      statement('Allow', ['padsix:call19', 'padsix:Call2']),
      undefined,
    ],
    [
      'a service that neither names',
      statement('Allow', ['pad*:Call1']),
      statement('Allow', ['*:Nothing']),
      '*:nothing',
    ],
    ['NotAction', statement('Allow', ['s3:*', 'padone:*'], true), statement('Allow', ['padone:*'], true), 's3:*'],
    [
      'NotAction, the other way',
      statement('Allow', ['padone:*'], true),
      statement('Allow', ['s3:*', 'padone:*'], true),
      undefined,
    ],
    ['the case of a prefix', statement('Allow', ['PADONE:*']), statement('Allow', ['padone:zzz']), undefined],
  ])('%s', (_, before, after, action) => {
    const proof = noNewAccess([policyOf(allPadding, before)], [policyOf(allPadding, after)], 'identity');
    if (action === undefined) {
      expect(proof.kind).toBe('HOLDS');
      return;
    }
    if (proof.kind !== 'FAILS') throw new Error(JSON.stringify(proof));
    expect(wildcardMatch(action, proof.counterexample.action.toLowerCase())).toBe(true);
  });

  it('stay undecided when one service is, whatever the others come to', () => {
    const mixed = (operator: 'StringEquals' | 'NumericEquals'): Statement => ({
      ...statement('Allow', ['padthree:Call1']),
      conditions: [{ operator, ifExists: false, key: 'aws:PrincipalTag/level', values: ['1'] }],
    });
    const rest = statement(
      'Allow',
      PADDING.filter((pattern) => pattern !== 'padthree:Call1'),
    );
    const [before, after] = [policyOf(rest, mixed('NumericEquals')), policyOf(rest, mixed('StringEquals'))];
    expect(scopesOf([before, after])).toHaveLength(SERVICES.length + 1);
    const proof = noNewAccess([before], [after], 'identity');
    expect(proof.kind).toBe('UNKNOWN');
  });
});
