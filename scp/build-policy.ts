/** From a template and values of its parameters to policy documents. */
import { IAM_QUOTAS } from '../catalogue/iam/index.js';
import type { Diagnostic } from '../findings/index.js';
import { parsePolicy } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import {
  acceptedBy,
  badParameter,
  changeStatements,
  completeParameters,
  FillError,
  fillStatements,
  textOf,
  tooLong,
} from '../iam/templates/index.js';
import type { ParameterOptions, ParameterValues, Twin, WrittenStatement } from '../iam/templates/index.js';
import type { Value, ValueMap } from '../template/index.js';
import type { PolicyTemplate } from './model.js';

/** A policy document as data. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly ValueMap[];
}

export interface BuiltPolicy {
  readonly values: ParameterValues;
  /** As many as the quota of characters asks for; minified, each fits. */
  readonly documents: readonly PolicyDocument[];
  /** The same, as the IAM engine reads them. */
  readonly policies: readonly Policy[];
}

/** What came of building: a policy, or what is wrong with the parameters. */
export interface PolicyBuild {
  readonly built: BuiltPolicy | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Builds the documents of a template.
 *
 * Deny statements can be divided over documents as one likes: all that are attached count. Sizes are those of
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 *
 * @param given - A map from parameter to value. Whatever is not right in it is a diagnostic, and no policy is built.
 */
export function buildPolicy(template: PolicyTemplate, given: Value, options: ParameterOptions = {}): PolicyBuild {
  const { values, diagnostics } = completeParameters(template, given, options);
  if (diagnostics.length > 0) return { built: null, diagnostics };
  let statements: readonly ValueMap[];
  try {
    statements = fillStatements(writtenStatements(template, values), values);
  } catch (error) {
    if (!(error instanceof FillError)) throw error;
    return { built: null, diagnostics: [notFilled(template, error, options)] };
  }
  const divided = divide(template, statements);
  if ('diagnostic' in divided) return { built: null, diagnostics: [divided.diagnostic] };
  return {
    built: { values, documents: divided.documents, policies: divided.documents.map(read(template)) },
    diagnostics,
  };
}

function notFilled(
  { name, parameters }: PolicyTemplate,
  { message, parameter }: FillError,
  { locate }: ParameterOptions,
): Diagnostic {
  if (parameter === undefined) return badParameter(name, 'parameters', message, 'fit to be filled in');
  const diagnostic = badParameter(name, parameter, message, acceptedBy(parameters[parameter]!));
  const location = locate?.([parameter]) ?? locate?.([]);
  return location === undefined ? diagnostic : { ...diagnostic, location };
}

/** The statements of a template as written, those from the catalogue included. */
export function writtenStatements(
  { statements }: PolicyTemplate,
  values: ParameterValues,
): readonly WrittenStatement[] {
  return typeof statements === 'function' ? statements(values) : statements;
}

/** The template with the change of a twin. @throws Error when the twin names a statement that is not there. */
export function twinOf(template: PolicyTemplate, twin: Twin): PolicyTemplate {
  const statements = (values: ParameterValues): readonly WrittenStatement[] =>
    changeStatements(template.name, writtenStatements(template, values), twin);
  return { ...template, statements };
}

function divide(
  template: PolicyTemplate,
  statements: readonly ValueMap[],
): { readonly documents: readonly PolicyDocument[] } | { readonly diagnostic: Diagnostic } {
  const most = template.kind === 'scp' ? IAM_QUOTAS.scp : IAM_QUOTAS.rcp;
  const documents: ValueMap[][] = [[]];
  for (const statement of statements) {
    const alone = lengthOf([statement]);
    if (alone > most) {
      return { diagnostic: tooLong(template.name, `statement \`${textOf(statement['Sid'])}\``, alone, most) };
    }
    const last = documents.at(-1)!;
    if (lengthOf([...last, statement]) <= most) last.push(statement);
    else documents.push([statement]);
  }
  return {
    documents: documents
      .filter((each) => each.length > 0)
      .map((Statement) => ({ Version: '2012-10-17' as const, Statement })),
  };
}

function lengthOf(Statement: readonly ValueMap[]): number {
  return JSON.stringify({ Version: '2012-10-17', Statement }).length;
}

function read({ name, kind }: PolicyTemplate): (document: PolicyDocument) => Policy {
  return (document) => {
    const { policy, problems } = parsePolicy({ ...document }, kind);
    // A fault of the library: parameters have been checked, and each template is built by a test.
    if (policy === undefined) throw new Error(`${name}: ${problems.map(({ message }) => message).join('; ')}`);
    return policy;
  };
}
