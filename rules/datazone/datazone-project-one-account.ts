/** datazone-project-one-account: all environments and environment profiles of a project of Amazon DataZone are in one account. */
import { ownAccountUnknown } from '../code/principals.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** The property that holds the account, by type. */
const ACCOUNT: Readonly<Record<string, string>> = {
  'AWS::DataZone::Environment': 'EnvironmentAccountIdentifier',
  'AWS::DataZone::EnvironmentProfile': 'AwsAccountId',
};

export function check(view: View): void {
  const first = new Map<string, { readonly resource: ResourceUnder; readonly account: string }>();
  for (const resource of view.resources(...Object.keys(ACCOUNT))) {
    const name = ACCOUNT[resource.type]!;
    const [project, account] = [property(resource, 'ProjectIdentifier'), property(resource, name)];
    if (project === undefined || account === undefined) continue;
    const owner = view.graph.target(project, 'AWS::DataZone::Project')?.key ?? view.text(project) ?? '';
    const id = view.text(account) ?? JSON.stringify(typeof account === 'bigint' ? Number(account) : account);
    const known = first.get(owner);
    if (known === undefined) first.set(owner, { resource, account: id });
    if (known === undefined || known.account === id) {
      view.pass(resource);
      continue;
    }
    const path = ['Resources', resource.key, 'Properties', name];
    const unknown = view.unknownsIn(id, known.account);
    const own = [id, known.account].includes(view.place.accountId) && !view.knowsAccount;
    if (unknown.length > 0) view.open(resource, path, unknown);
    else if (own) view.open(resource, path, [ownAccountUnknown(id === view.place.accountId ? known.account : id)]);
    else {
      const message = `the account is \`${id}\`, and \`${known.resource.logicalId}\` of the same project is in \`${known.account}\``;
      view.fail(resource, { path, message, subject: 'account' });
    }
  }
}
