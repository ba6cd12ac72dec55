/** What `scan template` is asked for. */
import type { CheckFormat, FailOn } from '../check/settings.js';

/** Options as the command line gives them. */
export interface ScanTemplateFlags {
  readonly parameters?: readonly string[];
  readonly parameterFile?: readonly string[];
  readonly region?: string;
  readonly account?: string;
  /** The description of the organization. */
  readonly config?: string;
  readonly trustedAccount?: readonly string[];
  readonly accessNotGranted?: readonly string[];
  readonly reference?: readonly string[];
  readonly online?: true;
  readonly failOn: FailOn;
  readonly allowIncomplete?: true;
  readonly listSkipped?: true;
  readonly format: CheckFormat;
  readonly outputFile?: string;
  readonly waivers?: string;
  readonly baseline?: string;
  readonly createBaseline?: string;
}
