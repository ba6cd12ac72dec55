/** What one run does: options of the command line, which win, and those of the configuration file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ReportFormat, Severity } from '../../findings/index.js';
import { completeParameters, OU_PLACE } from '../../rules/index.js';
import type { ParameterValue } from '../../rules/index.js';
import { InputError } from '../input-error.js';
import type { Config, Environment } from './config.js';
import { badOption } from './diagnostics.js';
import { parseAssignments, readParameterFile, type ParameterValues } from './parameters.js';

/** From which severity on a finding fails the check. */
export type FailOn = Severity | 'never';

/** Forms of the report: those of the reporters, and one page of HTML. */
export type CheckFormat = ReportFormat | 'html';

/** Options as the command line gives them; what is left out was not given. */
export interface CheckFlags {
  readonly pack?: readonly string[];
  readonly rules?: readonly string[];
  readonly parameters?: readonly string[];
  readonly parameterFile?: readonly string[];
  readonly region?: string;
  readonly account?: string;
  readonly ou?: string;
  readonly config?: string;
  readonly environment?: string;
  readonly failOn?: FailOn;
  readonly allowIncomplete?: true;
  readonly lint: boolean;
  readonly listRules?: true;
  readonly listSkipped?: true;
  readonly format: CheckFormat;
  readonly outputFile?: string;
  readonly waivers?: string;
  readonly baseline?: string;
  readonly createBaseline?: string;
}

/** Everything that a run needs to know. */
export interface CheckSettings {
  readonly paths: readonly string[];
  /** Names of packs. */
  readonly packs: readonly string[];
  /** Whether the packs were named on the command line. */
  readonly packsNamed: boolean;
  readonly rules: readonly string[];
  readonly parameters: ParameterValues;
  readonly ruleParameters: Readonly<Record<string, ParameterValue>>;
  readonly region?: string;
  readonly account?: string;
  readonly ou?: string;
  readonly partition?: string;
  readonly failOn: FailOn;
  readonly allowIncomplete: boolean;
  readonly lint: { readonly enabled: boolean; readonly codes: Readonly<Record<string, boolean>> };
  /** Resource types that exist although the catalogue does not know them. */
  readonly knownTypes: ReadonlySet<string>;
  readonly exclude: { readonly folder: string; readonly patterns: readonly string[] };
  readonly listRules: boolean;
  readonly listSkipped: boolean;
  readonly format: CheckFormat;
  readonly outputFile?: string;
  /** Files of waivers and of known findings, as the command line names them. */
  readonly waivers?: string;
  readonly baseline?: string;
  readonly createBaseline?: string;
}

/** The file that is read when `--config` is not given. */
export const CONFIG_FILE = 'stackade.yaml';
export const DEFAULT_PACK = 'foundation';

/** What the options that describe a deployment look like. */
const FORMS = {
  '--region': { pattern: /^[a-z]{2,4}(-[a-z]+)+-[0-9]+$/, what: 'a Region such as eu-central-1' },
  '--account': { pattern: /^[0-9]{12}$/, what: 'an account id of 12 digits' },
  '--ou': {
    pattern: new RegExp(OU_PLACE),
    what: 'the id of an organizational unit such as ou-ab12-11111111, of a root, or the path from the root to a unit',
  },
} as const;

/**
 * Joins options and configuration.
 *
 * @param paths - What to check; none stands for the working directory.
 * @throws InputError when an option, the configuration or a parameter file is wrong.
 */
export async function readSettings(paths: readonly string[], flags: CheckFlags, cwd: string): Promise<CheckSettings> {
  checkForms(flags);
  if (flags.listRules === true && flags.format !== 'pretty' && flags.format !== 'json') {
    throw new InputError([badOption('--list-rules', `has no format ${flags.format}`, 'choose pretty or json')]);
  }
  if (flags.baseline !== undefined && flags.createBaseline !== undefined) {
    throw new InputError([
      badOption('--create-baseline', 'cannot be combined with --baseline', 'write the baseline first, then use it'),
    ]);
  }
  const config = await findConfig(flags.config, cwd);
  const environment = environmentOf(config, flags.environment);
  const files = (flags.parameterFile ?? []).map((file) => readParameterFile(file, cwd));
  const region = flags.region ?? config.region;
  const account = flags.account ?? config.account;
  const ou = flags.ou ?? config.ou;
  return {
    paths: paths.length === 0 ? ['.'] : paths,
    packs: flags.pack ?? config.packs ?? [DEFAULT_PACK],
    packsNamed: flags.pack !== undefined,
    rules: flags.rules ?? config.rules ?? [],
    parameters: Object.assign(
      {},
      config.parameters,
      environment?.parameters,
      ...files,
      parseAssignments(flags.parameters ?? []),
    ) as ParameterValues,
    ruleParameters: completeParameters({ ...config.ruleParameters, ...environment?.ruleParameters }).values,
    ...(region !== undefined && { region }),
    ...(account !== undefined && { account }),
    ...(ou !== undefined && { ou }),
    ...(config.partition !== undefined && { partition: config.partition }),
    failOn: flags.failOn ?? config.failOn ?? 'error',
    allowIncomplete: flags.allowIncomplete ?? config.allowIncomplete ?? false,
    lint: { enabled: flags.lint && (config.lint?.enabled ?? true), codes: config.lint?.codes ?? {} },
    knownTypes: new Set(config.knownTypes),
    exclude: { folder: config.folder, patterns: config.exclude ?? [] },
    listRules: flags.listRules ?? false,
    listSkipped: flags.listSkipped ?? false,
    format: flags.format,
    ...(flags.outputFile !== undefined && { outputFile: flags.outputFile }),
    ...(flags.waivers !== undefined && { waivers: flags.waivers }),
    ...(flags.baseline !== undefined && { baseline: flags.baseline }),
    ...(flags.createBaseline !== undefined && { createBaseline: flags.createBaseline }),
  };
}

/** @throws InputError when the configuration has no such environment: rules must not judge by what is meant for another one. */
function environmentOf({ environments = {} }: Config, name: string | undefined): Environment | undefined {
  if (name === undefined) return undefined;
  if (Object.hasOwn(environments, name)) return environments[name];
  const known = Object.keys(environments);
  const help = known.length === 0 ? `add \`environments\` to ${CONFIG_FILE}` : `choose ${known.join(', ')}`;
  throw new InputError([badOption('--environment', `names \`${name}\`, which the configuration does not have`, help)]);
}

async function findConfig(path: string | undefined, cwd: string): Promise<Config> {
  if (path === undefined && !existsSync(resolve(cwd, CONFIG_FILE))) return { folder: cwd };
  const { readConfig } = await import('./config.js');
  return readConfig(path ?? CONFIG_FILE, cwd);
}

function checkForms({ region, account, ou }: CheckFlags): void {
  const given = { '--region': region, '--account': account, '--ou': ou };
  const problems = (Object.keys(FORMS) as (keyof typeof FORMS)[]).flatMap((option) => {
    const value = given[option];
    const { pattern, what } = FORMS[option];
    return value === undefined || pattern.test(value) ? [] : [badOption(option, `\`${value}\` is not ${what}`)];
  });
  if (problems.length > 0) throw new InputError(problems);
}
