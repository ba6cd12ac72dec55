/** Texts of policies: whether two say the same, and which statements one has that the other has not. */
import { createHash } from 'node:crypto';
import { isSettingType } from '../../organization/index.js';
import type { OrganizationPolicyType } from '../../organization/index.js';

/** JSON with the keys of maps in order, so that spelling does not count. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, canonical(each)]));
}

/** @returns The JSON value, or `undefined` when the text is no JSON map. */
export function parseContent(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two texts are the same JSON but for white space and the order of keys. */
export function sameContent(one: string, other: string): boolean {
  if (one === other) return true;
  const [left, right] = [parseContent(one), parseContent(other)];
  if (left === undefined || right === undefined) return false;
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
}

function statementsOf(text: string): ReadonlyMap<string, unknown> {
  const statements = parseContent(text)?.['Statement'];
  const list: readonly unknown[] = Array.isArray(statements)
    ? statements
    : statements === undefined
      ? []
      : [statements];
  return new Map(list.map((each) => [JSON.stringify(canonical(each)), each]));
}

/** How one text follows on another. */
export interface ContentChange {
  /** Whether the new text has a statement that the old one has not, and the other way round. */
  readonly adds: boolean;
  readonly loses: boolean;
  /** A text with the statements of both; `null` for types whose policies have no statements. */
  readonly union: string | null;
}

/** Compares the text that a policy has with the one that it shall have. */
export function contentChange(type: OrganizationPolicyType, from: string, to: string): ContentChange {
  if (isSettingType(type)) return { adds: true, loses: true, union: null };
  const [before, after] = [statementsOf(from), statementsOf(to)];
  const lost = [...before].filter(([key]) => !after.has(key)).map(([, statement]) => statement);
  const document = parseContent(to) ?? {};
  // A Sid is unique in a document: the statements that are on their way out go without.
  const sids = new Set([...after.values()].map(sidOf));
  const kept = lost.map((each) => (sids.has(sidOf(each)) ? withoutSid(each) : each));
  return {
    adds: [...after.keys()].some((key) => !before.has(key)),
    loses: lost.length > 0,
    union: JSON.stringify({ ...document, Statement: [...after.values(), ...kept] }),
  };
}

function sidOf(statement: unknown): unknown {
  return (statement as { readonly Sid?: unknown } | null)?.Sid;
}

function withoutSid(statement: unknown): unknown {
  return Object.fromEntries(Object.entries(statement as object).filter(([key]) => key !== 'Sid'));
}

/** Whether a policy allows anything at all. */
export function hasAllow(text: string | null): boolean {
  if (text === null) return false;
  return [...statementsOf(text).values()].some(
    (each) => (each as { readonly Effect?: unknown } | null)?.Effect === 'Allow',
  );
}

/** The name of a policy that holds an old text while it moves: it tells the text, so that it is found again. */
export function holderName(name: string, content: string): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  return `${name.slice(0, 118)}~${hash}`;
}
