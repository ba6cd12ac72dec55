/**
 * The answer of a Lambda Hook. Its message stands in stack events, where often only the beginning is shown: the first 200
 * characters say what is wrong by themselves. Limits are those of the API Reference (`HookStatusReason`, `Annotation`).
 */
import type { Severity } from '../../findings/index.js';
import { inOneLine } from '../../template/index.js';

/** One thing that a hook has to say. */
export interface Point {
  readonly ruleId: string;
  readonly severity: Severity;
  /** `<logical id>/<pointer below Properties>`; `''` when it is about no place. */
  readonly place: string;
  readonly message: string;
  readonly help: string;
  readonly kind: 'finding' | 'notEvaluated' | 'waived' | 'legacy';
  readonly blocks: boolean;
}

export interface Annotation {
  readonly annotationName: string;
  readonly status: 'PASSED' | 'FAILED' | 'SKIPPED';
  readonly statusMessage: string;
  readonly remediationMessage?: string;
  readonly severityLevel: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

export interface HookAnswer {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  readonly errorCode?: 'NonCompliant' | 'InternalFailure';
  readonly message: string;
  readonly clientRequestToken?: string;
  readonly annotations?: readonly Annotation[];
}

const MESSAGE = 1_024;
const HEAD = 200;
/** Findings that the message names. */
const NAMED = 3;
/** An answer of a function has a limit, and nobody reads more. */
const MAX_ANNOTATIONS = 100;
const MAX_TEXT = 4_096;
const LEVEL: Readonly<Record<Severity, Annotation['severityLevel']>> = {
  error: 'HIGH',
  warning: 'MEDIUM',
  info: 'INFORMATIONAL',
};

/** The answer to somebody whose event could not be decided on. */
export function internalFailure(reason: string, token: string | null): HookAnswer {
  return {
    hookStatus: 'FAILED',
    errorCode: 'InternalFailure',
    message: clip(`Nothing was decided, so the operation is blocked: ${oneLine(reason)}`, MESSAGE),
    ...(token !== null && { clientRequestToken: token }),
  };
}

/** The answer that follows from what was found. @param subject - What was looked at, in a few words. */
export function answerOf(subject: string, points: readonly Point[], token: string | null): HookAnswer {
  const blocking = points.filter(({ blocks }) => blocks);
  const annotations = [...points]
    .sort((a, b) => Number(b.blocks) - Number(a.blocks))
    .slice(0, MAX_ANNOTATIONS)
    .map(annotationOf);
  return {
    hookStatus: blocking.length === 0 ? 'SUCCESS' : 'FAILED',
    ...(blocking.length > 0 && { errorCode: 'NonCompliant' as const }),
    message: blocking.length === 0 ? passed(subject, points) : refused(subject, blocking),
    ...(token !== null && { clientRequestToken: token }),
    ...(annotations.length > 0 && { annotations }),
  };
}

function passed(subject: string, points: readonly Point[]): string {
  const count = (kind: Point['kind']): number => points.filter((point) => point.kind === kind).length;
  const parts = [
    [count('finding'), 'found below the level that blocks'],
    [count('notEvaluated'), 'NOT EVALUATED'],
    [count('waived'), 'waived'],
    [count('legacy'), 'tolerated since the update leaves it as it was'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return clip(`${subject} passes${said.length === 0 ? '' : `: ${said.join(', ')}`}`, HEAD);
}

function refused(subject: string, blocking: readonly Point[]): string {
  const [first] = blocking;
  const more = blocking.length === 1 ? '' : ` (1 of ${blocking.length})`;
  const head = clip(`${subject} is refused${more}: ${sentence(first!)}`, HEAD);
  const help = first!.help === '' ? [] : [inOneLine(first!.help)];
  const rest = blocking.slice(1, NAMED).map(sentence);
  const left = blocking.length - NAMED;
  return clip([head, ...help, ...rest, ...(left > 0 ? [`and ${left} more`] : [])].join('\n'), MESSAGE);
}

function sentence({ ruleId, place, message, kind }: Point): string {
  const open = kind === 'notEvaluated' ? 'NOT EVALUATED, ' : '';
  return oneLine(`${ruleId}${place === '' ? '' : ` at ${place}`}: ${open}${message}`);
}

function annotationOf({ ruleId, severity, place, message, help, kind, blocks }: Point): Annotation {
  return {
    annotationName: clip(ruleId, MESSAGE),
    status: kind === 'finding' || blocks ? 'FAILED' : 'SKIPPED',
    statusMessage: clip(`${place === '' ? '' : `${place}: `}${message}`, MAX_TEXT),
    ...(help !== '' && { remediationMessage: clip(help, MAX_TEXT) }),
    severityLevel: LEVEL[severity],
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The beginning of a text, with a sign that something is left out; no character is cut in two. */
function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
