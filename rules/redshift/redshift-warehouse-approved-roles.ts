/** redshift-warehouse-approved-roles: a warehouse has approved roles only, and its default role is one of them. */
import { isListed } from '../code/identities.js';
import { at, itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  for (const warehouse of view.resources('AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Namespace')) {
    const roles = itemsOf(property(warehouse, 'IamRoles'));
    const standard = property(warehouse, 'DefaultIamRoleArn');
    if (roles.length === 0 && standard === undefined) continue;
    const before = view.verdicts.length;
    checkDefault(view, warehouse);
    roles.forEach((value, index) => {
      checkRole(view, warehouse, roleText(view, value), index);
    });
    if (view.verdicts.length === before) view.pass(warehouse);
  }
}

/** The ARN of a role in the list; some write it as a map, as the service's own interface does. */
function roleText(view: View, value: Parameters<View['text']>[0]): string | undefined {
  return view.text(value) ?? view.text(at(value, 'IamRoleArn'));
}

function checkRole(view: View, warehouse: ResourceUnder, arn: string | undefined, index: number): void {
  const approved = view.texts('approvedRoles');
  if (approved.length === 0 || arn === undefined || isListed(view, arn, approved)) return;
  const path = pathOf(warehouse, 'IamRoles', index);
  const unknowns = view.unknownsIn(arn);
  if (unknowns.length > 0) view.open(warehouse, path, unknowns);
  else {
    const message = `the warehouse has the role \`${arn}\`, which is not in \`approvedRoles\``;
    view.fail(warehouse, { path, message, subject: `role ${index}` });
  }
}

function checkDefault(view: View, warehouse: ResourceUnder): void {
  const standard = view.text(property(warehouse, 'DefaultIamRoleArn'));
  if (standard === undefined) return;
  const list = property(warehouse, 'IamRoles');
  const roles = itemsOf(list).map((value) => roleText(view, value) ?? '');
  // Two names for one parameter's value are the same text.
  if (roles.includes(standard)) return;
  const unknowns = view.unknownsIn(standard, ...roles);
  const path = pathOf(warehouse, 'DefaultIamRoleArn');
  if (unknowns.length > 0) view.open(warehouse, path, unknowns);
  else {
    const message = `the default role \`${standard}\` is not among the \`IamRoles\` of the warehouse`;
    view.fail(warehouse, { path, message, subject: 'DefaultIamRoleArn' });
  }
}
