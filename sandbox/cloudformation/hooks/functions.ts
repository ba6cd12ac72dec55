/** Functions of AWS Lambda that stacks have made: their code is kept, and run where a hook calls them. */
import { Part } from '../../state.js';
import type { SandboxState } from '../../state.js';

export interface FunctionData {
  readonly arn: string;
  readonly name: string;
  handler: string;
  runtime: string;
  roleArn: string;
  /** In seconds. */
  timeout: number;
  environment: Readonly<Record<string, string>>;
  /** A zip archive, or the text of one file. */
  code: Uint8Array | string;
  /** Changes with code and environment. */
  revision: string;
}

const FUNCTIONS = new Part('cloudformation-functions', () => ({ byName: new Map<string, FunctionData>() }));

export function functionsAt(state: SandboxState, account: string, region: string): Map<string, FunctionData> {
  return FUNCTIONS.of(state, account, region).byName;
}

/** The function that an ARN names, with or without a version or alias. */
export function functionOf(state: SandboxState, arn: string): FunctionData | undefined {
  const [, region, account, name] = /^arn:[^:]+:lambda:([^:]+):(\d{12}):function:([^:]+)/.exec(arn) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return functionsAt(state, account, region).get(name);
}
