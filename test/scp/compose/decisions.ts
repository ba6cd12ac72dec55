/** What is in force at an account before and after composing, and what the reference says of it. */
import { parsePolicy, referenceEvaluate } from '../../../iam/index.js';
import type { Policy, Request } from '../../../iam/index.js';
import { attachedPolicies } from '../../../organization/index.js';
import type { Organization, TargetPath } from '../../../organization/index.js';
import { attachmentsOf } from '../../../scp/compose/index.js';
import type { Composition, PolicySource } from '../../../scp/compose/index.js';
import { FULL_ACCESS } from '../pack/statements.js';

type Kind = 'scp' | 'rcp';
type Levels = readonly (readonly Policy[])[];

const EVERYBODY = { negated: false, principals: [{ kind: 'AWS', value: '*' }] } as const;
const RCP_FULL_ACCESS: Policy = {
  ...FULL_ACCESS,
  statements: FULL_ACCESS.statements.map((each) => ({ ...each, principal: EVERYBODY })),
};
const MANAGED: Readonly<Record<Kind, Policy>> = { scp: FULL_ACCESS, rcp: RCP_FULL_ACCESS };

/** The policies that a description chooses on the way to an account, level by level. */
export function chosenLevels(organization: Organization, path: TargetPath, source: PolicySource, kind: Kind): Levels {
  return path.map((_, index) => {
    const here = path.slice(0, index + 1) as unknown as TargetPath;
    return attachedPolicies(organization, here, kind).flatMap((policy) =>
      policy.kind === 'managed' ? [MANAGED[kind]] : source.policies(policy, kind),
    );
  });
}

/** @throws Error when the document is not one. */
export function readDocument(content: string, kind: Kind): Policy {
  const { policy, problems } = parsePolicy(JSON.parse(content) as Parameters<typeof parsePolicy>[0], kind);
  if (policy === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return policy;
}

/** The documents that a composition attaches on the way to an account, level by level, with those of AWS. */
export function composedLevels(
  organization: Organization,
  path: TargetPath,
  composition: Composition,
  kind: Kind,
): Levels {
  const names = attachmentsOf(organization, composition);
  const contents = new Map(composition.documents.map((each) => [`${each.type} ${each.name}`, each.content]));
  return path.map((target) => [
    ...(kind === 'rcp' || target.fullAwsAccess ? [MANAGED[kind]] : []),
    ...names(target, kind).map((name) => readDocument(contents.get(`${kind} ${name}`)!, kind)),
  ]);
}

/** The reference's word on a request of which identity and resource policies allow everything. */
export function decisionOf(request: Request, kind: Kind, levels: Levels): string {
  return referenceEvaluate(request, {
    identity: [FULL_ACCESS],
    boundary: null,
    session: null,
    scps: kind === 'scp' ? levels : null,
    rcps: kind === 'rcp' ? levels : null,
    resource: RCP_FULL_ACCESS,
    vpcEndpoint: null,
  }).decision;
}
