/** Operations that tell of a whole account: summary, credential report, last use; and of what the sandbox does not have. */
import { IAM_QUOTAS, iamService } from '../../catalogue/iam/index.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import { optionalNumber, text, timeText } from '../input.js';
import type { Input, Operation } from '../service.js';
import { Part } from '../state.js';
import { keyUseOf, usesOf, type Use } from '../usage.js';
import { authorizeOn, entityOf, iamOf, noSuchEntity } from './common.js';
import type { User } from './data.js';

/** When the credential report of an account was last made. */
const REPORTS = new Part('iam-reports', () => ({
  credentialReport: null as { readonly at: number; readonly text: string } | null,
  /** Jobs on last access, by id: the ARN that each is about. */
  jobs: new Map<string, { readonly arn: string; readonly at: number }>(),
}));

function getAccountSummary(call: Call): object {
  call.authorize('iam:GetAccountSummary');
  const { users, roles, policies } = iamOf(call);
  const versions = [...policies.values()].reduce((sum, each) => sum + each.versions.size, 0);
  const own = { Users: users.size, Roles: roles.size, Policies: policies.size, PolicyVersionsInUse: versions };
  const SummaryMap = {
    ...own,
    Groups: 0,
    GroupsPerUserQuota: 10,
    GroupsQuota: 300,
    InstanceProfiles: 0,
    MFADevices: 0,
    MFADevicesInUse: 0,
    Providers: 0,
    ServerCertificates: 0,
    AccountMFAEnabled: 0,
    AccountAccessKeysPresent: rootKeys(call).length > 0 ? 1 : 0,
    AccountPasswordPresent: 0,
    AccountSigningCertificatesPresent: 0,
    AccessKeysPerUserQuota: 2,
    AttachedPoliciesPerRoleQuota: IAM_QUOTAS.managedPoliciesPerRole,
    AttachedPoliciesPerUserQuota: IAM_QUOTAS.managedPoliciesPerUser,
    PolicySizeQuota: IAM_QUOTAS.managedPolicy,
    VersionsPerPolicyQuota: IAM_QUOTAS.managedPolicyVersions,
    AssumeRolePolicySizeQuota: IAM_QUOTAS.trustPolicy,
  };
  return { SummaryMap: new Map(Object.entries(SummaryMap)) };
}

function rootKeys({ state, account }: Call): readonly string[] {
  return [...state.accessKeys].flatMap(([id, { caller }]) =>
    caller.kind === 'root' && caller.account === account && caller.session === null ? [id] : [],
  );
}

/** Columns of the report (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html). */
const COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

const reportTime = (at: number): string => timeText(at).replace('Z', '+00:00');

function keyColumns({ state, account }: Call, id: string | undefined): readonly string[] {
  const key = id === undefined ? undefined : state.accessKeys.get(id);
  if (id === undefined || key === undefined) return ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
  const used = keyUseOf(state, account, id);
  return [
    String(key.status === 'Active'),
    reportTime(key.createdAt),
    ...(used === undefined ? ['N/A', 'N/A', 'N/A'] : [reportTime(used.at), used.region, used.service]),
  ];
}

function reportOf(call: Call): string {
  const { users } = iamOf(call);
  const { createdAt } = call.state.organization;
  const line = (name: string, arn: string, made: number, password: string, keys: readonly string[]): string =>
    [
      ...[name, arn, reportTime(made), password, ...Array<string>(3).fill('not_supported'), 'false'],
      ...[0, 1].flatMap((index) => keyColumns(call, keys[index])),
      ...['false', 'N/A', 'false', 'N/A'],
    ].join(',');
  const root = line('<root_account>', `arn:aws:iam::${call.account}:root`, createdAt, 'not_supported', rootKeys(call));
  const lines = [...users.values()].map((user) => line(user.name, user.arn, user.createdAt, 'false', user.accessKeys));
  return `${[COLUMNS, root, ...lines].join('\n')}\n`;
}

/** Reports are good for four hours. */
const REPORT_AGE = 4 * 3_600_000;

function generateCredentialReport(call: Call): object {
  call.authorize('iam:GenerateCredentialReport');
  const report = REPORTS.of(call.state, call.account);
  const isFresh = report.credentialReport !== null && call.now - report.credentialReport.at < REPORT_AGE;
  if (isFresh) return { State: 'COMPLETE' };
  report.credentialReport = { at: call.now, text: reportOf(call) };
  return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
}

function getCredentialReport(call: Call): object {
  call.authorize('iam:GetCredentialReport');
  const { credentialReport } = REPORTS.of(call.state, call.account);
  if (credentialReport === null) {
    throw new ServiceError('ReportNotPresent', 'No credential report is present; use GenerateCredentialReport', 410);
  }
  if (call.now - credentialReport.at >= REPORT_AGE) {
    throw new ServiceError('ReportExpired', 'The credential report has expired; make a new one', 410);
  }
  const { at, text: report } = credentialReport;
  return { Content: Buffer.from(report).toString('base64'), ReportFormat: 'text/csv', GeneratedTime: timeText(at) };
}

function getAccessKeyLastUsed(call: Call, input: Input): object {
  const id = text(input, 'AccessKeyId', { least: 16, most: 128, pattern: /^\w+$/ });
  const user = [...iamOf(call).users.values()].find(({ accessKeys }) => accessKeys.includes(id));
  call.authorize('iam:GetAccessKeyLastUsed', user?.arn ?? '*');
  if (user === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  const used = keyUseOf(call.state, call.account, id);
  return {
    UserName: user.name,
    AccessKeyLastUsed:
      used === undefined
        ? { ServiceName: 'N/A', Region: 'N/A' }
        : { LastUsedDate: timeText(used.at), ServiceName: used.service, Region: used.region },
  };
}

/** The user or role of an ARN. */
function entityAt(call: Call, arn: string): { readonly arn: string } {
  const { users, roles } = iamOf(call);
  const found = [...users.values(), ...roles.values()].find((each) => each.arn === arn);
  if (found === undefined) throw noSuchEntity(`ARN ${arn} cannot be found.`);
  return found;
}

function generateServiceLastAccessedDetails(call: Call, input: Input): object {
  const arn = text(input, 'Arn', { least: 20, most: 2048 });
  call.authorize('iam:GenerateServiceLastAccessedDetails', arn);
  entityAt(call, arn);
  const { jobs } = REPORTS.of(call.state, call.account);
  const JobId = `${String(jobs.size).padStart(8, '0')}-0000-0000-0000-000000000000`;
  jobs.set(JobId, { arn, at: call.now });
  return { JobId };
}

/** What was used since the sandbox began; services that never were are not in it. */
function getServiceLastAccessedDetails(call: Call, input: Input): object {
  call.authorize('iam:GetServiceLastAccessedDetails');
  const id = text(input, 'JobId', { least: 36, most: 36 });
  const job = REPORTS.of(call.state, call.account).jobs.get(id);
  if (job === undefined) throw noSuchEntity(`The job ${id} cannot be found.`);
  const last = new Map<string, Use>();
  for (const [action, use] of usesOf(call.state, call.account, job.arn)) {
    const service = action.split(':')[0]!;
    if ((last.get(service)?.at ?? 0) < use.at) last.set(service, use);
  }
  return {
    JobStatus: 'COMPLETED',
    JobType: 'SERVICE_LEVEL',
    JobCreationDate: timeText(job.at),
    JobCompletionDate: timeText(job.at),
    IsTruncated: false,
    ServicesLastAccessed: [...last].sort().map(([ServiceNamespace, { at, region }]) => ({
      ServiceName: iamService(ServiceNamespace)?.name ?? ServiceNamespace,
      ServiceNamespace,
      LastAuthenticated: timeText(at),
      LastAuthenticatedEntity: job.arn,
      LastAuthenticatedRegion: region,
      TotalAuthenticatedEntities: 1,
    })),
  };
}

/** A list of what the sandbox does not have. */
function none(action: string, member: string, isPaged = true): Operation {
  return (call, input) => {
    call.authorize(`iam:${action}`);
    optionalNumber(input, 'MaxItems', 1, 1000);
    return { [member]: [], ...(isPaged && { IsTruncated: false }) };
  };
}

/** A list of what a user does not have. */
function noneOf(action: string, member: string): Operation {
  return (call, input) => {
    const user = entityOf(call, 'User', input, true) as User;
    authorizeOn(call, action, user);
    return { [member]: [], IsTruncated: false };
  };
}

export const REPORT_OPERATIONS: Readonly<Record<string, Operation>> = {
  GenerateCredentialReport: generateCredentialReport,
  GenerateServiceLastAccessedDetails: generateServiceLastAccessedDetails,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
  GetAccountPasswordPolicy: (call) => {
    call.authorize('iam:GetAccountPasswordPolicy');
    throw noSuchEntity(`The Password Policy with domain name ${call.account} cannot be found.`);
  },
  GetAccountSummary: getAccountSummary,
  GetCredentialReport: getCredentialReport,
  GetLoginProfile: (call, input) => {
    const user = entityOf(call, 'User', input, true) as User;
    authorizeOn(call, 'GetLoginProfile', user);
    throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
  },
  GetServiceLastAccessedDetails: getServiceLastAccessedDetails,
  ListAccountAliases: none('ListAccountAliases', 'AccountAliases'),
  ListGroups: none('ListGroups', 'Groups'),
  ListGroupsForUser: noneOf('ListGroupsForUser', 'Groups'),
  ListMFADevices: noneOf('ListMFADevices', 'MFADevices'),
  ListOpenIDConnectProviders: none('ListOpenIDConnectProviders', 'OpenIDConnectProviderList', false),
  ListSAMLProviders: none('ListSAMLProviders', 'SAMLProviderList', false),
  ListVirtualMFADevices: none('ListVirtualMFADevices', 'VirtualMFADevices'),
};
