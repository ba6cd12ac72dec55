/** Whether what was seen of a wave lets the next one begin. */
import { listed } from './diagnostics.js';
import type { HookResult } from './reader.js';
import type { Gate } from './steps.js';

/** What is known when a gate is decided. */
export interface Evidence {
  /** Time in milliseconds. */
  readonly now: number;
  /** Whether somebody has promoted the wave on the command line. */
  readonly isPromoted: boolean;
  /** What hooks said in the accounts of the wave; `null` when nobody could be asked. */
  readonly results: readonly HookResult[] | null;
  /** Accounts and Regions whose results could not be read, with the reason. */
  readonly notRead: readonly { readonly account: string; readonly region: string; readonly why: string }[];
}

export interface GateDecision {
  /** `OPEN`; `WAIT` when time or use may open it; `CLOSED` when something has to be mended first. */
  readonly verdict: 'OPEN' | 'WAIT' | 'CLOSED';
  /** Why it is not open, each a sentence. */
  readonly reasons: readonly string[];
  /** `null` when nobody was asked. */
  readonly counts: { readonly invocations: number; readonly failures: number; readonly errors: number } | null;
}

/**
 * Decides a gate. What could not be read keeps it shut, unless somebody promotes the wave; a wave that is unfinished, a
 * hook that failed and resources found wrong beyond what is declared keep it shut even then.
 *
 * Statuses are those of "HookResultSummary"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_HookResultSummary.html, read 2026-11-21).
 */
export function decideGate({ promotion, since, unfinished, wave }: Gate, evidence: Evidence): GateDecision {
  const results = (evidence.results ?? []).filter(
    ({ invokedAt, status }) =>
      status !== 'HOOK_IN_PROGRESS' && (since === null || (invokedAt !== null && invokedAt >= since)),
  );
  const patterns = promotion.expected.map(patternOf);
  const failed = results.filter(
    ({ status, target }) =>
      status === 'HOOK_COMPLETE_FAILED' && !patterns.some((pattern) => target !== null && pattern.test(target)),
  );
  const broken = results.filter(({ status }) => status === 'HOOK_FAILED');
  const closed: string[] = [];
  const waits: string[] = [];
  if (unfinished.length > promotion.unfinished) {
    const places = unfinished.map(({ account, region, why }) => `${account} ${region} (${why})`);
    closed.push(
      `the wave ${wave} is unfinished in ${unfinished.length} places, ${promotion.unfinished} may be: ${listed(places, 5)}`,
    );
  }
  if (failed.length > promotion.failures) {
    closed.push(
      `the hook found ${failed.length} resources wrong, ${promotion.failures} may be: ${listed(failed.map(shownResult), 5)}`,
    );
  }
  if (broken.length > promotion.errors) {
    closed.push(
      `the hook itself failed ${broken.length} times, ${promotion.errors} may be: ${listed(broken.map(shownResult), 5)}`,
    );
  }
  const minutes = since === null ? 0 : (evidence.now - since) / 60_000;
  if (promotion.quietMinutes > 0 && minutes < promotion.quietMinutes) {
    const left = since === null ? promotion.quietMinutes : Math.ceil(promotion.quietMinutes - minutes);
    waits.push(`${left} of ${promotion.quietMinutes} quiet minutes are still to pass`);
  }
  if (promotion.isManual) waits.push('it is promoted by hand');
  if (results.length < promotion.invocations) {
    waits.push(
      evidence.results === null
        ? `nobody can be asked for the ${promotion.invocations} invocations of the hook that are wanted`
        : `the hook was invoked ${results.length} times, ${promotion.invocations} are wanted`,
    );
  }
  for (const { account, region, why } of evidence.notRead.slice(0, 5)) {
    waits.push(`the hook results of ${account} ${region} cannot be read: ${why}`);
  }
  if (evidence.notRead.length > 5) waits.push(`and those of ${evidence.notRead.length - 5} more`);
  const open = evidence.isPromoted ? [] : waits;
  return {
    verdict: closed.length > 0 ? 'CLOSED' : open.length > 0 ? 'WAIT' : 'OPEN',
    reasons: [...closed, ...open],
    counts:
      evidence.results === null
        ? null
        : { invocations: results.length, failures: failed.length, errors: broken.length },
  };
}

function shownResult({ account, region, target, reason }: HookResult): string {
  return `${account} ${region} ${target ?? ''}${reason === null ? '' : `: ${reason}`}`;
}

/** `*` stands for any text. */
function patternOf(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
}
