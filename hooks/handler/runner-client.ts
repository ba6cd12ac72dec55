/**
 * Runs the function of a hook in this process as AWS Lambda would: events on standard input, one JSON text a line; answers on
 * standard output, one a line, in the same order; the log of the function on standard error. With `--figures` a line on
 * standard error follows each answer: milliseconds since the process began and for the event, by the clock and of processor time, and the most memory that there was so far.
 */
import { createInterface } from 'node:readline';

/** Milliseconds that the function has for an event, as its timeout in Lambda. */
const TIMEOUT = 25_000;

const print = process.stdout.write.bind(process.stdout);
// What the function prints is its log.
process.stdout.write = process.stderr.write.bind(process.stderr);

const figures = process.argv.includes('--figures');
const limit = Number(process.argv.find((one) => one.startsWith('--timeout='))?.slice('--timeout='.length) ?? TIMEOUT);
const file = './handler.mjs';
const { handler } = (await import(file)) as {
  handler: (
    event: unknown,
    context: { getRemainingTimeInMillis: () => number; awsRequestId: string },
  ) => Promise<unknown>;
};

const processorTime = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

let count = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === '') continue;
  count += 1;
  const started = performance.now();
  const used = process.cpuUsage();
  const context = {
    awsRequestId: `local-${count}`,
    getRemainingTimeInMillis: () => limit - (performance.now() - started),
  };
  const answer = await handler(JSON.parse(line), context);
  print(`${JSON.stringify(answer)}\n`);
  if (figures) {
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const entry = {
      event: 'figures',
      first: count === 1,
      milliseconds: performance.now(),
      eventMilliseconds: performance.now() - started,
      processorMilliseconds: processorTime(process.cpuUsage()),
      eventProcessorMilliseconds: processorTime(process.cpuUsage(used)),
      peakBytes,
    };
    process.stderr.write(`${JSON.stringify(entry)}\n`);
  }
}
