/** `stackade scp verify`: cases and claims of templates, and requests that users bring. */
import { Ajv } from 'ajv';
import { Option, type Command } from 'commander';
import type { Policy } from '../../iam/index.js';
import { buildPolicy, CASES_SCHEMA, levelsOf, runCases, verifyTemplate } from '../../scp/index.js';
import type { CaseFile, CaseResult, PolicyTemplate, TemplateVerification } from '../../scp/index.js';
import { get, isMap, keysOf } from '../../template/index.js';
import type { TemplateSource, Value } from '../../template/index.js';
import { openOutputFile } from '../check/output-file.js';
import { schemaProblems } from '../check/schema-problems.js';
import { tellDiagnostics } from '../check/tell.js';
import { badOption } from '../check/diagnostics.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE, strongest } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { chooseTemplates, readYamlFile } from './library.js';
import { exitCodeOfOrganization, verifyOrganization } from './verify-organization.js';
import { organizationReport } from './verify-organization-report.js';
import { reportText, VERIFY_FORMATS } from './verify-report.js';
import type { Run } from './verify-report.js';

interface Flags {
  readonly config?: string;
  readonly parameters?: string;
  readonly vectors?: string;
  readonly mutation: boolean;
  readonly format: (typeof VERIFY_FORMATS)[number];
  readonly outputFile?: string;
}

/** Adds `verify` to `scp`. Exit code: 0 as expected, 1 a case or claim is not, 3 a claim could not be told, 2 bad input. */
export function registerVerify(parent: Command): void {
  parent
    .command('verify')
    .description('runs cases and claims of templates, and requests of your own')
    .argument('[names...]', 'templates; all when left out')
    .option('--config <file>', 'verify what is in effect at every account of this description of an organization')
    .option('--parameters <file>', 'prove the claims for these parameters instead of the examples')
    .option(
      '--vectors <file>',
      'requests with their decisions, decided by the policies of all named templates together, or with --config at their accounts',
    )
    .option('--no-mutation', 'do not look for changes that no case and no claim would notice')
    .addOption(new Option('--format <format>', 'form of the report').choices(VERIFY_FORMATS).default('pretty'))
    .option('--output-file <file>', 'write the report to a file')
    .action((names: readonly string[], flags: Flags) => {
      process.exitCode = verify(names, flags);
    });
}

/** Verifies and prints the report. @returns The exit code; what the user can mend has been told then. */
export function verify(names: readonly string[], flags: Flags, terminal: Terminal = processTerminal()): number {
  try {
    const file = flags.outputFile === undefined ? null : openOutputFile(flags.outputFile, terminal.cwd);
    const { text, exitCode } =
      flags.config === undefined ? ofTemplates(names, flags) : ofOrganization(flags.config, names, flags, terminal);
    if (file === null) terminal.print(text);
    else file.write(text);
    return exitCode;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

interface Outcome {
  readonly text: string;
  readonly exitCode: number;
}

function ofTemplates(names: readonly string[], flags: Flags): Outcome {
  const run = runAll(chooseTemplates(names), flags);
  return { text: reportText(run, flags.format), exitCode: exitCodeOf(run) };
}

function ofOrganization(config: string, names: readonly string[], flags: Flags, terminal: Terminal): Outcome {
  if (flags.parameters !== undefined) {
    const help = 'set parameters in the description, or leave one of both out';
    throw new InputError([
      badOption('--parameters', 'the parameters of an organization stand in its description', help),
    ]);
  }
  chooseTemplates(names);
  const vectors = flags.vectors === undefined ? null : casesOf(readYamlFile(flags.vectors));
  const verification = verifyOrganization(config, names, vectors, terminal);
  const text = organizationReport(verification, config, flags.vectors ?? null, flags.format);
  return { text, exitCode: exitCodeOfOrganization(verification) };
}

function runAll(templates: readonly PolicyTemplate[], flags: Flags): Run {
  const given = flags.parameters === undefined ? null : new GivenParameters(readYamlFile(flags.parameters), templates);
  const vectors = flags.vectors === undefined ? [] : runVectors(readYamlFile(flags.vectors), templates, given);
  const verifications = templates.map((template): TemplateVerification => {
    const { verification, diagnostics } = verifyTemplate(template, {
      mutation: flags.mutation,
      ...(given === null ? {} : { parameters: given.of(template), build: given.options }),
    });
    if (verification === null) throw new InputError(diagnostics, given?.texts);
    return verification;
  });
  return { folder: 'scp/templates', verifications, vectors, vectorFile: flags.vectors ?? null };
}

/** A file of parameters for several templates: each takes those that it has. */
class GivenParameters {
  readonly texts: ReadonlyMap<string, string>;
  readonly options;

  /** @throws InputError when the file is no map, or holds a parameter that none of the templates has. */
  constructor(
    private readonly source: TemplateSource,
    templates: readonly PolicyTemplate[],
  ) {
    this.texts = new Map([[source.file, source.text]]);
    this.options = {
      now: Date.now(),
      locate: (path: readonly (string | number)[]) => source.keyRangeOf(path) ?? source.rangeOf(path),
    };
    const { value } = source;
    if (!isMap(value)) {
      throw new InputError([badOption('--parameters', 'the file holds no map from parameter to value')]);
    }
    const nobodys = keysOf(value).filter((key) => !templates.some(({ parameters }) => Object.hasOwn(parameters, key)));
    if (nobodys.length > 0) {
      const known = [...new Set(templates.flatMap(({ parameters }) => Object.keys(parameters)))].sort();
      throw new InputError(
        nobodys.map((key) => {
          const message = `none of the templates has a parameter \`${key}\``;
          return badOption('--parameters', message, `parameters are ${known.map((each) => `\`${each}\``).join(', ')}`);
        }),
      );
    }
  }

  of({ parameters }: PolicyTemplate): Value {
    const { value } = this.source;
    if (!isMap(value)) return value;
    const own = keysOf(value).filter((key) => Object.hasOwn(parameters, key));
    return Object.fromEntries(own.map((key) => [key, get(value, key)!]));
  }
}

function runVectors(
  source: TemplateSource,
  templates: readonly PolicyTemplate[],
  given: GivenParameters | null,
): readonly CaseResult[] {
  const cases = casesOf(source);
  const policies = templates.map((template) => {
    const { built, diagnostics } = buildPolicy(
      template,
      given?.of(template) ?? {},
      given?.options ?? { now: Date.now() },
    );
    if (built === null) throw new InputError(diagnostics, given?.texts);
    return { kind: template.kind, policies: built.policies };
  });
  const ofKind = (kind: PolicyTemplate['kind']): Policy[] => {
    return policies.filter((each) => each.kind === kind).flatMap((each) => each.policies);
  };
  // Beside the policy that AWS attaches, as they will stand in the organization.
  const { scps } = levelsOf('scp', ofKind('scp'));
  const { rcps } = levelsOf('rcp', ofKind('rcp'));
  return runCases({ scps, rcps }, cases);
}

/** The requests of a file. @throws InputError when it does not fit its schema. */
function casesOf(source: TemplateSource): CaseFile {
  const validate = new Ajv({ allErrors: true, verbose: true, strictTypes: false }).compile<CaseFile>(CASES_SCHEMA);
  const { value } = source;
  if (validate(value)) return value;
  const problems = schemaProblems(validate.errors ?? [], source, 'the file of requests');
  throw new InputError(problems, new Map([[source.file, source.text]]));
}

/** The exit code of a run. */
export function exitCodeOf({ verifications, vectors }: Run): number {
  const claims = verifications.flatMap((each) => each.claims);
  const cases = [...vectors, ...verifications.flatMap((each) => each.cases)];
  const isUnknown = claims.some(({ proof, twin }) => proof.kind === 'UNKNOWN' || twin?.kind === 'UNKNOWN');
  const fails = claims.some(({ proof, twin }) => proof.kind === 'FAILS' || twin?.kind === 'HOLDS');
  return strongest([fails || cases.some(({ ok }) => !ok) ? FINDINGS : CLEAN, isUnknown ? INCOMPLETE : CLEAN]);
}
