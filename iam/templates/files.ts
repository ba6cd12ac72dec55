/** Reads the files of a template. Whether they fit their schemas is what a test of each library says. */
import { readJsonSource, readTemplate } from '../../template/index.js';
import type { Value } from '../../template/index.js';

/** The texts of the files of one folder of templates. */
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

/** The parsed files. */
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
