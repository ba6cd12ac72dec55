/** What is written beside the documents: how they came about, and the proof that they decide as what was chosen. */
import { IAM_QUOTAS, iamCatalogueInfo } from '../../catalogue/iam/index.js';
import { parsePolicy, printPolicy } from '../../iam/index.js';
import type { Policy, Statement } from '../../iam/index.js';
import { reaches, targetsOf } from '../../organization/index.js';
import type { Organization, Target } from '../../organization/index.js';
import { statementText } from '../pack/index.js';
import type { GuardrailKind, Room, ShortenedActions, Step } from '../pack/index.js';
import type { ComposedLevel, Idle, Wildcards } from './level.js';
import { attachmentTarget, targetKey } from './model.js';
import type { AttachmentTarget, Composition } from './model.js';
import { digest } from './names.js';
import { PathProver } from './proof.js';
import type { ComparedLevel, Obligation } from './proof.js';

/** How one place was composed. */
export interface CertifiedLevel {
  readonly target: AttachmentTarget;
  readonly type: GuardrailKind;
  readonly room: Room;
  /** Policies chosen there, with their characters as JSON without white space and a digest of it. */
  readonly chosen: readonly {
    readonly name: string;
    readonly characters: number;
    readonly sha256: readonly string[];
  }[];
  readonly documents: readonly { readonly name: string; readonly characters: number; readonly sha256: string }[];
  readonly wildcards: Wildcards;
  readonly steps: readonly Step[];
  readonly shortened: readonly ShortenedActions[];
  /** Statements left out because of what stands elsewhere. */
  readonly leftOut: readonly Idle[];
  /** Denials moved to the places directly below: accounts and units that come to be there later lack them until then. */
  readonly movedBelow: readonly string[];
}

/** Accounts at which the same was compared. */
export interface CertifiedAccounts {
  readonly accounts: readonly string[];
  readonly type: GuardrailKind;
  /** Sentences that hold. */
  readonly proven: number;
  /** Sentences that do not. */
  readonly open: readonly Obligation[];
}

export interface Certificate {
  readonly version: 1;
  /** `HOLDS`: at every account the documents decide as the chosen policies, for the actions of the catalogue. */
  readonly result: 'HOLDS' | 'FAILS' | 'UNKNOWN';
  readonly quotas: { readonly date: string };
  readonly catalogue: { readonly version: string; readonly date: string };
  readonly levels: readonly CertifiedLevel[];
  readonly accounts: readonly CertifiedAccounts[];
  /** How many different proofs stand behind it. */
  readonly proofs: number;
}

const KINDS: readonly GuardrailKind[] = ['scp', 'rcp'];

/** Reads the composed documents as they will be saved, and compares them with what was chosen at every account. */
export function certify(
  organization: Organization,
  levels: readonly ComposedLevel[],
  composition: Composition,
  options: { readonly budget?: number },
): Certificate {
  const accounts: CertifiedAccounts[] = [];
  let proofs = 0;
  for (const kind of KINDS) {
    const prover = new PathProver(kind, options);
    accounts.push(...certifyKind(organization, kind, levels, composition, prover));
    proofs += prover.proofs;
  }
  const results = accounts.flatMap(({ open }) => open.map(({ result }) => result));
  const { version, date } = iamCatalogueInfo;
  return {
    version: 1,
    result: results.includes('FAILS') ? 'FAILS' : results.includes('UNKNOWN') ? 'UNKNOWN' : 'HOLDS',
    quotas: { date: IAM_QUOTAS.date },
    catalogue: { version, date },
    levels: levels.map((level) => certifiedLevel(level, composition)),
    accounts,
    proofs,
  };
}

function certifyKind(
  organization: Organization,
  kind: GuardrailKind,
  levels: readonly ComposedLevel[],
  composition: Composition,
  prover: PathProver,
): readonly CertifiedAccounts[] {
  const chosen = new Map(levels.filter((each) => each.kind === kind).map((each) => [targetKey(each.target), each]));
  const contents = new Map(composition.documents.filter(({ type }) => type === kind).map((each) => [each.name, each]));
  const attached = new Map(
    composition.attachments.filter(({ type }) => type === kind).map((each) => [targetKey(each.target), each]),
  );
  const read = new Map<string, readonly Statement[]>();
  const statementsOf = (name: string): readonly Statement[] => {
    const known = read.get(name) ?? readBack(contents.get(name)!.content, kind);
    read.set(name, known);
    return known;
  };
  const compared = new Map<Target, ComparedLevel & { readonly number: number }>();
  const groups = new Map<string, { accounts: string[]; levels: readonly ComparedLevel[] }>();
  const numbers = new Map<string, number>();
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    const key = targetKey(attachmentTarget(path));
    const before = (chosen.get(key)?.chosen ?? []).flatMap(({ policies }) =>
      policies.flatMap((each) => each.statements),
    );
    const names = attached.get(key)?.documents ?? [];
    const allowsEverything = kind === 'rcp' || (attached.get(key)?.fullAwsAccess ?? target.fullAwsAccess);
    const text = [allowsEverything, ...before.map(statementText), '=>', ...names].join(' ');
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    compared.set(target, { before, after: names.flatMap(statementsOf), allowsEverything, number });
    if (target.kind !== 'account' || !reaches(organization, target.id, kind)) continue;
    const along = path.map((each) => compared.get(each)!);
    const way = [...new Set(along.map((each) => each.number))].sort((a, b) => a - b).join();
    const group = groups.get(way);
    if (group === undefined) groups.set(way, { accounts: [target.id], levels: along });
    else group.accounts.push(target.id);
  }
  return [...groups.values()].map(({ accounts, levels: along }) => ({ accounts, type: kind, ...prover.prove(along) }));
}

/** @throws Error when a document cannot be read, which is a fault of ours. */
function readBack(content: string, kind: GuardrailKind): readonly Statement[] {
  const { policy, problems } = parsePolicy(JSON.parse(content) as Parameters<typeof parsePolicy>[0], kind);
  if (policy === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return policy.statements;
}

function certifiedLevel(
  { target, kind, room, chosen, level }: ComposedLevel,
  { documents, attachments }: Composition,
): CertifiedLevel {
  const attached = attachments.find((each) => each.type === kind && targetKey(each.target) === targetKey(target));
  const byName = new Map(documents.filter(({ type }) => type === kind).map((each) => [each.name, each.content]));
  const texts = (policies: readonly Policy[]): readonly string[] => policies.map((policy) => printPolicy(policy, 0));
  return {
    target,
    type: kind,
    room,
    chosen: chosen.map(({ name, policies }) => ({
      name,
      characters: texts(policies).reduce((sum, text) => sum + text.length, 0),
      sha256: texts(policies).map(digest),
    })),
    documents: (attached?.documents ?? []).map((name) => {
      const content = byName.get(name)!;
      return { name, characters: content.length, sha256: digest(content) };
    }),
    wildcards: level.wildcards,
    steps: level.compacted.steps,
    shortened: level.compacted.shortened,
    leftOut: level.idle,
    movedBelow: level.spilled.map(statementText),
  };
}
