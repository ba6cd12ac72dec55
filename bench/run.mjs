/** `npm run bench`, or some of the benches by their titles: `node bench/run.mjs Reading Conditions`. */
process.argv.splice(2, 0, 'bench/bench.mts');
await import('../test/support/run.mjs');
