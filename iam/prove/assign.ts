/**
 * Values for all dimensions that fit together: the account of the resource with what the ARN says of it, the accounts of
 * caller and resource with whether they are to be the same, and keys that two callers have different. When the domains
 * leave none, the branch of the search is over.
 */
import { accountsOf } from './accounts.js';
import { literalLanguage, manyOf, sequence } from './automata/language.js';
import { complement, charsOf } from './automata/char-set.js';
import type { Dfa } from './automata/dfa.js';
import type { Budget } from './budget.js';
import type { Dimension, DimensionValue, Domain } from './domain.js';
import { CALLER, keyDimension, RESOURCE } from './encode.js';
import { ACCOUNT_ID, isDerivedKey, SIGNED } from './principal.js';
import type { TextSpace } from './sets/space.js';
import type { Assignment, Domains } from './solve.js';

interface AssignerOptions {
  readonly dimension: (name: string) => Dimension;
  readonly names: ReadonlySet<string>;
  readonly sides: readonly string[];
  readonly differ: readonly string[];
  readonly text: TextSpace;
  readonly budget: Budget;
}

const CROSS = 'cross';
const OWNER = 'key:aws:resourceaccount';
const NO_COLON = manyOf(complement(charsOf(':')));
const colon = literalLanguage(':');
const ANYTHING = manyOf([[0, 0xffff]]);
/** How many accounts are looked at where one other than a given one is wanted. */
const FEW = 3;

type Values = ReadonlyMap<string, DimensionValue>;

/** Makes the function that chooses values for the domains of a search. */
export function assignerOf(options: AssignerOptions): (domains: Domains) => Assignment | null {
  const { dimension, names, sides, differ, text, budget } = options;
  const domainOf = (domains: Domains, name: string): Domain => domains.get(name) ?? dimension(name).root;
  const inAccount = (account: string): Dfa =>
    text.language(
      sequence(
        NO_COLON,
        colon,
        NO_COLON,
        colon,
        NO_COLON,
        colon,
        NO_COLON,
        colon,
        literalLanguage(account),
        colon,
        ANYTHING,
      ),
    );
  /** What has an account: not the names of services and providers, which may look like ARNs. */
  const named = (domain: Domain): Dfa =>
    domain.dimension.name.endsWith(CALLER) ? text.and(domain.all as Dfa, text.language(SIGNED)) : (domain.all as Dfa);
  const projections = new Map<Domain, Dfa>();
  const accounts = (domain: Domain): Dfa => {
    let result = projections.get(domain);
    if (result === undefined) {
      result = text.and(accountsOf(named(domain), budget), text.language(ACCOUNT_ID));
      projections.set(domain, result);
    }
    return result;
  };
  const pickIn = (domain: Domain, account: string): DimensionValue => [
    text.pick(text.and(named(domain), inAccount(account)))!,
  ];
  const withAccount = (): Dfa =>
    text.language(
      sequence(NO_COLON, colon, NO_COLON, colon, NO_COLON, colon, NO_COLON, colon, ACCOUNT_ID, colon, ANYTHING),
    );

  /** Owner of the resource and resource, so that they agree and `accept` takes the owner. */
  const owners = function* (domains: Domains): Generator<{ owner: string | undefined; values: Values }> {
    const resource = domainOf(domains, RESOURCE);
    const owner = names.has(OWNER) ? domainOf(domains, OWNER) : undefined;
    const ownerSet = owner === undefined ? text.language(ACCOUNT_ID) : (owner.all as Dfa);
    const unowned = text.without(resource.all as Dfa, withAccount());
    if (!text.isEmpty(unowned)) {
      const value = [text.pick(unowned)!];
      if (owner?.mayBeAbsent !== false) {
        yield {
          owner: undefined,
          values: new Map<string, DimensionValue>([
            [RESOURCE, value],
            [OWNER, undefined],
          ]),
        };
      }
      for (const account of text.some(ownerSet, FEW)) {
        yield {
          owner: account,
          values: new Map<string, DimensionValue>([
            [RESOURCE, value],
            [OWNER, [account]],
          ]),
        };
      }
    }
    for (const account of text.some(text.and(accounts(resource), ownerSet), FEW)) {
      yield {
        owner: account,
        values: new Map([
          [RESOURCE, pickIn(resource, account)],
          [OWNER, [account]],
        ]),
      };
    }
  };

  /** Only accounts that the caller can have, for agreement. */
  const agreeing = function* (domains: Domains, caller: Domain): Generator<Values> {
    const resource = domainOf(domains, RESOURCE);
    const owner = names.has(OWNER) ? domainOf(domains, OWNER) : undefined;
    const callers = accounts(caller);
    const ownerSet = owner === undefined ? callers : text.and(callers, owner.all as Dfa);
    const unowned = text.without(resource.all as Dfa, withAccount());
    const name = sides[0]! + CALLER;
    if (!text.isEmpty(unowned)) {
      const value = [text.pick(unowned)!];
      if (owner?.mayBeAbsent !== false) {
        yield new Map<string, DimensionValue>([
          [RESOURCE, value],
          [OWNER, undefined],
          [name, caller.value],
        ]);
      } else {
        const [account] = text.some(ownerSet, 1);
        if (account !== undefined) {
          yield new Map([
            [RESOURCE, value],
            [OWNER, [account]],
            [name, pickIn(caller, account)],
          ]);
        }
      }
    }
    const [account] = text.some(text.and(accounts(resource), ownerSet), 1);
    if (account !== undefined) {
      yield new Map([
        [RESOURCE, pickIn(resource, account)],
        [OWNER, [account]],
        [name, pickIn(caller, account)],
      ]);
    }
  };

  const settle = (domains: Domains): Values | null => {
    if (!names.has(CROSS)) {
      if (!names.has(OWNER)) return new Map();
      const [first] = owners(domains);
      return first?.values ?? null;
    }
    const cross = domainOf(domains, CROSS);
    for (const side of ['no', 'yes']) {
      if (!cross.dimension.space.has(cross.all, side)) continue;
      const values = side === 'no' ? together(domains) : apart(domains);
      if (values !== null) return new Map([...values, [CROSS, [side]]]);
    }
    return null;
  };

  /** Caller and resource of one account; callers without an account count as such. */
  const together = (domains: Domains): Values | null => {
    const caller = domainOf(domains, sides[0]! + CALLER);
    const [first] = agreeing(domains, caller);
    if (first !== undefined) return first;
    const outside = text.without(caller.all as Dfa, text.language(SIGNED));
    const [owner] = owners(domains);
    if (owner === undefined || text.isEmpty(outside)) return null;
    return new Map([...owner.values, [sides[0]! + CALLER, [text.pick(outside)!]]]);
  };

  /** Caller and resource of different accounts. */
  const apart = (domains: Domains): Values | null => {
    const caller = domainOf(domains, sides[0]! + CALLER);
    for (const { owner, values } of owners(domains)) {
      if (owner === undefined) continue;
      const other = text.some(accounts(caller), 2).find((account) => account !== owner);
      if (other !== undefined) return new Map([...values, [sides[0]! + CALLER, pickIn(caller, other)]]);
    }
    return null;
  };

  const differing = (domains: Domains, key: string): Values | null => {
    const [left = '', right = ''] = sides;
    const names: readonly [string, string] = isDerivedKey(key)
      ? [left + CALLER, right + CALLER]
      : [keyDimension(key, left), keyDimension(key, right)];
    if (names[0] === names[1]) return null;
    const [one, two] = [domainOf(domains, names[0]), domainOf(domains, names[1])];
    if (key === 'aws:principalaccount') {
      for (const account of text.some(accounts(one), 2)) {
        const other = text.some(accounts(two), 2).find((each) => each !== account);
        if (other !== undefined) {
          return new Map([
            [names[0], pickIn(one, account)],
            [names[1], pickIn(two, other)],
          ]);
        }
      }
      return null;
    }
    for (const value of one.values(FEW)) {
      const other = two.values(FEW).find((each) => each !== value);
      if (other !== undefined) {
        return new Map([
          [names[0], [value]],
          [names[1], [other]],
        ]);
      }
    }
    return null;
  };

  return (domains) => {
    const settled = settle(domains);
    if (settled === null) return null;
    const values = new Map(settled);
    for (const key of differ) {
      const different = differing(domains, key);
      if (different === null) return null;
      for (const [name, value] of different) values.set(name, value);
    }
    return (name) => {
      if (values.has(name)) return values.get(name);
      return names.has(name) ? domainOf(domains, name).value : undefined;
    };
  };
}
