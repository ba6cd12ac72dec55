/** Whether what was rolled out is in force: stack sets, their Regions and drift, hooks in the management account. */
import type { AcrossCheck, CheckContext, CheckFinding, CheckOutcome, OrganizationCheck } from '../../check.js';
import type { ReadFailure, StackSetFacts } from '../../source.js';

const STACK_SET = 'AWS::CloudFormation::StackSet';
const MOST_PLACES = 3;

function resourceOf({ name }: StackSetFacts): CheckFinding['resource'] {
  return { arn: name, type: STACK_SET };
}

/** Stack sets of the organization itself, and what could not be read of them. */
function managed(
  { organization }: CheckContext,
  step: string,
): {
  readonly sets: readonly StackSetFacts[];
  readonly failures: readonly ReadFailure[];
} {
  const sets = organization.stackSets.items.filter(({ permissionModel }) => permissionModel === 'SERVICE_MANAGED');
  const failures = [...organization.stackSets.failures, ...sets.flatMap(({ instances }) => instances.failures)];
  return { sets, failures: failures.map(({ code, message }) => ({ step, code, message })) };
}

function instancesCurrent(context: CheckContext): CheckOutcome {
  const { sets, failures } = managed(context, 'rollout-instances-current');
  const findings = sets.flatMap((set) =>
    set.instances.items.flatMap(({ account, region, status, detailedStatus, reason }): readonly CheckFinding[] => {
      const isCurrent = status === 'CURRENT' && (detailedStatus === 'SUCCEEDED' || detailedStatus === '');
      if (isCurrent) return [];
      const why = reason === '' ? '' : `: ${reason}`;
      const message = `the stack of ${set.name} is ${status}${detailedStatus === '' ? '' : ` (${detailedStatus})`}${why}`;
      return [{ resource: resourceOf(set), subject: `${account} ${region}`, account, region, message }];
    }),
  );
  return { findings, failures, concerned: sets.length > 0 };
}

/** Types whose resources are the same in every Region: one Region is enough for them. */
function isGlobal(type: string): boolean {
  return /^AWS::(?:IAM|Organizations|Route53|CloudFront|SSO)::/.test(type);
}

/** Whether a stack set brings analyzers only: one in each Region is enough, whoever made it, and other checks look for it. */
function isAnalyzers(types: readonly string[]): boolean {
  return types.length > 0 && types.every((type) => type === 'AWS::AccessAnalyzer::Analyzer');
}

function regionsComplete(context: CheckContext): CheckOutcome {
  const { sets, failures: unread } = managed(context, 'rollout-regions-complete');
  const failures = [...unread];
  const findings: CheckFinding[] = [];
  for (const set of sets) {
    if (set.resourceTypes === null) {
      const message = `the template of ${set.name} was not read`;
      failures.push({ step: 'rollout-regions-complete', code: 'UNREAD', message });
      continue;
    }
    const lists = set.instances.items.filter(({ unit }) => unit === null);
    if (lists.length > 0) {
      const message = `${lists.length} stacks of ${set.name} have no unit as their target: accounts that join get none`;
      findings.push({ resource: resourceOf(set), subject: 'targets', message });
    }
    const isEnough = set.resourceTypes.every(isGlobal) || isAnalyzers(set.resourceTypes);
    if (isEnough || set.instances.items.length === 0) continue;
    const covered = new Map<string, Set<string>>();
    for (const { account, region } of set.instances.items) {
      covered.set(account, (covered.get(account) ?? new Set()).add(region));
    }
    const gaps = [...covered].flatMap(([account, regions]) =>
      context.organization.regions.filter((region) => !regions.has(region)).map((region) => `${account} ${region}`),
    );
    if (gaps.length === 0 || set.instances.failures.length > 0) continue;
    const more = gaps.length > MOST_PLACES ? ` and ${gaps.length - MOST_PLACES} more` : '';
    findings.push({
      resource: resourceOf(set),
      subject: 'regions',
      message: `governed Regions without a stack of ${set.name}: ${gaps.slice(0, MOST_PLACES).join(', ')}${more}`,
    });
  }
  return { findings, failures, concerned: sets.length > 0 };
}

function withoutDrift(context: CheckContext): CheckOutcome {
  const { sets, failures: unread } = managed(context, 'rollout-without-drift');
  const failures = [...unread];
  const findings: CheckFinding[] = [];
  for (const set of sets) {
    const places = set.instances.items.filter(({ drift }) => drift === 'DRIFTED');
    for (const { account, region } of places) {
      const message = `the stack of ${set.name} differs from its template`;
      findings.push({ resource: resourceOf(set), subject: `${account} ${region}`, account, region, message });
    }
    if (places.length === 0 && set.drift !== 'IN_SYNC') {
      failures.push({
        step: 'rollout-without-drift',
        code: set.drift === '' ? 'UNREAD' : set.drift,
        message: `drift of ${set.name} is ${set.drift === '' ? 'not known' : set.drift}: run drift detection`,
      });
    }
  }
  return { findings, failures, concerned: sets.length > 0 };
}

const HOOKS = ['AWS::CloudFormation::GuardHook', 'AWS::CloudFormation::LambdaHook'];

/** Service-managed stack sets never reach the management account: what members have must be there by a stack of its own. */
const MANAGEMENT_HOOKS: AcrossCheck = {
  id: 'rollout-management-hooks',
  controls: ['ROLL-MGMT-01'],
  severity: 'error',
  title: 'The management account has the hooks that the members have',
  help: 'deploy the template of the hooks in the management account as a stack: stack sets of the organization leave it out',
  source: 'rollout',
  scope: 'across',
  at: 'region',
  reads: { resources: HOOKS, whole: true },
  extract: (facts) =>
    HOOKS.flatMap((type) => facts.resources(type).map(({ properties }) => properties['Alias'] ?? type)),
  conclude: (extracts, complete, { organization }) => {
    const { managementAccount } = organization;
    const own = new Map(
      extracts.filter(({ account }) => account.id === managementAccount).map(({ region, value }) => [region, value]),
    );
    const findings: CheckFinding[] = [];
    const told = new Set<string>();
    for (const { account, region, value } of extracts) {
      if (account.id === managementAccount || !Array.isArray(value)) continue;
      const present = own.get(region);
      if (!Array.isArray(present)) continue;
      for (const hook of value) {
        const key = `${String(hook)} ${region}`;
        if (present.includes(hook) || told.has(key)) continue;
        told.add(key);
        findings.push({
          resource: { arn: String(hook), type: 'AWS::CloudFormation::Hook' },
          subject: region,
          account: managementAccount,
          region,
          message: `the hook ${String(hook)}, which the account ${account.id} has, is not in the management account`,
        });
      }
    }
    const failures = complete
      ? []
      : [{ step: 'rollout-management-hooks', code: 'INCOMPLETE', message: 'not every account was read' }];
    return { findings, failures, concerned: extracts.some(({ value }) => Array.isArray(value) && value.length > 0) };
  },
};

const FIELDS = { source: 'rollout', scope: 'organization', severity: 'error' } as const;

export const ROLLOUT_CHECKS: readonly (OrganizationCheck | AcrossCheck)[] = [
  {
    ...FIELDS,
    id: 'rollout-instances-current',
    controls: ['ROLL-SS-04'],
    title: 'Every stack of a stack set is current',
    help: 'read the reason of the stack, mend it, and run the operation again: `stackade deploy`',
    check: instancesCurrent,
  },
  {
    ...FIELDS,
    id: 'rollout-regions-complete',
    controls: ['ROLL-SS-02'],
    title: 'Stack sets reach all governed Regions, by units',
    help: 'add the Regions and name units, not accounts, as deployment targets',
    check: regionsComplete,
  },
  {
    ...FIELDS,
    id: 'rollout-without-drift',
    controls: ['ROLL-IAC-01'],
    title: 'Stacks are as their templates say',
    help: 'bring the change into the template, or run the operation again to take it back',
    check: withoutDrift,
  },
  MANAGEMENT_HOOKS,
];
