/** From a template and values of its parameters to policy documents. */
import { IAM_QUOTAS } from '../catalogue/iam/index.js';
import type { Diagnostic } from '../findings/index.js';
import { parsePolicy } from '../iam/index.js';
import type { Policy, PolicyKind } from '../iam/index.js';
import {
  badParameter,
  changeStatements,
  completeParameters,
  FillError,
  fillList,
  fillStatements,
  tooLong,
} from '../iam/templates/index.js';
import type { ParameterOptions, ParameterValues, Twin } from '../iam/templates/index.js';
import { isMap } from '../template/index.js';
import type { Value, ValueMap } from '../template/index.js';
import type { BoundaryTemplate, PolicyName, WrittenPolicies } from './model.js';

/** A policy document as data. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly ValueMap[];
}

export interface BuiltBoundary {
  readonly values: ParameterValues;
  readonly documents: Readonly<Partial<Record<PolicyName, PolicyDocument>>>;
  /** The same, as the IAM engine reads them. */
  readonly policies: Readonly<Partial<Record<PolicyName, Policy>>>;
  /** Texts of the companions. */
  readonly companions: readonly string[];
}

export interface BuildOptions extends ParameterOptions {
  /** Whether the account need not be given, because CloudFormation puts in that of the stack. */
  readonly accountOfStack?: boolean;
}

/** In place of an account while sizes are checked: every account has 12 digits. */
const SOME_ACCOUNT = '000000000000';

/** What came of building: policies, or what is wrong with the parameters. */
export interface BoundaryBuild {
  readonly built: BuiltBoundary | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Most characters without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST: Readonly<Record<PolicyName, number>> = {
  boundary: IAM_QUOTAS.managedPolicy,
  permissions: IAM_QUOTAS.inlineRole,
  trust: IAM_QUOTAS.trustPolicy,
};

/** As which kind of policy each is read. */
export const POLICY_KINDS: Readonly<Record<PolicyName, PolicyKind>> = {
  boundary: 'boundary',
  permissions: 'identity',
  trust: 'trust',
};

/** The names of the policies of a template, in order. */
export function policyNames({ policies }: Pick<BoundaryTemplate, 'policies'>): readonly PolicyName[] {
  return (['boundary', 'permissions', 'trust'] as const).filter((name) => policies[name] !== undefined);
}

/**
 * Builds the documents of a template.
 *
 * @param given - A map from parameter to value. Whatever is not right in it is a diagnostic, and nothing is built.
 */
export function buildBoundary(template: BoundaryTemplate, given: Value, options: BuildOptions = {}): BoundaryBuild {
  const needed = options.accountOfStack === true && isMap(given) ? { account: SOME_ACCOUNT, ...given } : given;
  const { values, diagnostics } = completeParameters(template, needed, options);
  if (diagnostics.length > 0) return { built: null, diagnostics };
  const documents: Partial<Record<PolicyName, PolicyDocument>> = {};
  const policies: Partial<Record<PolicyName, Policy>> = {};
  try {
    for (const name of policyNames(template)) {
      const document = fillPolicy(template, name, values);
      const { length } = JSON.stringify(document);
      if (length > MOST[name]) {
        return { built: null, diagnostics: [tooLong(template.name, `policy \`${name}\``, length, MOST[name])] };
      }
      documents[name] = document;
      policies[name] = read(template, name, document);
    }
    const companions = companionTexts(template, values);
    return { built: { values, documents, policies, companions }, diagnostics };
  } catch (error) {
    if (!(error instanceof FillError)) throw error;
    const fault = badParameter(template.name, 'parameters', error.message, 'fit to be filled in');
    return { built: null, diagnostics: [fault] };
  }
}

/** One document with values put in. @throws FillError when a list is empty that must not be. */
export function fillPolicy(template: BoundaryTemplate, name: PolicyName, values: ParameterValues): PolicyDocument {
  return { Version: '2012-10-17', Statement: fillStatements(template.policies[name] ?? [], values) };
}

/** The texts of the companions. A line that mentions a list becomes one line for each entry. */
export function companionTexts({ companions = [] }: BoundaryTemplate, values: ParameterValues): readonly string[] {
  return companions.map(({ lines }) =>
    lines.flatMap((line) => (line === '' ? [''] : fillList(line, values))).join('\n'),
  );
}

/** The template with the change of a twin. @throws Error when the twin names a statement that is not there. */
export function twinOf(template: BoundaryTemplate, twin: Twin): BoundaryTemplate {
  const sids = [...(twin.without === undefined ? [] : [twin.without]), ...Object.keys(twin.change ?? {})];
  const policies: WrittenPolicies = Object.fromEntries(
    policyNames(template).map((name) => {
      const written = template.policies[name]!;
      const own = sids.filter((sid) => written.some((each) => each['Sid'] === sid));
      const { without } = twin;
      const change = Object.fromEntries(Object.entries(twin.change ?? {}).filter(([sid]) => own.includes(sid)));
      return [
        name,
        changeStatements(template.name, written, {
          change,
          ...(without !== undefined && own.includes(without) ? { without } : {}),
        }),
      ];
    }),
  );
  const written = policyNames(template).flatMap((name) => template.policies[name]!.map((each) => each['Sid']));
  const missing = sids.find((sid) => !written.includes(sid));
  if (missing !== undefined) throw new Error(`${template.name} has no statement ${missing}`);
  return { ...template, policies };
}

function read({ name: template }: BoundaryTemplate, name: PolicyName, document: PolicyDocument): Policy {
  const { policy, problems } = parsePolicy({ ...document }, POLICY_KINDS[name]);
  // A fault of the library: parameters have been checked, and each template is built by a test.
  if (policy === undefined) throw new Error(`${template}: ${problems.map(({ message }) => message).join('; ')}`);
  return policy;
}
