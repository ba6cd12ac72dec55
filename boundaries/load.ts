/** From the parsed files of a template to the template. Whether they fit their schemas is what a test of the library says. */
import type { TemplateData } from '../iam/templates/index.js';
import { isMap } from '../template/index.js';
import type { BoundaryTemplate, CaseFile, ClaimFile, TemplateMetadata, WrittenPolicies } from './model.js';

/** @throws Error when metadata or statements are no maps. */
export function loadTemplate({ metadata, statements, cases, claims }: TemplateData): BoundaryTemplate {
  if (!isMap(metadata) || statements === null || !isMap(statements)) {
    throw new Error('a template has metadata and statements');
  }
  return {
    ...(metadata as unknown as TemplateMetadata),
    policies: statements as unknown as WrittenPolicies,
    cases: cases as unknown as CaseFile,
    claims: claims as unknown as ClaimFile,
  };
}
