/**
 * What recorded calls would have met under other guardrails. A trail tells what was asked and whether it was denied; it
 * holds no policies, and not every key: where the answer hangs on what it does not hold, that is said and not guessed.
 */
import { evaluate } from '../../iam/index.js';
import type { Evaluation, Request } from '../../iam/index.js';
import { requestsOfRecord, WantedKeys } from '../../iam/cloudtrail/index.js';
import type { TrailOutcome, TrailReading, TrailRequest } from '../../iam/cloudtrail/index.js';
import { get, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { Fingerprints } from './fingerprints.js';
import { GuardrailSets } from './guardrails.js';
import type { Guardrails } from './guardrails.js';
import { PolicyKeys } from './keys.js';
import { ReplayReport } from './report.js';
import type { ReplayedRequest, Verdict } from './report.js';
import { exactText, Sameness } from './sameness.js';

/** The record's text does not hold enough: one with all of its resources and parameters does. */
const SAYS_MORE = 'says more';

/** How many requests a record has of which none changes, or what became of each. */
type Known = number | typeof SAYS_MORE | readonly ReplayedRequest[];

export interface ReplayOptions {
  readonly proposed: Guardrails;
  /** What was in force. Left out, the record says what was allowed and what was denied. */
  readonly baseline?: Guardrails;
  /** Whether RCPs act on an action; see `supportsRcp` of the catalogue. `@default` they act on all. */
  readonly rcpApplies?: (action: string) => boolean;
}

type Outcome = 'ALLOW' | 'DENY' | 'UNDETERMINED';

/** What guardrails say of a request. */
interface Answer {
  readonly outcome: Outcome;
  readonly evaluation: Evaluation;
  /** Why it is not known, when it is not. */
  readonly missing: readonly string[];
}

/** Replays records one after the other. */
export class Replay {
  readonly report = new ReplayReport();
  private readonly keys = new PolicyKeys();
  private readonly proposed: Sides;
  private readonly baseline: Sides | undefined;
  private wanted = new WantedKeys([]);
  private sameness: Sameness;
  private version = 0;
  /** What became of records, by texts that are equal for records of which the same becomes. */
  private known = new Map<string, Known>();
  /** Those that were remembered before them. */
  private older = new Map<string, Known>();

  constructor(
    { proposed, baseline, rcpApplies }: ReplayOptions,
    /** Ids of the events that came. */
    private readonly events: Pick<Fingerprints, 'add'> = new Fingerprints(),
  ) {
    this.proposed = new Sides(proposed, this.keys, rcpApplies);
    this.baseline = baseline && new Sides(baseline, this.keys, rcpApplies);
    this.sameness = new Sameness(this.keys);
  }

  /** @param record - One element of `Records`. A record that came before (`eventID`) is counted and left out. */
  add(record: Value): void {
    const { report } = this;
    const given = isMap(record) ? get(record, 'eventID') : undefined;
    const eventId = typeof given === 'string' ? given : '';
    if (eventId !== '' && !this.events.add(eventId)) {
      report.duplicates++;
      return;
    }
    report.records++;
    let text = isMap(record) ? this.sameness.textOf(record) : undefined;
    let known = text === undefined ? undefined : this.knownOf(text);
    const isExact = known === SAYS_MORE;
    if (isExact) {
      text = `${text!}${exactText(record as ValueMap)}`;
      known = this.knownOf(text);
    }
    if (typeof known === 'number') report.addUnchanged(known);
    else if (typeof known === 'object') for (const one of known) report.add(one, eventId);
    else this.decide(record, text, isExact);
  }

  /** @param isExact - Whether the text holds all that the record says of resource and parameters. */
  private decide(record: Value, text: string | undefined, isExact: boolean): void {
    const { report } = this;
    const reading = this.read(record);
    if (reading.kind === 'noDecision') report.noDecision++;
    else if (reading.kind === 'incomplete') report.addIncomplete(reading.reason, reading.eventId);
    else {
      const { requests, outcome, eventId } = reading;
      const replayed = requests.map((one) => this.replay(one, outcome));
      for (const one of replayed) report.add(one, eventId);
      // What is looked at had been known when the text was made.
      if (text === undefined || !this.textStands) return;
      const isUnchanged = replayed.every(({ verdict }) => verdict === 'unchanged');
      if (!isExact && (!isUnchanged || replayed.some(({ request }) => this.keys.looksCloser(request.action)))) {
        this.remember(text, SAYS_MORE);
      } else this.remember(text, isUnchanged ? replayed.length : replayed.map(shown));
    }
  }

  private knownOf(text: string): Known | undefined {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const older = this.older.get(text);
    if (older !== undefined) this.remember(text, older);
    return older;
  }

  /** Forgets what was not asked for in a long time. */
  private remember(text: string, known: Known): void {
    if (this.known.size >= MOST_KNOWN) {
      this.older = this.known;
      this.known = new Map();
    }
    this.known.set(text, known);
  }

  /** Whether no policy came up since the text of the present record was made. */
  private textStands = true;

  /** Reads a record with all the keys that the policies for its callers and owners look at. */
  private read(record: Value): TrailReading {
    let reading = requestsOfRecord(record, this.wanted);
    this.textStands = true;
    for (;;) {
      if (reading.kind === 'requests') {
        for (const { request } of reading.requests) {
          this.proposed.prepare(request);
          this.baseline?.prepare(request);
        }
      }
      if (this.version === this.keys.version) return reading;
      this.version = this.keys.version;
      this.wanted = new WantedKeys(this.keys.keys);
      this.sameness = new Sameness(this.keys);
      // Would stand, but nobody asks for it: texts are made otherwise from now on.
      this.known.clear();
      this.older.clear();
      this.textStands = false;
      reading = requestsOfRecord(record, this.wanted);
    }
  }

  private replay(trail: TrailRequest, outcome: TrailOutcome): ReplayedRequest {
    const after = this.proposed.decide(trail);
    const before = this.before(trail, outcome);
    const { request } = trail;
    const verdict = verdictOf(before, after.outcome);
    const missing = verdict !== 'cannotTell' ? [] : before === 'UNDETERMINED' ? [WHICH_POLICY] : after.missing;
    return { verdict, request, by: after.outcome === 'DENY' ? after.evaluation.by : [], missing };
  }

  /** What the guardrails said when the call was made. */
  private before(trail: TrailRequest, outcome: TrailOutcome): Outcome | 'ELSEWHERE' {
    const layer = outcome.kind === 'denied' ? outcome.layer : undefined;
    // Another kind of policy denied: the guardrails change nothing about that.
    if (layer !== undefined && !GUARDRAILS.has(layer)) return 'ELSEWHERE';
    const baseline = this.baseline?.decide(trail).outcome;
    if (baseline !== undefined && baseline !== 'UNDETERMINED') return baseline;
    if (outcome.kind !== 'denied') return 'ALLOW';
    return layer === undefined ? 'UNDETERMINED' : 'DENY';
  }
}

/** What a report shows of a request, so that no more is kept. */
function shown({ request, ...rest }: ReplayedRequest): ReplayedRequest {
  const { principal, sessionIssuer, action, resource } = request;
  return {
    ...rest,
    request: { principal, ...(sessionIssuer === undefined ? {} : { sessionIssuer }), action, resource },
  };
}

/** Texts that are remembered, twice, at about 400 bytes each. */
const MOST_KNOWN = 2_000;

const GUARDRAILS: ReadonlySet<string> = new Set(['scp', 'rcp', 'boundary']);
const WHICH_POLICY = 'the kind of policy that denied the call';

function verdictOf(before: Outcome | 'ELSEWHERE', after: Outcome): Verdict {
  if (before === 'ELSEWHERE' || before === after) return before === 'UNDETERMINED' ? 'cannotTell' : 'unchanged';
  // What was denied, and is denied still, is the same whatever denied it.
  if (before === 'UNDETERMINED') return after === 'DENY' ? 'unchanged' : 'cannotTell';
  if (after === 'UNDETERMINED') return 'cannotTell';
  return after === 'DENY' ? 'newlyDenied' : 'newlyAllowed';
}

/** One side of the comparison. */
class Sides {
  private readonly exact: GuardrailSets;
  private readonly most: GuardrailSets;
  private readonly least: GuardrailSets;

  constructor(
    guardrails: Guardrails,
    keys: PolicyKeys,
    private readonly rcpApplies: ((action: string) => boolean) | undefined,
  ) {
    this.exact = new GuardrailSets(guardrails, keys);
    this.most = new GuardrailSets(guardrails, keys, 'most denied');
    this.least = new GuardrailSets(guardrails, keys, 'least denied');
  }

  /** Finds the policies for a request, so that it is known what they look at. */
  prepare(request: Request): void {
    this.exact.find(accountOfCaller(request), request.resourceAccount);
  }

  decide({ request, uncertain }: TrailRequest): Answer {
    if (uncertain.length === 0) return this.by(this.exact, request);
    // The record does not name the resource: only what holds for every resource is known.
    const [most, least] = [this.by(this.most, request), this.by(this.least, request)];
    if (most.outcome === least.outcome) return most;
    return { ...least, outcome: 'UNDETERMINED', missing: [...new Set([...least.missing, 'resource'])] };
  }

  private by(sets: GuardrailSets, request: Request): Answer {
    const set = sets.find(accountOfCaller(request), request.resourceAccount);
    const { rcpApplies } = this;
    const evaluation = evaluate(set, request, {
      unknownContext: true,
      ...(rcpApplies === undefined ? {} : { rcpApplies }),
    });
    const { decision, missingKeys } = evaluation;
    const outcome = decision === 'ALLOW' ? 'ALLOW' : decision === 'UNDETERMINED' ? 'UNDETERMINED' : 'DENY';
    return { outcome, evaluation, missing: missingKeys };
  }
}

/** The account that a caller belongs to; services and anonymous callers have none. */
export function accountOfCaller({ principal }: Request): string | undefined {
  if (typeof principal !== 'string') return undefined;
  return /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
}
