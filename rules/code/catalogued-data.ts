/** Data lakes: places in S3, and databases and tables of the catalogue as permissions and tags name them. */
import type { Value } from '../../template/index.js';
import { at, isNamed, named, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

export const DATABASE = 'AWS::Glue::Database';
export const TABLE = 'AWS::Glue::Table';

/** A place in a bucket. */
export interface Place {
  /** Its name, or what stands for it. */
  readonly bucket: string;
  /** Without slashes at the ends. */
  readonly prefix: string;
}

/** The place that a text names: `s3://bucket/prefix/`, an ARN, or nothing of both. */
export function placeOf(text: string): Place | undefined {
  const match = /^(?:s3[an]?:\/\/|arn:[^:]*:s3:::)([^/]+)\/?(.*)$/su.exec(text);
  if (match === null) return undefined;
  const [, bucket = '', rest = ''] = match;
  return { bucket, prefix: rest.replace(/\*$/, '').replace(/^\/+|\/+$/g, '') };
}

/** Whether everything at a place lies at or below another one. */
export function isBelow(place: Place, other: Place): boolean {
  if (place.bucket !== other.bucket) return false;
  return other.prefix === '' || place.prefix === other.prefix || place.prefix.startsWith(`${other.prefix}/`);
}

/** Whether Lake Formation decides on data of the template: it has any resource of that service. */
export function isGoverned(view: View): boolean {
  return view.everything.some(({ type }) => type.startsWith('AWS::LakeFormation::'));
}

/** Whether a value names a database. */
export function isDatabase(view: View, value: Value | undefined, database: ResourceUnder): boolean {
  return isNamed(view, value, database, 'DatabaseInput', 'Name');
}

/** How a database or table is told from others: its resource, or its name where the template does not create it. */
export function databaseId(view: View, value: Value | undefined): string {
  const found = named(view, value, DATABASE, 'DatabaseInput', 'Name');
  return found === undefined ? (scalar(view, value) ?? '') : `resource ${found.key}`;
}

/** A table as permissions and tags name it: `DatabaseName` and `Name`. */
export function tableId(view: View, table: Value | undefined): string {
  return `${databaseId(view, at(table, 'DatabaseName'))} / ${tableName(view, at(table, 'Name'))}`;
}

/** The name of a table; that which its resource gives, when it is named by reference. */
function tableName(view: View, value: Value | undefined): string {
  const table = view.graph.target(value, TABLE);
  const given = scalar(view, at(table?.properties, 'TableInput', 'Name'));
  return given ?? scalar(view, value) ?? '';
}
