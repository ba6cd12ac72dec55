/** `stackade boundary`: lists, shows, builds and verifies permissions boundaries and roles. */
import { Option, type Command } from 'commander';
import { buildBoundary, describeTemplate, toCloudFormation, verifyTemplate } from '../../boundaries/index.js';
import type { BoundaryTemplate } from '../../boundaries/index.js';
import { attempt } from '../scp/show.js';
import { exitCodeOf } from '../scp/verify.js';
import { readYamlFile } from '../scp/library.js';
import { reportText, VERIFY_FORMATS } from '../scp/verify-report.js';
import type { Run } from '../scp/verify-report.js';
import { InputError } from '../input-error.js';
import { build } from './build.js';
import type { BuildFlags } from './build.js';
import { chooseBoundaries } from './library.js';

interface ListFlags {
  readonly format: 'pretty' | 'json';
  readonly outputFile?: string;
}

interface ShowFlags {
  readonly format: 'pretty' | 'json' | 'cloudformation';
  readonly parameters?: string;
  readonly outputFile?: string;
}

interface VerifyFlags {
  readonly format: (typeof VERIFY_FORMATS)[number];
  readonly parameters?: string;
  readonly mutation: boolean;
  readonly outputFile?: string;
}

const formatOption = (formats: readonly string[]): Option =>
  new Option('--format <format>', 'form of the output').choices(formats).default('pretty');

/** Adds `boundary` and its subcommands. */
export function registerBoundary(program: Command): void {
  const boundary = program
    .command('boundary')
    .description('lists, shows, builds and verifies permissions boundaries and roles');
  boundary
    .command('list')
    .description('lists the templates')
    .addOption(formatOption(['pretty', 'json']))
    .option('--output-file <file>', 'write the list to a file')
    .action((flags: ListFlags) => {
      process.exitCode = attempt(flags, (terminal) => {
        terminal.print(listText(chooseBoundaries([]), flags.format));
      });
    });
  boundary
    .command('show')
    .description('shows a template, or with parameters the policies that come out of it')
    .argument('<name>', 'name of a template')
    .option('--parameters <file>', 'values of the parameters, YAML or JSON: prints the policies')
    .addOption(formatOption(['pretty', 'json', 'cloudformation']))
    .option('--output-file <file>', 'write to a file')
    .action((name: string, flags: ShowFlags) => {
      process.exitCode = attempt(flags, (terminal) => {
        terminal.print(showText(chooseBoundaries([name])[0]!, flags));
      });
    });
  boundary
    .command('build')
    .description('writes the policies of templates, with parameters, as CloudFormation and JSON')
    .requiredOption('--parameters <file>', 'a map from template to its parameters, YAML or JSON')
    .requiredOption('--out <folder>', 'a folder that is new, or holds an earlier build')
    .action((flags: BuildFlags) => {
      process.exitCode = build(flags);
    });
  boundary
    .command('verify')
    .description('runs cases and claims of templates')
    .argument('[names...]', 'templates; all when left out')
    .option('--parameters <file>', 'prove the claims of one template for these parameters instead of the examples')
    .option('--no-mutation', 'do not look for changes that no case and no claim would notice')
    .addOption(formatOption(VERIFY_FORMATS))
    .option('--output-file <file>', 'write the report to a file')
    .action((names: readonly string[], flags: VerifyFlags) => {
      let code = 0;
      const failed = attempt(flags, (terminal) => {
        const run = verifyAll(names, flags);
        code = exitCodeOf(run);
        terminal.print(reportText(run, flags.format));
      });
      process.exitCode = failed === 0 ? code : failed;
    });
}

function listText(templates: readonly BoundaryTemplate[], format: ListFlags['format']): string {
  if (format === 'json') {
    const list = templates.map(({ name, kind, title, controls, parameters }) => {
      return { name, kind, title, controls, parameters: Object.keys(parameters) };
    });
    return `${JSON.stringify({ version: 1, templates: list }, null, 2)}\n`;
  }
  const width = Math.max(...templates.map(({ name }) => name.length));
  return templates
    .map(
      ({ name, kind, title, controls }) =>
        `${name.padEnd(width)}  ${kind.padEnd(8)}  ${title} (${controls.join(', ')})\n`,
    )
    .join('');
}

function showText(template: BoundaryTemplate, { format, parameters }: ShowFlags): string {
  if (parameters === undefined) {
    if (format === 'pretty') return describeTemplate(template);
    if (format === 'json') return `${JSON.stringify({ version: 1, ...template }, null, 2)}\n`;
  }
  // A template of CloudFormation takes account and partition from the stack, so they need not be given.
  const source = parameters === undefined ? null : readYamlFile(parameters);
  const { built, diagnostics } = buildBoundary(template, source?.value ?? {}, {
    accountOfStack: format === 'cloudformation',
    ...(source === null ? {} : { locate: (at) => source.keyRangeOf(at) ?? source.rangeOf(at) }),
  });
  if (built === null) {
    throw new InputError(diagnostics, source === null ? new Map() : new Map([[source.file, source.text]]));
  }
  if (format === 'cloudformation') return `${JSON.stringify(toCloudFormation(template, built), null, 2)}\n`;
  const documents = { ...built.documents, ...(built.companions.length === 0 ? {} : { companions: built.companions }) };
  return `${JSON.stringify(template.kind === 'boundary' ? built.documents.boundary : documents, null, 2)}\n`;
}

function verifyAll(names: readonly string[], flags: VerifyFlags): Run {
  const source = flags.parameters === undefined ? null : readYamlFile(flags.parameters);
  const verifications = chooseBoundaries(names).map((template) => {
    const { verification, diagnostics } = verifyTemplate(template, {
      mutation: flags.mutation,
      ...(source === null
        ? {}
        : {
            parameters: source.value,
            build: { locate: (at: readonly (string | number)[]) => source.keyRangeOf(at) ?? source.rangeOf(at) },
          }),
    });
    if (verification === null) {
      throw new InputError(diagnostics, source === null ? new Map() : new Map([[source.file, source.text]]));
    }
    return verification;
  });
  return { folder: 'boundaries/templates', verifications, vectors: [], vectorFile: null };
}
