/** `stackade scp pack`: policies made smaller, with proofs, and fitted into documents. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { IAM_QUOTAS } from '../../catalogue/iam/index.js';
import { printPolicy } from '../../iam/index.js';
import { compact, fill } from '../../scp/pack/index.js';
import type { Compacted, CompactOptions, Filled, GuardrailKind, Room } from '../../scp/pack/index.js';
import { tellDiagnostics } from '../check/tell.js';
import { unwritable } from '../check/diagnostics.js';
import { openOutputFile } from '../check/output-file.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { readPolicyFile } from '../iam/input.js';
import type { PolicyFile } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';

interface Flags {
  readonly kind: string;
  readonly wildcards?: string;
  readonly slots?: string;
  readonly out?: string;
  readonly format: string;
}

type Wildcards = CompactOptions['wildcards'];

/** What was asked for. */
export interface PackOptions {
  readonly kind: GuardrailKind;
  /** Left out: `words`, and `characters` when the policies do not fit otherwise. */
  readonly wildcards?: Wildcards | undefined;
  /** Documents that may be attached. `@default` all but the one that AWS attaches. */
  readonly slots?: number;
  readonly out?: string;
  readonly format: string;
}

const KINDS: readonly string[] = ['scp', 'rcp'];
const WILDCARDS: readonly string[] = ['none', 'words', 'characters'];
const FORMATS: readonly string[] = ['pretty', 'json'];

/** One of the slots is taken by `FullAWSAccess`, or by `RCPFullAWSAccess`, which cannot be detached. */
const ROOMS: Readonly<Record<GuardrailKind, Room>> = {
  scp: { size: IAM_QUOTAS.scp, slots: IAM_QUOTAS.scpsPerTarget - 1 },
  rcp: { size: IAM_QUOTAS.rcp, slots: IAM_QUOTAS.rcpsPerTarget - 1 },
};

/** Adds `pack` to `scp`. Sets the exit code: 0, 1 when the policies do not fit, 2 for bad input. */
export function registerPack(parent: Command): void {
  const command = parent
    .command('pack')
    .description('packs policies of one root, OU or account into as few documents as quotas allow, with proofs')
    .argument('<files...>', 'policy documents')
    .option('--kind <kind>', 'scp or rcp', 'scp')
    .option(
      '--wildcards <how>',
      'none keeps the names of actions; words shortens several to wildcards of whole words; characters cuts wherever it is exact (default: words, and characters when that does not fit)',
    )
    .option('--slots <number>', 'documents that may be attached besides the one that AWS attaches')
    .option('--out <folder>', 'write the documents and the certificate there')
    .option('--format <format>', 'pretty or json', 'pretty');
  command.action((files: string[], flags: Flags) => {
    const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: BAD_INPUT });
    if (!KINDS.includes(flags.kind)) refuse(`--kind is one of ${KINDS.join(', ')}`);
    if (!FORMATS.includes(flags.format)) refuse(`--format is one of ${FORMATS.join(', ')}`);
    if (flags.wildcards !== undefined && !WILDCARDS.includes(flags.wildcards)) {
      refuse(`--wildcards is one of ${WILDCARDS.join(', ')}`);
    }
    const kind = flags.kind as GuardrailKind;
    const wildcards = flags.wildcards as Wildcards | undefined;
    const slots = flags.slots === undefined ? ROOMS[kind].slots : Number(flags.slots);
    const most = kind === 'scp' ? IAM_QUOTAS.scpsPerTarget : IAM_QUOTAS.rcpsPerTarget;
    if (!Number.isInteger(slots) || slots < 1 || slots > most) refuse(`--slots is a whole number from 1 to ${most}`);
    process.exitCode = runPack(files, { ...flags, kind, wildcards, slots }, processTerminal());
  });
}

/**
 * Packs policy files.
 *
 * @returns The exit code.
 */
export function runPack(paths: readonly string[], options: PackOptions, terminal: Terminal): number {
  const { kind, wildcards, out, format } = options;
  const room: Room = { ...ROOMS[kind], slots: options.slots ?? ROOMS[kind].slots };
  try {
    const files = paths.map((path) => readPolicyFile(path, kind));
    const packed = pack(files, kind, wildcards, room);
    const texts = packed.filled.documents.map((document) => printPolicy(document, 0));
    const certificate = certificateOf(files, texts, packed, kind, room);
    // What does not fit is not written: half of the guardrails must not look like all of them.
    const isWhole = packed.filled.overflow === undefined;
    if (out !== undefined && isWhole) write(out, texts, certificate, terminal.cwd);
    if (format === 'json') terminal.print(`${JSON.stringify(certificate, null, 2)}\n`);
    else terminal.print(pretty(files, texts, packed, room, out));
    return isWhole ? CLEAN : FINDINGS;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

interface Packed {
  readonly compacted: Compacted;
  readonly filled: Filled;
  readonly wildcards: Wildcards;
}

function pack(files: readonly PolicyFile[], kind: GuardrailKind, asked: Wildcards | undefined, room: Room): Packed {
  const policies = files.map(({ policy }) => policy);
  const by = (wildcards: Wildcards): Packed => {
    const compacted = compact(policies, { kind, wildcards });
    return { compacted, filled: fill(compacted.statements, room), wildcards };
  };
  if (asked !== undefined) return by(asked);
  const readable = by('words');
  return readable.filled.overflow === undefined ? readable : by('characters');
}

function minifiedSize(files: readonly PolicyFile[]): number {
  return files.reduce((sum, { source }) => sum + JSON.stringify(source?.value).length, 0);
}

/** What shows that the documents decide as the files do. */
function certificateOf(
  files: readonly PolicyFile[],
  texts: readonly string[],
  { compacted, filled, wildcards }: Packed,
  kind: GuardrailKind,
  room: Room,
): object {
  const { steps, shortened, catalogue } = compacted;
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return {
    version: 1,
    kind,
    quotas: { date: IAM_QUOTAS.date, characters: room.size, documents: room.slots },
    catalogue,
    wildcards,
    from: files.map(({ name, text }) => ({ file: name, sha256: digest(text) })),
    minified: minifiedSize(files),
    packed: texts.reduce((sum, text) => sum + text.length, 0),
    documents: texts.map((text) => ({
      characters: text.length,
      sha256: digest(text),
      document: JSON.parse(text) as object,
    })),
    overflow:
      filled.overflow === undefined ? null : { ...filled.overflow, statements: filled.overflow.statements.length },
    steps: steps.map((step) => ({ ...step, taken: step.proof === 'HOLDS' })),
    shortened,
  };
}

function write(folder: string, texts: readonly string[], certificate: object, cwd: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError([unwritable(folder, error)]);
  }
  const named = [
    ...texts.map((text, index) => [`policy-${index + 1}.json`, text] as const),
    ['certificate.json', `${JSON.stringify(certificate, null, 2)}\n`] as const,
  ];
  // All are looked at before the first is written.
  const files = named.map(([name, text]) => ({ text, file: openOutputFile(join(folder, name), cwd) }));
  for (const { text, file } of files) file.write(text);
}

function pretty(
  files: readonly PolicyFile[],
  texts: readonly string[],
  { compacted, filled, wildcards }: Packed,
  room: Room,
  out: string | undefined,
): string {
  const { steps, shortened, catalogue } = compacted;
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const before = minifiedSize(files);
  const after = texts.reduce((sum, text) => sum + text.length, 0);
  const taken = (step: 'merged' | 'dropped'): number =>
    steps.filter((each) => each.step === step && each.proof === 'HOLDS').length;
  const refused = steps.filter(({ proof }) => proof !== 'HOLDS').length;
  const lines = [
    `${count(files.length, 'policy file')}, ${before} characters minified → ${count(texts.length, 'document')}, ${after} characters (${Math.round((100 * after) / before)} %)`,
    `  ${taken('merged')} merged, ${taken('dropped')} dropped as superfluous: each step proven (HOLDS)`,
    ...(refused === 0 ? [] : [`  ${count(refused, 'step')} not taken: no proof`]),
    `  ${count(shortened.length, 'list')} of actions shortened (${wildcards}), exact for the catalogue of ${catalogue.date}`,
    ...texts.map((text, index) => `  document ${index + 1}: ${text.length} of ${room.size} characters`),
  ];
  const { overflow } = filled;
  if (overflow !== undefined) {
    lines.push(
      `does not fit: ${count(overflow.documents, 'document')} and ${overflow.characters} characters too many for ${count(room.slots, 'slot')}; largest statements:`,
      ...overflow.largest.map(
        (text) => `  ${text.length} characters: ${text.length > 100 ? `${text.slice(0, 99)}…` : text}`,
      ),
      'attach some of the policies to the OUs or accounts below, or leave one out',
    );
  } else if (out === undefined) lines.push(...texts);
  else lines.push(`written to ${out}: the documents, and certificate.json with every step`);
  return `${lines.join('\n')}\n`;
}
