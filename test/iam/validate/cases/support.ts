/** Cases of policy validation: for each code a policy that has the fault and the nearest one that has not. */
import type { PolicyKind } from '../../../../iam/index.js';
import type { ValidateOptions } from '../../../../iam/validate/index.js';
import type { Path, Value } from '../../../../template/index.js';

/** One code: what it finds, and what to write instead. */
export interface Case {
  readonly code: string;
  readonly kind: PolicyKind;
  readonly bad: Value;
  readonly path: Path;
  /** Must have no finding at all. */
  readonly good: Value;
  /** Why it matters, for the page of the code. */
  readonly why: string;
  /** Other codes that the bad policy has. */
  readonly besides?: readonly string[];
  readonly options?: ValidateOptions;
  /** Texts in place of the documents, for faults that a value cannot have. */
  readonly text?: { readonly bad: string; readonly good: string };
}

type Parts = Readonly<Record<string, Value | undefined>>;

function document(statements: readonly Parts[]): Value {
  return {
    Version: '2012-10-17',
    Statement: statements.map((parts) => {
      const kept = Object.entries(parts).filter(([, part]) => part !== undefined);
      return Object.fromEntries(kept) as Record<string, Value>;
    }),
  };
}

const maker =
  (base: Parts) =>
  (...statements: readonly Parts[]): Value =>
    document(statements.map((parts) => ({ ...base, ...parts })));

export const OBJECTS = 'arn:aws:s3:::amzn-s3-demo-bucket/*';
export const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';

/** Policies of each kind; each argument changes parts of a plain statement, `undefined` takes one out. */
export const identity = maker({ Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS });
export const resource = maker({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:GetObject', Resource: OBJECTS });
export const trust = maker({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' });
export const scp = maker({ Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' });
export const rcp = maker({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });

/** The way into the only or another statement. */
export const at = (...path: (string | number)[]): Path => ['Statement', 0, ...path];
export const on = (operator: string, key: string, ...path: (string | number)[]): Path => at('Condition', operator, key, ...path);

/** A condition with one key. */
export const when = (operator: string, key: string, value: Value): Parts => ({ Condition: { [operator]: { [key]: value } } });
