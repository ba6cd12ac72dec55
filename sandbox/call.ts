/** A call whose signature is right. */
import type { Identity, SandboxState } from './state.js';

export interface Call {
  readonly state: SandboxState;
  readonly identity: Identity;
  readonly operation: string;
  /** In milliseconds. */
  readonly now: number;
}
