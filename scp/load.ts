/** From the parsed files of a template to the template. */
import type { CaseFile, ClaimFile, TemplateData, WrittenStatement } from '../iam/templates/index.js';
import { isMap } from '../template/index.js';
import { STATEMENT_GENERATORS } from './generators.js';
import type { PolicyTemplate, TemplateMetadata } from './model.js';

/**
 * Makes a template of its parsed files, which fit their schemas.
 *
 * @throws Error when there are neither written statements nor a generator of the template's name.
 */
export function loadTemplate({ metadata, statements, cases, claims }: TemplateData): PolicyTemplate {
  if (!isMap(metadata)) throw new Error('the metadata of a template is no map');
  const data = metadata as unknown as TemplateMetadata;
  const made = statements === null ? STATEMENT_GENERATORS.get(data.name) : (statements as readonly WrittenStatement[]);
  if (made === undefined) throw new Error(`${data.name} has no statements`);
  return {
    ...data,
    statements: made,
    cases: cases as unknown as CaseFile,
    claims: claims as unknown as ClaimFile,
  };
}
