/** Deployments that fail on demand: to see what a client does when an account goes wrong. */
import type { SandboxState } from '../../state.js';

export interface DeploymentFault {
  /** `@default` every stack set. */
  readonly stackSetName?: string;
  /** `@default` every account. */
  readonly account?: string;
  /** `@default` every Region. */
  readonly region?: string;
  /** How many deployments fail. `@default` all, until it is cleared. */
  readonly times?: number;
  /** What the instance tells. */
  readonly reason: string;
}

export class DeploymentFaults {
  private readonly waiting: { fault: DeploymentFault; left: number }[] = [];

  add(fault: DeploymentFault): void {
    this.waiting.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.waiting.length = 0;
  }

  /** Why a deployment fails; `undefined` when it does not. */
  take(stackSetName: string, account: string, region: string): string | undefined {
    const entry = this.waiting.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.stackSetName ?? stackSetName) === stackSetName &&
        (fault.account ?? account) === account &&
        (fault.region ?? region) === region,
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault.reason;
  }
}

const all = new WeakMap<SandboxState, DeploymentFaults>();

/** The faults of a sandbox. */
export function deploymentFaultsOf(state: SandboxState): DeploymentFaults {
  const found = all.get(state) ?? new DeploymentFaults();
  all.set(state, found);
  return found;
}
