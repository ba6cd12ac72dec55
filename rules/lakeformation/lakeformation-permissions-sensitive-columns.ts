/** lakeformation-permissions-sensitive-columns: only cleared principals may read columns that are tagged as sensitive. */
import { isMap } from '../../template/index.js';
import type { Unknown, Value } from '../../template/index.js';
import { databaseId, tableId } from '../code/catalogued-data.js';
import { at, itemsOf, parameterText, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** The columns of a table that a grant covers. */
interface Columns {
  readonly table: string;
  readonly covers: (column: string) => boolean;
  readonly unknowns: readonly Unknown[];
}

interface Sensitive {
  readonly table: string;
  readonly columns: readonly string[];
}

export function check(view: View): void {
  const sensitive = sensitiveColumns(view);
  if (sensitive.length === 0) return;
  const cleared = [...view.texts('clearedPrincipals'), ...view.texts('etlRoles')].map(patternOf);
  for (const grant of view.resources('AWS::LakeFormation::PrincipalPermissions', 'AWS::LakeFormation::Permissions')) {
    const permissions = itemsOf(property(grant, 'Permissions')).map((one) => scalar(view, one));
    if (!permissions.some((one) => one === 'SELECT' || one === 'ALL')) continue;
    const principal = at(
      property(grant, 'Principal') ?? property(grant, 'DataLakePrincipal'),
      'DataLakePrincipalIdentifier',
    );
    const who = scalar(view, principal) ?? '';
    if (cleared.some((pattern) => pattern.test(who))) continue;
    const isUndecided = cleared.length > 0 ? view.unknownsIn(who) : [];
    for (const columns of columnsOf(view, grant)) judge(view, grant, columns, sensitive, isUndecided);
  }
}

function judge(
  view: View,
  grant: ResourceUnder,
  columns: Columns,
  sensitive: readonly Sensitive[],
  undecided: readonly Unknown[],
): void {
  const own = sensitive.filter(({ table }) => table === columns.table || columns.table === `${databaseOf(table)} / *`);
  if (own.length === 0) return;
  const seen = [...new Set(own.flatMap((one) => one.columns).filter((column) => columns.covers(column)))];
  const unknowns = [...undecided, ...columns.unknowns];
  const path = pathOf(grant, 'Resource');
  if (columns.unknowns.length > 0 || (seen.length > 0 && unknowns.length > 0)) view.open(grant, path, unknowns);
  else if (seen.length === 0) view.pass(grant);
  else {
    const message = `the grant covers ${seen.map((column) => `\`${column}\``).join(', ')}, which is tagged as sensitive, and its principal is not in \`clearedPrincipals\``;
    view.fail(grant, { path, message, subject: seen.join(' ') });
  }
}

function sensitiveColumns(view: View): readonly Sensitive[] {
  const tag = parameterText(view, 'sensitiveColumnTag');
  const values = view.texts('sensitiveColumnValues');
  return view.resources('AWS::LakeFormation::TagAssociation').flatMap((one): Sensitive[] => {
    const table = at(property(one, 'Resource'), 'TableWithColumns');
    const isSensitive = itemsOf(property(one, 'LFTags')).some((pair) => {
      const given = itemsOf(at(pair, 'TagValues')).map((value) => scalar(view, value) ?? '');
      return scalar(view, at(pair, 'TagKey')) === tag && given.some((value) => values.includes(value));
    });
    if (table === undefined || !isSensitive) return [];
    return [{ table: tableId(view, table), columns: textsOf(view, at(table, 'ColumnNames')) }];
  });
}

/** What a grant covers: tables, columns of tables, and filters. */
function columnsOf(view: View, grant: ResourceUnder): readonly Columns[] {
  const resource = property(grant, 'Resource');
  const whole = at(resource, 'Table') ?? at(resource, 'TableResource');
  const some = at(resource, 'TableWithColumns') ?? at(resource, 'TableWithColumnsResource');
  const filter = at(resource, 'DataCellsFilter');
  const found: Columns[] = [];
  if (whole !== undefined) {
    const isAll = at(whole, 'TableWildcard') !== undefined;
    const table = isAll ? `${databaseId(view, at(whole, 'DatabaseName'))} / *` : tableId(view, whole);
    found.push({ table, covers: () => true, unknowns: [] });
  }
  if (some !== undefined) found.push(limited(view, tableId(view, some), some));
  for (const one of filter === undefined ? [] : view.resources('AWS::LakeFormation::DataCellsFilter')) {
    const id = (name: Value | undefined, table: Value | undefined, database: Value | undefined): string =>
      JSON.stringify([scalar(view, name), databaseId(view, database), scalar(view, table)]);
    const wanted = id(at(filter, 'Name'), at(filter, 'TableName'), at(filter, 'DatabaseName'));
    const { properties } = one;
    if (id(properties['Name'], properties['TableName'], properties['DatabaseName']) !== wanted) continue;
    const table = tableId(view, { DatabaseName: properties['DatabaseName']!, Name: properties['TableName']! });
    found.push(limited(view, table, properties));
  }
  return found;
}

/** Columns by name, or all but some. */
function limited(view: View, table: string, value: Value): Columns {
  const names = at(value, 'ColumnNames');
  const excluded = at(value, 'ColumnWildcard', 'ExcludedColumnNames');
  const texts = textsOf(view, names ?? excluded);
  const unknowns = view.unknownsIn(...texts);
  if (names !== undefined) return { table, covers: (column) => texts.includes(column), unknowns };
  const isAll = isMap(at(value, 'ColumnWildcard'));
  return { table, covers: (column) => isAll && !texts.includes(column), unknowns };
}

function textsOf(view: View, value: Value | undefined): readonly string[] {
  return itemsOf(value).map((one) => scalar(view, one) ?? '');
}

const databaseOf = (table: string): string => table.slice(0, table.lastIndexOf(' / '));

/** Of an ARN with `*`. */
function patternOf(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
