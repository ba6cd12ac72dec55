/** What AWS Config remembers of each account and Region. Plain data. */
import { Part } from '../state.js';

type Json = Readonly<Record<string, unknown>>;

export interface EvaluationData {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly compliance: string;
  readonly annotation: string | undefined;
  /** In milliseconds, as all times. */
  readonly orderedAt: number;
  readonly recordedAt: number;
  readonly invokedAt: number;
}

export interface RuleData {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: number;
  /** Members of `ConfigRule` that whoever made it has written. */
  written: Json;
  /** By type and id of the resource. */
  readonly evaluations: Map<string, EvaluationData>;
  invokedAt: number | undefined;
  failedAt: number | undefined;
  error: { readonly code: string; readonly message: string } | undefined;
}

export interface ConfigData {
  /** By name. */
  readonly rules: Map<string, RuleData>;
  readonly recorders: Map<string, { written: Json; isRecording: boolean; changedAt: number }>;
  readonly aggregators: Map<string, { readonly arn: string; readonly written: Json; readonly createdAt: number }>;
  /** Names of rules by the token of an invocation that may still answer. */
  readonly tokens: Map<string, { readonly rule: string; readonly at: number }>;
}

export const CONFIG = new Part<ConfigData>('config', () => ({
  rules: new Map(),
  recorders: new Map(),
  aggregators: new Map(),
  tokens: new Map(),
}));
