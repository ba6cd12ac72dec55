/** From the files of a template to the template. Whether they fit their schemas is what a test of the library says. */
import { isMap, readJsonSource, readTemplate } from '../template/index.js';
import type { Value } from '../template/index.js';
import { STATEMENT_GENERATORS } from './generators.js';
import type { CaseFile, ClaimFile, PolicyTemplate, TemplateMetadata, WrittenStatement } from './model.js';

/** The texts of the files of one folder of `scp/templates/`. */
export interface TemplateFiles {
  readonly name: string;
  /** `template.json` */
  readonly metadata: string;
  /** `statements.json`; left out when the statements are made from the catalogue. */
  readonly statements?: string;
  /** `cases.yml` */
  readonly cases: string;
  /** `claims.yml` */
  readonly claims: string;
}

/** What {@link loadTemplate} makes a template of: the parsed files. */
export interface TemplateData {
  readonly metadata: Value;
  readonly statements: Value | null;
  readonly cases: Value;
  readonly claims: Value;
}

/**
 * Reads the files of a template.
 *
 * @throws Error when a file is not JSON or YAML: the library is part of this package.
 */
export function readTemplateFiles({ name, metadata, statements, cases, claims }: TemplateFiles): TemplateData {
  return {
    metadata: parsed(readJsonSource(metadata, `${name}/template.json`)),
    statements: statements === undefined ? null : parsed(readJsonSource(statements, `${name}/statements.json`)),
    cases: parsed(readTemplate(cases, `${name}/cases.yml`)),
    claims: parsed(readTemplate(claims, `${name}/claims.yml`)),
  };
}

function parsed({ source, diagnostics }: ReturnType<typeof readTemplate>): Value {
  if (source !== null) return source.value;
  throw new Error(diagnostics.map(({ message, location }) => `${location?.file ?? ''}: ${message}`).join('; '));
}

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
