/** Open findings over several scans, as a drawing that stands in the page. */
import type { Severity } from '../../../findings/index.js';
import { openCount, type ScanCounts } from '../counts.js';
import { counted, number } from './document.js';
import { markup, type Markup } from './markup.js';
import { dayText, timeText } from './parts.js';

const [WIDTH, HEIGHT] = [880, 240];
const [RIGHT, TOP, BOTTOM] = [16, 12, 28];
/** Room for one character of a number, in the larger letters of small screens too. */
const DIGIT = 13;
const LAYERS: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * Draws counts by their times, errors below, warnings and infos above them.
 *
 * @param history - Sorted by `started`; at least two, because one place makes no line.
 */
export function trend(history: readonly ScanCounts[]): Markup {
  const times = history.map(({ started }) => Date.parse(started));
  const [first, last] = [times[0]!, times.at(-1)!];
  const most = niceCeiling(Math.max(...history.map(openCount), 1));
  const left = Math.max(52, 12 + DIGIT * number(most).length);
  const x = (time: number): number => left + ((WIDTH - left - RIGHT) * (time - first)) / Math.max(last - first, 1);
  const y = (count: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * count) / most;
  const levels = layers(history);
  const areas = LAYERS.map((severity, layer) => {
    const over = levels[layer + 1]!.map((count, at) => point(x(times[at]!), y(count)));
    const under = levels[layer]!.map((count, at) => point(x(times[at]!), y(count))).reverse();
    return markup`<path class="area-${severity}" d="M${[...over, ...under].join('L')}Z" /><path
        class="line-${severity}"
        d="M${over.join('L')}"
      />`;
  });
  const dots = history.map((counts, at) => {
    const told = `${timeText(counts.started)}: ${LAYERS.map((severity) => counted(counts.bySeverity[severity], severity)).join(', ')}`;
    return markup`<circle cx="${x(times[at]!).toFixed(1)}" cy="${y(openCount(counts)).toFixed(1)}" r="3"
      ><title>${told}</title></circle
    >`;
  });
  const grid = [0, most / 2, most].map(
    (count) =>
      markup`<line
          class="grid"
          x1="${left}"
          x2="${WIDTH - RIGHT}"
          y1="${y(count).toFixed(1)}"
          y2="${y(count).toFixed(1)}"
        /><text class="axis end" x="${left - 8}" y="${(y(count) + 4).toFixed(1)}">${number(count)}</text>`,
  );
  const days = dayLabels(times, x).map(
    ({ at, text, anchor }) =>
      markup`<text class="axis ${anchor}" x="${at.toFixed(1)}" y="${HEIGHT - 8}">${text}</text>`,
  );
  const told = `Open findings of ${counted(history.length, 'scan')}, from ${number(openCount(history[0]!))} to ${number(openCount(history.at(-1)!))}`;
  const keys = LAYERS.map((severity) => markup`<span class="key key-${severity}">${severity}</span>`);
  return markup`<figure class="trend">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${told}">${grid}${areas}${dots}${days}</svg>
    <figcaption>${keys}</figcaption>
  </figure>`;
}

/** The heights between which the layers lie: zero, errors, errors and warnings, all. */
function layers(history: readonly ScanCounts[]): readonly (readonly number[])[] {
  let below = history.map(() => 0);
  const levels = [below];
  for (const severity of LAYERS) {
    below = below.map((count, at) => count + history[at]!.bySeverity[severity]);
    levels.push(below);
  }
  return levels;
}

function point(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** The next round number above whose half is round as well: 2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 50 … */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = power === 1 ? [2, 4, 6, 8, 10] : [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10];
  return steps.map((step) => Math.round(step * power)).find((round) => round >= value)!;
}

interface DayLabel {
  readonly at: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Days below the axis, so far apart that they do not meet. */
function dayLabels(times: readonly number[], x: (time: number) => number): DayLabel[] {
  const labels: DayLabel[] = [];
  for (const [position, time] of times.entries()) {
    const isLast = position === times.length - 1;
    const at = x(time);
    if (!isLast && (at > WIDTH - RIGHT - 80 || at - (labels.at(-1)?.at ?? -100) < 80)) continue;
    const date = new Date(time);
    const anchor = position === 0 ? 'start' : isLast ? 'end' : 'middle';
    labels.push({ at, text: dayText(date.getUTCDate(), date.getUTCMonth() + 1), anchor });
  }
  return labels;
}
