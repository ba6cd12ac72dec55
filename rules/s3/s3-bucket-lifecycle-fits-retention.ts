/** s3-bucket-lifecycle-fits-retention: the lifecycle rules of a bucket keep data as long as it declares, and no longer. */
import { daysOfMonths, daysOfYears, lifecycleOf } from '../code/lifecycle.js';
import type { Kept, Step } from '../code/lifecycle.js';
import { parameterText, pathOf } from '../code/read.js';
import { declaredBuckets } from '../code/retention.js';
import type { View } from '../code/view.js';

const ARCHIVES = ['GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE'];

interface Fault {
  readonly message: string;
  /** Left out for something missing. */
  readonly step?: Step;
}

export function check(view: View): void {
  const declarations = view.parameters['retention'];
  const tolerance = Number(view.parameters['toleranceDays']);
  const buckets = declaredBuckets(view, parameterText(view, 'retentionTag'), declarations, (bucket, name, path) => {
    const message = `the organization declares no retention \`${name}\``;
    view.fail(bucket, { path, message, subject: 'declaration' });
  });
  for (const { bucket, name, kept } of buckets) {
    const { steps, unknowns } = lifecycleOf(view, bucket, parameterText(view, 'ageTag'));
    const path = pathOf(bucket, 'LifecycleConfiguration');
    if (unknowns.length > 0) {
      view.open(bucket, path, unknowns);
      continue;
    }
    const faults = [...endFaults(kept, steps, tolerance), ...tierFaults(kept, steps, tolerance)];
    for (const { message, step } of faults) {
      const place = step === undefined ? { path, missing: true } : { path: step.path };
      view.fail(bucket, { ...place, message: `${message} (\`${name}\`)`, subject: message });
    }
    if (faults.length === 0) view.pass(bucket);
  }
}

/** When data is deleted. */
function endFaults({ minYears, expireDays }: Kept, steps: readonly Step[], tolerance: number): readonly Fault[] {
  const ends = steps.filter(({ storageClass }) => storageClass === undefined);
  const earliest = minYears === undefined ? expireDays : daysOfYears(minYears);
  if (earliest === undefined) return [];
  const latest = expireDays === undefined ? Infinity : Math.max(expireDays, earliest) + tolerance;
  const faults: Fault[] = [];
  for (const step of ends) {
    const { days } = step;
    if (days === undefined) {
      faults.push({ step, message: 'objects are deleted at a date, whatever their age' });
    } else if (days < earliest) {
      faults.push({ step, message: `objects are deleted after ${days} days, and must be kept for ${earliest}` });
    } else if (days > latest) {
      faults.push({ step, message: `objects are deleted after ${days} days only, and must be after ${latest}` });
    }
  }
  if (!ends.some(({ isForAll }) => isForAll)) {
    faults.push({ message: `no enabled rule for all objects deletes them, which is due after ${earliest} days` });
  }
  return faults;
}

/** When data moves to other classes. */
function tierFaults({ minYears, tiers = [] }: Kept, steps: readonly Step[], tolerance: number): readonly Fault[] {
  const faults: Fault[] = [];
  for (const step of steps.filter(({ storageClass }) => storageClass === 'INTELLIGENT_TIERING')) {
    if (minYears === undefined && tiers.length === 0) continue;
    faults.push({ step, message: 'with `INTELLIGENT_TIERING` use decides on the class, where age must' });
  }
  if (minYears !== undefined && !steps.some((step) => isArchive(step) && step.isForAll)) {
    faults.push({ message: `no enabled rule for all objects archives them in ${ARCHIVES.join(', ')}` });
  }
  for (const { storageClass, afterMonths } of tiers) {
    const due = daysOfMonths(afterMonths);
    const moves = steps.filter((step) => step.storageClass === storageClass);
    for (const step of moves) {
      const { days } = step;
      if (days !== undefined && Math.abs(days - due) <= tolerance) continue;
      const when = days === undefined ? 'at a date' : `after ${days} days`;
      const message = `objects move to \`${storageClass}\` ${when}; ${afterMonths} months are ${due} days`;
      faults.push({ step, message });
    }
    if (!moves.some(({ isForAll }) => isForAll)) {
      faults.push({ message: `no enabled rule for all objects moves them to \`${storageClass}\` after ${due} days` });
    }
  }
  return faults;
}

function isArchive({ storageClass }: Step): boolean {
  return storageClass !== undefined && ARCHIVES.includes(storageClass);
}
