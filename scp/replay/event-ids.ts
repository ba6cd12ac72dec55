/**
 * Which records came before, by their `eventID`. CloudTrail delivers some events more than once, soon after and to the same
 * account and Region
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html: delivery may repeat events), so that
 * memory for the ids that came last is enough, and stays the same however long a trail is. Copies far apart, as when two
 * trails of one account are read, are noticed by a sample of all ids.
 */
import { Fingerprints, printOf } from './fingerprints.js';

/** Ids that came last: between so many and twice as many are remembered. */
const NEAR = 2 ** 18;

/** Of so many ids one is remembered for ever. */
const SAMPLE = 16;

/** Remembers the ids that came last, and notices when that is not enough. */
export class NearIds {
  private young = new Fingerprints();
  private old = new Fingerprints();
  private readonly sample = new Fingerprints();
  private missed = false;

  /** @param near - Ids that are remembered at least. @param sample - Of so many one is remembered for ever. */
  constructor(
    private readonly near = NEAR,
    private readonly every = SAMPLE,
  ) {}

  /** Whether a record came again after so many others that it was taken for a new one. */
  get isTooFew(): boolean {
    return this.missed;
  }

  /** @returns Whether it was not there, as far as is remembered. */
  add(id: string): boolean {
    const print = printOf(id);
    if (this.old.has(print) || !this.young.addPrint(print)) return false;
    if (print.low % this.every === 0 && !this.sample.addPrint(print)) this.missed = true;
    if (this.young.size >= this.near) {
      [this.young, this.old] = [this.old, this.young];
      this.young.clear();
    }
    return true;
  }
}
