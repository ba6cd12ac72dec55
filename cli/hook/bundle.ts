/** What the local hook decides by, from the same options as `check` and `gate check`. */
import { buildBundle, compileGlob, NO_WAIVERS } from '../../rules/index.js';
import type { GuardRuleSource, WaiverFile } from '../../rules/index.js';
import type { HookBundle } from '../../hooks/lambda/index.js';
import { badOption } from '../check/diagnostics.js';
import { choosePacks, readOwnRules } from '../check/rule-sources.js';
import type { CheckSettings } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { openGate, openSnapshot, readOverlays } from '../gate/files.js';
import { InputError } from '../input-error.js';
import { codeRules, isGuard, rulesOf, ruleSource } from '../library.js';
import type { ChosenRule, Library } from '../library.js';
import type { Terminal } from '../terminal.js';

/** Where the gate comes from. */
export interface GateFiles {
  readonly schemas?: string;
  readonly overlay?: readonly string[];
}

/** Parts of a template that the event of one resource does not have. */
const BEYOND_PROPERTIES = /\b(?:DeletionPolicy|UpdateReplacePolicy|UpdatePolicy|CreationPolicy|DependsOn|Metadata)\b/;
const OTHER_SECTIONS = /(?:^|[^.\w])(?:Parameters|Outputs|Mappings|Conditions)\b/;

/** @throws InputError when rules, waivers, snapshot or overlays cannot be used. */
export async function openBundle(
  settings: CheckSettings,
  files: GateFiles,
  library: Library,
  accounts: HookBundle['accounts'],
  terminal: Terminal,
): Promise<HookBundle> {
  const { cwd } = terminal;
  const { failOn, schemas } = { failOn: settings.failOn, schemas: files.schemas };
  if (failOn === 'never') {
    throw new InputError([
      badOption('--fail-on', 'a hook that never refuses is none', 'choose error, warning or info'),
    ]);
  }
  const overlays = readOverlays(files.overlay ?? [], cwd);
  if (schemas === undefined && overlays.overlays.length > 0) {
    throw new InputError([badOption('--overlay', 'needs a snapshot', 'name it with --schemas FOLDER')]);
  }
  const gate = schemas === undefined ? null : openGate(openSnapshot(schemas, cwd).set, overlays, terminal);
  const chosen = rulesOf(library, await choosePacks(library, settings.packs));
  const own = readOwnRules(settings.rules, cwd);
  const rules = await compile(chosen, own, terminal);
  return {
    rules,
    ruleParameters: settings.ruleParameters,
    wholeTemplate: new Set(chosen.filter(needsTemplate).map(({ rule }) => rule.metadata.id)),
    gate,
    waivers: await waiversOf(settings, library, own, cwd),
    compileGlob,
    accounts,
    failOn,
    notEvaluated: settings.allowIncomplete ? 'warn' : 'block',
  };
}

/**
 * Graph rules that relate parts of one resource, and ask nothing of others: where one resource is all that is seen, they
 * decide as in a template. That a rule reads one type only does not tell, since it may compare two resources of the type.
 */
const WITHIN_ONE_RESOURCE: ReadonlySet<string> = new Set([
  'codepipeline-pipeline-approval-before-deploy',
  'codepipeline-pipeline-approval-informed',
  'ec2-vpc-endpoint-service-exists',
  'redshift-warehouse-approved-roles',
  's3-bucket-archive-locked',
  's3-bucket-lifecycle-by-age',
  's3-bucket-lifecycle-fits-retention',
  's3-bucket-notifications-own-account',
]);

/** Whether a rule needs more of a template than the properties of one resource. */
export function needsTemplate({ rule }: ChosenRule): boolean {
  const { id, kind } = rule.metadata;
  if (kind !== 'guard') return kind === 'graph' && !WITHIN_ONE_RESOURCE.has(id);
  const text = rule.text.replace(/^\s*#.*$/gm, '').replace(/"[^"\n]*"|'[^'\n]*'|<<[\s\S]*?>>/g, '');
  return BEYOND_PROPERTIES.test(text) || OTHER_SECTIONS.test(text);
}

async function compile(
  chosen: readonly ChosenRule[],
  own: readonly GuardRuleSource[],
  terminal: Terminal,
): Promise<HookBundle['rules']> {
  const sources = new Map(own.map(({ file, text }) => [file, text]));
  const { bundle, diagnostics } = buildBundle(
    [...chosen.filter(isGuard).map(ruleSource), ...own],
    await codeRules(chosen),
  );
  if (bundle === null) throw new InputError(diagnostics, sources);
  tellDiagnostics(diagnostics, sources, terminal);
  return bundle;
}

async function waiversOf(
  { waivers }: CheckSettings,
  library: Library,
  own: readonly GuardRuleSource[],
  cwd: string,
): Promise<WaiverFile> {
  if (waivers === undefined) return NO_WAIVERS;
  const { readWaivers } = await import('../check/waiver-file.js');
  const owned = own.flatMap(({ rules }) => [...rules.values()].map(({ id }) => id));
  const names = {
    rules: new Set([...library.rules.map(({ metadata }) => metadata.id), ...owned]),
    controls: new Set(library.controls.map(({ id }) => id)),
  };
  return readWaivers(waivers, cwd, names).file;
}
