/** Policies in templates: where they can stand, what they will say once they are deployed, and what is wrong with them. */
export { policyCandidates } from './candidates/find.js';
export type { Candidate, CandidateReason, PolicyFlags } from './candidates/find.js';
export { GRANT_TYPES } from './grants.js';
export { supposedOf, templatePolicies } from './collect.js';
export type { TemplatePolicies, TemplatePolicy, Unread } from './collect.js';
export type { Attachment, PolicyHolder } from './attachments.js';
export { grants } from './options.js';
export type { PolicyScanOptions, Reference, Zone } from './options.js';
export { readingsOf } from './readings.js';
export type { Readings } from './readings.js';
export { RULES } from './checks/check.js';
export { nestedStacks, stackSetTemplates, withoutDefaultsOf } from './nested.js';
export type { GivenToStack, InnerTemplate, NestedStack } from './nested.js';
export { joined, scanTemplate } from './scan.js';
export type { TemplateScan } from './scan.js';
export { accessAnalyzerClient } from './access-analyzer-client.js';
export type {
  AccessAnalyzer,
  AccessAnalyzerOptions,
  AnalyzerFinding,
  AnalyzerResult,
} from './access-analyzer-client.js';
export { differences, onlinePlan } from './online.js';
export type { Difference, OnlineAnswer, OnlineCall, OnlinePlan } from './online.js';
