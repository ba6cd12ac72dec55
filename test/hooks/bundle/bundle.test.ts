/** Policy bundles: what is packed and read decides as what was built, and nothing else is read. */
import fc from 'fast-check';
import { BundleError, packBundle, readBundle } from '../../../hooks/bundle/index.js';
import { readTree, writeTree } from '../../../hooks/bundle/tree.js';
import type { Gate } from '../../../hooks/gate/index.js';
import { decideHook } from '../../../hooks/lambda/index.js';
import type { HookBundle } from '../../../hooks/lambda/index.js';
import { parseRules } from '../../../guard/index.js';
import { buildBundle, guardName, NO_WAIVERS } from '../../../rules/index.js';
import type { RuleInfo, WaiverFile } from '../../../rules/index.js';
import { CODE_RULE_IDS, codeRule } from '../../../rules/code/index.js';
import type { Value } from '../../../template/index.js';
import { library } from '../../rules/library.js';
import { CONTEXT, gateOf, overlay, schemaOf } from '../gate/support.js';
import { changed, decisions, fitting } from '../gate/values.js';
import {
  ACCOUNT,
  BUCKET,
  bundleOf,
  changeSetPayload,
  CLUSTER,
  resourceEvent,
  stackEvent,
  topics,
} from '../lambda/support.js';

const CALL = { today: '2026-11-21', region: 'eu-west-1', payload: null };

const info = (id: string): RuleInfo => ({ id, title: id, severity: 'warning', controls: ['A'], help: 'h', docs: 'd' });

const WAIVERS: WaiverFile = {
  waivers: [
    {
      target: { kind: 'rule', id: 'CLUSTER_ENCRYPTED' },
      scope: { logicalId: ['Th*'], ou: ['r/ou-*'], tag: { Public: ['yes'] } },
      reason: 'public data',
      owner: 'shop',
      ticket: 'S-1',
      expires: '2026-12-31',
      range: { file: 'w.yaml', start: 1, end: 9 },
    },
  ],
  neverWaivable: [{ kind: 'control', id: 'X' }],
  developerSuppressions: false,
};

/** A bundle in which every part holds something. */
function full(more: Partial<HookBundle> = {}): HookBundle {
  return bundleOf({
    waivers: WAIVERS,
    ruleParameters: { names: ['a', { deep: null }], number: 1.5, on: true },
    accounts: new Map([[ACCOUNT, { orgId: 'o-exampleorgid', ouId: 'ou-exam-11111111', ouPath: 'r/ou-exam-11111111' }]]),
    ...more,
  });
}

const reread = (bundle: HookBundle): HookBundle => {
  const { text, digest } = packBundle(bundle);
  return readBundle(text, { digest });
};

describe('what is packed and read', () => {
  it('gives the same bytes again, whatever the order of maps', () => {
    const packed = packBundle(full());
    expect(packBundle(full())).toStrictEqual(packed);
    expect(packBundle(readBundle(packed.text))).toStrictEqual(packed);
    const turned = full({ ruleParameters: { on: true, number: 1.5, names: ['a', { deep: null }] } });
    expect(packBundle(turned).digest).toBe(packed.digest);
    expect(packed).toMatchObject({
      format: 1,
      rules: ['CLUSTER_ENCRYPTED', 'CLUSTER_RETAINED'],
      types: [CLUSTER, BUCKET],
    });
    expect(packBundle(full({ failOn: 'warning' })).digest).not.toBe(packed.digest);
  });

  it('keeps all that a hook decides by', () => {
    const { rules, gate, ...parts } = full();
    const { rules: read, gate: other, ...got } = reread(full());
    expect({ ...got, compileGlob: null }).toStrictEqual({ ...parts, compileGlob: null });
    expect(read.rules).toStrictEqual(rules.rules);
    expect(read.files.map(({ source }) => ({ ...source }))).toStrictEqual(
      rules.files.map(({ source }) => ({ ...source })),
    );
    expect(read.files.map(({ tree }) => tree)).toStrictEqual(rules.files.map(({ tree }) => tree));
    expect(other!.approvedTypes()).toStrictEqual(gate!.approvedTypes());
    for (const type of gate!.approvedTypes()) expect(other!.schemaOf(type)).toStrictEqual(gate!.schemaOf(type));
    expect(got.compileGlob('Th*')('Thing')).toBe(true);
  });

  it('gives the same answers to events of every target', () => {
    const bundle = full();
    const other = reread(bundle);
    const statuses = new Set<string>();
    fc.assert(
      fc.property(
        decisions,
        fc.constantFrom(BUCKET, CLUSTER),
        fc.constantFrom('CREATE', 'UPDATE', 'DELETE'),
        (draw, type, action) => {
          const schema = schemaOf(type);
          const fits = fitting(schema, schema, draw) ?? {};
          const properties = draw(2) === 0 ? fits : changed(schema, schema, fits, draw);
          const events = [
            [resourceEvent(type, properties, { action, previous: fits }), null],
            [stackEvent('CHANGE_SET'), JSON.stringify(changeSetPayload(type, properties, action))],
          ] as const;
          for (const [event, payload] of events) {
            const decided = decideHook(event, bundle, { ...CALL, payload });
            expect(decideHook(event, other, { ...CALL, payload })).toStrictEqual(decided);
            statuses.add(decided.answer.errorCode ?? 'SUCCESS');
          }
        },
      ),
      { numRuns: 15 },
    );
    expect([...statuses].sort()).toStrictEqual(['NonCompliant', 'SUCCESS']);
  });

  it('keeps the trees of rules of the library', () => {
    for (const { guard, guardPath } of library.filter((_rule, index) => index % 5 === 0)) {
      const { tree } = parseRules(guard, guardPath);
      const written = writeTree(tree!);
      // `toStrictEqual` takes long on them; the next test has every kind of part.
      expect(writeTree(readTree(JSON.parse(written), '')) === written).toBe(true);
    }
  });

  it('keeps every kind of literal', () => {
    const guard = `
let values = [null, true, -1, 0, 9223372036854775807, 1.0, 1.5, /a"b/, 'x', { a: [1, { b: 2 }], "__proto__": 3 }]
let one = r(1, 5]
let two = r[1.5, 2.5)
let three = r[a,c]
rule a when some Resources.*[ keys == /x/ ].b[0] != %values { this.*.c[ d | e == 1 ] !empty <<m>>
  not b(1, count(%values)) }
rule b(x) { AWS::S3::Bucket when %x exists { when %x !exists { a exists } Properties { d not in %x } } }
`;
    const { tree, diagnostics } = parseRules(guard, 'x');
    expect(diagnostics).toStrictEqual([]);
    expect(readTree(JSON.parse(writeTree(tree!)), '')).toStrictEqual(tree);
    const odd = [-0, Infinity, -Infinity, NaN, 0.1].map((value) => ({ kind: 'float', value }) as const);
    const rare = {
      ...tree!,
      lets: [{ name: 'a', value: { kind: 'literal', literal: { kind: 'list', items: odd }, offset: 0 }, offset: 0 }],
    } as const;
    expect(readTree(JSON.parse(writeTree(rare)), '')).toStrictEqual(rare);
  });

  it('runs rules of the whole library, with their code, as they were built', () => {
    const sources = library
      .filter(({ service }) => service === 's3' || service === 'template')
      .map(({ id, guard, guardPath }) => ({
        file: guardPath,
        text: guard,
        rules: new Map([[guardName(id), info(id)]]),
      }));
    const code = CODE_RULE_IDS.filter((id) => id.startsWith('s3-')).map((id) => codeRule(info(id), [BUCKET]));
    const bundle = full({ rules: buildBundle(sources, code).bundle!, gate: null, failOn: 'warning' });
    const other = reread(bundle);
    const event = resourceEvent(BUCKET, { BucketName: 'orders', AccessControl: 'PublicRead' });
    const decided = decideHook(event, bundle, CALL);
    expect(Object.values(decided.rules)).toContain('FAIL');
    expect(decideHook(event, other, CALL)).toStrictEqual(decided);
  });
});

describe('gates', () => {
  const ROLE = 'AWS::IAM::Role';
  const own = { type: 'object', additionalProperties: false, properties: { Name: { type: 'string' } } };
  const GATES: readonly Gate[] = [
    gateOf(
      [BUCKET, CLUSTER],
      topics,
      overlay({ [BUCKET]: { message: 'ask us', delete: 'refuse' } }, { message: 'general', legacy: 'warn' }),
    ),
    gateOf(
      [BUCKET, ROLE, CLUSTER],
      overlay({ [ROLE]: { forbid: true, message: 'no roles' } }, { legacy: 'warn' }),
      overlay({}, { legacy: 'refuse' }),
    ),
    gateOf(
      [ROLE, BUCKET],
      overlay({
        [ROLE]: { allow: ['/AssumeRolePolicyDocument'] },
        'Shop::Own::Thing': { schema: own, forbid: ['/Name'] },
      }),
    ),
    gateOf(
      [BUCKET],
      overlay({ [BUCKET]: { only: ['/BucketName', '/Tags'], forbid: [{ path: '/Tags', message: 'no tags' }] } }),
    ),
  ];

  it('tolerate what an update leaves as it was, or do not, as the last overlay says', () => {
    const properties = { BucketName: 'orders', NewFeature: 1 };
    const request = { type: BUCKET, action: 'UPDATE', properties, previous: properties } as const;
    const statuses = GATES.slice(0, 2).map((gate) => reread(full({ gate })).gate!.decide(request, CONTEXT));
    expect(statuses.map(({ status, legacy }) => [status, legacy.length])).toStrictEqual([
      ['PASS', 1],
      ['FAIL', 0],
    ]);
  });

  it.each(GATES.map((gate, index) => [index, gate] as const))('%s decide as they did', (_, gate) => {
    const other = reread(full({ gate })).gate!;
    const types = [BUCKET, ROLE, CLUSTER, 'Shop::Own::Thing', 'AWS::SNS::Topic'];
    for (const type of types) expect(other.messageFor(type)).toBe(gate.messageFor(type));
    fc.assert(
      fc.property(
        decisions,
        fc.constantFrom(...types),
        fc.constantFrom('CREATE', 'UPDATE', 'DELETE'),
        (draw, type, action) => {
          const schema = gate.schemaOf(type);
          const fits: Value = (schema === null ? undefined : fitting(schema, schema, draw)) ?? {};
          const properties = schema === null || draw(2) === 0 ? fits : changed(schema, schema, fits, draw);
          const request = { type, action, properties, ...(action === 'UPDATE' && { previous: fits }) };
          expect(other.decide(request, CONTEXT)).toStrictEqual(gate.decide(request, CONTEXT));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('anything else is refused', () => {
  const { text, digest } = packBundle(full());

  it('notices any change of the bytes', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), fc.nat(2), (at, put, cut) => {
        const tampered = text.slice(0, at) + put + text.slice(at + cut);
        fc.pre(tampered !== text);
        expect(() => readBundle(tampered, { digest })).toThrow(BundleError);
      }),
      { numRuns: 60 },
    );
    expect(() => readBundle(text, { digest: digest.toUpperCase() })).toThrow('is not the one that was published');
  });

  it.each<readonly [string, (head: Record<string, unknown>) => unknown, string]>([
    ['a newer format', (head) => ({ ...head, format: 2 }), 'has the format 2, and this handler reads 1 only'],
    ['no format', (head) => ({ ...head, format: undefined }), 'has the format of nothing'],
    ['no object', () => null, 'has the format of nothing'],
    ['an unknown key', (head) => ({ ...head, more: 1 }), 'unknown key `more`'],
    ['a missing key', (head) => ({ ...head, failOn: undefined }), 'lacks `failOn`'],
    [
      'a severity that does not exist',
      (head) => ({ ...head, failOn: 'never' }),
      '/failOn is none of error, warning, info',
    ],
    ['a mode that does not exist', (head) => ({ ...head, notEvaluated: 'pass' }), '/notEvaluated'],
    [
      'an unknown rule in TypeScript',
      (head) => ({ ...head, code: [{ info: 0, types: [] }] }),
      'no code for the rule `CLUSTER_ENCRYPTED`',
    ],
    ['a rule that nothing is said of', (head) => ({ ...head, rules: [99] }), 'no rule 99'],
    ['more lines', (head) => ({ ...head, lines: 9 }), 'are told of'],
    ['a line that belongs to nothing', (head) => ({ ...head, gate: null }), 'belong to nothing'],
    ['one line for two', (head) => ({ ...head, files: [head['files'], head['files']].flat() }), 'no line of its own'],
    ['an account that is none', (head) => ({ ...head, accounts: { 1: {} } }), 'account id of 12 digits'],
    [
      'a waiver without an end',
      (head) => ({ ...head, waivers: { ...NO_WAIVERS, waivers: [{ ...WAIVERS.waivers[0], expires: 'never' }] } }),
      '/expires is no day',
    ],
    [
      'a waiver of a newer kind',
      (head) => ({ ...head, waivers: { ...NO_WAIVERS, waivers: [{ ...WAIVERS.waivers[0], everywhere: true }] } }),
      'unknown key `everywhere`',
    ],
  ])('%s', (_, change, said) => {
    const [first, ...rest] = text.split('\n');
    const changedText = [JSON.stringify(change(JSON.parse(first!) as Record<string, unknown>)), ...rest].join('\n');
    const attempt = (): unknown => readBundle(changedText);
    expect(attempt).toThrow(BundleError);
    expect(attempt).toThrow(said);
  });

  it.each([
    ['', 'cut off'],
    ['\n', 'is no JSON'],
    ['{}', 'cut off'],
    [text.trimEnd(), 'cut off'],
  ])('text %#', (written, said) => {
    expect(() => readBundle(written)).toThrow(said);
  });

  it('a rule whose tree is not one makes the hook refuse', () => {
    for (const [from, to] of [
      ['"notEmpty":false', '"notEmpty":0'],
      ['"kind":"access"', '"kind":"call"'],
      ['"operator":"eq"', '"operator":"like"'],
      ['"lets":[]', '"lets":[],"more":[]'],
    ] as const) {
      expect(text.includes(from)).toBe(true);
      const { answer } = decideHook(
        resourceEvent(BUCKET, { BucketName: 'orders' }),
        readBundle(text.replaceAll(from, to)),
        CALL,
      );
      expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
      expect(answer.message).toContain('own.guard');
    }
  });

  it('a schema that is open makes the hook refuse', () => {
    const opened = text.replaceAll('"additionalProperties":false', '"additionalProperties":true');
    const { answer } = decideHook(resourceEvent(BUCKET, { BucketName: 'orders' }), readBundle(opened), CALL);
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
  });
});
