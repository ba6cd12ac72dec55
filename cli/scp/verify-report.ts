/** The report of `stackade scp verify`. */
import { createFinding, createReport, reporters, visible } from '../../findings/index.js';
import type { FileResult, Finding } from '../../findings/index.js';
import type { Proof } from '../../iam/prove/index.js';
import type { CaseResult, MutationScore } from '../../iam/templates/index.js';
import { toolName, toolVersion } from '../version.js';

export const VERIFY_FORMATS = ['pretty', 'json', 'junit', 'sarif'] as const;

interface ReportedClaim {
  readonly claim: { readonly claim: string; readonly twin: { readonly because: string } };
  readonly proof: Proof<unknown>;
  readonly twin: Proof<unknown> | null;
  readonly ok: boolean;
}

/** The verification of a template of any library. */
export interface ReportedVerification {
  readonly template: {
    readonly name: string;
    readonly kind: string;
    readonly controls: readonly string[];
    readonly claims: { readonly claims: readonly unknown[]; readonly isolation?: readonly unknown[] };
  };
  readonly sizes: readonly number[];
  readonly cases: readonly CaseResult[];
  readonly claims: readonly ReportedClaim[];
  readonly coverage: {
    readonly statements: number;
    readonly reached: number;
    readonly unreached: readonly string[];
  } | null;
  readonly mutation: MutationScore | null;
  readonly ok: boolean;
}

/** Everything that was verified. */
export interface Run {
  /** The folder of the templates. */
  readonly folder: string;
  readonly verifications: readonly ReportedVerification[];
  /** Requests that the user brought. */
  readonly vectors: readonly CaseResult[];
  readonly vectorFile: string | null;
}

/** The report as text. */
export function reportText(run: Run, format: (typeof VERIFY_FORMATS)[number]): string {
  if (format === 'json') return `${JSON.stringify(jsonOf(run), null, 2)}\n`;
  if (format === 'pretty') return prettyOf(run);
  return reporters[format](reportOf(run), { color: false });
}

const claimsOf = ({ claims: { claims, isolation = [] } }: ReportedVerification['template']): number =>
  claims.length + isolation.length;

/** How many claims were asked, and how many were not because they say nothing with these parameters. */
export function sayClaims(asked: number, all: number): string {
  const claims = `${asked} ${asked === 1 ? 'claim' : 'claims'}`;
  return asked === all ? claims : `${claims} (${all - asked} of other parameters left out)`;
}

const percent = (part: number): string => `${Math.floor(part * 1000) / 10} %`;

function prettyOf({ verifications, vectors, vectorFile }: Run): string {
  const lines: string[] = [];
  for (const { template, cases, claims, coverage, mutation, sizes, ok } of verifications) {
    const counts = [
      `${sizes.join(' + ')} characters`,
      ...(coverage === null
        ? []
        : [`${cases.length} cases reach ${coverage.reached} of ${coverage.statements} statements`]),
      sayClaims(claims.length, claimsOf(template)),
      ...(mutation === null
        ? []
        : [`${percent(mutation.score)} of ${mutation.mutants - mutation.equivalent} changes noticed`]),
    ];
    lines.push(`${ok ? 'PASS' : 'FAIL'}  ${template.name}: ${counts.join(', ')}`);
    for (const each of cases) if (!each.ok) lines.push(`  case    ${each.case.name}: ${each.fault ?? ''}`);
    for (const each of claims) if (!each.ok) lines.push(...sayClaim(each));
    for (const each of coverage?.unreached ?? []) lines.push(`  no case reaches ${each}`);
    for (const each of mutation?.survivors ?? []) lines.push(`  not noticed: ${each.statement}: ${each.change}`);
  }
  if (vectorFile !== null) {
    lines.push(`requests of ${vectorFile}:`);
    for (const each of vectors) {
      const by = each.by.filter(({ effect }) => effect === 'Deny' || each.decision === 'ALLOW').map(sayStatement);
      const told = each.ok ? each.decision : (each.fault ?? '');
      lines.push(`  ${each.ok ? 'PASS' : 'FAIL'}  ${each.case.name}: ${[told, ...new Set(by)].join(', ')}`);
    }
  }
  return `${lines.map((line) => visible(line)).join('\n')}\n`;
}

function sayStatement({ policyType, level, sid, statementIndex }: CaseResult['by'][number]): string {
  return `${policyType} level ${level ?? 0} ${sid ?? `statement ${(statementIndex ?? 0) + 1}`}`;
}

function sayClaim({ claim, proof, twin }: ReportedClaim): readonly string[] {
  const lines = [`  claim   ${claim.claim}: ${proof.kind}`];
  if (proof.kind === 'FAILS') lines.push(`    ${JSON.stringify(proof.counterexample)}`);
  if (proof.kind === 'UNKNOWN') lines.push(`    ${proof.detail}`);
  if (twin !== null && twin.kind !== 'FAILS') lines.push(`    its twin (${claim.twin.because}): ${twin.kind}`);
  return lines;
}

function caseJson({ case: { name, decision: expected }, decision, by, ok }: CaseResult): object {
  return { name, expected, decision, by, ok };
}

function claimJson({ claim, proof, twin, ok }: ReportedClaim): object {
  return {
    claim: claim.claim,
    result: proof.kind,
    counterexample: proof.kind === 'FAILS' ? proof.counterexample : null,
    reason: proof.kind === 'UNKNOWN' ? proof.detail : '',
    twin: twin === null ? null : { because: claim.twin.because, result: twin.kind },
    ok,
  };
}

function jsonOf({ verifications, vectors }: Run): object {
  return {
    version: 1,
    tool: { name: toolName, version: toolVersion() },
    templates: verifications.map(({ template, sizes, cases, claims, coverage, mutation, ok }) => ({
      ...{ name: template.name, kind: template.kind, controls: template.controls, sizes, ok },
      ...{ cases: cases.map(caseJson), claims: claims.map(claimJson) },
      ...{ claimsLeftOut: claimsOf(template) - claims.length, coverage, mutation },
    })),
    vectors: vectors.map(caseJson),
  };
}

/** One finding for each case and claim that is not as expected, for formats that know findings. */
function reportOf({ folder, verifications, vectors, vectorFile }: Run): ReturnType<typeof createReport> {
  const files: FileResult[] = [];
  const findings: Finding[] = [];
  const add = (
    path: string,
    controls: readonly string[],
    results: readonly (readonly [string, string | null])[],
  ): void => {
    const rules = Object.fromEntries(results.map(([name, fault]) => [name, fault === null ? 'PASS' : 'FAIL'] as const));
    files.push({ path, status: Object.values(rules).includes('FAIL') ? 'FAIL' : 'PASS', rules });
    for (const [name, fault] of results) {
      if (fault === null) continue;
      findings.push(
        createFinding({
          ruleId: name,
          controls,
          severity: 'error',
          title: name,
          message: fault,
          help: 'change the policy, its parameters, or what is expected',
          docs: '',
          location: { file: path, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' },
          labels: [],
          resource: null,
          subject: name,
        }),
      );
    }
  };
  for (const { template, cases, claims } of verifications) {
    add(`${folder}/${template.name}`, template.controls, [
      ...cases.map((each) => [each.case.name, each.fault ?? null] as const),
      ...claims.map((each) => [each.claim.claim, each.ok ? null : sayClaim(each).join(' ').trim()] as const),
    ]);
  }
  if (vectorFile !== null) {
    add(
      vectorFile,
      [],
      vectors.map((each) => [each.case.name, each.fault ?? null] as const),
    );
  }
  return createReport({ tool: { name: toolName, version: toolVersion() }, files, findings, notEvaluated: [] });
}
