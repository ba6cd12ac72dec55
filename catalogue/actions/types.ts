/** What the catalogue knows of the actions behind resource types. Plain, read-only data. */

/** An IAM action; where one action serves several types, with the resource by which they differ. */
export interface TypeAction {
  /** Prefix and name: `s3:CreateBucket`. */
  readonly action: string;
  /** A pattern of ARNs. `*` where the action alone tells the type. */
  readonly resource: string;
}

/** The actions by which resources of a type are made, changed and deleted. */
export interface TypeActions {
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** `row`: read in the reference, type by type; `name`: actions that are called as the type is. */
  readonly origin: 'row' | 'name';
  /** Never empty. */
  readonly create: readonly TypeAction[];
  readonly change: readonly TypeAction[];
  readonly delete: readonly TypeAction[];
  /** Of a row: the page that names the actions. */
  readonly source?: string;
  /** Of a row: the day the page was read, `YYYY-MM-DD`. */
  readonly read?: string;
}

/** A row of `type-actions.json`. */
export interface TypeActionsRow {
  readonly create: readonly WrittenAction[];
  readonly change: readonly WrittenAction[];
  readonly delete: readonly WrittenAction[];
  readonly source: string;
  readonly read: string;
}

/** An action for any resource, or for some. */
export type WrittenAction = string | { readonly action: string; readonly resource: string };
