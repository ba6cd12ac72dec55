/**
 * The rules of the library on live resources: those whose controls a look at the accounts can hold. The pipeline is that
 * of `stackade check`, so that a resource gets the same verdict in a template and in an account.
 */
import { liveRuleChecks } from '../../analyzers/scan/index.js';
import type { Json, LiveRule, LiveVerdict, PlaceCheck } from '../../analyzers/scan/index.js';
import { buildBundle, completeParameters, openTemplate, parameterDocument, runChecks } from '../../rules/index.js';
import type { CodeRule, GuardRuleSource, RuleBundle } from '../../rules/index.js';
import { inOneLine } from '../../template/index.js';
import type { SupposedPlace } from '../../template/index.js';
import { codeRules, isGuard, loadLibrary, ruleSource } from '../library.js';
import type { ChosenRule, Library } from '../library.js';

/** What the template of an account is called where a rule tells of it. */
const FILE = 'account.json';

/**
 * The checks that the rules of the library are in a scan, in order of their ids.
 *
 * @param library - `@default` the library of this package.
 */
export async function loadLiveRuleChecks(library: Library = loadLibrary()): Promise<readonly PlaceCheck[]> {
  return liveRuleChecks(await loadLiveRules(library));
}

/** The rules of the library that a scan asks about live resources, in order of their ids. */
export async function loadLiveRules(library: Library): Promise<readonly LiveRule[]> {
  const scanned = new Set(library.controls.filter(({ layers }) => layers.includes('scan')).map(({ id }) => id));
  const chosen = library.rules
    .filter(({ metadata }) => metadata.controls.some((control) => scanned.has(control)))
    .map((rule): ChosenRule => ({ rule, severity: rule.metadata.severity }));
  const code = new Map((await codeRules(chosen)).map((rule) => [rule.info.id, rule]));
  return chosen.map((one) => liveRule(one, scanned, code.get(one.rule.metadata.id)));
}

function liveRule(chosen: ChosenRule, scanned: ReadonlySet<string>, code: CodeRule | undefined): LiveRule {
  const { id, controls, title, remediation, kind, resourceTypes } = chosen.rule.metadata;
  let bundle: RuleBundle | undefined;
  return {
    id,
    controls: controls.filter((control) => scanned.has(control)),
    severity: chosen.severity,
    title,
    help: remediation.text,
    relates: kind === 'graph',
    types: resourceTypes,
    judge: (text, place, parameters) => judge(id, (bundle ??= bundleOf(chosen, code)), text, place, parameters),
  };
}

function bundleOf(chosen: ChosenRule, code: CodeRule | undefined): RuleBundle {
  const { bundle, diagnostics } = isGuard(chosen)
    ? buildBundle([asLive(ruleSource(chosen))])
    : buildBundle([], code === undefined ? [] : [code]);
  if (bundle === null) throw new Error(`${chosen.rule.file}: ${diagnostics[0]?.message ?? 'cannot be read'}`);
  return bundle;
}

/** In a template a value that stands nowhere is no concern of rules on what is written; in an account it is there. */
function asLive(source: GuardRuleSource): GuardRuleSource {
  const rules = new Map([...source.rules].map(([name, info]) => [name, { ...info, written: false }]));
  return { ...source, rules };
}

function judge(
  id: string,
  bundle: RuleBundle,
  text: string,
  place: SupposedPlace,
  chosen: Readonly<Record<string, Json>>,
): LiveVerdict {
  const { values, problems } = completeParameters(chosen);
  const [problem] = problems;
  if (problem !== undefined) {
    return undecided(`the parameter \`${problem.parameter}\` cannot be used: ${problem.message}`);
  }
  const opened = openTemplate(text, FILE, place);
  if (opened.kind !== 'opened') return undecided('the resources of the account cannot be put into one document');
  const { source, resolution, supposed } = opened.template;
  const result = runChecks({ path: FILE, source, document: resolution.document, supposed }, bundle, {
    inputs: parameterDocument(values),
  });
  return {
    verdict: result.file.rules[id] ?? 'NOT_EVALUATED',
    findings: result.findings.map(({ resource, location, message, help }) => ({
      logicalId: resource?.logicalId ?? null,
      pointer: location.pointer,
      message,
      help: inOneLine(help),
    })),
    open: result.notEvaluated.map(({ reason }) => ({ reason })),
  };
}

function undecided(reason: string): LiveVerdict {
  return { verdict: 'NOT_EVALUATED', findings: [], open: [{ reason }] };
}
