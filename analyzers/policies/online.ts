/**
 * The same questions to IAM Access Analyzer, and where its answers differ from ours
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html). Pure: who asks it is handed
 * in, see `access-analyzer-client.ts`.
 */
import { PUBLIC_RESOURCE_TYPES } from '../../iam/prove/index.js';
import { printPolicy } from '../../iam/index.js';
import { POLICY_CHECKS, RESOURCE_TYPES } from '../../iam/validate/index.js';
import { isMap, keysOf, readJsonSource } from '../../template/index.js';
import type { Path, PlaceKind, Value } from '../../template/index.js';
import type { AccessAnalyzer, AnalyzerFinding, CheckedKind, PolicyTypeName } from './access-analyzer-client.js';
import { RULES } from './checks/check.js';
import type { TemplatePolicy } from './collect.js';
import type { PolicyScanOptions } from './options.js';

/** One call. */
export interface OnlineCall {
  readonly policy: TemplatePolicy;
  readonly operation: 'ValidatePolicy' | 'CheckNoPublicAccess' | 'CheckAccessNotGranted' | 'CheckNoNewAccess';
  /** The rule of ours that answers the same question. */
  readonly ruleId: string;
  /** Whether AWS charges for it. */
  readonly charged: boolean;
  readonly ask: (analyzer: AccessAnalyzer) => Promise<OnlineAnswer>;
}

/** What Access Analyzer says. */
export type OnlineAnswer =
  | { readonly kind: 'findings'; readonly findings: readonly AnalyzerFinding[] }
  | {
      readonly kind: 'result';
      readonly passes: boolean;
      readonly message: string;
      readonly statements: readonly number[];
    };

/** The calls for some policies. */
export interface OnlinePlan {
  readonly calls: readonly OnlineCall[];
  /** Policies that cannot be sent: nobody knows all of what they say. */
  readonly unknown: readonly TemplatePolicy[];
}

const POLICY_TYPES: Readonly<Record<PlaceKind, PolicyTypeName | null>> = {
  identity: 'IDENTITY_POLICY',
  session: 'IDENTITY_POLICY',
  resource: 'RESOURCE_POLICY',
  trust: 'RESOURCE_POLICY',
  vpce: 'RESOURCE_POLICY',
  scp: 'SERVICE_CONTROL_POLICY',
  rcp: 'RESOURCE_CONTROL_POLICY',
};

/** What is to be asked of Access Analyzer about policies, the same as a scan asks. */
export function onlinePlan(policies: readonly TemplatePolicy[], options: PolicyScanOptions): OnlinePlan {
  const unknown = policies.filter(({ unknowns }) => unknowns.length > 0);
  const known = policies.filter(({ unknowns }) => unknowns.length === 0);
  return { unknown, calls: known.flatMap((policy) => callsFor(policy, options)) };
}

function callsFor(policy: TemplatePolicy, { notGranted = [], references = [] }: PolicyScanOptions): OnlineCall[] {
  const { kind, protects } = policy;
  const document = documentText(policy.value);
  const type = POLICY_TYPES[kind];
  if (document === undefined || type === null) return [];
  const resource = kind === 'trust' || RESOURCE_TYPES.includes(protects) ? protects : undefined;
  const calls: OnlineCall[] = [
    {
      policy,
      operation: 'ValidatePolicy',
      ruleId: RULES.validation,
      charged: false,
      ask: async (analyzer) => ({ kind: 'findings', findings: await analyzer.validate(document, type, resource) }),
    },
  ];
  const check = (
    operation: OnlineCall['operation'],
    ruleId: string,
    ask: (analyzer: AccessAnalyzer) => ReturnType<AccessAnalyzer['noPublicAccess']>,
  ): void => {
    calls.push({
      policy,
      operation,
      ruleId,
      charged: true,
      ask: async (analyzer) => ({ kind: 'result', ...(await ask(analyzer)) }),
    });
  };
  if ((kind === 'resource' || kind === 'trust') && PUBLIC_RESOURCE_TYPES.includes(protects)) {
    check('CheckNoPublicAccess', RULES.public, (analyzer) => analyzer.noPublicAccess(document, protects));
  }
  const read: CheckedKind | undefined =
    kind === 'identity' ? 'IDENTITY_POLICY' : kind === 'resource' || kind === 'trust' ? 'RESOURCE_POLICY' : undefined;
  if (read === undefined) return calls;
  if (notGranted.length > 0) {
    check('CheckAccessNotGranted', RULES.notGranted, (analyzer) =>
      analyzer.accessNotGranted(document, read, notGranted),
    );
  }
  for (const reference of references) {
    if (reference.kind !== kind) continue;
    const existing = JSON.stringify(printPolicy(reference.policy));
    check('CheckNoNewAccess', RULES.noNewAccess, (analyzer) => analyzer.noNewAccess(existing, document, read));
  }
  return calls;
}

function documentText(value: Value): string | undefined {
  if (typeof value === 'string') return readJsonSource(value, '').source === null ? undefined : value;
  return isMap(value) ? JSON.stringify(value) : undefined;
}

/** Where the two do not agree on a policy. */
export interface Difference {
  readonly policy: TemplatePolicy;
  readonly ruleId: string;
  /** Who finds something to mend. */
  readonly by: 'online' | 'offline';
  readonly message: string;
  readonly path: Path;
  /** The finding type of Access Analyzer; `ERROR` for a check that fails. */
  readonly type: AnalyzerFinding['type'];
}

/**
 * What an answer adds to, or takes from, what a scan found.
 *
 * @param found - Rules of the scan that fail on this policy.
 */
export function differences(
  { policy, ruleId, operation }: OnlineCall,
  answer: OnlineAnswer,
  found: ReadonlySet<string>,
): readonly Difference[] {
  if (answer.kind === 'result') {
    const fails = found.has(ruleId);
    if (answer.passes === !fails) return [];
    const [first] = answer.statements;
    const path: Path = first === undefined ? [] : statementAt(policy.value, first);
    return answer.passes
      ? [{ policy, ruleId, by: 'offline', message: `${operation} says PASS`, path, type: 'ERROR' }]
      : [{ policy, ruleId, by: 'online', message: `${operation} says FAIL: ${answer.message}`, path, type: 'ERROR' }];
  }
  const theirs = new Map(answer.findings.map((each) => [each.code, each]));
  const more = [...theirs.values()].filter(({ code }) => !found.has(code));
  // Checks of ours alone have codes that begin with IAM.
  const less = [...found].filter((code) => POLICY_CHECKS.has(code) && !code.startsWith('IAM') && !theirs.has(code));
  return [
    ...more.map(({ code, type, message, path }): Difference => ({
      policy,
      ruleId: code,
      by: 'online',
      message,
      path,
      type,
    })),
    ...less.map((code): Difference => {
      const { type } = POLICY_CHECKS.get(code)!;
      return { policy, ruleId: code, by: 'offline', message: 'ValidatePolicy has no such finding', path: [], type };
    }),
  ];
}

function statementAt(value: Value, index: number): Path {
  const document = typeof value === 'string' ? readJsonSource(value, '').source?.value : value;
  const single = document !== undefined && isMap(document) && isMap(document['Statement'] ?? null);
  return single && keysOf(document).length > 0 ? ['Statement'] : ['Statement', index];
}
