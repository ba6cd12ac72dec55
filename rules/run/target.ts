/** What is checked. */
import type { ResolvedDocument, Supposed, TemplateSource } from '../../template/index.js';

/** A template ready to be checked. */
export interface CheckTarget {
  /** Name of the file in reports. */
  readonly path: string;
  readonly source: TemplateSource;
  /** The source with its intrinsics resolved as far as they are known. */
  readonly document: ResolvedDocument;
  /**
   * The template with names supposed for its resources; asked for by rules written in TypeScript, which read policies.
   * A bundle with such rules needs it.
   */
  readonly supposed?: () => Supposed;
}
