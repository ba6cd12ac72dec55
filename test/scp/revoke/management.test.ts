/** What is done in IAM of the management account: a plan that was stopped anywhere is gone on with by planning again. */
import { INLINE_NAME, planManagement } from '../../../scp/revoke/index.js';
import type { ManagementEntity, ManagementState, ManagementStep } from '../../../scp/revoke/index.js';
import type { ManagementTwin } from '../../../scp/revoke/plan.js';

const ACCOUNT = '111111111111';
const DENY = (name: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: name }] });

const entity = (kind: 'role' | 'user', name: string, more: Partial<ManagementEntity> = {}): ManagementEntity => ({
  kind,
  name,
  arn: `arn:aws:iam::${ACCOUNT}:${kind}/${name}`,
  path: '/',
  trust: kind === 'user' ? null : { Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT } } },
  attached: [],
  inline: {},
  ...more,
});

const trusting = (...principals: readonly unknown[]): unknown => ({
  Statement: principals.map((Principal) => ({ Effect: 'Allow', Principal })),
});

const STATE: ManagementState = {
  account: ACCOUNT,
  entities: [
    entity('user', 'ann'),
    entity('role', 'staff'),
    entity('role', 'federated', { trust: trusting({ Federated: 'arn:aws:iam::111111111111:saml-provider/idp' }) }),
    entity('role', 'mixed', { trust: trusting({ Service: 'ec2.amazonaws.com' }, '*') }),
    entity('role', 'function', { trust: trusting({ Service: 'lambda.amazonaws.com' }) }),
    entity('role', 'unreadable', { trust: 'x' }),
    entity('role', 'AWSReservedSSO_Admin_0123456789abcdef', { path: '/aws-reserved/sso.amazonaws.com/' }),
    entity('role', 'old', { inline: { [INLINE_NAME]: DENY('old'), other: DENY('other') } }),
  ],
  policies: [],
};

const TWIN: ManagementTwin = {
  managed: [
    { name: 'stackade-revocations', content: DENY('a') },
    { name: 'stackade-revocations-part-2', content: DENY('b') },
  ],
  inline: [{ role: `arn:aws:iam::${ACCOUNT}:role/deploy`, name: INLINE_NAME, content: DENY('c') }],
  gone: { managed: [], inline: [] },
};
const NONE: ManagementTwin = { managed: [], inline: [], gone: { managed: [], inline: [] } };

/** The state after a call, as IAM answers it; refuses what IAM refuses. */
function after(state: ManagementState, step: ManagementStep): ManagementState {
  const { entities, policies } = state;
  const find = (): ManagementState['policies'][number] => {
    const found = policies.find(({ name }) => name === step.name);
    if (found === undefined) throw new Error(`NoSuchEntity ${step.name}`);
    return found;
  };
  const replaced = (policy: ManagementState['policies'][number]): ManagementState => ({
    ...state,
    policies: policies.map((each) => (each.name === policy.name ? policy : each)),
  });
  const changed = (name: string, change: (each: ManagementEntity) => ManagementEntity): ManagementState => ({
    ...state,
    entities: entities.map((each) => (each.name === name ? change(each) : each)),
  });
  switch (step.kind) {
    case 'createPolicy': {
      if (policies.some(({ name }) => name === step.name)) throw new Error('EntityAlreadyExists');
      const versions = [{ id: 'v1', text: step.content, isDefault: true }];
      return { ...state, policies: [...policies, { name: step.name, arn: step.name, isOwn: true, versions }] };
    }
    case 'createPolicyVersion': {
      const { versions, ...rest } = find();
      if (versions.length >= 5) throw new Error('LimitExceeded');
      const id = `v${Math.max(...versions.map((each) => Number(each.id.slice(1)))) + 1}`;
      const old = versions.map((each) => ({ ...each, isDefault: false }));
      return replaced({ ...rest, versions: [...old, { id, text: step.content, isDefault: true }] });
    }
    case 'deletePolicyVersion': {
      const { versions, ...rest } = find();
      if (versions.find(({ id }) => id === step.version)?.isDefault !== false) throw new Error('DeleteConflict');
      return replaced({ ...rest, versions: versions.filter(({ id }) => id !== step.version) });
    }
    case 'deletePolicy': {
      const { versions } = find();
      const isUsed = entities.some(({ attached }) => attached.includes(step.name));
      if (isUsed || versions.length > 1) throw new Error('DeleteConflict');
      return { ...state, policies: policies.filter(({ name }) => name !== step.name) };
    }
    case 'attachPolicy':
      find();
      return changed(step.entity.name, (each) => ({ ...each, attached: [...each.attached, step.name] }));
    case 'detachPolicy':
      return changed(step.entity.name, (each) => ({ ...each, attached: each.attached.filter((n) => n !== step.name) }));
    case 'putInlinePolicy':
      return changed(step.role, (each) => ({ ...each, inline: { ...each.inline, [step.name]: step.content } }));
    case 'deleteInlinePolicy':
      return changed(step.role, (each) => ({
        ...each,
        inline: Object.fromEntries(Object.entries(each.inline).filter(([name]) => name !== step.name)),
      }));
  }
}

const run = (state: ManagementState, steps: readonly ManagementStep[]): ManagementState => steps.reduce(after, state);

it('reaches users, and roles that people enter', () => {
  const { steps, left, foreign } = planManagement(TWIN, STATE);
  const attached = steps.flatMap((step) =>
    step.kind === 'attachPolicy' && step.name === 'stackade-revocations' ? [step.entity.name] : [],
  );
  expect(attached).toStrictEqual(['ann', 'staff', 'federated', 'mixed', 'unreadable', 'old']);
  expect(left.map(({ arn }) => arn.split('/').at(-1))).toStrictEqual([
    'AWSReservedSSO_Admin_0123456789abcdef',
    'deploy',
  ]);
  expect(foreign).toStrictEqual([]);
  expect(steps).toContainEqual({ kind: 'deleteInlinePolicy', role: 'old', name: INLINE_NAME });
});

it('ends in the same state wherever it is stopped', () => {
  const withRole = { ...STATE, entities: [...STATE.entities, entity('role', 'deploy')] };
  let state: ManagementState = withRole;
  const changes: readonly ManagementTwin[] = [
    TWIN,
    ...['d', 'e', 'f', 'g', 'h', 'i'].map((sid) => ({
      ...TWIN,
      managed: [{ name: 'stackade-revocations', content: DENY(sid) }],
    })),
    { ...TWIN, inline: [] },
    NONE,
  ];
  for (const twin of changes) {
    const { steps } = planManagement(twin, state);
    const whole = run(state, steps);
    expect(planManagement(twin, whole).steps).toStrictEqual([]);
    for (let stop = 0; stop <= steps.length; stop += 1) {
      const half = run(state, steps.slice(0, stop));
      expect(run(half, planManagement(twin, half).steps)).toStrictEqual(whole);
    }
    state = whole;
  }
  expect(state.policies).toStrictEqual([]);
  expect(state.entities.every(({ attached }) => attached.length === 0)).toBe(true);
});

it('touches nothing that is not its own', () => {
  const policy = { name: 'stackade-revocations', arn: '', isOwn: false, versions: [] };
  expect(planManagement(TWIN, { ...STATE, policies: [policy] }).foreign).toStrictEqual(['stackade-revocations']);
  const { steps } = planManagement(NONE, { ...STATE, policies: [policy] });
  expect(steps).toStrictEqual([{ kind: 'deleteInlinePolicy', role: 'old', name: INLINE_NAME }]);
  const spaced = JSON.stringify(JSON.parse(DENY('a')), null, 2);
  const versions = [{ id: 'v1', text: spaced, isDefault: true }];
  const own = [{ ...policy, isOwn: true, versions }];
  const again = planManagement({ ...NONE, managed: TWIN.managed.slice(0, 1) }, { ...STATE, policies: own });
  expect(again.steps.map(({ kind }) => kind)).not.toContain('createPolicyVersion');
});
