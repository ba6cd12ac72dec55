/** A request as statements look at it. */
import { parseArn } from '../arn.js';
import type { Request } from '../model.js';
import { callerOf, type Caller } from './caller.js';
import { cutText } from './pattern.js';

/** A condition key with both its spellings, so that the usual one is found without changing its case. */
export interface Key {
  readonly written: string;
  readonly lower: string;
  /** Whether the value may follow from the caller or the resource. */
  readonly isDerived: boolean;
}

/** The request neither gives the key nor says that it is absent. */
export const NOT_KNOWN: unique symbol = Symbol('not known');

/** One value, several, or none: a key that is absent. */
export type Values = string | readonly string[] | undefined;

const DERIVED = /^aws:(?:principal(?:arn|account|type|isawsservice|servicename)|userid|username|resourceaccount)$/;

export function keyOf(written: string): Key {
  const lower = written.toLowerCase();
  return { written, lower, isDerived: DERIVED.test(lower) };
}

const PRINCIPAL_ARN = keyOf('aws:PrincipalArn');
const RESOURCE_ACCOUNT = keyOf('aws:ResourceAccount');

const lowered = new Map<string, string>();
const MOST_LOWERED = 4_096;

function lowerCase(text: string): string {
  const known = lowered.get(text);
  if (known !== undefined) return known;
  if (lowered.size >= MOST_LOWERED) lowered.clear();
  const lower = text.toLowerCase();
  lowered.set(text, lower);
  return lower;
}

const ACCOUNT = /^\d{12}$/;
const ASCII_LOWER_CASE = /^[a-z0-9:]*$/;

export class World {
  readonly caller: Caller;
  /** In lower case. */
  readonly action: string;
  readonly resource: string;
  /** Owner of the resource as far as request or ARN tell. */
  private readonly owner: string | undefined;
  private byLowerCase: Map<string, string | readonly string[]> | undefined;
  private absentKeys: Set<string> | undefined;
  private resourceHead: readonly string[] | undefined;
  /** While set, gathers the keys whose values are asked for and not known. */
  asked: Set<string> | undefined;

  /**
   * @param unknownContext - Whether keys that are not given count as unknown instead of absent.
   * @throws RangeError as {@link callerOf}.
   */
  constructor(
    private readonly request: Request,
    private readonly unknownContext: boolean,
  ) {
    const { action, resource, resourceAccount } = request;
    this.action = ASCII_LOWER_CASE.test(action) ? action : lowerCase(action);
    this.resource = resource;
    const given = this.given(PRINCIPAL_ARN);
    this.caller = callerOf(request, typeof given === 'string' ? given : given?.[0]);
    this.owner = resourceAccount ?? ownerOf(resource);
  }

  /** The account that owns the resource; the caller's when nothing tells. */
  get resourceAccount(): string | undefined {
    if (this.owner !== undefined) return this.owner;
    const given = this.given(RESOURCE_ACCOUNT);
    return (typeof given === 'string' ? given : given?.[0]) ?? this.caller.account;
  }

  /** The ARN of the resource, cut into `arn`, partition, service and the rest. */
  get resourceParts(): readonly string[] {
    this.resourceHead ??= cutText(this.resource, 4);
    return this.resourceHead;
  }

  /** The values of a condition key: given, following from the request, absent, or not known. */
  valuesOf(key: Key): Values | typeof NOT_KNOWN {
    const given = this.given(key);
    if (given !== undefined) return given;
    if (key.isDerived) {
      const derived = key.lower === RESOURCE_ACCOUNT.lower ? this.owner : this.caller.derived[key.lower];
      if (derived !== undefined && (derived === null || !this.isAbsent(key))) return derived ?? undefined;
    }
    if (!this.unknownContext || this.isAbsent(key)) return undefined;
    this.asked?.add(key.written);
    return NOT_KNOWN;
  }

  private given({ written, lower }: Key): Values {
    const { context } = this.request;
    if (Object.hasOwn(context, written)) return context[written];
    if (this.byLowerCase === undefined) {
      this.byLowerCase = new Map();
      for (const name in context) this.byLowerCase.set(lowerCase(name), context[name]!);
    }
    return this.byLowerCase.get(lower);
  }

  private isAbsent({ lower }: Key): boolean {
    const { absent } = this.request;
    if (absent === undefined || absent.length === 0) return false;
    this.absentKeys ??= new Set(absent.map((key) => key.toLowerCase()));
    return this.absentKeys.has(lower);
  }
}

function ownerOf(resource: string): string | undefined {
  const account = resource === '*' ? undefined : parseArn(resource)?.account;
  return account !== undefined && ACCOUNT.test(account) ? account : undefined;
}
