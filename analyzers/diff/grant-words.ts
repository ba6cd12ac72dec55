/** What kinds of policies are called, and what they newly allow in words. */
import type { Request, Statement } from '../../iam/index.js';
import { kindWord, whoOf } from './comparison.js';
import type { Grant } from './grants.js';
import type { ChangeKind } from './model.js';

/** What a change of such a policy is about. */
export function changeKind({ kind }: Grant): ChangeKind {
  if (kind === 'trust') return 'trust';
  if (kind === 'vpce') return 'endpoint-policy';
  return kind === 'scp' || kind === 'rcp' ? 'organization-policy' : 'resource-policy';
}

/** Such a policy in words. */
export function policyWord({ kind, type }: Grant): string {
  if (kind === 'trust') return 'trust policy';
  if (kind === 'vpce') return 'endpoint policy';
  if (kind === 'session') return 'session policy';
  if (kind === 'resource') return type === 'AWS::KMS::Key' ? 'key policy' : 'resource policy';
  return kind.toUpperCase();
}

/** Keys that bind a service to resources of somebody. */
const BINDING = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** What a policy newly allows. @param about - `isOpen`: whether nobody knows who calls. `statements`: those that allow the request. */
export function newWords(
  grant: Grant,
  request: Request,
  about: {
    readonly isNew: boolean;
    readonly isCross: boolean;
    readonly isOpen: boolean;
    readonly statements: readonly Statement[];
  },
): { readonly message: string; readonly controls: readonly string[] } {
  const { principal, action } = request;
  const policy = about.isNew
    ? `the ${policyWord(grant)} of the new ${kindWord(grant.type)}`
    : `its ${policyWord(grant)}`;
  const isTaken = grant.kind === 'trust' && /^sts:AssumeRole/i.test(action);
  const what = isTaken ? 'take on the role' : `do \`${action}\``;
  const cross = about.isCross ? `, who ${about.isOpen ? 'may be' : 'is'} of another account` : '';
  const message = `${policy} newly lets ${whoOf(request)} ${what}${cross}`;
  const isService = typeof principal !== 'string' && 'service' in principal;
  const isBound = about.statements.some(({ conditions }) =>
    conditions.some(({ key }) => BINDING.includes(key.toLowerCase())),
  );
  if (!isService || isBound || grant.kind === 'trust') return { message, controls: [] };
  return {
    message: `${message}, for any resource of any account: no SourceArn or SourceAccount binds it`,
    controls: ['IAM-RES-01'],
  };
}
