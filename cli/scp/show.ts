/** `stackade scp list` and `stackade scp show`. */
import { Option, type Command } from 'commander';
import {
  buildManagementPolicy,
  buildPolicy,
  describeManagementTemplate,
  describeTemplate,
  isManagementTemplate,
} from '../../scp/index.js';
import type { ManagementTemplate, PolicyTemplate } from '../../scp/index.js';
import { tellDiagnostics } from '../check/tell.js';
import { openOutputFile } from '../check/output-file.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { chooseTemplate, loadManagementTemplates, loadTemplates, readYamlFile } from './library.js';

interface Flags {
  readonly format: string;
  readonly parameters?: string;
  readonly outputFile?: string;
}

const formatOption = (): Option =>
  new Option('--format <format>', 'form of the output').choices(['pretty', 'json']).default('pretty');

/** Adds `list` to `scp`. */
export function registerList(parent: Command): void {
  parent
    .command('list')
    .description('lists the policy templates')
    .addOption(formatOption())
    .option('--output-file <file>', 'write the list to a file')
    .action((flags: Flags) => {
      process.exitCode = attempt(flags, (terminal) => {
        const templates = [...loadTemplates(), ...loadManagementTemplates()];
        terminal.print(flags.format === 'json' ? listJson(templates) : listText(templates));
      });
    });
}

/** Adds `show` to `scp`. */
export function registerShow(parent: Command): void {
  parent
    .command('show')
    .description('shows a template, or with parameters the policy that comes out of it')
    .argument('<name>', 'name of a template')
    .option('--parameters <file>', 'values of the parameters, YAML or JSON: prints the policy documents')
    .addOption(formatOption())
    .option('--output-file <file>', 'write to a file')
    .action((name: string, flags: Flags) => {
      process.exitCode = attempt(flags, (terminal) => {
        const template = chooseTemplate(name);
        terminal.print(
          flags.parameters === undefined ? shown(template, flags) : policyText(template, flags.parameters),
        );
      });
    });
}

/** Runs a command; what the user can mend is told. @returns The exit code. */
export function attempt({ outputFile }: { readonly outputFile?: string }, run: (terminal: Terminal) => void): number {
  const terminal = processTerminal();
  try {
    const file = outputFile === undefined ? null : openOutputFile(outputFile, terminal.cwd);
    run(
      file === null
        ? terminal
        : {
            ...terminal,
            print: (text) => {
              file.write(text);
            },
          },
    );
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

type Template = PolicyTemplate | ManagementTemplate;

function listText(templates: readonly Template[]): string {
  const [names, kinds] = (['name', 'kind'] as const).map((key) =>
    Math.max(...templates.map((each) => each[key].length)),
  );
  return templates
    .map(({ name, kind, title, controls }) => {
      return `${name.padEnd(names!)}  ${kind.padEnd(kinds!)}  ${title} (${controls.join(', ')})\n`;
    })
    .join('');
}

function listJson(templates: readonly Template[]): string {
  const list = templates.map(({ name, kind, title, controls, parameters }) => {
    return { name, kind, title, controls, parameters: Object.keys(parameters) };
  });
  return `${JSON.stringify({ version: 1, templates: list }, null, 2)}\n`;
}

/** A template without values: its page, or its files as data. Never a policy, which examples would make look ready. */
function shown(template: Template, { format }: Flags): string {
  if (isManagementTemplate(template)) {
    if (format === 'pretty') return describeManagementTemplate(template);
    return `${JSON.stringify({ version: 1, ...template }, null, 2)}\n`;
  }
  if (format === 'pretty') return describeTemplate(template);
  const { statements, ...rest } = template;
  const written = typeof statements === 'function' ? null : statements;
  return `${JSON.stringify({ version: 1, ...rest, statements: written }, null, 2)}\n`;
}

/** The documents of a template, one after the other. */
function policyText(template: Template, path: string): string {
  const source = readYamlFile(path);
  if (isManagementTemplate(template)) {
    const { document, diagnostics } = buildManagementPolicy(
      template,
      source.value,
      (at) => source.keyRangeOf(at) ?? source.rangeOf(at),
    );
    if (document === null) throw new InputError(diagnostics, new Map([[source.file, source.text]]));
    return `${JSON.stringify(document, null, 2)}\n`;
  }
  const { built, diagnostics } = buildPolicy(template, source.value, {
    now: Date.now(),
    locate: (at) => source.keyRangeOf(at) ?? source.rangeOf(at),
  });
  if (built === null) throw new InputError(diagnostics, new Map([[source.file, source.text]]));
  return built.documents.map((document) => `${JSON.stringify(document, null, 2)}\n`).join('');
}
