/**
 * One run of the Config rule: what Lambda hands over, in; an evaluation of the account, out.
 *
 * AWS Config Developer Guide, "Example Events for AWS Config Rules"; AWS Config API Reference, "Evaluation".
 */
import { judgeHook } from './judge.js';
import type { Expectation, ExpectedHook, HookState } from './judge.js';

/** The calls that a run makes. */
export interface RuleCalls {
  /** What is the state of a hook? `null`: there is none of the name. Rejects when nobody can tell. */
  describeHook(typeName: string): Promise<HookState | null>;
}

/** What AWS Config is told of the account. */
export interface Evaluation {
  readonly accountId: string;
  readonly compliance: 'COMPLIANT' | 'NON_COMPLIANT';
  readonly annotation: string;
  /** When the event happened, ISO 8601. */
  readonly orderedAt: string;
  readonly resultToken: string;
}

/** What AWS Config takes. */
const MOST_CHARACTERS = 256;

/**
 * @returns The evaluation; `null` when the change is of a resource that is none of the hooks'.
 * @throws Error for an event that AWS Config would not send.
 */
export async function evaluateHooks(
  event: unknown,
  expectation: Expectation,
  calls: RuleCalls,
): Promise<Evaluation | null> {
  const { accountId, resultToken, invokingEvent } = fields(event, ['accountId', 'resultToken', 'invokingEvent']);
  const message = parsed(invokingEvent);
  const { notificationCreationTime } = fields(message, ['notificationCreationTime']);
  const name = changedResource(message);
  if (name !== null && !expectation.namePrefixes.some((prefix) => name.startsWith(prefix))) return null;
  const problems = (await Promise.all(expectation.hooks.map((hook) => problemsOf(hook, calls)))).flat();
  const annotation = problems.length === 0 ? 'every hook is as it was rolled out' : problems.join('; ');
  return {
    accountId,
    compliance: problems.length === 0 ? 'COMPLIANT' : 'NON_COMPLIANT',
    annotation: annotation.length > MOST_CHARACTERS ? `${annotation.slice(0, MOST_CHARACTERS - 1)}…` : annotation,
    orderedAt: notificationCreationTime,
    resultToken,
  };
}

/** A hook that nobody can look at counts as one that is not in force. */
async function problemsOf(hook: ExpectedHook, calls: RuleCalls): Promise<readonly string[]> {
  try {
    return judgeHook(hook, await calls.describeHook(hook.typeName));
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [`nobody can tell whether the hook ${hook.typeName} is in force: ${reason}`];
  }
}

/** The name of the resource whose change is told; `null` when it is time to look, or the name is not told. */
function changedResource(message: Readonly<Record<string, unknown>>): string | null {
  const item = message['configurationItem'] ?? message['configurationItemSummary'];
  if (typeof item !== 'object' || item === null) return null;
  const { resourceName } = item as { readonly resourceName?: unknown };
  return typeof resourceName === 'string' ? resourceName : null;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('the event of AWS Config holds no message');
  return value as Readonly<Record<string, unknown>>;
}

function fields<K extends string>(value: unknown, keys: readonly K[]): Readonly<Record<K, string>> {
  const map = (value ?? {}) as Readonly<Record<string, unknown>>;
  const found = keys.map((key) => {
    const text = map[key];
    if (typeof text !== 'string') throw new Error(`the event of AWS Config has no ${key}`);
    return [key, text] as const;
  });
  return Object.fromEntries(found) as Readonly<Record<K, string>>;
}
