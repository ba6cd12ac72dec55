/** Policy documents on their way in: read by the engine, held to the quotas of IAM. */
import { parsePolicy } from '../../iam/index.js';
import type { PolicyKind, Policy } from '../../iam/index.js';
import type { Value } from '../../template/index.js';
import { ServiceError } from '../errors.js';

/** Reads a document. @throws ServiceError `MalformedPolicyDocument`, with what is wrong first. */
export function checkDocument(text: string, kind: PolicyKind): Policy {
  const malformed = (message: string): ServiceError => new ServiceError('MalformedPolicyDocument', message);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const { policy, problems } = parsePolicy(value as Value, kind);
  const [problem] = problems;
  if (policy === undefined || problem !== undefined) {
    const at = (problem?.path ?? []).join('.');
    throw malformed(`Syntax errors in policy. ${at === '' ? '' : `${at}: `}${problem?.message ?? ''}`.trim());
  }
  return policy;
}

/** Characters as IAM counts them: white space is left out. */
export function sizeOf(text: string): number {
  return text.replace(/\s/g, '').length;
}
