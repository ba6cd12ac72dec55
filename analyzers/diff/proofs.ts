/** Whether policies allow something new: by proof, and with unknown values in them for every value that they may have. */
import { iamAction } from '../../catalogue/iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import { noNewAccess, noNewPermissions, noPublicAccess } from '../../iam/prove/index.js';
import type { DocumentKind, Permissions, Proof, ProveOptions } from '../../iam/prove/index.js';
import { jsonOf } from '../json.js';
import { abstracted } from './abstract.js';
import { isOpaque, withoutOpaque } from './documents.js';
import { someActions } from './realistic.js';
import { equal, keyOf, within, withoutCommon } from './statement-keys.js';
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
    const read = withoutOpaque(policies);
    return this.once(['public', read], () =>
      // The type decides only whether there is such a check.
      read.length === 0 ? NOTHING : comparedOf(noPublicAccess(read, 'AWS::SQS::Queue', this.naming(read))),
    );
  }

  /** What documents newly allow by themselves. */
  access(before: readonly Policy[], after: readonly Policy[], kind: DocumentKind): Compared {
    return this.once([kind, before, after], () => {
      if (within(before, after)) return NOTHING;
      const fresh = withoutOpaque(withoutCommon(before, after));
      const proof = noNewAccess(withoutOpaque(before), fresh, kind, this.naming(after));
      return proof.kind === 'HOLDS' ? this.documentsHold(before, after, kind) : comparedOf(proof);
    });
  }

  private newPermissions(before: Permissions, after: Permissions, arns?: readonly string[]): Compared {
    const sameBoundary = before.boundary === null || equal(before.boundary, after.boundary);
    if (sameBoundary && within(before.identity, after.identity)) return NOTHING;
    const identity = sameBoundary ? withoutCommon(before.identity, after.identity) : after.identity;
    const proof = noNewPermissions(
      readOnly(before),
      readOnly({ ...after, identity }),
      arns,
      this.naming(after.identity),
    );
    if (proof.kind !== 'HOLDS') return comparedOf(proof);
    const all = [before, after].flatMap((each) => [...each.identity, ...(each.boundary ?? [])]);
    if (!this.hasUnknowns(all)) return NOTHING;
    const had = new Set(before.identity.flatMap((policy) => policy.statements.map(keyOf)));
    const abstract = (each: Permissions): Permissions => ({
      identity: abstracted(each.identity, all, this.unknowns),
      boundary: each.boundary === null ? null : abstracted(each.boundary, all, this.unknowns),
    });
    const sure = noNewPermissions(
      abstract(before),
      abstract({ ...after, identity: told(identity, had) }),
      arns,
      this.naming(after.identity),
    );
    return sure.kind === 'HOLDS' ? NOTHING : this.open(before.identity, after.identity, sure);
  }

  /** Whether documents with unknown values allow nothing new whatever these are. */
  private documentsHold(before: readonly Policy[], after: readonly Policy[], kind: DocumentKind): Compared {
    const all = [...before, ...after];
    if (!this.hasUnknowns(all)) return NOTHING;
    const had = new Set(before.flatMap((policy) => policy.statements.map(keyOf)));
    const sure = noNewAccess(
      abstracted(before, all, this.unknowns),
      abstracted(told(withoutCommon(before, after), had), all, this.unknowns),
      kind,
      this.naming(after),
    );
    return sure.kind === 'HOLDS' ? NOTHING : this.open(before, after, sure);
  }

  /** Why it cannot be told: the values that the parts hang on which are not on both sides. */
  private open(before: readonly Policy[], after: readonly Policy[], proof: Proof): Compared {
    const [had, has] = [before, after].map(
      (side) => new Map(side.flatMap((policy) => policy.statements.map((each) => [keyOf(each), each] as const))),
    );
    const changed = [...had!.keys(), ...has!.keys()].filter((key) => !had!.has(key) || !has!.has(key));
    const lost = changed.some((key) => had!.get(key)?.effect === 'Deny');
    // Where a denial goes, what it denied may be allowed by what stands on both sides.
    const keys = lost
      ? [...changed, ...[...has!].flatMap(([key, { effect }]) => (effect === 'Allow' ? [key] : []))]
      : changed;
    const reasons = this.unknowns.reasonsIn(keys.join('\n'));
    const values = ['values that nobody knows', ...(reasons.length === 0 ? [] : [reasons.join('; ')])].join(': ');
    if (proof.kind !== 'FAILS' || !lost) return { kind: 'open', reason: `it hangs on ${values}` };
    const { action } = proof.counterexample;
    const name = iamAction(action)?.name ?? action;
    return { kind: 'open', reason: `\`${name}\` is no longer denied, and whether it is allowed hangs on ${values}` };
  }

  private hasUnknowns(policies: readonly Policy[]): boolean {
    return policies.some(({ statements }) =>
      statements.some((statement) => isOpaque(statement) || this.unknowns.isOpen(keyOf(statement))),
    );
  }

  /** Options with names of actions that a counterexample may have. */
  private naming(policies: readonly Policy[]): ProveOptions {
    const patterns = policies.flatMap(({ statements }) =>
      statements.flatMap(({ effect, action }) => (effect === 'Deny' || action.negated ? [] : action.patterns)),
    );
    const names = [...new Set(patterns)].flatMap((pattern) =>
      /^[*?]+$/.test(pattern) ? FAMOUS : someActions(pattern, MOST_NAMES),
    );
    return { ...this.options, actions: names };
  }

  private once(key: readonly unknown[], compare: () => Compared): Compared {
    const text = jsonOf(key);
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

/** Rights without what nobody can read. */
function readOnly({ identity, boundary }: Permissions): Permissions {
  return { identity: withoutOpaque(identity), boundary: boundary === null ? null : withoutOpaque(boundary) };
}

/** New documents without what nobody can read and the old ones have not: that is told by itself. */
function told(after: readonly Policy[], had: ReadonlySet<string>): readonly Policy[] {
  return after.map((policy) => ({
    ...policy,
    statements: policy.statements.filter((statement) => !isOpaque(statement) || had.has(keyOf(statement))),
  }));
}
