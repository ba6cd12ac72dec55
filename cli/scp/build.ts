/** `stackade scp build`: the policies that a description chooses, as documents and attachments. */
import { Option, type Command } from 'commander';
import { POLICY_TYPE_TITLES } from '../../organization/index.js';
import type { Composed, DoesNotFit, Wildcards } from '../../scp/compose/index.js';
import { tellDiagnostics } from '../check/tell.js';
import { visible } from '../../findings/index.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { openBuildFolder } from './build-folder.js';
import { buildFiles, certificateText } from './build-files.js';
import { composeDescription } from './composition.js';

interface Flags {
  readonly config: string;
  readonly out: string;
  readonly wildcards?: Wildcards;
  readonly format: string;
}

/** Adds `build` to `scp`. Exit code: 0 written, 1 does not fit, 3 not proven, 2 bad input; written only with 0. */
export function registerBuild(parent: Command): void {
  parent
    .command('build')
    .description('makes documents and attachments of the policies that a description chooses, with a certificate')
    .requiredOption('--config <file>', 'the description of the organization')
    .requiredOption('--out <folder>', 'a folder that is new, or holds an earlier build')
    .addOption(
      new Option(
        '--wildcards <how>',
        'none keeps the names of actions; words shortens several to wildcards of whole words; characters cuts wherever it is exact (default: words, and characters where that does not fit)',
      ).choices(['none', 'words', 'characters']),
    )
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action((flags: Flags) => {
      process.exitCode = build(flags);
    });
}

/** Builds and prints the report. @returns The exit code; what the user can mend has been told then. */
export function build(flags: Flags, terminal: Terminal = processTerminal()): number {
  try {
    const write = openBuildFolder(flags.out, terminal.cwd);
    const { composed } = composeDescription(flags.config, terminal, { wildcards: flags.wildcards });
    const { composition, certificate } = composed;
    const isProven = composition !== null && certificate?.result === 'HOLDS';
    if (isProven) write(buildFiles(composition, certificate));
    const report = flags.format === 'json' ? jsonOf(composed) : pretty(composed, flags.out);
    terminal.print(report);
    if (composition === null) return FINDINGS;
    if (certificate?.result === 'FAILS') throw new Error('the composed policies do not decide as the chosen ones');
    return isProven ? CLEAN : INCOMPLETE;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function jsonOf({ composition, certificate, doesNotFit, quotas }: Composed): string {
  const isWritten = certificate?.result === 'HOLDS';
  const report = {
    version: 1,
    written: isWritten,
    doesNotFit: [...doesNotFit],
    quotas,
    attachments: composition?.attachments ?? [],
    documents: (composition?.documents ?? []).map(({ content, ...each }) => ({ ...each, characters: content.length })),
    certificate: certificate === null ? null : (JSON.parse(certificateText(certificate)) as object),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function pretty(composed: Composed, out: string): string {
  const { composition, certificate, doesNotFit, quotas } = composed;
  const lines: string[] = [];
  if (composition === null || certificate === null) {
    lines.push(...doesNotFit.flatMap(sayOverflow));
    for (const { kind, type, of, value, limit, documents } of quotas) {
      const what = { characters: 'characters', attachments: 'attached policies', policies: 'policies' }[kind];
      const where = of === null ? 'the organization' : `\`${of}\``;
      const largest = documents.slice(0, 3).join(', ');
      lines.push(
        `does not fit: ${where} has ${value} ${what} of type ${POLICY_TYPE_TITLES[type]}, ${limit} may be (${largest})`,
      );
    }
    lines.push('nothing was written');
  } else {
    for (const { target, type, documents, fullAwsAccess } of composition.attachments) {
      const level = certificate.levels.find((each) => each.type === type && each.target.path === target.path);
      const own = composition.documents.filter((each) => each.type === type && documents.includes(each.name));
      const sizes = own.map(({ name, content }) => `${name} (${content.length})`).join(', ');
      const before = level?.chosen.reduce((sum, { characters }) => sum + characters, 0) ?? 0;
      const after = own.reduce((sum, { content }) => sum + content.length, 0);
      const share = before === 0 ? '' : `, ${before} → ${after} characters`;
      const access = type === 'scp' && !fullAwsAccess ? ', without FullAWSAccess' : '';
      lines.push(`${target.path}  ${type}: ${sizes === '' ? 'nothing' : sizes}${share}${access}`);
      if ((level?.movedBelow.length ?? 0) > 0) {
        lines.push(
          `  no room for ${count(level!.movedBelow.length, 'denial')}: moved to every unit and account directly below; build again when one is added there`,
        );
      }
    }
    const accounts = new Set(certificate.accounts.flatMap((each) => each.accounts));
    const open = certificate.accounts.flatMap((each) => each.open);
    if (certificate.result === 'HOLDS') {
      const { proofs, catalogue } = certificate;
      lines.push(
        `proven at ${count(accounts.size, 'account')} (${count(proofs, 'proof')}): decides as what is chosen, for the actions of the catalogue of ${catalogue.date}`,
        `${count(composition.documents.length, 'document')} written to ${out}, with attachments.json and certificate.json`,
      );
    } else {
      for (const { says, statement, detail } of open.slice(0, 5)) {
        lines.push(`not proven (${says}): ${statement}: ${detail ?? ''}`);
      }
      lines.push('nothing was written: without a proof the documents might decide otherwise; try --wildcards none');
    }
  }
  return `${lines.map((line) => visible(line)).join('\n')}\n`;
}

const WHY: Readonly<Record<DoesNotFit['because'], string>> = {
  account: 'an account is the last level',
  'nobody below': 'there is no unit or account below',
  'only what allows is left': 'what allows cannot move to another level',
};

function sayOverflow(each: DoesNotFit): readonly string[] {
  const { target, kind, room, documents, characters, policies, largest, moved, because } = each;
  const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text);
  return [
    `does not fit: ${target.path} has ${count(room.slots, 'slot')} of ${room.size} characters for policies of type ${kind}; ${count(documents, 'document')} and ${characters} characters too many, and ${WHY[because]}`,
    ...(moved === 0 ? [] : [`  ${moved} characters came from above, where there was no room`]),
    ...policies.slice(0, 5).map(({ name, characters: own }) => `  ${own} characters: ${name}`),
    ...largest.slice(0, 3).map((text) => `  statement of ${text.length} characters: ${short(text)}`),
    '  choose some of the policies below this place, give shorter parameters, or leave one out',
  ];
}
