/**
 * Whether organization policies deny what they are there to deny. Each check asks the IAM engine about requests of a role
 * that nobody named anywhere; what is denied to it is denied to everybody who is not exempt. Documents are never compared.
 */
import type { Severity } from '../../../../findings/index.js';
import type { Request } from '../../../../iam/index.js';
import type { CheckContext, CheckFinding, CheckOutcome, OrganizationCheck } from '../../check.js';
import type { Json, OrganizationFacts, ReadFailure } from '../../source.js';
import { accountGroups, ask, policyFailures, shownAccounts } from './levels.js';
import type { LeveledType } from './levels.js';

/** One request that must be denied. */
interface Probe {
  /** For a reader, such as `organizations:LeaveOrganization`. */
  readonly what: string;
  readonly request: Request;
}

interface Guardrail {
  readonly id: string;
  readonly controls: readonly string[];
  readonly severity: Severity;
  readonly title: string;
  readonly help: string;
  readonly type: LeveledType;
  readonly probes: (account: string, context: CheckContext) => readonly Probe[];
}

/** A role that no policy names. */
function somebody(account: string, { organization }: CheckContext): string {
  return `arn:${organization.partition}:iam::${account}:role/somebody-whom-no-policy-names`;
}

/** Keys of a request that comes from inside the account, by hand, with temporary credentials. */
function ordinary({ organization }: CheckContext, account: string): Request['context'] {
  return {
    'aws:PrincipalOrgID': organization.id,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SecureTransport': 'true',
    'aws:ResourceAccount': account,
    'aws:ResourceOrgID': organization.id,
    'aws:RequestedRegion': organization.regions[0] ?? 'us-east-1',
  };
}

/** Keys that are not there, since the request has no tags and comes from no service. */
const ABSENT = ['aws:PrincipalTag/*', 'aws:ResourceTag/*', 'aws:SourceAccount', 'aws:SourceArn', 'aws:SourceOrgID'];

function calls(...actions: readonly string[]): Guardrail['probes'] {
  return (account, context) =>
    actions.map((action) => ({
      what: action,
      request: {
        principal: somebody(account, context),
        action,
        resource: '*',
        context: ordinary(context, account),
        absent: [...ABSENT, 'aws:RequestTag/*', 'aws:TagKeys'],
      },
    }));
}

const HELP = 'attach the policy that `stackade scp compose` makes of the template, first in the mode that only reports';
const SCP = { type: 'SERVICE_CONTROL_POLICY', severity: 'error' } as const;
const RCP = { type: 'RESOURCE_CONTROL_POLICY', severity: 'error' } as const;

const GUARDRAILS: readonly Guardrail[] = [
  {
    ...SCP,
    id: 'scp-denies-leaving',
    controls: ['ORG-SELF-01'],
    title: 'Members cannot leave the organization or close their account',
    help: HELP,
    probes: calls('organizations:LeaveOrganization', 'account:CloseAccount'),
  },
  {
    ...SCP,
    id: 'scp-protects-account-block',
    controls: ['NET-S3-02'],
    title: 'Members cannot change the public access block of the account',
    help: HELP,
    probes: calls('s3:PutAccountPublicAccessBlock'),
  },
  {
    ...SCP,
    id: 'scp-protects-hooks',
    controls: ['HOOK-PROT-01'],
    title: 'Members cannot switch off or replace hooks',
    help: HELP,
    probes: calls(
      'cloudformation:SetTypeConfiguration',
      'cloudformation:DeactivateType',
      'cloudformation:DeregisterType',
      'cloudformation:SetTypeDefaultVersion',
    ),
  },
  {
    ...SCP,
    id: 'scp-protects-trails',
    controls: ['LOG-CT-01'],
    title: 'Members cannot stop or change trails',
    help: HELP,
    probes: calls(
      'cloudtrail:StopLogging',
      'cloudtrail:DeleteTrail',
      'cloudtrail:UpdateTrail',
      'cloudtrail:PutEventSelectors',
    ),
  },
  {
    ...SCP,
    id: 'scp-protects-detection',
    controls: ['DET-CFG-01', 'DET-GD-01', 'DET-SH-01'],
    title: 'Members cannot switch off detection',
    help: HELP,
    probes: calls(
      'guardduty:DeleteDetector',
      'guardduty:UpdateDetector',
      'securityhub:DisableSecurityHub',
      'config:StopConfigurationRecorder',
      'config:DeleteConfigurationRecorder',
    ),
  },
  {
    ...SCP,
    id: 'scp-denies-users',
    controls: ['IAM-USER-01', 'ORG-SCP-02'],
    severity: 'warning',
    title: 'Users and access keys are not made by hand',
    help: HELP,
    probes: calls('iam:CreateUser', 'iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:AttachUserPolicy'),
  },
  {
    ...SCP,
    id: 'scp-requires-tags',
    controls: ['TAG-SCP-01'],
    title: 'Creating without a required tag is denied',
    help: 'use one statement for each tag key: two keys in one block of a condition must both be missing',
    probes: untagged,
  },
  {
    ...SCP,
    id: 'scp-protects-tags',
    controls: ['TAG-PROT-01'],
    title: 'Governance tags change only by authorised principals',
    help: 'deny the actions that tag and untag when ForAnyValue:StringEqualsIgnoreCase aws:TagKeys names the key',
    probes: retagged,
  },
  {
    ...RCP,
    id: 'rcp-requires-tls',
    controls: ['TLS-RCP-01'],
    title: 'Requests without TLS are refused',
    help: 'attach the resource control policy that denies when aws:SecureTransport is "false"',
    probes: (account, context) =>
      onResources(account, context, somebody(account, context), {
        ...ordinary(context, account),
        'aws:SecureTransport': 'false',
      }),
  },
  {
    ...RCP,
    id: 'rcp-keeps-to-organization',
    controls: ['ORG-RCP-01'],
    title: 'Resources are reached by principals of the organization only',
    help: 'attach the resource control policy that denies where aws:PrincipalOrgID is another organization',
    probes: (account, context) =>
      onResources(account, context, `arn:${context.organization.partition}:iam::999999999990:role/stranger`, {
        ...ordinary(context, account),
        'aws:PrincipalOrgID': 'o-strangers00',
      }),
  },
];

/** The checks of guardrails. */
export const GUARDRAIL_CHECKS: readonly OrganizationCheck[] = GUARDRAILS.map((guardrail) => ({
  id: guardrail.id,
  controls: guardrail.controls,
  severity: guardrail.severity,
  title: guardrail.title,
  help: guardrail.help,
  source: 'organization',
  scope: 'organization',
  check: (context) => check(guardrail, context),
}));

function check(guardrail: Guardrail, context: CheckContext): CheckOutcome {
  const { organization } = context;
  const groups = accountGroups(organization, guardrail.type);
  const failures: ReadFailure[] = [...policyFailures(organization, guardrail.id)];
  const findings: CheckFinding[] = [];
  for (const group of groups) {
    const [first] = group.accounts;
    const answers = guardrail
      .probes(first!.id, context)
      .map(({ what, request }) => ({ what, answer: ask(group, guardrail.type, request) }));
    const allowed = answers.filter(({ answer }) => answer.verdict === 'allowed').map(({ what }) => what);
    const accounts = shownAccounts(group.accounts);
    const isAlone = groups.filter(({ parent }) => parent === group.parent).length === 1;
    // What could not be read may deny what the rest allows.
    if (allowed.length > 0 && organization.policies.failures.length === 0) {
      findings.push({
        resource: { arn: group.parent, type: 'AWS::Organizations::OrganizationalUnit' },
        subject: isAlone ? '' : group.accounts.map(({ id }) => id).join(' '),
        message: `no policy denies ${allowed.join(', ')} in ${accounts}`,
      });
    }
    for (const { what, answer } of answers) {
      if (answer.verdict !== 'open') continue;
      failures.push({ step: guardrail.id, code: 'UNDECIDED', message: `${what} in ${accounts}: ${answer.reason}` });
    }
  }
  return { findings, failures, concerned: groups.length > 0 };
}

/** Actions on resources of the services whose resources these policies protect. */
function onResources(
  account: string,
  { organization }: CheckContext,
  principal: string,
  context: Request['context'],
): readonly Probe[] {
  const [region = 'us-east-1'] = organization.regions;
  const arn = (service: string, resource: string): string =>
    `arn:${organization.partition}:${service}:${region}:${account}:${resource}`;
  const requests: readonly (readonly [string, string])[] = [
    ['s3:GetObject', `arn:${organization.partition}:s3:::some-bucket/some-object`],
    ['sqs:ReceiveMessage', arn('sqs', 'some-queue')],
    ['kms:Decrypt', arn('kms', 'key/11111111-2222-3333-4444-555555555555')],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:some-a1b2c3')],
  ];
  return requests.map(([action, resource]) => ({
    what: action,
    request: { principal, action, resource, resourceAccount: account, context, absent: ABSENT },
  }));
}

/** A machine without one of the required tags. */
function untagged(account: string, context: CheckContext): readonly Probe[] {
  const keys = requiredKeys(context.parameters(account)['requiredTags']);
  return keys.map((missing) => {
    const others = keys.filter((key) => key !== missing);
    return {
      what: `ec2:RunInstances without the tag ${missing}`,
      request: {
        principal: somebody(account, context),
        action: 'ec2:RunInstances',
        resource: `arn:${context.organization.partition}:ec2:${context.organization.regions[0] ?? 'us-east-1'}:${account}:instance/*`,
        context: {
          ...ordinary(context, account),
          ...Object.fromEntries(others.map((key) => [`aws:RequestTag/${key}`, 'some-value'])),
          'aws:TagKeys': others,
        },
        absent: [...ABSENT, `aws:RequestTag/${missing}`],
      },
    };
  });
}

/** The keys that the rules ask for, or those of their default. */
function requiredKeys(value: Json | undefined): readonly string[] {
  const entries = Array.isArray(value) ? (value as readonly Json[]) : undefined;
  const keys =
    entries?.map((entry) => (isMap(entry) ? entry['key'] : undefined)) ?? (isMap(value) ? Object.keys(value) : []);
  const texts = keys.filter((key): key is string => typeof key === 'string');
  return texts.length === 0 ? ['owner', 'cost-center'] : texts;
}

function retagged(account: string, context: CheckContext): readonly Probe[] {
  const { classTag = 'data-classification', ownerTag = 'owner' } = context.parameters(account);
  const keys = ['GuardDutyManaged', classTag, ownerTag].filter((key): key is string => typeof key === 'string');
  const { partition, regions }: OrganizationFacts = context.organization;
  return keys.map((key) => ({
    what: `ec2:CreateTags with the key ${key}`,
    request: {
      principal: somebody(account, context),
      action: 'ec2:CreateTags',
      resource: `arn:${partition}:ec2:${regions[0] ?? 'us-east-1'}:${account}:instance/i-0123456789abcdef0`,
      context: { ...ordinary(context, account), 'aws:TagKeys': [key], [`aws:RequestTag/${key}`]: 'some-value' },
      absent: [...ABSENT, 'ec2:CreateAction'],
    },
  }));
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
