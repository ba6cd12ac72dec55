/** What IAM Access Analyzer remembers of each account and Region. Plain data. */
import { Part } from '../state.js';

/** (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Criterion.html) */
export interface Criterion {
  readonly eq?: readonly string[];
  readonly neq?: readonly string[];
  readonly contains?: readonly string[];
  readonly exists?: boolean;
}

export type Filter = Readonly<Record<string, Criterion>>;

export interface ArchiveRule {
  readonly name: string;
  readonly createdAt: number;
  filter: Filter;
  updatedAt: number;
}

export const ANALYZER_TYPES = [
  'ACCOUNT',
  'ORGANIZATION',
  'ACCOUNT_UNUSED_ACCESS',
  'ORGANIZATION_UNUSED_ACCESS',
  'ACCOUNT_INTERNAL_ACCESS',
  'ORGANIZATION_INTERNAL_ACCESS',
] as const;
export type AnalyzerType = (typeof ANALYZER_TYPES)[number];

export const FINDING_TYPES = [
  'ExternalAccess',
  'InternalAccess',
  'UnusedIAMRole',
  'UnusedIAMUserAccessKey',
  'UnusedIAMUserPassword',
  'UnusedPermission',
] as const;
export type FindingType = (typeof FINDING_TYPES)[number];

export type FindingStatus = 'ACTIVE' | 'ARCHIVED' | 'RESOLVED';

type Json = Readonly<Record<string, unknown>>;

/** One entry of `findingDetails`: a map with one member, as the API has it. */
export type FindingDetail = Json;

export interface FindingData {
  readonly id: string;
  readonly findingType: FindingType;
  readonly resource: string;
  readonly resourceType: string;
  readonly resourceOwnerAccount: string;
  readonly error?: string;
  readonly findingDetails: readonly FindingDetail[];
  /** In milliseconds, as all times. */
  readonly createdAt: number;
  readonly analyzedAt: number;
  readonly updatedAt: number;
  readonly status: FindingStatus;
  /** Put there by who started the sandbox: no analysis of ours resolves it. */
  readonly isSeeded: boolean;
}

export interface AnalyzerData {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly type: AnalyzerType;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  configuration: Json | undefined;
  readonly rules: Map<string, ArchiveRule>;
  /** By id. */
  readonly findings: Map<string, FindingData>;
  /** What was looked at, by ARN. */
  resources: Map<string, AnalyzedResource>;
  lastAnalyzed: { readonly resource: string; readonly at: number } | undefined;
}

export interface AnalyzedResource {
  readonly arn: string;
  readonly type: string;
  readonly owner: string;
  readonly analyzedAt: number;
}

/** By name. */
export const ANALYZERS = new Part('access-analyzer', () => ({ analyzers: new Map<string, AnalyzerData>() }));

export const isOrganizational = (type: AnalyzerType): boolean => type.startsWith('ORGANIZATION');

/** What an analyzer looks for. */
export function kindOf(type: AnalyzerType): 'external' | 'unused' | 'internal' {
  if (type.endsWith('UNUSED_ACCESS')) return 'unused';
  return type.endsWith('INTERNAL_ACCESS') ? 'internal' : 'external';
}
