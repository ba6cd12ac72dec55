/** Properties: other words for the same policies are nothing, fewer allows are never broader, more are when a request changes. */
import fc from 'fast-check';
import { diffTemplates } from '../../../analyzers/diff/index.js';
import type { Change } from '../../../analyzers/diff/index.js';
import { noNewAccess } from '../../../iam/prove/index.js';
import { parsePolicy } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import type { Value, ValueMap } from '../../../template/index.js';

interface Written {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

const statement: fc.Arbitrary<Written> = fc.record({
  Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
  Action: fc.uniqueArray(fc.constantFrom('s3:GetObject', 's3:Get*', 's3:PutObject', 'sqs:*', 'sqs:SendMessage'), {
    minLength: 1,
    maxLength: 3,
  }),
  Resource: fc.uniqueArray(
    fc.constantFrom('*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::a/b*', 'arn:aws:sqs:eu-central-1:111122223333:q'),
    { minLength: 1, maxLength: 2 },
  ),
});
const statements = fc.array(statement, { minLength: 1, maxLength: 4 });

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** A template in which a role has documents, some inline and the others attached. */
function template(
  documents: readonly Value[],
  attached = 0,
  order: 'role first' | 'role last' = 'role first',
): ValueMap {
  const managed = documents.slice(0, attached);
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: TRUST,
      Policies: documents.slice(attached).map((PolicyDocument, at) => ({ PolicyName: `p${at}`, PolicyDocument })),
      ManagedPolicyArns: managed.map((_, at) => ({ Ref: `Managed${at}` })),
    },
  };
  const others = managed.map((PolicyDocument, at) => [
    `Managed${at}`,
    { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } },
  ]);
  const entries = order === 'role first' ? [['Role', role], ...others] : [...others, ['Role', role]];
  return { Resources: Object.fromEntries(entries as [string, Value][]) };
}

const document = (list: readonly Value[]): Value => ({ Version: '2012-10-17', Statement: list });

function changes(old: ValueMap, now: ValueMap): readonly Change[] {
  return diffTemplates([{ name: 'app', template: old }], [{ name: 'app', template: now }]).changes;
}

/** The same statements in other words. */
function respelled(list: readonly Written[], choices: readonly number[]): readonly Value[] {
  let at = 0;
  const choose = (most: number): number => choices[at++ % choices.length]! % most;
  const parts = list.flatMap((each) => {
    const split = choose(3);
    if (split === 0) return each.Action.map((Action) => ({ ...each, Action: [Action] }));
    if (split === 1) return each.Resource.map((Resource) => ({ ...each, Resource: [Resource] }));
    return [each];
  });
  const spelled = parts.map((each, index) => ({
    Sid: `S${index}`,
    Effect: each.Effect,
    Action: each.Action.map(
      (action) => [action, action.toUpperCase().replace(/^S/, 's'), action.toLowerCase()][choose(3)]!,
    ),
    Resource: each.Resource.length === 1 && choose(2) === 0 ? each.Resource[0]! : [...each.Resource, ...each.Resource],
  }));
  const moved = choose(spelled.length);
  return [...spelled.slice(moved), ...spelled.slice(0, moved)];
}

it('finds nothing in other words for the same', () => {
  let attached = 0;
  fc.assert(
    fc.property(statements, fc.array(fc.nat(5), { minLength: 8, maxLength: 12 }), fc.nat(2), (list, choices, where) => {
      const other = respelled(list, choices);
      const half = Math.ceil(other.length / 2);
      const documents = [other.slice(0, half), other.slice(half)].filter((part) => part.length > 0).map(document);
      attached += where;
      const now = template(documents, Math.min(where, documents.length), where === 0 ? 'role first' : 'role last');
      expect(changes(template([document(list as unknown as readonly Value[])]), now)).toStrictEqual([]);
    }),
    { numRuns: 40 },
  );
  expect(attached).toBeGreaterThan(20);
});

it('never finds fewer allows broader', () => {
  let narrowed = 0;
  fc.assert(
    fc.property(statements, fc.nat(3), (list, at) => {
      const kept = list.filter(({ Effect }, index) => Effect === 'Deny' || index % 4 !== at);
      const [old, now] = [list, kept].map((part) =>
        template(part.length === 0 ? [] : [document(part as unknown as readonly Value[])]),
      );
      const found = changes(old!, now!);
      expect(found.filter(({ verdict }) => verdict !== 'NARROWED')).toStrictEqual([]);
      narrowed += found.length;
    }),
    { numRuns: 30 },
  );
  expect(narrowed).toBeGreaterThan(5);
});

it('finds an allow more broader exactly when a request is decided differently', () => {
  const seen = new Map<boolean, number>();
  const read = (list: readonly Written[]): readonly Policy[] => [
    parsePolicy(document(list as unknown as readonly Value[]), 'identity').policy!,
  ];
  fc.assert(
    fc.property(statements, statement, (list, more) => {
      const longer = [...list, { ...more, Effect: 'Allow' as const }];
      const isNew = noNewAccess(read(list), read(longer), 'identity').kind === 'FAILS';
      const found = changes(
        ...([list, longer].map((part) => template([document(part as unknown as readonly Value[])])) as [
          ValueMap,
          ValueMap,
        ]),
      );
      expect(found.map(({ verdict }) => verdict)).toStrictEqual(isNew ? ['BROADENED'] : []);
      expect(found.every(({ decided }) => decided !== null)).toBe(true);
      seen.set(isNew, (seen.get(isNew) ?? 0) + 1);
    }),
    { numRuns: 40 },
  );
  expect(Math.min(seen.get(true) ?? 0, seen.get(false) ?? 0)).toBeGreaterThan(5);
});
