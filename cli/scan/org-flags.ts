/** What the command line of `stackade scan org` says. */

/** Forms of the report. */
export const SCAN_FORMATS = ['pretty', 'json', 'sarif', 'csv', 'html'] as const;

export type ScanFormat = (typeof SCAN_FORMATS)[number];

/** Options as the command line gives them. */
export interface ScanOrgFlags {
  /** The description of the organization. */
  readonly config: string;
  /** Name of the role that is assumed in the accounts. */
  readonly role: string;
  readonly regions?: readonly string[];
  readonly accounts?: readonly string[];
  readonly ou?: readonly string[];
  readonly controls?: readonly string[];
  /** Folder of the checkpoint. */
  readonly state: string;
  readonly resume?: true;
  readonly restart?: true;
  readonly archive?: string;
  readonly previous?: string;
  readonly attestations?: string;
  readonly rollouts?: string;
  readonly concurrency: number;
  readonly details?: true;
  readonly createAnalyzers?: true;
  readonly yes?: true;
  readonly at?: string;
  readonly failOn: 'error' | 'warning' | 'info' | 'never';
  readonly allowIncomplete?: true;
  readonly format: ScanFormat;
  readonly outputFile?: string;
}
