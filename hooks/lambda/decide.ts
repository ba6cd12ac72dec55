/** One call of the hook. Whatever is wrong with an event, or with us, ends in an answer that blocks. */
import type { Verdict } from '../../findings/index.js';
import { partitionOf } from '../../template/index.js';
import { answerOf, internalFailure } from './answer.js';
import type { HookAnswer, Point } from './answer.js';
import type { HookBundle, HookCall } from './bundle.js';
import { EventError, readEvent, REPORT, tokenOf } from './event.js';
import type { HookEvent } from './event.js';
import { typed } from './typed.js';
import { Views } from './views.js';
import type { Seen, Surroundings } from './views.js';

/** An answer, and the verdicts that it comes from. */
export interface HookDecision {
  readonly answer: HookAnswer;
  /** By rule; empty when nothing was decided, or on a deletion. */
  readonly rules: Readonly<Record<string, Verdict>>;
  /** What was found, without a word of it that could hold a value. */
  readonly told: readonly Told[];
}

/** What a log may say of something that was found. */
export type Told = Pick<Point, 'ruleId' | 'kind' | 'place' | 'blocks'>;

const STRENGTH: readonly Verdict[] = ['FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP'];

/**
 * Decides on the event of a Lambda Hook (AWS CloudFormation Hooks User Guide, "Lambda Hooks").
 *
 * @param event - As Lambda hands it over.
 * @returns Always an answer, and SUCCESS only when everything that was asked for was read and nothing blocks. It does not
 *   throw.
 */
export function decideHook(event: unknown, bundle: HookBundle, call: HookCall): HookDecision {
  const token = tokenOf(event);
  try {
    const read = readEvent(event, call.payload);
    const views = new Views(bundle, call, surroundingsOf(read, bundle, call));
    const { points: all, rules } = look(read, views);
    const points = once(all);
    const told = points.map(({ ruleId, kind, place, blocks }) => ({ ruleId, kind, place, blocks }));
    return { answer: answerOf(subjectOf(read), points, token), rules, told };
  } catch (error) {
    const reason =
      error instanceof EventError ? `${error.message}; ${error.help}` : `a fault of ours: ${faultOf(error)}; ${REPORT}`;
    return { answer: internalFailure(reason, token), rules: {}, told: [] };
  }
}

function look(event: HookEvent, views: Views): Seen {
  switch (event.target) {
    case 'RESOURCE':
      return views.resource(event.resource);
    case 'STACK':
      // The payload of a deletion has no template: resources are decided on one by one.
      return event.action === 'DELETE' ? { points: [], rules: {} } : views.template(event.template);
    case 'CHANGE_SET': {
      const seen = [
        views.template(event.template),
        ...event.changes.map((change) =>
          views.resource({
            ...change,
            properties: typed(change.type, change.properties),
            previous: change.previous === null ? null : typed(change.type, change.previous),
          }),
        ),
      ];
      return { points: seen.flatMap(({ points }) => points), rules: strongest(seen.map(({ rules }) => rules)) };
    }
  }
}

function strongest(all: readonly Seen['rules'][]): Seen['rules'] {
  const joined = new Map<string, Verdict>();
  for (const [id, verdict] of all.flatMap((rules) => Object.entries(rules))) {
    const before = joined.get(id);
    if (before === undefined || STRENGTH.indexOf(verdict) < STRENGTH.indexOf(before)) joined.set(id, verdict);
  }
  return Object.fromEntries(joined);
}

/** A change set shows the same resource twice. */
function once(points: readonly Point[]): readonly Point[] {
  return [...new Map(points.map((point) => [JSON.stringify(point), point])).values()];
}

/** @throws EventError when nobody knows where the deployment takes place, or two sources differ. */
function surroundingsOf({ accountId, stack }: HookEvent, { accounts }: HookBundle, { region }: HookCall): Surroundings {
  if (stack !== null && region !== undefined && stack.region !== region) {
    throw new EventError(
      `the stack is in ${stack.region}, and this hook in ${region}`,
      'each Region has a hook of its own',
    );
  }
  const here = stack?.region ?? region;
  const partition = stack?.partition ?? (here === undefined ? undefined : partitionOf(here));
  const { orgId, ouId, ouPath = ouId } = accounts.get(accountId) ?? {};
  return {
    deployment: {
      accountId,
      ...(here !== undefined && { region: here }),
      ...(partition !== undefined && { partition }),
      ...(stack !== null && { stackName: stack.name }),
    },
    placeholders: {
      accountId,
      ...(here !== undefined && { region: here }),
      ...(partition !== undefined && { partition }),
      ...(orgId !== undefined && { orgId }),
      ...(ouId !== undefined && { ouId }),
      ...(stack !== null && { stackName: stack.name }),
    },
    ouPath,
  };
}

function subjectOf(event: HookEvent): string {
  if (event.target === 'RESOURCE') return `${event.resource.logicalId} (${event.resource.type})`.slice(0, 80);
  const what = event.target === 'STACK' ? 'Stack' : 'Change set';
  return `${what} ${event.stack?.name ?? event.name}`.slice(0, 80);
}

function faultOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
