/**
 * lakeformation-settings-approved-admins: the lake has one approved administrator, which is a role, and the right to
 * use locations goes to administrators and to roles that load data.
 */
import { parseArn } from '../../iam/index.js';
import type { Path } from '../../template/index.js';
import { isListed } from '../code/identities.js';
import { lakeAdministrators, lakeGrants } from '../code/lake-grants.js';
import { itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const administrators = lakeAdministrators(view);
  for (const settings of view.resources('AWS::LakeFormation::DataLakeSettings')) {
    const before = view.verdicts.length;
    checkSettings(view, settings);
    for (const { resource, arn, path } of administrators) {
      if (resource === settings) checkAdministrator(view, settings, arn, path);
    }
    if (view.verdicts.length === before) view.pass(settings);
  }
  const approved = [
    ...view.texts('approvedAdmins'),
    ...view.texts('etlRoles'),
    ...administrators.map(({ arn }) => arn),
  ];
  for (const { resource, principal, permissions } of lakeGrants(view)) {
    const location = permissions.find(({ name }) => name === 'DATA_LOCATION_ACCESS');
    if (location === undefined) continue;
    // A template that names nobody leaves it to others who administers.
    const unknowns = view.unknownsIn(principal);
    if (isListed(view, principal, approved)) view.pass(resource);
    else if (unknowns.length > 0) view.open(resource, location.path, unknowns);
    else {
      const message = `\`${principal}\` gets \`DATA_LOCATION_ACCESS\`, and is neither an administrator of the lake nor in \`etlRoles\``;
      view.fail(resource, { path: location.path, message, subject: principal });
    }
  }
}

function checkSettings(view: View, settings: ResourceUnder): void {
  const list = property(settings, 'Admins');
  const path = pathOf(settings, 'Admins');
  const whole = list === undefined ? undefined : view.text(list);
  if (whole !== undefined) {
    view.open(settings, path, view.unknownsIn(whole));
    return;
  }
  const count = itemsOf(list).length;
  if (count === 0) {
    view.fail(settings, {
      path,
      missing: list === undefined,
      message: 'the lake has no administrator, so that whoever has the rights in IAM makes himself one',
      subject: 'Admins',
    });
  } else if (count > 1 && view.texts('approvedAdmins').length === 0) {
    view.fail(settings, {
      path,
      message: `the lake has ${count} administrators, where one role is expected`,
      subject: 'Admins',
    });
  }
}

function checkAdministrator(view: View, settings: ResourceUnder, arn: string, path: Path): void {
  const approved = view.texts('approvedAdmins');
  const unknowns = view.unknownsIn(arn);
  if (isListed(view, arn, approved)) return;
  if (approved.length > 0) {
    if (unknowns.length > 0) view.open(settings, path, unknowns);
    else {
      view.fail(settings, {
        path,
        message: `\`${arn}\` administers the lake and is not in \`approvedAdmins\``,
        subject: arn,
      });
    }
    return;
  }
  const { service, resource } = parseArn(arn) ?? {};
  const isPerson = service === 'iam' && /^(?:user\/|root$)/.test(resource ?? '');
  if (isPerson) {
    view.fail(settings, { path, message: `\`${arn}\` administers the lake and is no role`, subject: arn });
  }
}
