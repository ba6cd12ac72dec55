/** From the text of one file to its verdicts: read, resolve, check. */
import { attributesOf } from '../../catalogue/index.js';
import { fromDiagnostic, locator } from '../../findings/index.js';
import type { Diagnostic, Finding } from '../../findings/index.js';
import { isMap, readTemplate, resolveTemplate, supposeTemplate } from '../../template/index.js';
import type {
  PathDiagnostic,
  Resolution,
  ResolveOptions,
  Supposed,
  TemplateSource,
  Value,
} from '../../template/index.js';
import type { RuleBundle } from './bundle.js';
import { runChecks } from './run-checks.js';
import type { CheckResult, RunOptions } from './run-checks.js';

/** What became of a file. */
export type CheckedFile =
  | {
      readonly kind: 'checked';
      readonly result: CheckResult;
      readonly source: TemplateSource;
      /** The template with its functions resolved, as rules see it. */
      readonly document: Value;
    }
  /** Read without error, and no template: there is no `Resources` map. */
  | { readonly kind: 'noTemplate' }
  /** Could not be read; the diagnostics say why. */
  | { readonly kind: 'unreadable'; readonly diagnostics: readonly Diagnostic[] };

/** What is known of the deployment besides the template. */
export type DeploymentOptions = Omit<ResolveOptions, 'attributes'>;

/** A template that was read and resolved. */
export interface OpenedTemplate {
  readonly source: TemplateSource;
  readonly resolution: Resolution;
  /** What is wrong with the file and its intrinsic functions, under the codes of the diagnostics. */
  readonly problems: readonly Finding[];
  /** The template with names supposed for its resources. */
  readonly supposed: () => Supposed;
}

/**
 * Reads the text of one file and resolves what is known of it.
 *
 * @param file - Its name in reports.
 * @returns The template; or what became of the file when it is none.
 */
export function openTemplate(
  text: string,
  file: string,
  deployment: DeploymentOptions = {},
): { readonly kind: 'opened'; readonly template: OpenedTemplate } | Exclude<CheckedFile, { readonly kind: 'checked' }> {
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null) return { kind: 'unreadable', diagnostics };
  const { value } = source;
  if (!isMap(value) || !isMap(value['Resources'])) return { kind: 'noTemplate' };
  const world = { ...deployment, attributes: attributesOf };
  const resolution = resolveTemplate(value, world);
  const locate = locator(new Map([[file, text]]));
  const problems = [
    ...diagnostics.map((diagnostic) => fromDiagnostic(diagnostic, locate, { file })),
    ...resolution.diagnostics.map((diagnostic) => fromPathDiagnostic(diagnostic, source)),
  ];
  const supposed = (): Supposed => supposeTemplate(value, resolution, world);
  return { kind: 'opened', template: { source, resolution, problems, supposed } };
}

/**
 * Checks the text of one file.
 *
 * @param file - Its name in reports.
 * @returns Verdicts for a template. What is wrong with its intrinsic functions is among the findings, under the codes of
 *   the diagnostics.
 */
export function checkTemplate(
  text: string,
  file: string,
  bundle: RuleBundle,
  deployment: DeploymentOptions = {},
  options: RunOptions = {},
): CheckedFile {
  const opened = openTemplate(text, file, deployment);
  if (opened.kind !== 'opened') return opened;
  const { source, resolution, problems, supposed } = opened.template;
  const { additional } = options;
  const result = runChecks({ path: file, source, document: resolution.document, supposed }, bundle, {
    ...options,
    additional: {
      findings: [...problems, ...(additional?.findings ?? [])],
      notEvaluated: additional?.notEvaluated ?? [],
    },
  });
  return { kind: 'checked', result, source, document: resolution.document.value };
}

function fromPathDiagnostic({ path, ...diagnostic }: PathDiagnostic, source: TemplateSource): Finding {
  const location = { ...source.locationOf(path), file: source.file };
  const logicalId = path[0] === 'Resources' && path.length > 1 ? String(path[1]) : null;
  return fromDiagnostic(diagnostic, () => location, {
    location,
    resource: logicalId === null ? null : { logicalId, type: typeOf(source, logicalId) },
    title: 'Intrinsic functions can be resolved',
  });
}

function typeOf(source: TemplateSource, logicalId: string): string {
  const resources = isMap(source.value) ? source.value['Resources'] : undefined;
  const resource = isMap(resources) ? resources[logicalId] : undefined;
  const type = isMap(resource) ? resource['Type'] : undefined;
  return typeof type === 'string' ? type : '';
}
