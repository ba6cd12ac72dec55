/** Whether policies allow something new: by proof, and with unknown values in them for every value that they may have. */
import { expandActionPattern, iamAction } from '../../catalogue/iam/index.js';
import type { Condition, PatternElement, Policy, Request, Statement } from '../../iam/index.js';
import { noNewAccess, noNewPermissions, noPublicAccess } from '../../iam/prove/index.js';
import type { DocumentKind, Permissions, Proof, ProveOptions } from '../../iam/prove/index.js';
import type { Unknowns } from './unknowns.js';

/** What a comparison came to. `open`: it could not be told that nothing is new. */
export type Compared =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'new'; readonly request: Request }
  | { readonly kind: 'open'; readonly reason: string };

const NOTHING: Compared = { kind: 'nothing' };

/** Most actions of one pattern that an example may name. */
const MOST_NAMES = 25;
/** Actions for examples where every one is allowed. */
const FAMOUS = ['iam:CreateUser', 's3:GetObject', 'ec2:RunInstances', 'kms:Decrypt', 'sts:AssumeRole'];

const VALUES_MATTER = 'it hangs on values that nobody knows';

export class Proofs {
  private readonly known = new Map<string, Compared>();

  constructor(
    private readonly unknowns: Unknowns,
    private readonly options: ProveOptions,
  ) {}

  /** What an identity may newly do. @param arns - Whose policies they are; see `noNewPermissions`. */
  permissions(before: Permissions, after: Permissions, arns?: readonly string[]): Compared {
    return this.once(['permissions', before, after, arns], () => this.newPermissions(before, after, arns));
  }

  /** Whether a resource policy is public. */
  public(policies: readonly Policy[]): Compared {
    return this.once(['public', policies], () =>
      // The type decides only whether there is such a check.
      policies.length === 0 ? NOTHING : comparedOf(noPublicAccess(policies, 'AWS::SQS::Queue', this.naming(policies))),
    );
  }

  /** What documents newly allow by themselves. */
  access(before: readonly Policy[], after: readonly Policy[], kind: DocumentKind): Compared {
    return this.once([kind, before, after], () => {
      if (within(before, after)) return NOTHING;
      const proof = noNewAccess(before, withoutCommon(before, after), kind, this.naming(after));
      if (proof.kind !== 'HOLDS') return comparedOf(proof);
      return this.documentsHold(before, after, kind) ? NOTHING : { kind: 'open', reason: VALUES_MATTER };
    });
  }

  private newPermissions(before: Permissions, after: Permissions, arns?: readonly string[]): Compared {
    const sameBoundary = before.boundary === null || equal(before.boundary, after.boundary);
    if (sameBoundary && within(before.identity, after.identity)) return NOTHING;
    const identity = sameBoundary ? withoutCommon(before.identity, after.identity) : after.identity;
    const proof = noNewPermissions(before, { ...after, identity }, arns, this.naming(after.identity));
    if (proof.kind !== 'HOLDS') return comparedOf(proof);
    return this.permissionsHold(before, after, arns) ? NOTHING : { kind: 'open', reason: VALUES_MATTER };
  }

  private permissionsHold(before: Permissions, after: Permissions, arns?: readonly string[]): boolean {
    const everything = [before, after].flatMap(({ identity, boundary }) => [...identity, ...(boundary ?? [])]);
    if (!this.hasUnknowns(everything)) return true;
    const limits =
      before.boundary === null ||
      (after.boundary !== null &&
        this.access(before.boundary, after.boundary, 'identity').kind === 'nothing' &&
        this.documentsHold(before.boundary, after.boundary, 'identity'));
    if (limits && this.access(before.identity, after.identity, 'identity').kind === 'nothing') return true;
    // Neither part alone is enough. What is granted may be anything where a value is not known.
    const widest = (policies: readonly Policy[]): readonly Policy[] => this.changed(policies, 'widest');
    const least: Permissions = {
      identity: this.changed(before.identity, 'least'),
      boundary: before.boundary === null ? null : this.changed(before.boundary, 'least'),
    };
    const most: Permissions = {
      identity: widest(after.identity),
      boundary: after.boundary === null ? null : widest(after.boundary),
    };
    return noNewPermissions(least, most, arns, this.options).kind === 'HOLDS';
  }

  /**
   * Whether documents that allow nothing new when each unknown is a value of its own allow nothing new whatever the values
   * are. Where unknowns stand only in what old allows grant and new denies take, that follows: to put a value in the place
   * of an unknown maps the requests of a pattern onto those of the pattern with the value. Unknowns that take something
   * from the old documents may take more than it seems; these are made to take everything that they could.
   */
  private documentsHold(before: readonly Policy[], after: readonly Policy[], kind: DocumentKind): boolean {
    if (!this.hasUnknowns([...before, ...after])) return true;
    const [mine, common] = [new Set(before.flatMap(keysOfDenies)), new Set(after.flatMap(keysOfDenies))];
    const shared = new Set([...mine].filter((key) => common.has(key)));
    const least = this.changed(before, 'least', shared);
    const most = this.changed(withoutCommon(before, after), 'most');
    if (most.every(({ statements }) => statements.every(({ effect }) => effect === 'Deny'))) return true;
    return noNewAccess(least, most, kind, this.options).kind === 'HOLDS';
  }

  /**
   * Documents with the most or the least that unknowns may make of them.
   *
   * @param how - `least`: what is allowed for sure. `most`: denies that an unknown may empty are left out. `widest`: besides,
   *   an unknown in what is allowed is anything.
   * @param kept - Denies that the other side has too: what they take is taken there as well.
   */
  private changed(
    policies: readonly Policy[],
    how: 'least' | 'most' | 'widest',
    kept: ReadonlySet<string> = new Set(),
  ): readonly Policy[] {
    return policies.map((policy) => ({
      ...policy,
      statements: policy.statements.flatMap((statement) => {
        if (!this.isOpen(keyOf(statement))) return [statement];
        if (statement.effect === 'Allow') {
          if (how === 'most') return [statement];
          if (how === 'widest') return [this.anything(statement)];
          return this.restricts(statement) ? [] : [statement];
        }
        const isEmptied = this.restricts(statement);
        if (how !== 'least') return isEmptied || how === 'widest' ? [] : [statement];
        if (kept.has(keyOf(statement))) return isEmptied ? [] : [statement];
        return [this.anything(statement)];
      }),
    }));
  }

  /** A statement in which every unknown is as wide as it can be. */
  private anything(statement: Statement): Statement {
    const { principal, resource, conditions } = statement;
    return {
      ...statement,
      ...(principal?.principals.some(({ value }) => this.isOpen(value)) === true && {
        principal: { negated: false, principals: [{ kind: 'AWS', value: '*' } as const] },
      }),
      ...(resource && { resource: this.anyPatterns(resource) }),
      conditions: conditions.filter((condition) => !this.isOpenCondition(condition)),
    };
  }

  private anyPatterns(element: PatternElement): PatternElement {
    if (!element.patterns.some((pattern) => this.isOpen(pattern))) return element;
    const rest = element.patterns.filter((pattern) => !this.isOpen(pattern));
    if (element.negated && rest.length > 0) return { negated: true, patterns: rest };
    return { negated: false, patterns: ['*'] };
  }

  /** Whether an unknown in a statement stands where more of it makes the statement apply to less. */
  private restricts({ principal, resource, conditions }: Statement): boolean {
    return (
      (principal?.negated === true && principal.principals.some(({ value }) => this.isOpen(value))) ||
      (resource?.negated === true && resource.patterns.some((pattern) => this.isOpen(pattern))) ||
      conditions.some((condition) => condition.operator.includes('Not') && this.isOpenCondition(condition))
    );
  }

  private isOpenCondition({ values }: Condition): boolean {
    return values.some((value) => this.isOpen(value));
  }

  private isOpen(text: string): boolean {
    return this.unknowns.isOpen(text) || /9999\d{8}/.test(text);
  }

  private hasUnknowns(policies: readonly Policy[]): boolean {
    return policies.some(({ statements }) => statements.some((statement) => this.isOpen(keyOf(statement))));
  }

  /** Options with names of actions that a counterexample may have. */
  private naming(policies: readonly Policy[]): ProveOptions {
    const patterns = policies.flatMap(({ statements }) =>
      statements.flatMap(({ effect, action }) => (effect === 'Deny' || action.negated ? [] : action.patterns)),
    );
    const names = [...new Set(patterns)].flatMap((pattern) =>
      /^[*?]+$/.test(pattern) ? FAMOUS : expandActionPattern(pattern).slice(0, MOST_NAMES),
    );
    return { ...this.options, actions: names };
  }

  private once(key: readonly unknown[], compare: () => Compared): Compared {
    const text = JSON.stringify(key);
    let result = this.known.get(text);
    if (result === undefined) this.known.set(text, (result = compare()));
    return result;
  }
}

function comparedOf(proof: Proof): Compared {
  if (proof.kind === 'FAILS') {
    const { action } = proof.counterexample;
    return { kind: 'new', request: { ...proof.counterexample, action: iamAction(action)?.name ?? action } };
  }
  return proof.kind === 'UNKNOWN' ? { kind: 'open', reason: proof.detail } : NOTHING;
}

const statementKeys = new WeakMap<Statement, string>();

/** Equal for statements that mean the same by their elements: names, order and case of actions do not count. */
export function keyOf(statement: Statement): string {
  let key = statementKeys.get(statement);
  if (key === undefined) {
    const { effect, principal, action, resource, conditions } = statement;
    const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
    key = JSON.stringify([
      effect,
      principal && [principal.negated, sorted(principal.principals.map(({ kind, value }) => `${kind} ${value}`))],
      [action.negated, sorted(action.patterns.map((pattern) => pattern.toLowerCase()))],
      resource && [resource.negated, sorted(resource.patterns)],
      sorted(
        conditions.map(({ operator, qualifier, ifExists, key: name, values }) =>
          JSON.stringify([operator, qualifier, ifExists, name.toLowerCase(), sorted(values)]),
        ),
      ),
    ]);
    statementKeys.set(statement, key);
  }
  return key;
}

/** The key with the version of the language, which decides whether variables are any. */
function versionedKeys({ statements, version }: Policy): readonly (readonly [string, Statement])[] {
  return statements.map((statement) => {
    const key = keyOf(statement);
    return [version === '2012-10-17' || !key.includes('${') ? key : `2008 ${key}`, statement] as const;
  });
}

function keysOfDenies(policy: Policy): readonly string[] {
  return versionedKeys(policy).flatMap(([key, { effect }]) => (effect === 'Deny' ? [key] : []));
}

/** Whether documents are the same but for order and names. */
export function equal(one: readonly Policy[] | null, other: readonly Policy[] | null): boolean {
  if (one === null || other === null) return one === other;
  const texts = (policies: readonly Policy[]): string =>
    [...new Set(policies.flatMap((policy) => versionedKeys(policy).map(([key]) => key)))].sort().join('\n');
  return texts(one) === texts(other);
}

/** Whether each allow of the new documents stands in the old ones, and each deny of the old ones in the new. */
function within(before: readonly Policy[], after: readonly Policy[]): boolean {
  const [older, newer] = [before, after].map((policies) => policies.flatMap(versionedKeys));
  const [had, has] = [older!, newer!].map((list) => new Set(list.map(([key]) => key)));
  return (
    newer!.every(([key, { effect }]) => effect === 'Deny' || had!.has(key)) &&
    older!.every(([key, { effect }]) => effect === 'Allow' || has!.has(key))
  );
}

/** The new documents without allows that the old ones have too, where that leaves out nothing new: every old deny is still there. */
function withoutCommon(before: readonly Policy[], after: readonly Policy[]): readonly Policy[] {
  const has = new Set(after.flatMap(keysOfDenies));
  if (!before.flatMap(keysOfDenies).every((key) => has.has(key))) return after;
  const had = new Set(before.flatMap((policy) => versionedKeys(policy).map(([key]) => key)));
  return after.flatMap((policy) => {
    const kept = versionedKeys(policy).flatMap(([key, each]) =>
      each.effect === 'Deny' || !had.has(key) ? [each] : [],
    );
    return kept.length === 0 ? [] : [{ ...policy, statements: kept }];
  });
}
