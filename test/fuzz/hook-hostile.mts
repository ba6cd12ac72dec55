/**
 * Addresses and servers that mean ill, and what the hook answers: `npm run fuzz -- hook-hostile [--addresses 200000]
 * [--replies 5000]`.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { ADDRESSES, atAddress, isOfS3, isWhole, REPLIES, Servers } from '../hooks/handler/hostile.js';

const { values } = parseArgs({
  options: {
    addresses: { type: 'string', default: '200000' },
    replies: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now()) },
  },
});
const seed = Number(values.seed);
let wrong = 0;
const tell = (what: object): void => {
  wrong += 1;
  console.log(JSON.stringify(what));
};

for (const address of fc.sample(ADDRESSES, { numRuns: Number(values.addresses), seed })) {
  const { answer, asked } = await atAddress(address);
  const isForeign = asked.some(
    ({ protocol, hostname, port }) => protocol !== 'https:' || port !== '' || !isOfS3(hostname),
  );
  if (isForeign || (asked.length === 0 && answer.errorCode !== 'InternalFailure')) tell({ address, asked, answer });
}

const servers = new Servers();
await servers.open();
const replies = fc.sample(REPLIES, { numRuns: Number(values.replies), seed });
for (let at = 0; at < replies.length; at += 100) {
  const some = replies.slice(at, at + 100);
  for (const [index, answer] of (await Promise.all(some.map((reply) => servers.ask(reply)))).entries()) {
    const reply = some[index]!;
    if (isWhole(reply) ? answer.hookStatus !== 'SUCCESS' : answer.errorCode !== 'InternalFailure') {
      tell({ reply, answer });
    }
  }
}
if (servers.strayed > 0) tell({ strayed: servers.strayed });
servers.close();
console.log(
  `${values.addresses} addresses and ${values.replies} replies (--seed ${seed}): ${wrong === 0 ? 'nothing was let in' : `${wrong} to look at`}`,
);
if (wrong > 0) process.exitCode = 1;
