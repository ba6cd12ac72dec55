/** Each known way from some permissions to others is found, and not where something stands in its way. */
import { iamAction } from '../../../catalogue/iam/index.js';
import { DIRECT_WAYS, PASS_ROLE_WAYS } from '../../../iam/validate/checks/ways.js';
import { validatePolicy } from '../../../iam/validate/index.js';
import type { PolicyFinding } from '../../../iam/validate/index.js';
import type { Value } from '../../../template/index.js';

type Statement = Readonly<Record<string, Value>>;

const allow = (actions: readonly string[], more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
  ...more,
});
const found = (code: string, ...statements: readonly Statement[]): readonly PolicyFinding[] =>
  validatePolicy({ Version: '2012-10-17', Statement: statements }, 'identity').filter((each) => each.code === code);
const service = (name: string): Statement => ({ Condition: { StringEquals: { 'iam:PassedToService': name } } });

it('knows 25 ways or more, all of actions that exist', () => {
  expect(DIRECT_WAYS.length + PASS_ROLE_WAYS.length).toBeGreaterThanOrEqual(25);
  const actions = [...DIRECT_WAYS, ...PASS_ROLE_WAYS].flatMap((way) => way.actions);
  expect(actions.filter((action) => iamAction(action) === undefined)).toStrictEqual([]);
});

describe.each(DIRECT_WAYS)('$name', ({ name, actions }) => {
  it('is a way', () => {
    expect(found('IAM4002', allow(actions)).map(({ message }) => message)).toStrictEqual([
      `the owner can gain other permissions: \`${name}\``,
    ]);
  });

  it('is none when it is denied, conditional, or on one resource', () => {
    expect(found('IAM4002', allow(actions), { ...allow(actions), Effect: 'Deny' })).toStrictEqual([]);
    expect(
      found('IAM4002', allow(actions, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    ).toStrictEqual([]);
    expect(found('IAM4002', allow(actions, { Resource: 'arn:aws:iam::111122223333:role/app' }))).toStrictEqual([]);
  });

  it('is none without one of its parts, and one when they stand in several statements', () => {
    const told = (...statements: readonly Statement[]): boolean =>
      found('IAM4002', ...statements).some(({ message }) => message.includes(`\`${name}\``));
    for (const action of actions) expect(told(allow(actions.filter((each) => each !== action)))).toBe(false);
    expect(told(...actions.map((action) => allow([action])))).toBe(true);
  });

  it('is one still when it is denied under a condition, or elsewhere', () => {
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'false' } };
    expect(found('IAM4002', allow(actions), { ...allow(actions), Effect: 'Deny', Condition: condition })).toHaveLength(
      1,
    );
    const elsewhere = 'arn:aws:iam::111122223333:role/app';
    expect(found('IAM4002', allow(actions), { ...allow(actions), Effect: 'Deny', Resource: elsewhere })).toHaveLength(
      1,
    );
  });
});

describe.each(PASS_ROLE_WAYS)('$name', ({ name, actions, service: taker }) => {
  it('is a way, in one statement or in several, also when the service is fixed', () => {
    const message = expect.stringContaining(`\`${name}\``) as string;
    expect(found('IAM4003', allow(['iam:PassRole', ...actions]))).toMatchObject([{ message }]);
    expect(
      found('IAM4003', allow(['iam:PassRole'], service(taker!)), ...actions.map((action) => allow([action]))),
    ).toMatchObject([{ message }]);
  });

  it('is none without one of its parts, for another service, or with roles that are named', () => {
    const named = { Resource: 'arn:aws:iam::111122223333:role/app' };
    expect(found('IAM4003', allow(actions))).toStrictEqual([]);
    expect(found('IAM4003', allow(['iam:PassRole'], named), allow(actions))).toStrictEqual([]);
    expect(
      found('IAM4003', allow(['iam:PassRole'], service('monitoring.rds.amazonaws.com')), allow(actions)),
    ).toStrictEqual([]);
    for (const action of actions) {
      const rest = actions.filter((each) => each !== action);
      const told = found('IAM4003', allow(['iam:PassRole', ...rest])).filter(({ message }) =>
        message.includes(`\`${name}\``),
      );
      expect(told).toStrictEqual([]);
    }
  });
});
