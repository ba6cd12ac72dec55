/** Claims that nothing contradicts because they speak of nothing are never told to hold. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expandActionPattern } from '../../../catalogue/iam/index.js';
import { registerProve } from '../../../cli/iam/prove.js';
import { parsePolicy } from '../../../iam/index.js';
import type { ApplicablePolicies, Policy } from '../../../iam/index.js';
import { accessNotGranted, allowsAnything, disjoint, noNewAccess, proveClaim } from '../../../iam/prove/index.js';
import type { Proof, RequestProperties } from '../../../iam/prove/index.js';
import type { Value } from '../../../template/index.js';

function policy(statement: Value): Policy {
  const { policy: parsed, problems } = parsePolicy({ Version: '2012-10-17', Statement: statement }, 'identity');
  if (parsed === undefined) throw new Error(JSON.stringify(problems));
  return parsed;
}

const allowAll = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
const denyAll = policy({ Effect: 'Deny', Action: '*', Resource: '*' });
const readsB = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' });
const nothing = { boundary: null, session: null, scps: null, rcps: null, resource: null, vpcEndpoint: null };
const denied: ApplicablePolicies = { identity: [denyAll], ...nothing };
const denies = (forAll: RequestProperties, assume: Readonly<Record<string, string>> = {}): Proof =>
  proveClaim({ forAll: { callers: ['role', 'session'], ...forAll }, policies: denied, decision: 'DENY' }, { assume });
const vacuous = (detail: string): object => ({
  kind: 'UNKNOWN',
  reason: 'vacuous',
  detail: expect.stringContaining(detail) as string,
});

describe('a claim that no request can meet is not told to hold', () => {
  it('holds while it speaks of something', () => {
    expect(
      denies({ actions: ['s3:GetObject', 's3:Put*'], resources: ['arn:aws:s3:::a', 'arn:aws:s3:::b*'] }).kind,
    ).toBe('HOLDS');
  });

  const role = 'arn:aws:iam::111122223333:role/app';
  const blank = { operator: 'StringEquals', ifExists: false, key: 'aws:PrincipalType', values: ['User'] } as const;
  const cases: readonly [string, RequestProperties, Readonly<Record<string, string>>, string][] = [
    [
      'a principal that cannot be',
      { principalArns: ['arn:aws:iam::1111:role/app'] },
      {},
      'the claim speaks of no request',
    ],
    ['a principal of another kind', { principalArns: ['arn:aws:iam::*:user/*'] }, {}, 'the claim speaks of no request'],
    ['one principal among others', { principalArns: [role, 'role/app'] }, {}, 'the principal `role/app`'],
    [
      'a principal that is left out again',
      { principalArns: [role], notPrincipalArns: ['arn:*:iam::*:role/*'] },
      {},
      'no request',
    ],
    ['another account', { principalArns: [role], principalAccount: '444455556666' }, {}, 'no request'],
    ['a misspelt action', { actions: ['s3:GetObjekt'] }, {}, '`s3:GetObjekt` names no action in the catalogue of'],
    ['a misspelt action, and what was meant', { actions: ['s3:*', 's3:GetObjekt'] }, {}, 'was `s3:GetObject` meant?'],
    ['a pattern of no action', { actions: ['s3:Getobjekt*'] }, {}, 'names no action'],
    ['an unknown service', { actions: ['nowhere:*'] }, {}, '`nowhere:*` names no action'],
    ['actions that are left out again', { actions: ['s3:Get*'], notActions: ['s3:*'] }, {}, 'no request'],
    [
      'one action that is left out again',
      { actions: ['s3:Get*', 'ec2:*'], notActions: ['s3:*'] },
      {},
      'action `s3:Get*`',
    ],
    ['a resource that is no ARN', { resources: ['my-bucket'] }, {}, 'the claim speaks of no request'],
    ['one resource that is no ARN', { resources: ['arn:aws:s3:::b', 'my-bucket'] }, {}, 'the resource `my-bucket`'],
    ['a condition that these callers never meet', { conditions: [blank] }, {}, 'the claim speaks of no request'],
    [
      'values that a key never has',
      {},
      { 'aws:SecureTransport': 'yes' },
      'no value of `aws:SecureTransport` matches yes',
    ],
    ['accounts that are none', {}, { 'aws:PrincipalAccount': '[a-z]+' }, 'no value of `aws:PrincipalAccount` matches'],
    [
      'assumptions that contradict each other',
      {},
      { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/a', 'aws:PrincipalAccount': '444455556666' },
      'no caller meet what is assumed of `aws:PrincipalArn`, `aws:PrincipalAccount`',
    ],
  ];
  it.each(cases)('%s', (_, forAll, assume, detail) => {
    expect(denies(forAll, assume)).toEqual(vacuous(detail));
  });

  it('is refuted all the same where a request refutes it', () => {
    const forAll: RequestProperties = { actions: ['s3:GetObjekt'] };
    const policies = { ...denied, identity: [allowAll] };
    expect(proveClaim({ forAll, policies, decision: 'DENY' }).kind).toBe('FAILS');
  });
});

describe('roles of services of AWS', () => {
  const own = 'arn:aws:iam::111122223333:role/aws:ec2-infrastructure';

  it('are callers, so that claims about them speak of something', () => {
    expect(denies({ principalArns: [own] }).kind).toBe('HOLDS');
    const policies = { ...denied, identity: [allowAll] };
    expect(proveClaim({ forAll: { principalArns: [own] }, policies, decision: 'DENY' })).toMatchObject({
      kind: 'FAILS',
      counterexample: { principal: own },
    });
  });

  it('are not overlooked by a claim about everybody', () => {
    const notThem = policy({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/aws:*' } },
    });
    const policies = { ...denied, identity: [allowAll, notThem] };
    const proof = proveClaim({ forAll: { callers: ['role'] }, policies, decision: 'DENY' });
    expect(JSON.stringify(proof)).toContain('role/aws:');
  });
});

describe('questions about documents', () => {
  it('access that nobody could be granted', () => {
    const asked = (actions: readonly string[], resources: readonly string[] = []): Proof =>
      accessNotGranted([readsB], { actions, resources }, 'identity');
    expect(asked(['s3:PutObject'], ['arn:aws:s3:::b/*']).kind).toBe('HOLDS');
    expect(asked(['s3:PutObject', 's3:PutObjekt'])).toEqual(vacuous('was `s3:PutObject` meant?'));
    expect(asked(['s3:PutObject'], ['b/*'])).toEqual(vacuous('no resource can have an ARN like `b/*`'));
    // What is granted is granted, also when the catalogue does not know it.
    expect(accessNotGranted([allowAll], { actions: ['s3:PutObjekt'] }, 'identity').kind).toBe('FAILS');
  });

  it('callers who cannot differ', () => {
    const key = 'aws:PrincipalTag/tenant';
    const ask = (values: string): Proof<unknown> =>
      disjoint([readsB], [readsB], 'identity', [key], { assume: { [key]: values } });
    expect(ask('a|b').kind).toBe('FAILS');
    expect(disjoint([denyAll], [readsB], 'identity', [key], { assume: { [key]: 'a' } })).toEqual(
      vacuous(
        'no two callers meet what is assumed of `aws:PrincipalTag/tenant` and differ in `aws:principaltag/tenant`',
      ),
    );
  });

  it('contradictory assumptions', () => {
    const options = { assume: { 'aws:PrincipalAccount': 'none' } };
    expect(noNewAccess([readsB], [allowAll], 'identity', options)).toEqual(
      vacuous('no value of `aws:PrincipalAccount`'),
    );
  });

  it('whether documents allow anything', () => {
    expect(allowsAnything([readsB], 'identity')).toBe(true);
    expect(allowsAnything([allowAll, denyAll], 'identity')).toBe(false);
    expect(allowsAnything([denyAll], 'identity')).toBe(false);
  });

  it('every action of the catalogue is one that requests can ask for', () => {
    const odd = expandActionPattern('*').filter((name) => !/^[a-z0-9-]+:[A-Za-z0-9-]+$/.test(name));
    expect(odd).toEqual([]);
  });
});

describe('stackade iam prove', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-prove-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
    process.exitCode = undefined;
  });
  const file = (name: string, Statement: object): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ Version: '2012-10-17', Statement }));
    return path;
  };
  const reads = file('reads.json', { Effect: 'Allow', Action: 's3:Get*', Resource: '*' });
  const silent = file('silent.json', { Effect: 'Deny', Action: '*', Resource: '*' });

  function run(...words: readonly string[]): { readonly code: unknown; readonly printed: string } {
    let printed = '';
    const terminal = {
      cwd: folder,
      env: { NO_COLOR: '1' },
      stdout: { isTTY: false, columns: undefined },
      stderr: { isTTY: false },
      print: (more: string) => void (printed += more),
      tell: () => undefined,
    };
    const program = new Command();
    registerProve(program, () => terminal);
    program.parse(['prove', ...words], { from: 'user' });
    return { code: process.exitCode, printed };
  }

  it('ends with 3 and says so when the action does not exist', () => {
    const { code, printed } = run('access-not-granted', '--policy', reads, '--actions', 's3:PutObjekt');
    expect(code).toBe(3);
    expect(JSON.parse(printed)).toMatchObject({
      result: 'UNKNOWN',
      reason: expect.stringMatching(
        /^vacuous: `s3:PutObjekt` names no action in the catalogue of .*s3:PutObject/,
      ) as string,
    });
  });

  it('notes that a claim holds because a side allows nothing', () => {
    const { code, printed } = run('disjoint', '--left', reads, '--right', silent, '--format', 'pretty');
    expect(code).toBe(0);
    expect(printed).toBe('HOLDS\n  note: the right side allows no request at all\n');
    const both = run('equivalent', '--left', silent, '--right', silent);
    expect(JSON.parse(both.printed)).toMatchObject({
      result: 'HOLDS',
      reason: 'the left side and the right side allow no request at all',
    });
    const plain = run('no-new-access', '--existing', reads, '--new', reads, '--type', 'identity');
    expect(JSON.parse(plain.printed)).toMatchObject({ result: 'HOLDS', reason: '' });
  });
});
