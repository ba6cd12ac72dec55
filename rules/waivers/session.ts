/**
 * Waivers over one run: each file's result is marked as it comes, and at the end the waivers themselves are judged. The
 * clock is an argument, and so is everything that is known of the deployment.
 *
 * A waiver covers what was not evaluated only when its scope names no resource: a verdict that hangs on a value of one
 * resource may concern another.
 */
import { fromDiagnostic, locator } from '../../findings/index.js';
import type { Diagnostic, FileResult, Finding, NotEvaluated, Verdict, Waived } from '../../findings/index.js';
import { get, isMap } from '../../template/index.js';
import type { TemplateSource } from '../../template/index.js';
import { guardName } from '../metadata/types.js';
import type { CheckResult } from '../run/run-checks.js';
import * as told from './diagnostics.js';
import { speaksOf } from './model.js';
import { isInSomeOu } from './ou.js';
import type { CompileGlob, Target, Waiver, WaiverFile } from './model.js';
import { breadthOf, compileScope } from './scope.js';
import type { Hidden, ScopeMatcher, Subject } from './scope.js';
import { suppressionsOf } from './suppressions.js';
import type { Suppression } from './suppressions.js';
import { tagsOf } from './tags.js';

/** What a run knows. */
export interface WaiverContext {
  /** The day of the run in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  readonly account?: string;
  readonly ou?: string;
  readonly compileGlob: CompileGlob;
  /** Whether anything that a waiver speaks of was looked for in this run. */
  readonly isChecked: (target: Target) => boolean;
  /** Texts of the waiver file by its name, for places. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What happened to one waiver. */
interface Use {
  readonly waiver: Waiver;
  readonly matches: ScopeMatcher;
  readonly fitsFile: (file: string) => boolean;
  /** Whether its scope names no resource. */
  readonly wide: boolean;
  hits: number;
  sawFile: boolean;
  refusedFor: Target | null;
  readonly hidden: Set<Hidden>;
}

/** Codes of the engines tell that something could not be read or resolved: nobody can accept that. */
const ENGINE_CODE = /^[A-Z]{3}[0-9]{4}$/;

/** Whether a finding or an entry is one that somebody may accept. */
export function isAcceptable({ ruleId }: { readonly ruleId: string }): boolean {
  return !ENGINE_CODE.test(ruleId);
}

export class WaiverSession {
  private readonly uses: readonly Use[];

  constructor(
    private readonly file: WaiverFile,
    private readonly context: WaiverContext,
  ) {
    this.uses = file.waivers.map((waiver) => {
      const { scope } = waiver;
      const ofFile = compileScope(scope.file === undefined ? {} : { file: scope.file }, context.compileGlob);
      const anywhere = { resource: null, account: undefined, ou: undefined, tags: NO_TAGS };
      return {
        waiver,
        matches: compileScope(scope, context.compileGlob),
        fitsFile: (path) => ofFile({ ...anywhere, file: path }).holds,
        wide: scope.logicalId === undefined && scope.resourceType === undefined && scope.tag === undefined,
        hits: 0,
        sawFile: false,
        refusedFor: null,
        hidden: new Set(),
      };
    });
  }

  /** Marks what waivers and honoured suppressions cover. @param source - The template that the result is about. */
  cover(result: CheckResult, source: TemplateSource): CheckResult {
    const { path } = result.file;
    for (const use of this.uses) use.sawFile ||= use.fitsFile(path);
    const suppressions = suppressionsOf(source).map((suppression) => new SuppressionUse(suppression));
    if (this.uses.length === 0 && suppressions.length === 0) return result;
    const findings = result.findings.map((finding) => this.judge(finding, source, suppressions));
    const notEvaluated = result.notEvaluated.map((entry) => this.accept(entry));
    const covered = [...findings, ...notEvaluated].some(({ waived }) => waived !== null && waived !== undefined);
    return {
      file: covered ? { ...result.file, status: statusOf(result.file, findings, notEvaluated) } : result.file,
      findings: [...findings, ...suppressions.flatMap((use) => use.told(source))],
      notEvaluated,
    };
  }

  private judge(finding: Finding, source: TemplateSource, suppressions: readonly SuppressionUse[]): Finding {
    if (!isAcceptable(finding) || finding.waived !== null) return finding;
    const never = this.file.neverWaivable.find((target) => speaksOf(target, finding)) ?? null;
    const subject: Subject = {
      ...this.place(finding.location.file),
      resource: finding.resource,
      tags: () => {
        const { logicalId = '', type = '' } = finding.resource ?? {};
        const resources = isMap(source.value) ? get(source.value, 'Resources') : undefined;
        return tagsOf(isMap(resources) ? get(resources, logicalId) : undefined, type);
      },
    };
    const waived = this.waiverOf(finding, subject, never, this.uses);
    const suppressed = this.suppressionOf(finding, never, waived !== null, suppressions);
    const by = waived ?? suppressed;
    return by === null ? finding : { ...finding, waived: by };
  }

  private accept(entry: NotEvaluated): NotEvaluated {
    if (!isAcceptable(entry)) return entry;
    const never = this.file.neverWaivable.find((target) => speaksOf(target, entry)) ?? null;
    const subject: Subject = { ...this.place(entry.path), resource: null, tags: NO_TAGS };
    const waived = this.waiverOf(
      entry,
      subject,
      never,
      this.uses.filter(({ wide }) => wide),
    );
    return waived === null ? entry : { ...entry, waived };
  }

  private place(file: string): Pick<Subject, 'file' | 'account' | 'ou'> {
    return { file, account: this.context.account, ou: this.context.ou };
  }

  /** The first waiver that covers an entry. Every waiver that speaks of it is noted as used, refused or undecided. */
  private waiverOf(
    entry: { readonly ruleId: string; readonly controls: readonly string[] },
    subject: Subject,
    never: Target | null,
    uses: readonly Use[],
  ): Waived | null {
    let found: Waived | null = null;
    for (const use of uses) {
      const { waiver } = use;
      if (!speaksOf(waiver.target, entry)) continue;
      const { holds, hidden } = use.matches(subject);
      for (const part of hidden) use.hidden.add(part);
      if (!holds) continue;
      use.hits += 1;
      if (never !== null) use.refusedFor = never;
      else if (!this.isExpired(waiver) && found === null) {
        const { reason, owner, expires, ticket } = waiver;
        found = { reason, owner, expires, by: 'waiver', ticket };
      }
    }
    return found;
  }

  private suppressionOf(
    finding: Finding,
    never: Target | null,
    isWaived: boolean,
    suppressions: readonly SuppressionUse[],
  ): Waived | null {
    const { developerSuppressions: allow } = this.file;
    const allowed = typeof allow === 'boolean' ? allow : allow.some((target) => speaksOf(target, finding));
    let found: Waived | null = null;
    for (const use of suppressions) {
      if (!use.names(finding)) continue;
      use.matched = true;
      const { tool, reason } = use.suppression;
      if (isWaived) continue;
      if (never !== null) use.refusal ??= `\`${never.id}\` is never waivable`;
      else if (!allowed) use.refusal ??= 'the waiver file does not let developers suppress it';
      else {
        found ??= {
          reason: reason === '' ? 'no reason is given' : reason,
          owner: `template (${tool})`,
          expires: null,
          by: 'suppression',
        };
      }
    }
    return found;
  }

  private isExpired({ expires }: Waiver): boolean {
    return expires < this.context.today;
  }

  /** What there is to say of the waivers themselves, once every file was covered. */
  conclude(): readonly Finding[] {
    const locate = locator(this.context.sources);
    return this.uses.flatMap((use) => this.verdictsOn(use).map((diagnostic) => fromDiagnostic(diagnostic, locate)));
  }

  private verdictsOn(use: Use): readonly Diagnostic[] {
    const { waiver, hits, hidden } = use;
    const { target, scope } = waiver;
    const isSame = (never: Target): boolean => never.kind === target.kind && never.id === target.id;
    const refusedFor = use.refusedFor ?? this.file.neverWaivable.find(isSame);
    if (refusedFor !== undefined) return [told.neverWaivable(waiver, refusedFor)];
    if (this.isExpired(waiver)) return [told.expired(waiver, hits > 0)];
    const broad = breadthOf(scope);
    const verdicts = broad === null ? [] : [told.tooBroad(waiver, broad)];
    const open = this.openParts(use);
    if (open.length > 0) verdicts.push(told.undecidedScope(waiver, ...undecidedWords(open)));
    else if (hits === 0 && this.isOfThisRun(waiver)) verdicts.push(this.unused(use));
    return hidden.size > 0 || hits > 0 ? verdicts : verdicts.map(milder(open.length > 0 || !use.sawFile));
  }

  /** Parts of the scope that nothing decides, whether or not a finding hangs on them. */
  private openParts({ waiver, hidden }: Use): readonly Hidden[] {
    const { account, ou } = waiver.scope;
    const parts = new Set(hidden);
    if (this.context.isChecked(waiver.target)) {
      if (account !== undefined && this.context.account === undefined) parts.add('account');
      if (ou !== undefined && this.context.ou === undefined) parts.add('ou');
      else if (ou !== undefined && isInSomeOu(ou, this.context.ou!) === 'open') parts.add('ouPath');
    }
    return [...parts];
  }

  /** Another run checks another account, or other rules: there the waiver may well be in use. */
  private isOfThisRun({ target, scope }: Waiver): boolean {
    const { account, ou, isChecked } = this.context;
    if (scope.account !== undefined && !scope.account.includes(account ?? '')) return false;
    if (scope.ou !== undefined && isInSomeOu(scope.ou, ou ?? '') !== true) return false;
    return isChecked(target);
  }

  private unused({ waiver, sawFile }: Use): Diagnostic {
    const why = sawFile
      ? 'nothing that it speaks of is reported in its scope'
      : 'no file that was checked fits its scope';
    return told.unused(waiver, why);
  }
}

const NO_TAGS = (): ReturnType<typeof tagsOf> => ({ known: new Map(), open: false });

/** What no finding of this run hangs on is told as information, except breadth, which is a fault of its own. */
function milder(mild: boolean): (diagnostic: Diagnostic) => Diagnostic {
  return (diagnostic) =>
    mild && (diagnostic.code === told.UNUSED || diagnostic.code === told.UNDECIDED)
      ? { ...diagnostic, severity: 'info' }
      : diagnostic;
}

function undecidedWords(hidden: readonly Hidden[]): readonly [why: string, help: string] {
  const options = hidden.filter((part) => part === 'account' || part === 'ou').map((part) => `--${part}`);
  const why = [
    ...(options.length === 0 ? [] : [`${options.join(' and ')} ${options.length === 1 ? 'is' : 'are'} not given`]),
    ...(hidden.includes('ouPath') ? ['--ou does not tell which units are above the one that it names'] : []),
    ...(hidden.includes('tag') ? ['a tag has a value that the template does not say'] : []),
  ].join(', and ');
  const help = [
    ...(options.length === 0 ? [] : [`give ${options.join(' and ')}`]),
    ...(hidden.includes('ouPath') ? ['give the path from the root, such as --ou r-ab12/ou-ab12-11111111'] : []),
    ...(hidden.includes('tag') ? ['write the tag with a literal value'] : []),
  ].join('; ');
  return [why, help];
}

/** One suppression of a template and what became of it. */
class SuppressionUse {
  matched = false;
  refusal: string | null = null;

  constructor(readonly suppression: Suppression) {}

  /** Whether it names the rule, its Guard name, a control of it or, for cfn-lint, the beginning of the code. */
  names({ ruleId, controls, resource }: Finding): boolean {
    const { tool, name, logicalId } = this.suppression;
    if (logicalId !== null && resource?.logicalId !== logicalId) return false;
    if (name === ruleId || name === guardName(ruleId) || controls.includes(name)) return true;
    // What cfn-lint calls E3002 is F3002 here where CloudFormation would refuse the template.
    return (
      tool === 'cfn-lint' &&
      LINT_CODE.test(ruleId) &&
      [ruleId, ruleId.replace('F', 'E')].some((code) => code.startsWith(name))
    );
  }

  told(source: TemplateSource): readonly Finding[] {
    const { tool, name, logicalId, range } = this.suppression;
    if (this.matched && this.refusal === null) return [];
    const diagnostic =
      this.refusal === null
        ? told.idleSuppression(tool, name, range)
        : told.refusedSuppression(tool, name, this.refusal, range);
    const locate = locator(new Map([[source.file, source.text]]));
    return [
      fromDiagnostic(diagnostic, locate, { resource: logicalId === null ? null : resourceAt(source, logicalId) }),
    ];
  }
}

const LINT_CODE = /^[EFWI][0-9]{4}$/;

function resourceAt(source: TemplateSource, logicalId: string): Finding['resource'] {
  const resources = isMap(source.value) ? get(source.value, 'Resources') : undefined;
  const resource = isMap(resources) ? get(resources, logicalId) : undefined;
  const type = isMap(resource) ? get(resource, 'Type') : undefined;
  return { logicalId, type: typeof type === 'string' ? type : '' };
}

/** The status of a file when what is waived no longer counts. */
export function statusOf(
  file: FileResult,
  findings: readonly Finding[],
  notEvaluated: readonly NotEvaluated[],
): Verdict {
  const open = findings.filter(({ waived }) => waived === null);
  if (open.some(({ severity }) => severity === 'error')) return 'FAIL';
  const failing = new Set(open.map(({ ruleId }) => ruleId));
  const isCovered = (rule: string, verdict: Verdict): boolean =>
    verdict === 'NOT_EVALUATED' || (verdict === 'FAIL' && !failing.has(rule));
  const verdicts = Object.entries(file.rules).map(([rule, verdict]) => (isCovered(rule, verdict) ? 'PASS' : verdict));
  if (verdicts.includes('FAIL')) return 'FAIL';
  if (notEvaluated.some(({ waived }) => waived === undefined)) return 'NOT_EVALUATED';
  return verdicts.includes('PASS') ? 'PASS' : 'SKIP';
}
