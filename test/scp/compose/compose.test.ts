/** Composed documents decide at every account as the chosen policies: by the reference, and place by place. */
import fc from 'fast-check';
import { printPolicy } from '../../../iam/index.js';
import type { Request, Statement } from '../../../iam/index.js';
import { accountPaths, reaches } from '../../../organization/index.js';
import type { Organization } from '../../../organization/index.js';
import { certify } from '../../../scp/compose/certificate.js';
import { compose, PathProver } from '../../../scp/compose/index.js';
import type { Composed, ComposeOptions, Composition, PolicySource } from '../../../scp/compose/index.js';
import { request } from '../pack/statements.js';
import { chosenLevels, composedLevels, decisionOf, readDocument } from './decisions.js';
import { ALLOW, MANAGEMENT, organizationOf, tree } from './organizations.js';
import type { UnitPlace } from './organizations.js';

function differences(
  organization: Organization,
  source: PolicySource,
  composition: Composition,
  requests: readonly Request[],
): readonly unknown[] {
  return [...accountPaths(organization)].flatMap(([id, path]) => {
    if (!reaches(organization, id, 'scp')) return [];
    const before = chosenLevels(organization, path, source, 'scp');
    const after = composedLevels(organization, path, composition, 'scp');
    return requests.flatMap((one) => {
      const pair = [decisionOf(one, 'scp', before), decisionOf(one, 'scp', after)];
      return pair[0] === pair[1] ? [] : [{ id, one, pair }];
    });
  });
}

it('decides at every account as what is chosen, keeps to its room, and says what it moved', () => {
  const seen = { moved: 0, full: 0, fits: 0, above: 0, idle: 0 };
  fc.assert(
    fc.property(
      tree,
      fc.constantFrom(
        { size: 420, slots: 1 },
        { size: 420, slots: 2 },
        { size: 700, slots: 1 },
        { size: 2_000, slots: 3 },
      ),
      fc.array(request, { minLength: 12, maxLength: 12 }),
      (root, room, requests) => {
        const { organization, source } = organizationOf(root);
        const { composition, certificate, doesNotFit, levels } = compose(organization, source, {
          rooms: { scp: room },
        });
        if (composition === null) {
          seen.full++;
          expect(doesNotFit.length).toBeGreaterThan(0);
          for (const each of doesNotFit) expect(each.characters).toBeGreaterThan(0);
          return;
        }
        seen.fits++;
        expect([certificate!.result, certificate!.accounts.flatMap(({ open }) => open)]).toStrictEqual(['HOLDS', []]);
        expect(differences(organization, source, composition, requests)).toStrictEqual([]);
        for (const { content } of composition.documents) expect(content.length).toBeLessThanOrEqual(room.size);
        for (const { documents, target } of composition.attachments) {
          expect(documents.length).toBeLessThanOrEqual(room.slots);
          expect(target.id).not.toBe(MANAGEMENT);
        }
        if (levels.some(({ level }) => level.spilled.length > 0)) seen.moved++;
        const idle = levels.flatMap(({ level }) => level.idle.map(({ because }) => because));
        if (idle.includes('denied above')) seen.above++;
        if (idle.includes('FullAWSAccess is attached')) seen.idle++;
      },
    ),
    { numRuns: 60 },
  );
  expect(seen.moved).toBeGreaterThan(3);
  expect(seen.full).toBeGreaterThan(3);
  expect(seen.fits).toBeGreaterThan(10);
  expect(seen.idle).toBeGreaterThan(3);
});

const deny = (resource: string, action = 's3:PutObject'): Statement => ({
  effect: 'Deny',
  action: { negated: false, patterns: [action] },
  resource: { negated: false, patterns: [resource] },
  conditions: [{ operator: 'Bool', ifExists: false, key: 'aws:SecureTransport', values: ['false'] }],
});
/** One that merges with no other of its kind. */
const large = (letter: string, length = 150): Statement => ({
  ...deny(`arn:aws:s3:::${letter.repeat(length)}`, `s3:Get${letter}`),
  conditions: [{ operator: 'StringEquals', ifExists: false, key: 'aws:RequestedRegion', values: [letter] }],
});

function composed(root: UnitPlace, options: ComposeOptions = {}): Composed {
  const { organization, source } = organizationOf(root);
  return compose(organization, source, options);
}

const SMALL: ComposeOptions = { rooms: { scp: { size: 400, slots: 1 }, rcp: { size: 400, slots: 1 } } };

describe('denials without room', () => {
  const accounts = { '111111111111': {}, '222222222222': {} };

  it('move to every unit and account directly below, but not to the management account', () => {
    const { composition, certificate } = composed(
      { scp: [large('a'), large('b')], accounts, units: [{ name: 'Apps', accounts: { '333333333333': {} } }] },
      SMALL,
    );
    const places = composition!.attachments.map(({ target, documents }) => [target.path, documents.length]);
    expect(places).toStrictEqual([
      ['/', 1],
      ['/a111111111111', 1],
      ['/a222222222222', 1],
      ['/Apps', 1],
    ]);
    expect(certificate!.result).toBe('HOLDS');
    expect(certificate!.levels[0]!.movedBelow).toHaveLength(1);
  });

  it('are one policy for accounts with equal documents', () => {
    const { composition } = composed({ scp: [large('a'), large('b')], accounts }, SMALL);
    const names = composition!.documents.map(({ name }) => name);
    expect(names).toStrictEqual(['stackade-root-1', expect.stringMatching(/^stackade-accounts-[0-9a-f]{12}$/)]);
  });

  it('go nowhere where there is nobody below', () => {
    const { composition, doesNotFit } = composed({ units: [{ name: 'Empty', scp: [large('a'), large('b')] }] }, SMALL);
    expect(composition).toBeNull();
    expect(doesNotFit).toMatchObject([
      { target: { path: '/Empty' }, kind: 'scp', documents: 1, because: 'nobody below', moved: 0 },
    ]);
    expect(doesNotFit[0]!.characters).toBeGreaterThan(250);
    expect(doesNotFit[0]!.policies[0]!.characters).toBeGreaterThan(500);
  });

  it('go nowhere from an account, and what came from above is told', () => {
    const root = { scp: [large('a'), large('b')], accounts: { '111111111111': { scp: [large('c')] } } };
    expect(composed(root, SMALL).doesNotFit).toMatchObject([{ because: 'account', target: { id: '111111111111' } }]);
    expect(composed(root, SMALL).doesNotFit[0]!.moved).toBeGreaterThan(250);
  });

  it('are left out where they stand above already', () => {
    const units = [{ name: 'Apps', scp: [large('a'), large('b')], accounts: { '333333333333': {} } }];
    const { composition, certificate } = composed({ scp: [large('a')], units }, SMALL);
    expect(composition!.attachments).toHaveLength(2);
    expect(certificate!.levels[1]!.leftOut).toMatchObject([{ because: 'denied above' }]);
    expect(certificate!.result).toBe('HOLDS');
  });

  it('stay where there is room, so that an account that moves keeps them', () => {
    const units = [{ name: 'Apps', scp: [large('a')], accounts: { '333333333333': {} } }];
    expect(composed({ scp: [large('a')], units }).composition!.attachments).toHaveLength(2);
  });

  it('of resources move, too', () => {
    const principal = { negated: false, principals: [{ kind: 'AWS', value: '*' }] } as const;
    const rcp = [
      { ...large('a'), principal },
      { ...large('b'), principal },
    ];
    const { composition, certificate } = composed({ rcp, accounts }, { rooms: { rcp: { size: 420, slots: 1 } } });
    expect(composition!.attachments.map(({ target, type }) => [target.kind, type])).toStrictEqual([
      ['root', 'rcp'],
      ['account', 'rcp'],
      ['account', 'rcp'],
    ]);
    expect(certificate!.result).toBe('HOLDS');
  });
});

describe('statements that allow', () => {
  const wide = (count: number): Statement => ({
    ...ALLOW,
    action: { negated: false, patterns: Array.from({ length: count }, (_, index) => `s3:GetThing${index}`) },
  });

  it('never move', () => {
    const { doesNotFit } = composed(
      { scp: [wide(60)], fullAwsAccess: false, accounts: { '111111111111': {} } },
      { rooms: { scp: { size: 500, slots: 1 } } },
    );
    expect(doesNotFit).toMatchObject([{ because: 'only what allows is left' }]);
  });

  it('have room before denials have', () => {
    const { composition, certificate } = composed(
      { scp: [large('a', 220), ALLOW], fullAwsAccess: false, accounts: { '111111111111': {} } },
      SMALL,
    );
    expect(composition!.attachments[0]).toMatchObject({ target: { kind: 'root' }, fullAwsAccess: false });
    expect(composition!.documents[0]!.content).toContain('"Allow"');
    expect(composition!.documents[1]!.content).toContain('"Deny"');
    expect(certificate!.result).toBe('HOLDS');
  });

  it('are left out beside FullAWSAccess', () => {
    const { composition, certificate } = composed({ scp: [ALLOW, large('a')], accounts: { '111111111111': {} } });
    expect(composition!.documents.map(({ content }) => content.includes('Allow'))).toStrictEqual([false]);
    expect(certificate!.levels[0]!.leftOut).toMatchObject([{ because: 'FullAWSAccess is attached' }]);
  });
});

it('tells an attachment without FullAWSAccess although it has no document of its own', () => {
  const root = { fullAwsAccess: false, accounts: { '111111111111': {} } };
  expect(composed(root).composition!.attachments).toMatchObject([{ documents: [], fullAwsAccess: false }]);
});

it('names documents of their places, whatever these are called', () => {
  const unit = (name: string, letter: string): UnitPlace => ({ name, scp: [large(letter)] });
  const { composition } = composed({
    units: [
      { name: 'a', units: [unit('b', 'x')] },
      unit('a/b', 'y'),
      unit('A-B', 'z'),
      unit('..', 'w'),
      unit('é'.repeat(128), 'v'),
      unit('n'.repeat(128), 'u'),
    ],
  });
  const names = composition!.documents.map(({ name }) => name.toLowerCase());
  expect(new Set(names).size).toBe(6);
  for (const name of names) expect(name).toMatch(/^stackade-[a-z0-9-]{1,120}$/);
});

it('refuses a document whose variables are plain text', () => {
  const { organization, source } = organizationOf({ scp: [deny('arn:aws:s3:::${aws:username}')] });
  const old = { ...source, policies: () => [{ statements: [deny('arn:aws:s3:::${aws:username}')] }] };
  expect(() => compose(organization, old)).toThrow(/plain text/);
});

it('tells a quota on texts that are attached as they are', () => {
  const { organization, source } = organizationOf({});
  const chosen = [{ kind: 'document' as const, name: 'tags', file: 'tags' }];
  const { root } = organization;
  const tagged = { ...organization, root: { ...root, policies: { ...root.policies, tag: chosen } } };
  const fits = compose(tagged, source);
  expect(fits.composition!.documents).toMatchObject([
    { type: 'tag', name: 'stackade-root-1', content: '{"tags":{"name":"tags"}}' },
  ]);
  const { composition, quotas } = compose(tagged, { ...source, text: () => 'x'.repeat(10_001) });
  expect(composition).toBeNull();
  expect(quotas).toMatchObject([{ kind: 'characters', type: 'tag', value: 10_001, limit: 10_000 }]);
});

describe('the proof', () => {
  const all = { allowsEverything: true };
  const prove = (before: readonly Statement[], after: readonly Statement[], rest = all): unknown =>
    new PathProver('scp').prove([{ before, after, ...rest }]).open.map(({ says, result }) => [says, result]);

  it.each<[string, readonly Statement[], readonly Statement[], unknown]>([
    ['the same', [deny('a')], [deny('a')], []],
    [
      'two in one',
      [deny('arn:aws:s3:::a'), deny('arn:aws:s3:::b')],
      [{ ...deny('arn:aws:s3:::a'), resource: { negated: false, patterns: ['arn:aws:s3:::a', 'arn:aws:s3:::b'] } }],
      [],
    ],
    [
      'one missing',
      [deny('arn:aws:s3:::a'), deny('arn:aws:s3:::b')],
      [deny('arn:aws:s3:::a')],
      [['denied as before', 'FAILS']],
    ],
    [
      'one too many',
      [deny('arn:aws:s3:::a')],
      [deny('arn:aws:s3:::a'), deny('arn:aws:s3:::b')],
      [['denies nothing more', 'FAILS']],
    ],
    [
      'a condition lost',
      [deny('arn:aws:s3:::a')],
      [{ ...deny('arn:aws:s3:::a'), conditions: [] }],
      [['denies nothing more', 'FAILS']],
    ],
    ['a shortened name', [deny('*', 'cloudtrail:StopLogging')], [deny('*', 'cloudtrail:StopL*')], []],
    [
      'a name cut too short',
      [deny('*', 'cloudtrail:StopLogging')],
      [deny('*', 'cloudtrail:Stop*')],
      [['denies nothing more', 'FAILS']],
    ],
    [
      'a wildcard made names',
      [deny('*', 'cloudtrail:StopL*')],
      [deny('*', 'cloudtrail:StopLogging')],
      [['denied as before', 'FAILS']],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(prove(before, after)).toStrictEqual(expected);
  });

  it('compares what allows level by level', () => {
    const narrow = { ...ALLOW, action: { negated: false, patterns: ['s3:*'] } };
    const level = (
      before: Statement,
      after: Statement,
    ): { before: Statement[]; after: Statement[]; allowsEverything: false } => ({
      before: [before],
      after: [after],
      allowsEverything: false,
    });
    const { open } = new PathProver('scp').prove([level(ALLOW, narrow), level(narrow, ALLOW)]);
    expect(open.map(({ says, result }) => [says, result])).toStrictEqual([
      ['allows the same', 'FAILS'],
      ['allows the same', 'FAILS'],
    ]);
  });

  it('sees a denial wherever it is on the way', () => {
    const [none, one] = [{ before: [], after: [], ...all }, deny('arn:aws:s3:::a')];
    const moved = [
      { ...none, before: [one] },
      { ...none, after: [one] },
    ];
    expect(new PathProver('scp').prove(moved).open).toStrictEqual([]);
  });

  it('says that it is not known when its steps are used up', () => {
    const pieces = ['true', 'false'].map((value): Statement => ({
      ...deny('*'),
      conditions: [{ operator: 'Bool', ifExists: true, key: 'aws:SecureTransport', values: [value] }],
    }));
    const level = { before: [{ ...deny('*'), conditions: [] }], after: pieces, ...all };
    expect(new PathProver('scp', { budget: 1 }).prove([level]).open.map(({ result }) => result)).toContain('UNKNOWN');
    expect(new PathProver('scp').prove([level]).open.map(({ says }) => says)).not.toContain('denies nothing more');
  });
});

describe('the certificate', () => {
  const accounts = { '111111111111': {}, '222222222222': {} };
  const whole: Statement = { ...deny('*'), conditions: [] };
  const pieces = ['true', 'false'].map((value): Statement => ({
    ...whole,
    conditions: [{ operator: 'Bool', ifExists: true, key: 'aws:SecureTransport', values: [value] }],
  }));

  it('names every account that policies reach', () => {
    const { certificate } = composed({ scp: [whole], accounts });
    expect(certificate!.accounts.flatMap((each) => [...each.accounts].sort())).toStrictEqual(
      expect.arrayContaining(Object.keys(accounts)),
    );
    expect(certificate!.accounts.flatMap((each) => each.accounts)).not.toContain(MANAGEMENT);
  });

  it.each<[string, readonly Statement[], number | undefined]>([
    ['HOLDS', pieces, undefined],
    ['UNKNOWN', pieces, 1],
    ['FAILS', pieces.slice(1), undefined],
  ])('says %s of documents that somebody else has written', (result, statements, budget) => {
    const { organization, source } = organizationOf({ scp: [whole], accounts });
    const { levels, composition } = compose(organization, source);
    const content = printPolicy({ version: '2012-10-17', statements }, 0);
    const documents = composition!.documents.map((each) => ({ ...each, content }));
    const changed = { ...composition!, documents };
    expect(certify(organization, levels, changed, budget === undefined ? {} : { budget }).result).toBe(result);
  });
});

it('prints what it read', () => {
  const { composition } = composed({ scp: [deny('arn:aws:s3:::a')], accounts: { '111111111111': {} } });
  const [content] = composition!.documents.map((each) => each.content);
  expect(printPolicy(readDocument(content!, 'scp'), 0)).toBe(content);
});
