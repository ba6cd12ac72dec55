/** One run of `stackade scan template`: templates in, a report of their policies out. */
import { createReport } from '../../findings/index.js';
import {
  accessAnalyzerClient,
  joined,
  RULES,
  scanTemplate,
  supposedOf,
  withoutDefaultsOf,
} from '../../analyzers/policies/index.js';
import type { AccessAnalyzer, GivenToStack, PolicyScanOptions, TemplateScan } from '../../analyzers/policies/index.js';
import { openTemplate } from '../../rules/index.js';
import type { CheckedFile, DeploymentOptions } from '../../rules/index.js';
import type { TemplateSource } from '../../template/index.js';
import { openAccepted, type Named } from '../check/accepted.js';
import { FileRun } from '../check/file-run.js';
import { openOutputFile } from '../check/output-file.js';
import { printPage, printReport } from '../check/print.js';
import { find } from '../check/run.js';
import { readSettings } from '../check/settings.js';
import type { CheckFlags } from '../check/settings.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { loadLibrary } from '../library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { toolName, toolVersion } from '../version.js';
import { givenTo, nestedIn } from './nested-stacks.js';
import { readActions, readReferences, readZone, sortPaths } from './template-input.js';
import type { ScanTemplateFlags } from './template-flags.js';

/** Scans templates and prints the report. @returns The exit code; what the user can mend has been told then. */
export async function scanTemplates(
  paths: readonly string[],
  given: ScanTemplateFlags,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    const sorted = sortPaths(paths, given, terminal.cwd);
    return await run(sorted.paths, sorted.flags, terminal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

async function run(paths: readonly string[], flags: ScanTemplateFlags, terminal: Terminal): Promise<number> {
  const settings = await readSettings(paths, checkFlags(flags), terminal.cwd);
  const file = settings.outputFile === undefined ? null : openOutputFile(settings.outputFile, terminal.cwd);
  const options: PolicyScanOptions = {
    notGranted: readActions(flags.accessNotGranted ?? []),
    references: readReferences(flags.reference ?? []),
    zone: await readZone(flags, terminal),
  };
  const { parameters, region, account, partition } = settings;
  const deployment = { parameters, region, accountId: account, partition };
  const scans: Scanned[] = [];
  const inputs = find(settings, terminal.cwd);
  const nested = nestedIn(inputs.files, deployment);
  const scanText = (text: string, path: string): CheckedFile =>
    scanOne(text, path, deployment, options, nested.get(path) ?? [null], scans);
  const accepted = await openAccepted(settings, named(), { rules: ASKED }, terminal);
  const files = new FileRun(settings, scanText, terminal, accepted.waivers);
  await files.checkAll(inputs, null);
  if (flags.online === true) {
    const { askOnline } = await import('./template-online.js');
    const { parts } = files;
    const offline = parts.findings.length;
    await askOnline(scans, options, () => openAnalyzer(region), parts, terminal);
    for (const [index, finding] of parts.findings.entries()) {
      const scan = index < offline ? undefined : scans.find(({ file: { path } }) => path === finding.location.file);
      if (scan === undefined) continue;
      const alone = { file: scan.file, findings: [finding], notEvaluated: [] };
      parts.findings[index] = accepted.waivers.cover(alone, scan.source).findings[0]!;
    }
  }
  files.parts.findings.push(...accepted.waivers.conclude());
  for (const [name, text] of accepted.sources) files.texts.set(name, text);
  const scanned = createReport({ tool: { name: toolName, version: toolVersion() }, ...files.parts });
  const report = accepted.finish(scanned, files);
  const { format, failOn } = flags;
  if (format === 'html') await printPage({ report, file, terminal });
  else printReport({ report, sources: files.texts, rules: [], settings: { format, failOn }, file, terminal });
  return files.conclude(report);
}

/** The rules that this scan can find something by. */
const ASKED = [...Object.values(RULES), 'policy-online', 'policy-online-differs'].map((id) => ({ id, controls: [] }));

/** A waiver file may be that of `check`, and name its rules: they are none of this scan's. */
function named(): Named['library'] {
  const { rules, controls } = loadLibrary();
  return { rules: [...rules, ...ASKED.map(({ id }) => ({ metadata: { id } }))], controls };
}

/** A scan with the template that it is of. */
type Scanned = TemplateScan & { readonly source: TemplateSource };

/** With the credentials and endpoint of the environment. */
async function openAnalyzer(region: string | undefined): Promise<AccessAnalyzer> {
  // The SDK warns on standard error of the end of its support for Node 20; users of a command cannot act on that.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const asked = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  return accessAnalyzerClient(asked === undefined ? {} : { region: asked });
}

function scanOne(
  text: string,
  path: string,
  deployment: DeploymentOptions,
  options: PolicyScanOptions,
  /** What each of the stacks of the template gets from the one around it; `null` for a stack that nothing is around. */
  given: readonly (GivenToStack | null)[],
  scans: Scanned[],
): CheckedFile {
  const opened = openTemplate(text, path, givenTo(deployment, given[0]!));
  if (opened.kind !== 'opened') return opened;
  const { source, resolution, problems, supposed } = opened.template;
  const scan = given
    .map((each) => {
      if (each === null) return scanTemplate(source, supposed(), options);
      const template = withoutDefaultsOf(source, each.unknown);
      return scanTemplate(template, supposedOf(template, givenTo(deployment, each)), options);
    })
    .reduce(joined);
  scans.push({ ...scan, source });
  const { file, findings, notEvaluated } = scan;
  const isBroken = problems.some(({ severity }) => severity === 'error');
  const result = {
    file: isBroken ? { ...file, status: 'FAIL' as const } : file,
    findings: [...problems, ...findings],
    notEvaluated,
  };
  return { kind: 'checked', result, source, document: resolution.document.value };
}

/** The options that it has in common with `check`; `--config` names another file here. */
function checkFlags(flags: ScanTemplateFlags): CheckFlags {
  const { parameters, parameterFile, region, account, allowIncomplete, listSkipped, outputFile } = flags;
  const { waivers, baseline, createBaseline } = flags;
  return {
    ...(parameters && { parameters }),
    ...(parameterFile && { parameterFile }),
    ...(region !== undefined && { region }),
    ...(account !== undefined && { account }),
    ...(allowIncomplete && { allowIncomplete }),
    ...(listSkipped && { listSkipped }),
    ...(outputFile !== undefined && { outputFile }),
    ...(waivers !== undefined && { waivers }),
    ...(baseline !== undefined && { baseline }),
    ...(createBaseline !== undefined && { createBaseline }),
    failOn: flags.failOn,
    format: flags.format,
    lint: false,
  };
}
