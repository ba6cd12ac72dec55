/** The report of `stackade scp verify --config`. */
import { createFinding, createReport, reporters, visible } from '../../findings/index.js';
import type { FileResult, Finding } from '../../findings/index.js';
import type {
  AccountCase,
  AccountClaim,
  AccountSet,
  DecidedBy,
  DecidedVector,
  OrganizationVerification,
  TemplateAtAccounts,
} from '../../scp/index.js';
import { toolName, toolVersion } from '../version.js';
import { sayClaims } from './verify-report.js';
import type { VERIFY_FORMATS } from './verify-report.js';

/** The report as text. @param config - The path of the description. */
export function organizationReport(
  verification: OrganizationVerification,
  config: string,
  vectorFile: string | null,
  format: (typeof VERIFY_FORMATS)[number],
): string {
  if (format === 'json') return `${JSON.stringify(jsonOf(verification), null, 2)}\n`;
  if (format === 'pretty') return prettyOf(verification, vectorFile);
  return reporters[format](reportOf(verification, config, vectorFile), { color: false });
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Most accounts that are named. */
const NAMED = 3;

function sayAccounts(accounts: AccountSet['accounts']): string {
  const named = accounts.slice(0, NAMED).map(({ shown }) => shown);
  const rest = accounts.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

function sayStatement({ policyType, level, policy, statement }: DecidedBy): string {
  return `${policyType} ${policy} at ${level}: ${statement}`;
}

/** What denied, each once; of what is allowed, what allowed it; of what nothing allows, where that is. */
function sayDecision({ decision, by, unallowedAt = [] }: Pick<AccountCase, 'decision' | 'by' | 'unallowedAt'>): string {
  const deciding = by.filter(({ effect }) => effect === (decision === 'ALLOW' ? 'Allow' : 'Deny'));
  const nothing = unallowedAt.map((level) => `nothing allows it at ${level}`);
  return [decision, ...new Set(deciding.map(sayStatement)), ...nothing].join(', ');
}

const isFailed = ({ claims, cases }: TemplateAtAccounts): boolean =>
  claims.some(({ ok }) => !ok) || cases.some(({ outcome }) => outcome === 'FAIL');

function prettyOf({ sets, vectors }: OrganizationVerification, vectorFile: string | null): string {
  const lines: string[] = [];
  for (const { set, templates } of sets) {
    const isReached = set.scps !== null || set.rcps !== null;
    const what = isReached ? count(templates.length, 'template') : 'no SCP and no RCP reaches it';
    lines.push(`${sayAccounts(set.accounts)}: ${what}`);
    for (const each of templates) {
      const { template, shown, claims, cases } = each;
      const overruled = cases.filter(({ outcome }) => outcome === 'OVERRULED');
      const others = cases.filter(({ outcome }) => outcome === 'OTHER_PARAMETERS').length;
      const parts = [
        sayClaims(claims.length, template.claims.claims.length),
        count(cases.length, 'case'),
        ...(overruled.length === 0 ? [] : [`${overruled.length} overruled`]),
        ...(others === 0 ? [] : [`${others} decided otherwise by the parameters here`]),
      ];
      lines.push(`  ${isFailed(each) ? 'FAIL' : 'PASS'}  ${template.name} (${shown}): ${parts.join(', ')}`);
      for (const claim of claims) if (!claim.ok) lines.push(...sayClaim(claim).map((line) => `    ${line}`));
      for (const one of cases) {
        if (one.outcome === 'FAIL') lines.push(`    case  ${one.name}: ${sayDecision(one)}`);
        if (one.outcome === 'OVERRULED') lines.push(`    overruled  ${one.name}: ${sayDecision(one)}`);
      }
    }
  }
  if (vectorFile !== null) {
    lines.push(`requests of ${vectorFile}:`);
    for (const each of vectors) {
      const told = sayDecision(each);
      const fault = each.fault === undefined ? '' : ` (${each.fault})`;
      lines.push(`  ${each.ok ? 'PASS' : 'FAIL'}  ${each.vector.name} [${whereOf(each)}]: ${told}${fault}`);
    }
  }
  return `${lines.map((line) => visible(line)).join('\n')}\n`;
}

function whereOf({ accounts }: DecidedVector): string {
  if (accounts.length === 0) return 'no account of the organization';
  const rest = accounts.length - NAMED;
  return `${accounts.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function sayClaim({ claim, proof, of }: AccountClaim): readonly string[] {
  const whole = of === 'all' ? ', of all that is in effect' : '';
  const lines = [`claim  ${claim.claim}: ${proof.kind}${whole}`];
  if (proof.kind === 'FAILS') lines.push(`  ${JSON.stringify(proof.counterexample)}`);
  if (proof.kind === 'UNKNOWN') lines.push(`  ${proof.detail}`);
  return lines;
}

function jsonOf({ sets, vectors }: OrganizationVerification): object {
  return {
    version: 1,
    tool: { name: toolName, version: toolVersion() },
    sets: sets.map(({ set, templates }) => ({
      accounts: set.accounts,
      templates: templates.map((each) => ({
        name: each.template.name,
        at: each.shown,
        ok: !isFailed(each),
        claims: each.claims.map(({ claim, proof, of, ok }) => ({
          ...{ claim: claim.claim, result: proof.kind, of, ok },
          counterexample: proof.kind === 'FAILS' ? proof.counterexample : null,
          reason: proof.kind === 'UNKNOWN' ? proof.detail : '',
        })),
        claimsLeftOut: each.template.claims.claims.length - each.claims.length,
        cases: each.cases,
      })),
    })),
    vectors: vectors.map(({ vector: { name, decision: expected }, decision, by, unallowedAt, ok, accounts }) => {
      return { name, expected, decision, by, ...(unallowedAt && { unallowedAt }), ok, accounts };
    }),
  };
}

/** One finding for each claim, case and request that is not as expected, for formats that know findings. */
function reportOf(
  { sets, vectors }: OrganizationVerification,
  config: string,
  vectorFile: string | null,
): ReturnType<typeof createReport> {
  const files: FileResult[] = [];
  const findings: Finding[] = [];
  const add = (
    path: string,
    suite: string,
    controls: readonly string[],
    results: readonly (readonly [name: string, fault: string | null])[],
  ): void => {
    const rules = Object.fromEntries(results.map(([name, fault]) => [name, fault === null ? 'PASS' : 'FAIL'] as const));
    files.push({ path: suite, status: Object.values(rules).includes('FAIL') ? 'FAIL' : 'PASS', rules });
    for (const [name, fault] of results) {
      if (fault === null) continue;
      findings.push(
        createFinding({
          ...{ ruleId: name, controls, severity: 'error', title: name, message: `${suite}: ${fault}` },
          help: 'change the policies, their parameters, or what is expected',
          docs: '',
          location: { file: path, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' },
          ...{ labels: [], resource: null, subject: `${suite} ${name}` },
        }),
      );
    }
  };
  for (const { set, templates } of sets) {
    for (const { template, shown, claims, cases } of templates) {
      add(config, `${config} ${set.accounts[0]!.shown} ${template.name} (${shown})`, template.controls, [
        ...claims.map((each) => [each.claim.claim, each.ok ? null : sayClaim(each).join(' ')] as const),
        ...cases.map((one) => [one.name, one.outcome === 'FAIL' ? sayDecision(one) : null] as const),
      ]);
    }
  }
  if (vectorFile !== null) {
    add(
      vectorFile,
      vectorFile,
      [],
      vectors.map((each) => [`${each.vector.name} [${whereOf(each)}]`, each.fault ?? null] as const),
    );
  }
  return createReport({ tool: { name: toolName, version: toolVersion() }, files, findings, notEvaluated: [] });
}
