/** Options of `stackade iam replay`. */
export interface ReplayFlags {
  readonly trail: readonly string[];
  readonly config?: string;
  readonly scps?: readonly string[];
  readonly rcps?: readonly string[];
  readonly boundary?: readonly string[];
  readonly baselineConfig?: string;
  readonly baselineScps?: readonly string[];
  readonly baselineRcps?: readonly string[];
  readonly baselineBoundary?: readonly string[];
  readonly threads?: string;
  readonly format: string;
  readonly outputFile?: string;
}
