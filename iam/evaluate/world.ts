/**
 * A request as statements look at it.
 *
 * Values of condition keys are found by number: each key that a policy asks for gets one, and a request writes its values
 * under the numbers of its keys. The table is shared by all requests, of which only one is decided at a time; a stamp
 * tells the values of the present request from those of earlier ones.
 */
import type { Request } from '../model.js';
import { callerOf, type Caller } from './caller.js';
import { cutText } from './pattern.js';

/** A condition key that policies ask for. */
export interface Key {
  readonly written: string;
  readonly lower: string;
  /** Whether the value may follow from the caller or the resource. */
  readonly isDerived: boolean;
  readonly id: number;
}

/** The request neither gives the key nor says that it is absent. */
export const NOT_KNOWN: unique symbol = Symbol('not known');

/** One value, several, or none: a key that is absent. */
export type Values = string | readonly string[] | undefined;

/** Keys whose values follow from principal and resource, in lower case. */
const DERIVED = /^aws:(?:principal(?:arn|account|type|isawsservice|servicename)|userid|username|resourceaccount)$/;

export const isDerivedKey = (lower: string): boolean => DERIVED.test(lower);

const ids = new Map<string, number>();
/** By number: the value that a request gives, and the stamp of that request. */
const values: Values[] = [];
const stamps: number[] = [];
let lastStamp = 0;

export function keyOf(written: string): Key {
  const lower = written.toLowerCase();
  let id = ids.get(lower);
  if (id === undefined) {
    id = ids.size;
    ids.set(lower, id);
    values.push(undefined);
    stamps.push(0);
  }
  return { written, lower, isDerived: isDerivedKey(lower), id };
}

/** Numbers of keys as requests write them; -1 for keys that no policy asked for when they were first seen. */
const idsByWriting = new Map<string, number>();
const MOST_WRITINGS = 4_096;
let idsThen = 0;

function idOf(written: string): number {
  // A policy compiled since may ask for keys that nobody asked for before.
  if (idsThen !== ids.size || idsByWriting.size >= MOST_WRITINGS) {
    idsByWriting.clear();
    idsThen = ids.size;
  }
  let id = idsByWriting.get(written);
  if (id === undefined) {
    id = ids.get(written.toLowerCase()) ?? -1;
    idsByWriting.set(written, id);
  }
  return id;
}

const PRINCIPAL_ARN = keyOf('aws:PrincipalArn');
const RESOURCE_ACCOUNT = keyOf('aws:ResourceAccount');
const LOWER_CASE = new Map<string, string>();
const MOST_LOWER_CASE = 4_096;

function lowerCase(text: string): string {
  let lower = LOWER_CASE.get(text);
  if (lower === undefined) {
    if (LOWER_CASE.size >= MOST_LOWER_CASE) LOWER_CASE.clear();
    lower = text.toLowerCase();
    LOWER_CASE.set(text, lower);
  }
  return lower;
}

const NONE: readonly string[] = [];

export class World {
  readonly caller: Caller;
  /** In lower case. */
  readonly action: string;
  readonly resource: string;
  /** Tells this request from others, for those who keep something about it. */
  readonly stamp: number;
  /** Owner of the resource as far as request or ARN tell. */
  private readonly owner: string | undefined;
  private absentKeys: Set<string> | undefined;
  /** What the other absent keys begin with. */
  private absentStarts: readonly string[];
  private resourceHead: readonly string[] | undefined;
  /** While set, gathers the keys whose values are asked for and not known. */
  asked: Set<string> | undefined;

  /**
   * INVARIANT: a world is asked only until the next one is made.
   *
   * @param unknownContext - Whether keys that are not given count as unknown instead of absent.
   * @throws RangeError as {@link callerOf}.
   */
  constructor(
    private readonly request: Request,
    private readonly unknownContext: boolean,
  ) {
    const { action, resource, resourceAccount, context } = request;
    this.stamp = ++lastStamp;
    for (const written in context) {
      const id = idOf(written);
      if (id < 0) continue;
      values[id] = context[written];
      stamps[id] = lastStamp;
    }
    this.action = lowerCase(action);
    this.resource = resource;
    this.caller = callerOf(request, first(this.given(PRINCIPAL_ARN)));
    this.owner = resourceAccount ?? accountOf(resource);
    this.absentKeys = undefined;
    this.absentStarts = NONE;
    this.resourceHead = undefined;
    this.asked = undefined;
  }

  /** The account that owns the resource; the caller's when nothing tells. */
  get resourceAccount(): string | undefined {
    return this.owner ?? first(this.given(RESOURCE_ACCOUNT)) ?? this.caller.account;
  }

  /** The ARN of the resource, cut into `arn`, partition, service and the rest. */
  get resourceParts(): readonly string[] {
    this.resourceHead ??= cutText(this.resource, 4);
    return this.resourceHead;
  }

  /** The values of a condition key: given, following from the request, absent, or not known. */
  valuesOf(key: Key): Values | typeof NOT_KNOWN {
    if (stamps[key.id] === this.stamp) return values[key.id];
    if (key.isDerived) {
      const derived = key.id === RESOURCE_ACCOUNT.id ? this.owner : this.caller.derived[key.lower];
      if (derived !== undefined && (derived === null || !this.isAbsent(key, false))) return derived ?? undefined;
    }
    if (!this.unknownContext || this.isAbsent(key, true)) return undefined;
    this.asked?.add(key.written);
    return NOT_KNOWN;
  }

  private given({ id }: Key): Values {
    return stamps[id] === this.stamp ? values[id] : undefined;
  }

  /** @param countsStarts - Whether entries that end with `*` count: they speak of keys that do not follow from the rest. */
  private isAbsent({ lower }: Key, countsStarts: boolean): boolean {
    const { absent } = this.request;
    if (absent === undefined || absent.length === 0) return false;
    if (this.absentKeys === undefined) {
      const entries = absent.map((key) => key.toLowerCase());
      this.absentKeys = new Set(entries);
      this.absentStarts = entries.filter((entry) => entry.endsWith('*')).map((entry) => entry.slice(0, -1));
    }
    if (this.absentKeys.has(lower)) return true;
    return countsStarts && this.absentStarts.some((start) => lower.startsWith(start));
  }
}

const first = (given: Values): string | undefined => (typeof given === 'string' ? given : given?.[0]);

const OWNED = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/;

/** The account in an ARN, when it is one of 12 digits. */
export function accountOf(arn: string): string | undefined {
  return OWNED.exec(arn)?.[1];
}
