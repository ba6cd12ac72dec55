/** IAM Access Analyzer (https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Operations.html). */
import { restJsonProtocol } from '../protocols/rest-json.js';
import type { Service } from '../service.js';
import { ANALYZER_OPERATIONS } from './analyzers.js';
import { CHECK_OPERATIONS } from './checks.js';
import { FINDING_OPERATIONS } from './findings.js';
import { RULE_OPERATIONS } from './rules.js';

const ROUTES = {
  ApplyArchiveRule: 'PUT /archive-rule',
  CheckAccessNotGranted: 'POST /policy/check-access-not-granted',
  CheckNoNewAccess: 'POST /policy/check-no-new-access',
  CheckNoPublicAccess: 'POST /policy/check-no-public-access',
  CreateAnalyzer: 'PUT /analyzer',
  CreateArchiveRule: 'PUT /analyzer/{analyzerName}/archive-rule',
  DeleteAnalyzer: 'DELETE /analyzer/{analyzerName}',
  DeleteArchiveRule: 'DELETE /analyzer/{analyzerName}/archive-rule/{ruleName}',
  GetAnalyzedResource: 'GET /analyzed-resource',
  GetAnalyzer: 'GET /analyzer/{analyzerName}',
  GetArchiveRule: 'GET /analyzer/{analyzerName}/archive-rule/{ruleName}',
  GetFinding: 'GET /finding/{id}',
  GetFindingsStatistics: 'POST /analyzer/findings/statistics',
  GetFindingV2: 'GET /findingv2/{id}',
  ListAnalyzedResources: 'POST /analyzed-resource',
  ListAnalyzers: 'GET /analyzer',
  ListArchiveRules: 'GET /analyzer/{analyzerName}/archive-rule',
  ListFindings: 'POST /finding',
  ListFindingsV2: 'POST /findingv2',
  ListTagsForResource: 'GET /tags/{resourceArn}',
  StartResourceScan: 'POST /resource/scan',
  TagResource: 'POST /tags/{resourceArn}',
  UntagResource: 'DELETE /tags/{resourceArn}',
  UpdateAnalyzer: 'PUT /analyzer/{analyzerName}',
  UpdateArchiveRule: 'PUT /analyzer/{analyzerName}/archive-rule/{ruleName}',
  UpdateFindings: 'PUT /finding',
  ValidatePolicy: 'POST /policy/validation',
};

/** Statuses of errors, where they are not 400. */
const STATUSES = {
  AccessDeniedException: 403,
  ConflictException: 409,
  InternalServerException: 500,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  ThrottlingException: 429,
  UnprocessableEntityException: 422,
};

export const ACCESS_ANALYZER: Service = {
  name: 'access-analyzer',
  protocol: restJsonProtocol('access-analyzer', ROUTES, STATUSES),
  operations: { ...ANALYZER_OPERATIONS, ...CHECK_OPERATIONS, ...FINDING_OPERATIONS, ...RULE_OPERATIONS },
};
