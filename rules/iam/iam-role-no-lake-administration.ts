/**
 * iam-role-no-lake-administration: only the administrator of the lake may grant rights on it, change its settings or its
 * tags. Asked of the evaluator for every role of a template that has to do with a lake.
 */
import { grantsOf, identitiesOf, isListed } from '../code/identities.js';
import type { Identity } from '../code/identities.js';
import { GRANT_TYPES, lakeAdministrators } from '../code/lake-grants.js';
import { managedName } from '../code/managed-policies.js';
import { rolesOf } from '../code/roles.js';
import type { ResourceUnder, View } from '../code/view.js';

const LAKE_TYPES = [
  ...GRANT_TYPES,
  'AWS::LakeFormation::DataLakeSettings',
  'AWS::LakeFormation::Resource',
  'AWS::LakeFormation::Tag',
] as const;

const ADMINISTERS = [
  'GrantPermissions',
  'BatchGrantPermissions',
  'PutDataLakeSettings',
  'CreateLFTag',
  'UpdateLFTag',
  'DeleteLFTag',
  'AddLFTagsToResource',
  'RemoveLFTagsFromResource',
].map((name) => `lakeformation:${name}`);

/** Policies of AWS that make administrators. */
const MANAGED = ['AWSLakeFormationCrossAccountManager', 'AWSLakeFormationDataAdmin'];

export function check(view: View): void {
  const hasLake = view.resources(...LAKE_TYPES).length > 0;
  const administrators = [...view.texts('approvedAdmins'), ...lakeAdministrators(view).map(({ arn }) => arn)];
  const isAdministrator = (role: ResourceUnder, arn: string): boolean =>
    isListed(view, arn, administrators) ||
    administrators.some((one) => view.graph.target(one, 'AWS::IAM::Role') === role);
  const carried = new Map(rolesOf(view).map(({ resource, elsewhere }) => [resource, elsewhere]));
  for (const identity of identitiesOf(view)) {
    const { role, principal, resource } = identity;
    if (role !== undefined && isAdministrator(role, principal)) continue;
    const managed = (role === undefined ? [] : (carried.get(role) ?? [])).filter(({ text }) =>
      MANAGED.includes(managedName(text) ?? ''),
    );
    if (!hasLake && managed.length === 0 && !speaksOfLakes(identity)) continue;
    for (const found of identity.unreadable) view.unreadable(found);
    const before = view.verdicts.length;
    for (const { text, path } of managed) {
      const message = `the role carries \`${managedName(text)!}\` and is no administrator of the lake`;
      view.fail(resource, { path, message, subject: text });
    }
    checkActions(view, identity);
    if (view.verdicts.length === before && identity.unreadable.length === 0) view.pass(resource);
  }
}

function checkActions(view: View, identity: Identity): void {
  const told = new Set<string>();
  for (const action of ADMINISTERS) {
    for (const { document, index, answer, unknowns } of grantsOf(view, identity, { action, resource: '*' })) {
      if (MANAGED.includes(document.managedName ?? '')) continue;
      const path = document.place(index);
      if (told.has(JSON.stringify(path))) continue;
      told.add(JSON.stringify(path));
      const who = document.managedName === undefined ? 'the statement' : `the policy \`${document.managedName}\``;
      const message = `${who} allows \`${action}\` to somebody who is no administrator of the lake`;
      if (answer === 'open') view.open(document.resource, path, unknowns);
      else view.fail(document.resource, { path, message, subject: `statement ${index}` });
    }
  }
}

/** Whether a policy names actions of Lake Formation: then it has to do with a lake. */
function speaksOfLakes({ documents }: Identity): boolean {
  return documents.some(({ policy, managedName: name }) =>
    name === undefined
      ? policy.statements.some(({ action }) => action.patterns.some((pattern) => /^lakeformation:/i.test(pattern)))
      : false,
  );
}
