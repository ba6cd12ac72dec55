/** From a composition to what is wanted of an organization, and what of it cannot be. */
import { POLICY_TYPE_QUOTAS, POLICY_TYPE_TITLES } from '../../organization/index.js';
import type { OrganizationPolicyType } from '../../organization/index.js';
import type { AttachmentTarget, Composition } from '../compose/index.js';
import { parseContent } from './content.js';
import type { ApplyProblem, PolicyState, WantedAttachment, WantedPolicies } from './model.js';
import { isOwn, policyKeyOf, typeOf } from './state.js';
import type { StateTree } from './tree.js';

/** What is wanted, with the ids that the organization has for the targets; problems where it lacks one. */
export function wantedOf(
  composition: Composition,
  state: PolicyState,
): { readonly wanted: WantedPolicies; readonly problems: readonly ApplyProblem[] } {
  const problems: ApplyProblem[] = [];
  const attachments: WantedAttachment[] = [];
  for (const { target, type, documents, fullAwsAccess } of composition.attachments) {
    const targetId = targetIdOf(target, state);
    if (targetId === undefined) {
      if (documents.length > 0) problems.push(unknownTarget(target));
      continue;
    }
    attachments.push({ targetId, type, documents, ...(type === 'scp' && { fullAwsAccess }) });
  }
  return { wanted: { documents: composition.documents, attachments }, problems };
}

function unknownTarget({ kind, id, path }: AttachmentTarget): ApplyProblem {
  const what = kind === 'unit' ? 'organizational unit' : kind;
  return {
    kind: 'unknownTarget',
    of: path,
    message: `the organization has no ${what} \`${path}\`${id === null ? '' : ` (${id})`}`,
    help: 'create it first, or correct the description; `stackade org compare` tells all differences',
  };
}

/** The id of a target: the one that the description says, or else that of the unit at the end of its path. */
export function targetIdOf(
  { kind, id, path }: AttachmentTarget,
  { root, units, accounts }: PolicyState,
): string | undefined {
  switch (kind) {
    case 'root':
      return id === null || id === root.id ? root.id : undefined;
    case 'account':
      return accounts.find((account) => account.id === id)?.id;
    case 'unit': {
      if (id !== null) return units.find((unit) => unit.id === id)?.id;
      let current: string | undefined = root.id;
      for (const name of path.split('/').slice(1)) {
        const parentId: string | undefined = current;
        current = units.find((unit) => unit.parentId === parentId && unit.name === name)?.id;
      }
      return current;
    }
  }
}

/** What AWS Organizations would refuse of what is wanted, or what is not ours to change. */
export function wantedProblems(
  state: PolicyState,
  { documents, attachments }: WantedPolicies,
  set: string,
  tree: StateTree,
): readonly ApplyProblem[] {
  const problems: ApplyProblem[] = [];
  const known = new Set(documents.map(({ type, name }) => policyKeyOf(type, name)));
  for (const { type, name, content } of documents) {
    const title = POLICY_TYPE_TITLES[type];
    const limit = POLICY_TYPE_QUOTAS[type].documentCharacters;
    if (parseContent(content) === undefined) {
      const message = `the ${title} \`${name}\` is no JSON map`;
      problems.push({ kind: 'invalidContent', of: name, message, help: 'correct its text' });
    }
    if (content.length > limit) {
      problems.push({
        kind: 'quota',
        of: name,
        message: `the ${title} \`${name}\` has ${content.length} characters, ${content.length - limit} more than AWS Organizations takes`,
        help: 'pack it (`stackade scp pack`), or divide it over several documents',
      });
    }
    const stranger = state.policies.find(
      (policy) => policy.name === name && typeOf(policy) === type && !isOwn(state, policy, set),
    );
    if (stranger !== undefined) {
      problems.push({
        kind: 'notOwned',
        of: name,
        message: `there is a ${title} \`${name}\` (${stranger.id}) already, which does not belong to the set \`${set}\``,
        help: `rename the one or the other; or give it over: aws organizations tag-resource --resource-id ${stranger.id} --tags Key=stackade:set,Value=${set}`,
      });
    }
  }
  problems.push(...numberProblems(state, documents, set));
  for (const { targetId, type, documents: names } of attachments) {
    if (!tree.has(targetId)) {
      const message = `the organization has no root, unit or account ${targetId}`;
      problems.push({ kind: 'unknownTarget', of: targetId, message, help: 'correct the id' });
    }
    for (const name of names) {
      if (known.has(policyKeyOf(type, name))) continue;
      const message = `the ${POLICY_TYPE_TITLES[type]} \`${name}\` shall be attached at ${targetId}, and there is no such document`;
      problems.push({ kind: 'unknownDocument', of: name, message, help: 'add it to the documents' });
    }
  }
  return problems;
}

/** More policies of a type than an organization may have. */
function numberProblems(
  state: PolicyState,
  documents: WantedPolicies['documents'],
  set: string,
): readonly ApplyProblem[] {
  return [...new Set(documents.map(({ type }) => type))].flatMap((type: OrganizationPolicyType) => {
    const others = state.policies.filter((policy) => typeOf(policy) === type && !isOwn(state, policy, set)).length;
    const own = documents.filter((each) => each.type === type).length;
    const limit = POLICY_TYPE_QUOTAS[type].perOrganization;
    if (others + own <= limit) return [];
    const message = `there would be ${others + own} policies of the type ${POLICY_TYPE_TITLES[type]}, more than the ${limit} that AWS Organizations takes`;
    return [{ kind: 'quota', of: type, message, help: 'delete policies that nobody needs' }];
  });
}
