/** `node bench/iam-prove.mjs`: the prover over bench/corpus/iam, with correctness first. Exits 1 when a verdict is wrong. */
process.argv.splice(2, 0, 'bench/iam-prove-run.mts');
await import('../test/support/run.mjs');
