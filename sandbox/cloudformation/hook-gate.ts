/** What the engine of stacks asks hooks, and what it hears. */
import type { Call } from '../call.js';
import type { ChangeData, EventHook, StackData } from './data.js';

export type HookAction = 'CREATE' | 'UPDATE' | 'DELETE';

interface Common {
  readonly stack: StackData;
  /** Of the one who makes the resources. */
  readonly call: Call;
  readonly changeSetId: string | null;
  readonly action: HookAction;
}

export type HookQuestion =
  | (Common & {
      readonly target: 'RESOURCE';
      readonly logicalId: string;
      readonly type: string;
      readonly properties: Readonly<Record<string, unknown>>;
      readonly previous: Readonly<Record<string, unknown>>;
      /** Of Cloud Control API: there is no stack then, and the one that is given stands for none. */
      readonly requestToken?: string;
    })
  | (Common & { readonly target: 'STACK'; readonly template: string; readonly previousTemplate: string })
  | (Common & {
      readonly target: 'CHANGE_SET';
      readonly template: string;
      readonly previousTemplate: string;
      readonly changes: readonly ChangeData[];
    });

export interface HookGate {
  /**
   * Asks every hook that the target concerns.
   *
   * @param tell - Is told each step, for the stack's events.
   * @returns The names of the hooks that stop the operation.
   */
  ask(question: HookQuestion, tell: (event: EventHook) => void): Promise<readonly string[]>;
}
