/** One invocation: the bundle and the payload are fetched, the decision is made, and there is an answer in time. */
import { decideHook, internalFailure, payloadAddress, tokenOf } from '../lambda/index.js';
import type { HookAnswer, HookDecision } from '../lambda/index.js';
import { readAddress } from './address.js';
import type { PayloadAddress } from './address.js';
import { HandlerFault } from './faults.js';
import type { KeptBundle } from './keeper.js';
import type { HandlerSettings } from './settings.js';

/** What Lambda hands over besides the event. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  readonly getRemainingTimeInMillis?: () => number;
}

/** The surroundings of a function. */
export interface HandlerIo {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock for differences, with fractions. */
  readonly clock: () => number;
  readonly after: (milliseconds: number) => { readonly done: Promise<void>; readonly cancel: () => void };
  readonly fetchPayload: (address: PayloadAddress, timeout: number) => Promise<string>;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** What gives the bundle. */
export interface BundleSource {
  current(budget: number): Promise<KeptBundle>;
}

/** Milliseconds after an event by which it has an answer: CloudFormation waits for 30 seconds. */
const ANSWER_BY = 20_000;
/** Milliseconds before the end of the function that the answer needs. */
const MARGIN = 1_000;
/** Less is not worth to begin. */
const LEAST = 200;
/** Things found that a line of the log names. */
const MAX_FOUND = 100;
const MAX_TOKEN = 200;

/**
 * Makes the handler of the function.
 *
 * @param settings - Or the fault in them: every event is then refused with it.
 */
export function makeHandler(
  settings: HandlerSettings | HandlerFault,
  source: BundleSource,
  io: HandlerIo,
): (event: unknown, context?: InvocationContext) => Promise<HookAnswer> {
  let invocations = 0;
  return async (event, context = {}) => {
    invocations += 1;
    const invocation = new Invocation(settings, source, io, event);
    const answer = await invocation.answer(context.getRemainingTimeInMillis?.() ?? Infinity);
    io.log({ ...invocation.entry(), requestId: context.awsRequestId ?? null, cold: invocations === 1 });
    return answer;
  };
}

class Invocation {
  private readonly started: number;
  private step: 'bundle' | 'payload' | 'decision' = 'bundle';
  private readonly took: Record<string, number> = {};
  private fault: HandlerFault | null = null;
  private decision: HookDecision | null = null;
  private bundle: KeptBundle | null = null;
  private given: HookAnswer | null = null;

  constructor(
    private readonly settings: HandlerSettings | HandlerFault,
    private readonly source: BundleSource,
    private readonly io: HandlerIo,
    private readonly event: unknown,
  ) {
    this.started = io.clock();
  }

  /** @param remaining - Milliseconds until Lambda ends the function. */
  async answer(remaining: number): Promise<HookAnswer> {
    const limit = Math.min(ANSWER_BY, remaining - MARGIN);
    const timer = this.io.after(Math.max(0, limit));
    try {
      const late = timer.done.then((): HookAnswer => {
        throw this.tooLate(limit);
      });
      this.given = await Promise.race([this.decide(limit), late]);
    } catch (error) {
      this.fault =
        error instanceof HandlerFault ? error : new HandlerFault('bundle', `a fault of ours: ${nameOf(error)}`);
      this.given = internalFailure(this.fault.message, tokenOf(this.event));
    } finally {
      timer.cancel();
    }
    this.took['total'] = this.elapsed();
    return this.given;
  }

  private async decide(limit: number): Promise<HookAnswer> {
    const { settings, event, io } = this;
    if (settings instanceof HandlerFault) throw settings;
    if (limit < LEAST) throw this.tooLate(limit);
    const written = payloadAddress(event);
    // An address that is refused is not even asked for.
    const address = written === null ? null : readAddress(written, settings.loopback);
    const [kept, payload] = await Promise.all([
      this.timed('bundle', this.source.current(limit)),
      address === null ? null : this.timed('payload', io.fetchPayload(address, limit)),
    ]);
    this.bundle = kept;
    if (limit - this.elapsed() < LEAST) throw this.tooLate(limit);
    this.step = 'decision';
    const before = io.clock();
    const today = new Date(io.now()).toISOString().slice(0, 10);
    const { region } = settings;
    this.decision = decideHook(event, kept.bundle, { payload, today, ...(region !== undefined && { region }) });
    this.took['decision'] = io.clock() - before;
    return this.decision.answer;
  }

  private async timed<T>(name: 'bundle' | 'payload', work: Promise<T>): Promise<T> {
    const before = this.io.clock();
    try {
      const value = await work;
      if (name === 'bundle') this.step = 'payload';
      return value;
    } finally {
      this.took[name] = this.io.clock() - before;
    }
  }

  private tooLate(limit: number): HandlerFault {
    const waited = { bundle: 'the policy bundle', payload: 'the payload of the event', decision: 'the decision' }[
      this.step
    ];
    return new HandlerFault(
      'time',
      limit < LEAST
        ? `the function ends too soon to decide; set its timeout to 25 seconds`
        : `there was no answer within ${Math.round(limit / 1_000)} s, while it waited for ${waited}; try again, and look at the log of the hook`,
    );
  }

  private elapsed(): number {
    return this.io.clock() - this.started;
  }

  /** What the log says: rules, places, verdicts and times, and no value of an event. */
  entry(): Readonly<Record<string, unknown>> {
    const { given, decision, bundle, fault, took, settings } = this;
    const counts: Record<string, number> = {};
    for (const verdict of Object.values(decision?.rules ?? {})) counts[verdict] = (counts[verdict] ?? 0) + 1;
    return {
      level: given?.errorCode === 'InternalFailure' ? 'error' : 'info',
      event: 'decided',
      token: tokenOf(this.event)?.slice(0, MAX_TOKEN) ?? null,
      status: given?.hookStatus ?? null,
      errorCode: given?.errorCode ?? null,
      ...(given?.errorCode === 'InternalFailure' && { cause: fault?.part ?? 'event' }),
      ...(fault !== null && { reason: fault.message }),
      found: decision?.told.slice(0, MAX_FOUND) ?? [],
      verdicts: counts,
      ...(!(settings instanceof HandlerFault) && settings.logVerdicts && { rules: decision?.rules ?? {} }),
      bundle: bundle?.name ?? null,
      ageSeconds: bundle === null ? null : Math.round(bundle.age / 1_000),
      milliseconds: Object.fromEntries(
        Object.entries(took).map(([name, value]) => [name, Math.round(value * 10) / 10]),
      ),
    };
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
