/**
 * From the policies that a description chooses to documents and attachments that AWS Organizations takes: each place's
 * statements are compacted and put into its slots; denials without room move to the places directly below, which decides
 * the same when all of those get them. The result is proven at every account.
 */
import { printPolicy } from '../../iam/index.js';
import type { Policy, Statement } from '../../iam/index.js';
import {
  attachedPolicies,
  attachmentSlots,
  isSettingType,
  POLICY_TYPE_QUOTAS,
  POLICY_TYPES,
  quotaProblems,
  reaches,
  targetsOf,
} from '../../organization/index.js';
import type {
  AttachedPolicy,
  Organization,
  OrganizationPolicyType,
  PlacedDocument,
  PolicyTemplates,
  QuotaProblem,
  Target,
} from '../../organization/index.js';
import { statementText } from '../pack/index.js';
import type { GuardrailKind, Room } from '../pack/index.js';
import { certify } from './certificate.js';
import type { Certificate } from './certificate.js';
import { Compactor, fitLevel } from './level.js';
import type { ComposedLevel, Wildcards } from './level.js';
import { attachmentTarget, targetKey } from './model.js';
import type { Attachment, AttachmentTarget, ComposedDocument, Composition } from './model.js';
import { digest, nameOf } from './names.js';

/** Where the texts of chosen policies come from. */
export interface PolicySource {
  /** What the library knows: a template is used with the parameters that it declares. */
  readonly templates: PolicyTemplates;
  /** The documents of an SCP or RCP. */
  readonly policies: (policy: AttachedPolicy, kind: GuardrailKind) => readonly Policy[];
  /** The text of a policy of another type, without white space. */
  readonly text: (policy: AttachedPolicy, type: OrganizationPolicyType) => string;
}

export interface ComposeOptions {
  /** `@default` whole words, and wherever it is exact when that does not fit. */
  readonly wildcards?: Wildcards | undefined;
  /** Instead of the quotas: characters of a document, and documents at one place besides the one of AWS. */
  readonly rooms?: Readonly<Partial<Record<GuardrailKind, Room>>>;
  /** Most steps of each proof. */
  readonly budget?: number;
}

/** One place at which policies do not fit. */
export interface DoesNotFit {
  readonly target: AttachmentTarget;
  readonly kind: GuardrailKind;
  readonly room: Room;
  /** Documents and characters that are too many. */
  readonly documents: number;
  readonly characters: number;
  /** The policies chosen there, the largest first, with their characters. */
  readonly policies: readonly { readonly name: string; readonly characters: number }[];
  /** The largest statements, as JSON. */
  readonly largest: readonly string[];
  /** Characters that were to be moved there from above. */
  readonly moved: number;
  /** Why nothing moves further down. */
  readonly because: 'account' | 'nobody below' | 'only what allows is left';
}

/** What came out. */
export interface Composed {
  /** `null` when something does not fit. */
  readonly composition: Composition | null;
  readonly doesNotFit: readonly DoesNotFit[];
  /** Quotas on texts that are attached as they are, and on the number of policies. */
  readonly quotas: readonly QuotaProblem[];
  readonly levels: readonly ComposedLevel[];
  /** `null` when something does not fit. */
  readonly certificate: Certificate | null;
}

const KINDS: readonly GuardrailKind[] = ['scp', 'rcp'];

/**
 * Composes the policies of an organization.
 *
 * @throws RangeError for a policy whose variables are plain text, since documents are written with `2012-10-17`.
 */
export function compose(organization: Organization, source: PolicySource, options: ComposeOptions = {}): Composed {
  const levels = KINDS.flatMap((kind) => composeKind(organization, kind, source, options));
  const doesNotFit = levels.flatMap(overflowOf);
  if (doesNotFit.length > 0) return { composition: null, doesNotFit, quotas: [], levels, certificate: null };
  const { composition, placed } = assemble(organization, levels, source);
  const quotas = quotaProblems(organization, placed);
  if (quotas.length > 0) return { composition: null, doesNotFit, quotas, levels, certificate: null };
  const certificate = certify(
    organization,
    levels,
    composition,
    options.budget === undefined ? {} : { budget: options.budget },
  );
  return { composition, doesNotFit, quotas, levels, certificate };
}

function composeKind(
  organization: Organization,
  kind: GuardrailKind,
  source: PolicySource,
  options: ComposeOptions,
): readonly ComposedLevel[] {
  const compactor = new Compactor(kind, options.budget);
  const moved = new Map<Target, readonly Statement[]>();
  const denials = new Map<Target, readonly Statement[]>();
  const composed: ComposedLevel[] = [];
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    const chosen = attachedPolicies(organization, path, kind, source.templates)
      .filter((policy) => policy.kind !== 'managed')
      .map((policy) => ({ name: policy.name, policies: source.policies(policy, kind) }));
    for (const { name, policies } of chosen) {
      policies.forEach((policy) => {
        refusePlainVariables(name, policy);
      });
    }
    const fromAbove = moved.get(target) ?? [];
    const own = chosen.flatMap(({ policies }) => policies.flatMap(({ statements }) => statements));
    const room = roomAt(target, kind, options);
    const below = placesBelow(organization, target, kind);
    const level = fitLevel(
      {
        kind,
        statements: [...own, ...fromAbove],
        above: path.slice(0, -1).flatMap((each) => denials.get(each) ?? []),
        allowsEverything: kind === 'rcp' || target.fullAwsAccess,
        room,
        canSpill: below.length > 0,
      },
      compactor,
      { wildcards: options.wildcards, budget: options.budget },
    );
    for (const each of below) moved.set(each, level.spilled);
    denials.set(
      target,
      level.documents.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Deny')),
    );
    if (own.length + fromAbove.length === 0) continue;
    composed.push({ path, target: attachmentTarget(path), kind, chosen, moved: fromAbove, room, level });
  }
  return composed;
}

/** Documents are written with version 2012-10-17, in which `${…}` is a variable. */
function refusePlainVariables(name: string, { version, statements }: Policy): void {
  if (version === '2012-10-17' || !JSON.stringify(statements).includes('${')) return;
  throw new RangeError(`${name} has no \`"Version": "2012-10-17"\`, so that its variables are plain text`);
}

function roomAt(target: Target, kind: GuardrailKind, { rooms }: ComposeOptions): Room {
  const size = POLICY_TYPE_QUOTAS[kind].documentCharacters;
  return rooms?.[kind] ?? { size, slots: attachmentSlots(target, kind).own };
}

/** The places directly below a target at which policies have an effect; all that reaches an account below passes one. */
function placesBelow(organization: Organization, target: Target, kind: GuardrailKind): readonly Target[] {
  if (target.kind === 'account') return [];
  return [...target.units, ...target.accounts.filter(({ id }) => reaches(organization, id, kind))];
}

function overflowOf({ target, kind, room, chosen, moved, level, path }: ComposedLevel): readonly DoesNotFit[] {
  const { overflow } = level;
  if (overflow === undefined) return [];
  const allows = overflow.statements.some(({ effect }) => effect === 'Allow');
  const sizeOf = (policies: readonly Policy[]): number =>
    policies.reduce((sum, policy) => sum + printPolicy(policy, 0).length, 0);
  return [
    {
      target,
      kind,
      room,
      documents: overflow.documents,
      characters: overflow.characters,
      policies: chosen
        .map(({ name, policies }) => ({ name, characters: sizeOf(policies) }))
        .sort((a, b) => b.characters - a.characters),
      largest: overflow.largest,
      moved: moved.reduce((sum, statement) => sum + statementText(statement).length, 0),
      because: path.at(-1)!.kind === 'account' ? 'account' : allows ? 'only what allows is left' : 'nobody below',
    },
  ];
}

/** Names the documents, and adds the policies of other types as they are. */
function assemble(
  organization: Organization,
  levels: readonly ComposedLevel[],
  source: PolicySource,
): { readonly composition: Composition; readonly placed: readonly PlacedDocument[] } {
  const documents = new Map<string, ComposedDocument>();
  const targets = new Map<string, Target[]>();
  const attachments: Attachment[] = [];
  const byPlace = new Map(levels.map((level) => [`${level.kind} ${targetKey(level.target)}`, level]));
  const repeated = repeatedAtAccounts(levels);
  const taken = new Set<string>();
  const add = (document: ComposedDocument, target: Target): string => {
    const key = `${document.type} ${document.name}`;
    if (!documents.has(key)) documents.set(key, document);
    targets.set(key, [...(targets.get(key) ?? []), target]);
    return document.name;
  };
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    const at = attachmentTarget(path);
    let base: string | undefined;
    for (const type of POLICY_TYPES) {
      const level = isSettingType(type) ? undefined : byPlace.get(`${type} ${targetKey(at)}`);
      const names: string[] = [];
      for (const [index, document] of (level?.level.documents ?? []).entries()) {
        const content = printPolicy(document, 0);
        const shared = repeated.has(`${type} ${content}`) && target.kind === 'account';
        base ??= nameOf(at, taken);
        const name = shared ? `stackade-accounts-${digest(content).slice(0, 12)}` : `${base}-${index + 1}`;
        const from = level!.chosen.map((each) => each.name);
        const parts = [...from, ...(level!.moved.length === 0 ? [] : ['what found no room above'])];
        const where = shared ? 'accounts' : at.path;
        names.push(add({ name, type, description: descriptionOf(where, shared ? [] : parts), content }, target));
      }
      if (isSettingType(type)) {
        for (const policy of attachedPolicies(organization, path, type, source.templates)) {
          const content = source.text(policy, type);
          base ??= nameOf(at, taken);
          const name = `${base}-${names.length + 1}`;
          names.push(add({ name, type, description: descriptionOf(at.path, [policy.name]), content }, target));
        }
      }
      const fullAwsAccess = type === 'scp' && target.fullAwsAccess;
      if (names.length === 0 && (type !== 'scp' || fullAwsAccess)) continue;
      attachments.push({ target: at, type, documents: names, fullAwsAccess });
    }
  }
  const placed = [...documents].map(([key, { name, type, content }]): PlacedDocument => {
    return { name, type, characters: content.length, targets: targets.get(key)! };
  });
  return { composition: { documents: [...documents.values()], attachments }, placed };
}

/** Documents that two or more accounts have: they are one policy, which its content names. */
function repeatedAtAccounts(levels: readonly ComposedLevel[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { target, kind, level } of levels) {
    if (target.kind !== 'account') continue;
    for (const document of level.documents) {
      const key = `${kind} ${printPolicy(document, 0)}`;
      if (seen.has(key)) repeated.add(key);
      seen.add(key);
    }
  }
  return repeated;
}

/** At most 512 characters, as AWS Organizations takes them. */
function descriptionOf(where: string, parts: readonly string[]): string {
  const text = parts.length === 0 ? `Stackade: ${where}` : `Stackade: ${where}: ${parts.join(', ')}`;
  return text.length <= 512 ? text : `${text.slice(0, 511)}…`;
}
