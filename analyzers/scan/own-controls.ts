/** Whether our own controls are there as they were declared: hooks, organization policies, rollouts. */
import type { CheckOutcome, OrganizationCheck } from './check.js';
import type { OwnControlDrift } from './source.js';

interface Kind {
  readonly kind: OwnControlDrift['kind'];
  readonly id: string;
  readonly controls: readonly string[];
  readonly title: string;
  readonly help: string;
  readonly type: string;
}

const KINDS: readonly Kind[] = [
  {
    kind: 'hook',
    id: 'own-hook-unchanged',
    controls: ['HOOK-PROT-01'],
    title: 'Hooks are present, enabled and unchanged',
    help: '`stackade deploy plan` shows the way back to what is declared; look in CloudTrail for who changed it',
    type: 'AWS::CloudFormation::HookVersion',
  },
  {
    kind: 'policy',
    id: 'own-policy-unchanged',
    controls: ['ORG-SCP-02', 'ORG-SELF-01'],
    title: 'Organization policies are attached as declared',
    help: '`stackade scp plan` shows the way back to what is declared; look in CloudTrail for who changed it',
    type: 'AWS::Organizations::Policy',
  },
  {
    kind: 'stack-set',
    id: 'own-rollout-current',
    controls: ['ROLL-SS-04'],
    title: 'Rollouts are in force as declared',
    help: '`stackade deploy plan` shows what is missing',
    type: 'AWS::CloudFormation::StackSet',
  },
];

/** Drift of our own controls as findings. */
export const OWN_CONTROL_CHECKS: readonly OrganizationCheck[] = KINDS.map(({ kind, type, ...fields }) => ({
  ...fields,
  scope: 'organization',
  severity: 'error',
  source: kind === 'policy' ? 'organization' : 'rollout',
  check: ({ organization: { ownControls } }): CheckOutcome => ({
    concerned: ownControls.declared.includes(kind),
    failures: ownControls.failures.filter(({ step }) => step === kind),
    findings: ownControls.drift
      .filter((drift) => drift.kind === kind)
      .map(({ name, account, region, target, state, message }) => ({
        resource: { arn: name, type },
        subject: `${state} ${target}${region === null ? '' : ` ${region}`}`,
        message,
        ...(account !== null && { account }),
        ...(region !== null && { region }),
      })),
  }),
}));
