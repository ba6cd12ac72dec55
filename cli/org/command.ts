/** The `org` commands: they read the description of an organization, and compare it with the organization that there is. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Diagnostic } from '../../findings/index.js';
import {
  accountsOf,
  compareOrganization,
  effectiveGroups,
  readExports,
  readOrganization,
  readSnapshot,
  targetsOf,
} from '../../organization/index.js';
import type {
  Organization,
  OrganizationSnapshot,
  PolicyTemplateInfo,
  PolicyTemplateParameter,
  PolicyTemplates,
} from '../../organization/index.js';
import { acceptedBy, buildManagementPolicy, completeParameters, isManagementTemplate } from '../../scp/index.js';
import type { ManagementPolicyKind, ManagementTemplate, PolicyTemplate } from '../../scp/index.js';
import { calling, connect } from '../aws/connect.js';
import { unreadable } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { loadManagementTemplates, loadTemplates } from '../scp/library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { problemText, stepText } from './words.js';

/** Adds `stackade org`. The exit code is set on the process. */
export function registerOrg(program: Command): void {
  const org = program.command('org').description('reads the description of an organization (org.yaml)');
  org
    .command('validate')
    .description('checks a description: tree, accounts, policies, parameters')
    .argument('<file>', 'the description, or - for standard input')
    .action(async (file: string) => {
      const terminal = processTerminal();
      process.exitCode = await attempt(terminal, () => validate(file, terminal));
    });
  org
    .command('compare')
    .description('tells what lies between a description and the organization that there is')
    .argument('<file>', 'the description, or - for standard input')
    .option(
      '--exports <folder>',
      'outputs of `aws organizations` commands, see docs/organization.md (default: AWS is asked)',
    )
    .option('--json', 'print JSON')
    .action(async (file: string, flags: CompareFlags) => {
      process.exitCode = await runCompare(file, flags, processTerminal());
    });
}

/** What a description is compared with, and how that is told. */
export interface CompareFlags {
  /** Folder of exports; AWS Organizations is asked when it is left out. */
  readonly exports?: string;
  readonly json?: boolean;
}

/** Compares, and tells what the user can mend. @returns The exit code. */
export function runCompare(file: string, flags: CompareFlags, terminal: Terminal): Promise<number> {
  return attempt(terminal, () => compare(file, flags, terminal));
}

async function attempt(terminal: Terminal, command: () => number | Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/**
 * Reads a description with the policy templates of this package; warnings are told.
 *
 * @throws InputError with every fault.
 */
export function readOrganizationFile(path: string, terminal: Terminal): Organization {
  const { name, text } = readText(path);
  const sources = new Map([[name, text]]);
  const { organization, diagnostics } = readOrganization(text, name, {
    templates: templateInfos([...loadTemplates(), ...loadManagementTemplates()]),
  });
  if (organization === null) throw new InputError(diagnostics, sources);
  tellDiagnostics(diagnostics, sources, terminal);
  return organization;
}

/** What the reader of descriptions has to know of templates, by name. */
export function templateInfos(templates: readonly (PolicyTemplate | ManagementTemplate)[]): PolicyTemplates {
  return new Map(
    templates.map((template) => [
      template.name,
      isManagementTemplate(template) ? settingInfo(template) : templateInfo(template),
    ]),
  );
}

/** Under which type of a description settings of each kind are chosen. */
const SETTING_TYPES: Readonly<Record<ManagementPolicyKind, PolicyTemplateInfo['types']>> = {
  tag: ['tag'],
  ec2: ['declarativeEc2'],
  'ai-opt-out': ['aiServicesOptOut'],
};

function settingInfo(template: ManagementTemplate): PolicyTemplateInfo {
  const entries = Object.keys(template.parameters).map((key): [string, PolicyTemplateParameter] => [
    key,
    {
      required: false,
      problemOf: (value) => {
        const { diagnostics } = buildManagementPolicy(template, { [key]: value });
        return diagnostics.length === 0 ? null : `must be: ${template.parameters[key]!.description}`;
      },
    },
  ]);
  return { types: SETTING_TYPES[template.kind], parameters: Object.fromEntries(entries) };
}

function templateInfo({ name, kind, parameters }: PolicyTemplate): PolicyTemplateInfo {
  const entries = Object.entries(parameters).map(([key, definition]): [string, PolicyTemplateParameter] => [
    key,
    {
      required: definition.default === undefined,
      problemOf: (value) => {
        const checked = completeParameters(
          { name, parameters: { [key]: definition } },
          { [key]: value },
          { now: Date.now() },
        );
        return checked.diagnostics.length === 0 ? null : `must be ${acceptedBy(definition)}`;
      },
    },
  ]);
  return { types: [kind], parameters: Object.fromEntries(entries) };
}

function validate(file: string, terminal: Terminal): number {
  const organization = readOrganizationFile(file, terminal);
  const units = [...targetsOf(organization)].filter((path) => path.at(-1)!.kind === 'unit');
  const accounts = accountsOf(organization);
  const groups = effectiveGroups(organization);
  terminal.print(
    `${count(units.length, 'organizational unit')}, ${count(accounts.length, 'account')}, ` +
      `${count(groups.length, 'set')} of policies in effect\n`,
  );
  return CLEAN;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

async function compare(
  file: string,
  { exports: folder, json: asJson = false }: CompareFlags,
  terminal: Terminal,
): Promise<number> {
  const organization = readOrganizationFile(file, terminal);
  const snapshot = folder === undefined ? await snapshotOfAws() : snapshotOf(folder);
  const plan = compareOrganization(organization, snapshot);
  const { steps, problems } = plan;
  if (asJson) terminal.print(`${JSON.stringify({ version: 1, ...plan }, null, 2)}\n`);
  else {
    const lines = [
      ...problems.map((problem) => `cannot plan: ${problemText(problem)}`),
      ...steps.map((step, index) => `${index + 1}. ${stepText(step)}`),
    ];
    terminal.print(lines.length === 0 ? 'The organization is as described.\n' : `${lines.join('\n')}\n`);
  }
  return steps.length + problems.length === 0 ? CLEAN : FINDINGS;
}

function snapshotOf(folder: string): OrganizationSnapshot {
  const { snapshot, diagnostics } = readExports(filesOf(folder));
  if (snapshot === null) throw new InputError(diagnostics);
  return snapshot;
}

/** What AWS Organizations says, with the credentials of the environment. @throws InputError when it cannot be read. */
async function snapshotOfAws(): Promise<OrganizationSnapshot> {
  const connection = await connect();
  try {
    return await calling('the organization cannot be read', () => readSnapshot(connection.organizations));
  } finally {
    connection.close();
  }
}

function filesOf(folder: string): readonly { readonly name: string; readonly text: string }[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const diagnostic: Diagnostic = unreadable(folder, error);
    throw new InputError([diagnostic]);
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readText(join(folder, name)));
}
