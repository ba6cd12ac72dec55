/** The Config rule that watches the hooks: what counts as in force, and what AWS Config is told. */
import fc from 'fast-check';
import { evaluateHooks, judgeHook } from '../../../hooks/config-rule/index.js';
import type { Evaluation, ExpectedHook, HookState } from '../../../hooks/config-rule/index.js';
import { deployed, GUARD, MEMBER, SAMPLES } from '../package/support.js';

const FUNCTION = `arn:aws:lambda:eu-central-1:${MEMBER}:function:stackade-hook`;
const LAMBDA_HOOK: ExpectedHook = {
  typeName: 'Stackade::Policy::Resources',
  failureMode: 'FAIL',
  targetOperations: ['RESOURCE', 'CLOUD_CONTROL'],
  actions: ['CREATE', 'UPDATE'],
  functionArn: FUNCTION,
};
const SETTINGS = {
  HookInvocationStatus: 'ENABLED',
  TargetOperations: ['RESOURCE', 'CLOUD_CONTROL'],
  FailureMode: 'FAIL',
  Properties: { LambdaFunction: `${FUNCTION}:3` },
  TargetFilters: { Actions: ['CREATE', 'UPDATE'], InvocationPoints: ['PRE_PROVISION'] },
};

function stateOf(settings: object): HookState {
  const configuration = JSON.stringify({ CloudFormationConfiguration: { HookConfiguration: settings } });
  return { isActivated: true, isDeprecated: false, configuration };
}

describe('a hook', () => {
  it('is as it was rolled out', () => {
    expect(judgeHook(LAMBDA_HOOK, stateOf(SETTINGS))).toStrictEqual([]);
    const older = { TargetStacks: 'ALL', HookInvocationStatus: undefined, TargetFilters: undefined, StackFilters: {} };
    expect(judgeHook(LAMBDA_HOOK, stateOf({ ...SETTINGS, ...older }))).toStrictEqual([]);
    const more = { ...SETTINGS, TargetOperations: ['STACK', 'CLOUD_CONTROL', 'RESOURCE'] };
    expect(judgeHook(LAMBDA_HOOK, stateOf(more))).toStrictEqual([]);
  });

  it.each<readonly [object, string]>([
    [{ HookInvocationStatus: 'DISABLED' }, 'is disabled'],
    [{ HookInvocationStatus: undefined }, 'is disabled'],
    [{ TargetStacks: 'NONE' }, 'is disabled'],
    [{ FailureMode: 'WARN' }, 'has failure mode WARN instead of FAIL'],
    [{ FailureMode: undefined }, 'has failure mode none instead of FAIL'],
    [{ TargetOperations: ['RESOURCE'] }, 'is not asked for CLOUD_CONTROL'],
    [{ TargetOperations: 'RESOURCE' }, 'is not asked for RESOURCE, CLOUD_CONTROL'],
    [{ StackFilters: { FilteringCriteria: 'ALL', StackNames: { Exclude: ['x'] } } }, 'leaves out stacks by filters'],
    [{ TargetFilters: { TargetNames: ['AWS::S3::Bucket'] } }, 'is held to some resource types'],
    [{ TargetFilters: { Targets: [{ TargetName: 'AWS::S3::Bucket' }] } }, 'is held to some resource types'],
    [{ TargetFilters: { Actions: ['CREATE'] } }, 'is not asked at UPDATE'],
    [{ Properties: { LambdaFunction: FUNCTION } }, `calls ${FUNCTION} instead of a version of ${FUNCTION}`],
    [
      { Properties: { LambdaFunction: `${FUNCTION}-own:1` } },
      `calls ${FUNCTION}-own:1 instead of a version of ${FUNCTION}`,
    ],
    [
      { Properties: { LambdaFunction: `${FUNCTION}:live` } },
      `calls ${FUNCTION}:live instead of a version of ${FUNCTION}`,
    ],
    [{ Properties: undefined }, `calls none instead of a version of ${FUNCTION}`],
  ])('%j: %s', (change, problem) => {
    expect(judgeHook(LAMBDA_HOOK, stateOf({ ...SETTINGS, ...change }))).toStrictEqual([
      `the hook Stackade::Policy::Resources ${problem}`,
    ]);
  });

  it.each<readonly [HookState | null, string]>([
    [null, 'the hook Stackade::Policy::Resources is gone'],
    [{ ...stateOf(SETTINGS), isActivated: false }, 'the hook Stackade::Policy::Resources is not activated'],
    [{ ...stateOf(SETTINGS), isDeprecated: true }, 'the hook Stackade::Policy::Resources is deregistered'],
    [
      { ...stateOf(SETTINGS), configuration: null },
      'the hook Stackade::Policy::Resources has no configuration and does nothing',
    ],
    [
      { ...stateOf(SETTINGS), configuration: '{}' },
      'the hook Stackade::Policy::Resources has no configuration and does nothing',
    ],
    [
      { ...stateOf(SETTINGS), configuration: '{' },
      'the configuration of the hook Stackade::Policy::Resources cannot be read',
    ],
    [
      { ...stateOf(SETTINGS), configuration: '[]' },
      'the configuration of the hook Stackade::Policy::Resources cannot be read',
    ],
  ])('%j', (state, problem) => {
    expect(judgeHook(LAMBDA_HOOK, state)).toStrictEqual([problem]);
  });

  it('of Guard rules reads those that were rolled out', () => {
    const { typeName, failureMode, targetOperations, actions } = LAMBDA_HOOK;
    const hook = { typeName, failureMode, targetOperations, actions, ruleLocation: 's3://bucket/guard/1.zip' };
    const problemsAt = (ruleLocation: unknown): number =>
      judgeHook(hook, stateOf({ ...SETTINGS, Properties: { ruleLocation } })).length;
    const [one, other] = ['s3://bucket/guard/1.zip', 's3://bucket/guard/2.zip'];
    const good = [one, { uri: one }, { Uri: one }, [one], [{ uri: one }], { uri: one, versionId: null }];
    const bad = [other, { uri: other }, { uri: one, versionId: '1' }, [one, other], [], {}, null, { url: one }];
    expect(good.map(problemsAt)).toStrictEqual(good.map(() => 0));
    expect(bad.map(problemsAt)).toStrictEqual(bad.map(() => 1));
  });

  it('is never in force by settings that nobody thought of', () => {
    const state = fc.record({
      isActivated: fc.boolean(),
      isDeprecated: fc.boolean(),
      configuration: fc.option(fc.json()),
    });
    fc.assert(
      fc.property(state, (one) => {
        expect(judgeHook(LAMBDA_HOOK, one)).not.toStrictEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a run', () => {
  const expectation = { namePrefixes: ['stackade-', 'StackSet-stackade-'], hooks: [LAMBDA_HOOK] };
  const eventOf = (message: object): object => ({
    accountId: MEMBER,
    resultToken: 'token',
    invokingEvent: JSON.stringify({ notificationCreationTime: '2026-11-21T08:00:00.000Z', ...message }),
  });
  const run = (message: object, state: () => HookState | null): Promise<Evaluation | null> =>
    evaluateHooks(eventOf(message), expectation, { describeHook: () => Promise.resolve().then(state) });
  const scheduled = { messageType: 'ScheduledNotification' };

  it('tells AWS Config of the account', async () => {
    expect(await run(scheduled, () => stateOf(SETTINGS))).toStrictEqual({
      accountId: MEMBER,
      compliance: 'COMPLIANT',
      annotation: 'every hook is as it was rolled out',
      orderedAt: '2026-11-21T08:00:00.000Z',
      resultToken: 'token',
    });
    const gone = await run(scheduled, () => null);
    expect([gone?.compliance, gone?.annotation]).toStrictEqual([
      'NON_COMPLIANT',
      'the hook Stackade::Policy::Resources is gone',
    ]);
  });

  it('says NON_COMPLIANT when nobody can look', async () => {
    const refused = await run(scheduled, () => {
      throw Object.assign(new Error('not allowed, '.repeat(40)), { name: 'AccessDenied' });
    });
    expect(refused?.compliance).toBe('NON_COMPLIANT');
    expect(refused?.annotation).toMatch(/^nobody can tell whether the hook .* is in force: AccessDenied: not allowed/);
    expect(refused?.annotation).toHaveLength(256);
  });

  it.each([
    ['stackade-hook', true],
    ['StackSet-stackade-hooks-1', true],
    ['orders', false],
    [undefined, true],
  ])('a change of %s: %s', async (resourceName, looks) => {
    for (const key of ['configurationItem', 'configurationItemSummary']) {
      const evaluation = await run({ messageType: 'x', [key]: { resourceName } }, () => null);
      expect(evaluation !== null).toBe(looks);
    }
  });

  it.each([[{}], [null], [{ accountId: '1', resultToken: 't', invokingEvent: '5' }]])('refuses %j', async (event) => {
    await expect(evaluateHooks(event, expectation, { describeHook: () => Promise.resolve(null) })).rejects.toThrow(
      /the event of AWS Config has no|holds no message/,
    );
  });
});

it('expects of an account what the template of the hooks gives it', () => {
  const watch = deployed(SAMPLES['watch']!.template, MEMBER);
  const environment = watch['Function']!.Properties['Environment'] as unknown as { Variables: { EXPECTED: string } };
  const { hooks } = JSON.parse(environment.Variables.EXPECTED) as { hooks: readonly ExpectedHook[] };
  const member = Object.values(deployed(SAMPLES['member-fail']!.template, MEMBER));
  const rolledOut = member.filter(({ Type }) => Type.endsWith('Hook'));
  expect(hooks.map(({ typeName }) => typeName)).toStrictEqual(rolledOut.map(({ Properties }) => Properties['Alias']));
  for (const [index, { Properties }] of rolledOut.entries()) {
    const { Uri } = (Properties['RuleLocation'] ?? {}) as { Uri?: string };
    const settings = {
      HookInvocationStatus: Properties['HookStatus'],
      FailureMode: Properties['FailureMode'],
      TargetOperations: Properties['TargetOperations'],
      TargetFilters: Properties['TargetFilters'],
      Properties: Uri === undefined ? { LambdaFunction: `${FUNCTION}:1` } : { ruleLocation: Uri },
    };
    expect(judgeHook(hooks[index]!, stateOf(settings))).toStrictEqual([]);
  }
  expect(hooks.at(-1)!.ruleLocation).toBe(`s3://stackade-assets-555555555555-eu-central-1/${GUARD.rulesKey}`);
});
