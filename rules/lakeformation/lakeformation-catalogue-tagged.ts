/** lakeformation-catalogue-tagged: databases and tables of a governed lake have tags of Lake Formation. */
import type { Unknown, Value } from '../../template/index.js';
import { DATABASE, databaseId, isDatabase, isGoverned, TABLE } from '../code/catalogued-data.js';
import { at, isNamed, itemsOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** What associations give tags to. */
interface Tagged {
  readonly databases: readonly Value[];
  readonly tables: readonly Value[];
  /** Names that are not known. */
  readonly unknowns: readonly Unknown[];
}

export function check(view: View): void {
  if (!isGoverned(view)) return;
  const tagged = taggedIn(view);
  for (const database of view.resources(DATABASE)) {
    if (at(property(database, 'DatabaseInput'), 'TargetDatabase') !== undefined) continue;
    tell(view, database, tagged, isDatabaseTagged(view, tagged, database), 'database');
  }
  for (const table of view.resources(TABLE)) {
    if (at(property(table, 'TableInput'), 'TargetTable') !== undefined) continue;
    tell(view, table, tagged, isTableTagged(view, tagged, table), 'table');
  }
}

function taggedIn(view: View): Tagged {
  const resources = view
    .resources('AWS::LakeFormation::TagAssociation')
    .filter((one) => itemsOf(property(one, 'LFTags')).length > 0)
    .map((one) => property(one, 'Resource'));
  const databases = resources.map((one) => at(one, 'Database', 'Name')).filter((one) => one !== undefined);
  const tables = resources.map((one) => at(one, 'Table')).filter((one) => one !== undefined);
  const names = tables.flatMap((one) => ['DatabaseName', 'Name'].map((name) => at(one, name)));
  const texts = [...databases, ...names, ...resources].map((one) => scalar(view, one) ?? '');
  return { databases, tables, unknowns: view.unknownsIn(...texts) };
}

function isDatabaseTagged(view: View, { databases }: Tagged, database: ResourceUnder): boolean {
  return databases.some((name) => isDatabase(view, name, database));
}

/** A table has the tags of its database. */
function isTableTagged(view: View, { databases, tables }: Tagged, table: ResourceUnder): boolean {
  const own = databaseId(view, property(table, 'DatabaseName'));
  if (databases.some((name) => databaseId(view, name) === own)) return true;
  return tables.some((one) => {
    if (databaseId(view, at(one, 'DatabaseName')) !== own) return false;
    return at(one, 'TableWildcard') !== undefined || isNamed(view, at(one, 'Name'), table, 'TableInput', 'Name');
  });
}

function tell(view: View, resource: ResourceUnder, { unknowns }: Tagged, isTagged: boolean, noun: string): void {
  const path = ['Resources', resource.key];
  if (isTagged) view.pass(resource);
  else if (unknowns.length > 0) view.open(resource, path, unknowns);
  else {
    const message = `no \`AWS::LakeFormation::TagAssociation\` gives tags to the ${noun} \`${resource.logicalId}\`${noun === 'table' ? ' or its database' : ''}`;
    view.fail(resource, { path, message, subject: 'tags' });
  }
}
