/**
 * What a distributed scan costs and how long it takes, from dated prices and from figures that its reader can put others
 * in place of. An estimate says what it does not know: the calls that an account needs hang on what is in it.
 */
import { PRICES, type Price } from './prices.js';

export interface EstimateInput {
  readonly accounts: number;
  readonly regions: number;
  /** Parts of a batch, at most. */
  readonly perBatch: number;
  readonly maxConcurrency: number;
  readonly memoryMb: number;
  readonly assumed?: Partial<Assumptions>;
}

/** What nobody knows before the first scan. */
export interface Assumptions {
  /** Seconds to scan one part: an account in a Region, or the account as a whole. */
  readonly secondsPerPart: number;
  /** Parts that one function scans at the same time. */
  readonly partsAtOnce: number;
  /** Seconds until a function has started and entered an account. */
  readonly startSeconds: number;
  /** Bytes that one part leaves in its result. */
  readonly bytesPerPart: number;
  /** How many of a hundred batches need a second attempt. */
  readonly retriedPercent: number;
  /** Parts that one second of the merge puts together. */
  readonly mergedPerSecond: number;
  /** Calls a second of `sts:AssumeRole` that the account of the scan is granted. */
  readonly sessionsPerSecond: number;
}

/** Cautious figures; the first run of a state machine tells the real ones. */
export const ASSUMED: Assumptions = {
  secondsPerPart: 20,
  partsAtOnce: 4,
  startSeconds: 3,
  bytesPerPart: 20_000,
  retriedPercent: 5,
  mergedPerSecond: 200,
  sessionsPerSecond: 100,
};

export interface Estimate {
  readonly accounts: number;
  /** Accounts as a whole, and in each Region. */
  readonly parts: number;
  readonly batches: number;
  readonly seconds: number;
  /** In the currency of the prices; unrounded. */
  readonly cost: number;
  readonly lines: readonly { readonly what: string; readonly count: number; readonly cost: number }[];
}

/** The prices, where and when they were read, and what an estimate does not know. */
export const priceList: {
  readonly read: string;
  readonly region: string;
  readonly currency: string;
  readonly prices: Readonly<Record<string, Price>>;
  readonly notPriced: readonly string[];
  readonly uncertain: readonly string[];
} = PRICES;

/**
 * Estimates one scan.
 *
 * @throws RangeError for what is no number above zero.
 */
export function estimateScan(input: EstimateInput): Estimate {
  const { accounts, regions, perBatch, maxConcurrency, memoryMb } = input;
  const assumed = { ...ASSUMED, ...input.assumed };
  for (const [name, value] of Object.entries({ accounts, regions, perBatch, maxConcurrency, memoryMb, ...assumed })) {
    if (!(Number.isFinite(value) && (value > 0 || (name === 'retriedPercent' && value === 0)))) {
      throw new RangeError(`${name} cannot be ${value}`);
    }
  }
  const parts = accounts * (regions + 1);
  const perAccount = Math.ceil((regions + 1) / perBatch);
  const batches = accounts * perAccount;
  const attempts = batches * (1 + assumed.retriedPercent / 100);
  const partsOfBatch = parts / batches;
  const batchSeconds = assumed.startSeconds + Math.ceil(partsOfBatch / assumed.partsAtOnce) * assumed.secondsPerPart;
  const mergeSeconds = assumed.startSeconds + parts / assumed.mergedPerSecond;
  const beginSeconds = assumed.startSeconds + accounts / 20;
  const scanSeconds = Math.max(
    Math.ceil(attempts / maxConcurrency) * batchSeconds,
    // No more batches begin in a second than sessions are handed out.
    attempts / assumed.sessionsPerSecond + batchSeconds,
  );
  const gbSeconds =
    (attempts * batchSeconds * memoryMb + beginSeconds * memoryMb + mergeSeconds * Math.max(memoryMb, 3008)) / 1024;
  const gigabytes = (2 * parts * assumed.bytesPerPart) / 1e9;
  const count: readonly (readonly [string, keyof typeof PRICES.prices, number])[] = [
    // Begin, Scan and Merge once; one state in each child, and its start.
    ['state transitions', 'stateTransition', 3 + batches + attempts],
    ['calls of functions', 'lambdaRequest', attempts + 2],
    ['GB-seconds of functions', 'lambdaGbSecond', gbSeconds],
    ['objects written', 's3Put', attempts + batches / 1000 + 4],
    ['objects read', 's3Get', 2 * attempts + batches],
    ['GB kept for a month', 's3GbMonth', gigabytes],
    ['requests to the key', 'kmsRequest', attempts + batches],
    ['GB of logs', 'logsGb', (attempts * 2_000) / 1e9],
  ];
  const lines = count.map(([what, price, number]) => ({
    what,
    count: number,
    cost: number * PRICES.prices[price].price,
  }));
  return {
    accounts,
    parts,
    batches,
    seconds: beginSeconds + scanSeconds + mergeSeconds,
    cost: lines.reduce((sum, { cost }) => sum + cost, 0),
    lines,
  };
}
