/* global setTimeout, setInterval */
/** Stands in for the lint's worker thread; does what the text of a file says. */
import { appendFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

function respond({ id, text }) {
  const report = (status, diagnostics, incomplete = []) => {
    parentPort.postMessage({ kind: 'report', id, report: { status, diagnostics, incomplete } });
  };
  const failed = () => {
    parentPort.postMessage({ kind: 'failed', id, reason: 'RuntimeError: unreachable' });
  };
  if (text === 'throw') failed();
  else if (text === 'exit') process.exit(3);
  else if (text === 'uncaught') throw new Error('on its own');
  else if (text === 'memory') for (const all = []; ;) all.push(new Array(100_000).fill(all.length));
  else if (text === 'panic') {
    process.stderr.write('panicked at src/lib.rs:1:\nindex out of bounds\n', () => setTimeout(failed, 50));
  } else if (text === 'incomplete') report('ANALYSIS_INCOMPLETE', [], ['too many conditions']);
  else if (text.startsWith('debug')) {
    report('OK', [
      { ruleId: 'D0001', severity: 'DEBUG', message: 'x' },
      // The eleventh to seventeenth byte of the line are `é😀`, the next is `x`.
      { ruleId: 'F1101', severity: 'FATAL', message: 'x', startLine: 1, startColumn: 17, endLine: 1, endColumn: 18 },
    ]);
  } else if (text !== 'hang') report('OK', [{ ruleId: 'F0001', severity: 'FATAL', message: 'no resources' }]);
}

if (workerData.region === 'fails-to-load') {
  parentPort.postMessage({ kind: 'failed', id: null, reason: 'Error: no such library' });
} else if (workerData.region?.startsWith('never-ready:')) {
  // Who asked counts how often it was tried.
  appendFileSync(workerData.region.slice('never-ready:'.length), 'started\n');
  setInterval(() => undefined, 1000);
} else {
  parentPort.on('message', respond);
  parentPort.postMessage({ kind: 'ready' });
}
