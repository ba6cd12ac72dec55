/** What a scan may do, and nothing more: the policies of who scans and of the role in each account. */
import { handlerActions, listInside } from './handlers.js';

/** Actions by which the organization itself is read, from the account that scans. */
const ORGANIZATION: readonly string[] = [
  'cloudformation:DescribeOrganizationsAccess',
  'cloudformation:DescribeStackSet',
  'cloudformation:ListStackInstances',
  'cloudformation:ListStackSetAutoDeploymentTargets',
  'cloudformation:ListStackSetOperations',
  'cloudformation:ListStackSets',
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListAWSServiceAccessForOrganization',
  'organizations:ListAccountsForParent',
  'organizations:ListDelegatedAdministrators',
  'organizations:ListDelegatedServicesForAccount',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListPolicies',
  'organizations:ListRoots',
  'organizations:ListTagsForResource',
  'organizations:ListTargetsForPolicy',
];

/** Findings of analyzers, where those are: in the account that scans, or in the account itself where there is none. IAM has no
 * actions of their own for the second versions of the operations. */
const FINDINGS: readonly string[] = [
  'access-analyzer:GetFinding',
  'access-analyzer:ListAnalyzers',
  'access-analyzer:ListFindings',
];

/** The IAM configuration of an account. */
const IAM: readonly string[] = [
  'iam:GetAccessKeyLastUsed',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountSummary',
  'iam:GetLoginProfile',
  'iam:ListAccessKeys',
  'iam:ListMFADevices',
  'iam:ListOpenIDConnectProviders',
  'iam:ListRoles',
  'iam:ListSAMLProviders',
];

/** What `--create-analyzers` takes: the stack set is changed, the analyzers are made by the role of StackSets. */
const CREATE: readonly string[] = [
  'cloudformation:CreateStackInstances',
  'cloudformation:DeleteStackInstances',
  'cloudformation:DescribeStackSetOperation',
  'cloudformation:ListStackSetOperationResults',
  'cloudformation:TagResource',
  'cloudformation:UpdateStackInstances',
  'cloudformation:UpdateStackSet',
];

export interface RightsOptions {
  /** The resource types that checks list. */
  readonly types: readonly string[];
  /** Whether checks look at IAM. */
  readonly iam: boolean;
  /** Whether findings of Access Analyzer are looked at. */
  readonly findings: boolean;
  readonly partition: string;
  /** Name of the role in each account. */
  readonly role: string;
  /** Name of the stack set of analyzers, when it may be created. */
  readonly createAnalyzers: string | null;
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Policies of a scan. */
export interface ScanRights {
  /** Of who calls `stackade scan org`, in the account that scans. */
  readonly caller: PolicyDocument;
  /** Of the role that is taken on in each account. */
  readonly account: PolicyDocument;
}

/** The actions by which one account is read, sorted. */
export function accountActions({
  types,
  iam,
  findings,
}: Pick<RightsOptions, 'types' | 'iam' | 'findings'>): readonly string[] {
  const parents = types.flatMap((type) => listInside(type)?.parent ?? []);
  const handlers = [...types, ...parents].flatMap((type) => {
    const { list = [], read = [] } = handlerActions(type) ?? {};
    return [...list, ...read];
  });
  const cloudControl = types.length === 0 ? [] : ['cloudformation:GetResource', 'cloudformation:ListResources'];
  return [...new Set([...cloudControl, ...(iam ? IAM : []), ...(findings ? FINDINGS : []), ...handlers])].sort();
}

/** The actions by which the organization is read, sorted. */
export function organizationActions(): readonly string[] {
  return [...ORGANIZATION];
}

/** The policies of a scan. Most of the actions take no resource; those that do are asked of all of an account. */
export function scanRights(options: RightsOptions): ScanRights {
  const { partition, role, createAnalyzers } = options;
  const account: Statement = {
    Sid: 'ReadSettings',
    Effect: 'Allow',
    Action: accountActions(options),
    Resource: '*',
  };
  const organization: Statement = { Sid: 'ReadOrganization', Effect: 'Allow', Action: ORGANIZATION, Resource: '*' };
  const assume: Statement = {
    Sid: 'EnterAccounts',
    Effect: 'Allow',
    Action: ['sts:AssumeRole'],
    Resource: `arn:${partition}:iam::*:role/${role}`,
  };
  const create: Statement = {
    Sid: 'ChangeTheStackSet',
    Effect: 'Allow',
    Action: CREATE,
    Resource: [
      `arn:${partition}:cloudformation:*:*:stackset/${createAnalyzers ?? ''}:*`,
      `arn:${partition}:cloudformation:*:*:stackset-target/${createAnalyzers ?? ''}:*`,
      `arn:${partition}:cloudformation:*::type/resource/AWS-AccessAnalyzer-Analyzer`,
    ],
  };
  // IAM knows no resource of the call that makes one.
  const first: Statement = {
    Sid: 'CreateStackSets',
    Effect: 'Allow',
    Action: ['cloudformation:CreateStackSet'],
    Resource: '*',
  };
  return {
    caller: document([
      ...(account.Action.length === 0 ? [] : [account]),
      organization,
      assume,
      ...(createAnalyzers === null ? [] : [first, create]),
    ]),
    account: document([account]),
  };
}

function document(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}
