/** AWS CloudFormation of one sandbox that runs: what it does by itself is not part of the state. */
import type { Host } from '../service.js';
import type { Provider } from './surroundings.js';
import { Places } from './data.js';
import { Engine } from './engine.js';
import { Hooks } from './hooks/gate.js';
import { FunctionRunner } from './hooks/runner.js';
import { CONFIG_PROVIDERS } from './providers/config.js';
import { HOOK_PROVIDERS } from './providers/hooks.js';
import { IAM_PROVIDERS } from './providers/iam.js';
import { LAMBDA_PROVIDERS } from './providers/lambda.js';
import { stackSetProvider } from './providers/stack-set.js';
import { S3_PROVIDERS } from './providers/s3.js';
import { RECORDS } from './records.js';
import { deploymentFaultsOf } from './stack-sets/faults.js';
import { Operations } from './stack-sets/operations.js';

/** Milliseconds between two steps of an operation: long enough for a client to see that it goes on. */
const STEP = 1;

export class Installation {
  readonly engine: Engine;
  readonly operations: Operations;
  private readonly waiting = new Set<NodeJS.Timeout>();
  readonly runner = new FunctionRunner();
  private isClosed = false;

  constructor(host: Host) {
    const stackSets = stackSetProvider(() => this.pause());
    const world = {
      now: () => host.now(),
      pause: (isShort = false) => (isShort ? this.breathe() : this.pause()),
      provider: (type: string) => (type === 'AWS::CloudFormation::StackSet' ? stackSets : providerOf(type)),
    };
    this.engine = new Engine(host, world, new Hooks(host, this.runner, (time) => this.pause(time)));
    this.operations = new Operations(host, this.engine, deploymentFaultsOf(host.state));
    this.recover(new Places(host.state));
  }

  /** Nothing goes on after this. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
    this.runner.close();
  }

  /** Lets requests that have come be answered. */
  private breathe(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        if (!this.isClosed) resolve();
      });
    });
  }

  private pause(milliseconds: number = STEP): Promise<void> {
    return new Promise((resolve) => {
      if (this.isClosed) return;
      const timer = setTimeout(() => {
        this.waiting.delete(timer);
        resolve();
      }, milliseconds);
      this.waiting.add(timer);
    });
  }

  /** What was going on when the state was kept does so no more. */
  private recover(places: Places): void {
    for (const { stacks } of places.all()) {
      for (const stack of stacks.values()) {
        const [, verb] = /^(.+)_IN_PROGRESS$/.exec(stack.status) ?? [];
        if (verb === undefined || verb === 'REVIEW') continue;
        stack.status = `${verb.replace(/_(?:COMPLETE_)?CLEANUP$/, '')}_FAILED`;
        stack.reason = 'The sandbox was stopped during the operation.';
      }
    }
    for (const { operations } of this.operations.sets()) {
      for (const operation of operations) {
        if (operation.status !== 'RUNNING' && operation.status !== 'STOPPING') continue;
        for (const result of operation.results) {
          if (result.status === 'PENDING' || result.status === 'RUNNING') result.status = 'CANCELLED';
        }
        operation.status = 'FAILED';
        operation.reason = 'The sandbox was stopped during the operation.';
      }
    }
  }
}

/** By type; all others are records. */
const PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ...IAM_PROVIDERS,
  ...S3_PROVIDERS,
  ...LAMBDA_PROVIDERS,
  ...HOOK_PROVIDERS,
  ...CONFIG_PROVIDERS,
]);

function providerOf(type: string): Provider {
  return PROVIDERS.get(type) ?? RECORDS;
}

const installations = new WeakMap<Host, Installation>();

export function installationOf(host: Host): Installation {
  let found = installations.get(host);
  if (found === undefined) {
    found = new Installation(host);
    installations.set(host, found);
  }
  return found;
}
