/** How values of properties that safeguard compare: which of two is better, or that nobody can tell. */
import type { ChangeKind } from './model.js';

/** How values of a property compare. */
export type Order =
  /** `true` is better, or `false`. What is left out counts as `absent`, or as `within` where its parent is there. */
  | { readonly kind: 'flag'; readonly good: boolean; readonly absent: boolean; readonly within?: boolean }
  /** To have it is better than not to have it. */
  | { readonly kind: 'present' }
  /** A number, more is better; left out it counts as `absent`. */
  | { readonly kind: 'more'; readonly absent: number }
  /** A number, less is better; left out it counts as `absent`. */
  | { readonly kind: 'less'; readonly absent: number }
  /** Texts from worst to best; what is not listed cannot be compared. Left out it counts as `absent`. */
  | { readonly kind: 'ranked'; readonly ranks: readonly (string | readonly string[])[]; readonly absent: string }
  /** A key of KMS: a customer's is better than one of AWS. Left out it counts as one of AWS, or as none. */
  | { readonly kind: 'key'; readonly absent: 'aws' | 'none' }
  /** A name of AWS that says which version of TLS is the least; left out it counts as `absent`. */
  | { readonly kind: 'tls'; readonly absent: string }
  /** Whatever changes of it, nobody can tell whether it is better; where it `grows`, more elements of a list are. */
  | { readonly kind: 'same'; readonly grows?: true }
  /** Not to have it is better than to have it. */
  | { readonly kind: 'without' }
  /** A text without a wildcard is better than one with it. */
  | { readonly kind: 'exact' }
  /** A list of which fewer elements are better, or more. Left out it counts as `absent`. */
  | { readonly kind: 'set'; readonly good: 'fewer' | 'more'; readonly absent: readonly string[] };

/** One property that safeguards. */
export interface Safeguard {
  readonly kind: Extract<ChangeKind, 'public' | 'encryption' | 'logging' | 'guard'>;
  /** Below `Properties`; `*` stands for the elements of a list, of which the worst counts. */
  readonly path: readonly string[];
  readonly order: Order;
  /** What it does, such as `encryption at rest`. */
  readonly what: string;
}

export type Row = readonly [kind: Safeguard['kind'], path: string, order: Order, what: string];

export const on: Order = { kind: 'flag', good: true, absent: false };
export const onByDefault: Order = { kind: 'flag', good: true, absent: true };
export const off: Order = { kind: 'flag', good: false, absent: false };
export const present: Order = { kind: 'present' };
export const without: Order = { kind: 'without' };
export const exact: Order = { kind: 'exact' };
export const same: Order = { kind: 'same' };
export const sameOrMore: Order = { kind: 'same', grows: true };
export const fewer = (...absent: readonly string[]): Order => ({ kind: 'set', good: 'fewer', absent });
export const more: Order = { kind: 'set', good: 'more', absent: [] };
export const ranked = (absent: string, ...ranks: readonly (string | readonly string[])[]): Order => ({
  kind: 'ranked',
  ranks,
  absent,
});

export const REST = 'encryption at rest';
export const TRANSIT = 'encryption in transit';
export const KEY = 'encryption with an own key';
export const LOGS = 'logging';
export const PUBLIC = 'protection from the public';
export const atRest = (path: string): Row => ['encryption', path, on, REST];
export const inTransit = (path: string): Row => ['encryption', path, on, TRANSIT];
export const key = (path: string, absent: 'aws' | 'none' = 'aws'): Row => [
  'encryption',
  path,
  { kind: 'key', absent },
  KEY,
];
export const logs = (path: string, order: Order = present): Row => ['logging', path, order, LOGS];
export const publicWhenTrue = (path: string): Row => ['public', path, off, PUBLIC];
export const blocked = (path: string): Row => ['public', path, on, PUBLIC];

/**
 * The least version of TLS that a security policy of AWS takes, by its name: 0 for TLS 1.0 (or SSL 3), 2 for TLS 1.2
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
 */
export function leastTls(name: string): number | undefined {
  const match = /^(?:ELBSecurityPolicy-)?(?:TLS13|TLS|FS)[-_]?1[-_](\d)/.exec(name);
  if (match !== null) return Number(match[1]);
  return /^ELBSecurityPolicy-(?:201\d-\d\d|FS-2018-06)$/.test(name) ? 0 : undefined;
}
