/** Hooks and their results, by account and Region: plain data. */
import { Part } from '../../state.js';
import type { SandboxState } from '../../state.js';

export interface HookType {
  readonly arn: string;
  /** As it is called here, such as `Private::Lambda::Check`. */
  readonly name: string;
  /** What was activated: `AWS::Hooks::LambdaHook`; the name itself of a private type. */
  readonly originalName: string;
  readonly publisherId: string | undefined;
  executionRoleArn: string | undefined;
  readonly versionId: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly autoUpdate: boolean;
  readonly logging: { readonly group: string; readonly roleArn: string } | undefined;
  /** The text that SetTypeConfiguration takes; `undefined`: it was never configured, and does nothing. */
  configuration: string | undefined;
  configurationVersion: string | undefined;
}

export interface HookResult {
  readonly id: string;
  readonly typeName: string;
  readonly originalName: string;
  readonly typeArn: string;
  readonly versionId: string;
  readonly configurationVersion: string | undefined;
  readonly failureMode: string;
  status: string;
  reason: string | undefined;
  readonly invokedAt: number;
  readonly target: {
    readonly operation: 'RESOURCE' | 'STACK' | 'CHANGE_SET' | 'CLOUD_CONTROL';
    readonly typeName: string;
    /** Of a resource its logical id, of a stack or change set its ARN, of Cloud Control API the token of the request. */
    readonly id: string;
    readonly action: string;
    readonly stackId: string;
  };
  annotations: readonly HookAnnotation[];
}

export interface HookAnnotation {
  readonly AnnotationName?: string;
  readonly Status?: string;
  readonly StatusMessage?: string;
  readonly RemediationMessage?: string;
  readonly RemediationLink?: string;
  readonly SeverityLevel?: string;
}

export interface HooksHere {
  /** By name. */
  readonly types: Map<string, HookType>;
  /** By id, oldest first. */
  readonly results: Map<string, HookResult>;
}

const HOOKS = new Part<HooksHere>('cloudformation-hooks', () => ({ types: new Map(), results: new Map() }));

export function hooksAt(state: SandboxState, account: string, region: string): HooksHere {
  return HOOKS.of(state, account, region);
}
