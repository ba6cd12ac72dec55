/** Reads `stackade.yaml`. Loaded only when there is one: the schema compiler takes longer than a small check. */
import { dirname, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { compileRegex } from '../../guard/index.js';
import { completeParameters, PARAMETERS } from '../../rules/index.js';
import { get, isMap, readTemplate } from '../../template/index.js';
import type { Path, TemplateSource, ValueMap } from '../../template/index.js';
import { InputError } from '../input-error.js';
import { CONFIG_SCHEMA, type ConfigContent } from './config-schema.js';
import { badSetting, unknownKey } from './diagnostics.js';
import { shownPath } from './discover.js';
import { parameterText, type ParameterValues } from './parameters.js';
import { plainJson, type Json } from './plain.js';
import { readFileText } from './read-file.js';
import { rangeAt, schemaProblems, settingName } from './schema-problems.js';

/** A configuration that fits its schema. Its paths are absolute; patterns of `exclude` are relative to `folder`. */
export interface Config extends Omit<ConfigContent, 'parameters' | 'environments'> {
  readonly folder: string;
  readonly parameters?: ParameterValues;
  readonly environments?: Readonly<Record<string, Environment>>;
}

/** What differs in one environment; it wins over what the file says for all of them. */
export interface Environment {
  readonly parameters: ParameterValues;
  readonly ruleParameters: Readonly<Record<string, unknown>>;
}

/**
 * Reads and checks a configuration file.
 *
 * @throws InputError that names file, line and column of each fault.
 */
export function readConfig(path: string, cwd: string): Config {
  const name = shownPath(path, cwd);
  const { text, diagnostic } = readFileText(resolve(cwd, path), name);
  if (text === null) throw new InputError([diagnostic]);
  return parseConfig(text, name, dirname(resolve(cwd, path)));
}

/** @param folder - What paths in the file are relative to. @throws InputError */
export function parseConfig(text: string, name: string, folder: string): Config {
  // A file with nothing but comments says that nothing is set.
  if (text.split(/\r?\n/).every((line) => /^\ufeff?\s*(#|$)/.test(line))) return { folder };
  const { source, diagnostics } = readTemplate(text, name);
  const sources = new Map([[name, text]]);
  if (source === null) throw new InputError(diagnostics, sources);
  const content = written(source);
  const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(CONFIG_SCHEMA);
  const problems = validate(content) ? [] : schemaProblems(validate.errors ?? [], source, 'the configuration');
  if (problems.length === 0) {
    const { ruleParameters = {}, environments = {} } = content as ConfigContent;
    problems.push(...ruleParameterProblems(ruleParameters, ['ruleParameters'], source));
    for (const [environment, own] of Object.entries(environments)) {
      const path = ['environments', environment, 'ruleParameters'];
      problems.push(...ruleParameterProblems(own.ruleParameters ?? {}, path, source));
    }
  }
  if (problems.length > 0) throw new InputError(problems, sources);
  const { parameters, rules, environments, ...rest } = content as ConfigContent;
  return {
    ...rest,
    folder,
    ...(rules && { rules: rules.map((path) => resolve(folder, path)) }),
    ...(parameters && { parameters: parameterValues(source, ['parameters']) }),
    ...(environments && { environments: environmentsOf(environments, source) }),
  };
}

function environmentsOf(
  environments: NonNullable<ConfigContent['environments']>,
  source: TemplateSource,
): Readonly<Record<string, Environment>> {
  const entries = Object.entries(environments).map(([name, { parameters, ruleParameters = {} }]) => {
    const values = parameters === undefined ? {} : parameterValues(source, ['environments', name, 'parameters']);
    return [name, { parameters: values, ruleParameters }] as const;
  });
  return Object.fromEntries(entries);
}

/** The content as JSON data; an account id that YAML takes for a number keeps its digits. */
function written(source: TemplateSource): Json {
  const content = plainJson(source.value);
  const account = isMap(source.value) ? get(source.value, 'account') : undefined;
  if (typeof account !== 'number' && typeof account !== 'bigint') return content;
  const digits = parameterText(source, ['account'], account);
  return { ...(content as Readonly<Record<string, Json>>), account: digits as string };
}

function parameterValues(source: TemplateSource, path: readonly string[]): ParameterValues {
  const section = path.reduce((map, key) => get(map, key) as ValueMap, source.value as ValueMap);
  return Object.fromEntries(
    Object.keys(section).map((key) => [key, parameterText(source, [...path, key], section[key]!)!]),
  );
}

/** @param path - Where the parameters stand. */
function ruleParameterProblems(
  ruleParameters: Readonly<Record<string, unknown>>,
  path: readonly string[],
  source: TemplateSource,
): readonly Diagnostic[] {
  const names = Object.keys(PARAMETERS);
  const { problems } = completeParameters(ruleParameters);
  if (problems.length === 0) return patternProblems(ruleParameters, path, source);
  return problems.map(({ parameter, message }) =>
    names.includes(parameter)
      ? badSetting(parameter, message, rangeAt(source, [...path, parameter], 'value'))
      : unknownKey(
          `there is no rule parameter \`${parameter}\``,
          names,
          nearestName(parameter, names),
          rangeAt(source, [...path, parameter], 'key'),
        ),
  );
}

/** Patterns that are no regular expressions: each rule that reads one would be NOT EVALUATED on every template. */
function patternProblems(
  parameters: Readonly<Record<string, unknown>>,
  section: readonly string[],
  source: TemplateSource,
): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const check = (pattern: unknown, path: Path): void => {
    const compiled = typeof pattern === 'string' ? compileRegex(pattern) : null;
    if (compiled === null || compiled.ok) return;
    problems.push(
      badSetting(
        settingName(path.slice(section.length)),
        `is no regular expression: ${compiled.message}`,
        rangeAt(source, path, 'value'),
      ),
    );
  };
  for (const [name, value] of Object.entries(parameters)) {
    const path = [...section, name];
    if (PARAMETERS[name]?.type === 'pattern') check(value, path);
    if (PARAMETERS[name]?.type !== 'tagRequirements' || typeof value !== 'object' || value === null) continue;
    for (const [key, entry] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key;
      check((entry as { readonly pattern?: unknown }).pattern, [...path, step, 'pattern']);
    }
  }
  return problems;
}
