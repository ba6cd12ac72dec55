/** Every case of every rule on live resources beside `check`: `npm run fuzz -- live-rules`. */
import { compareAll, disagreements, EXPECTED } from '../analyzers/checks/agreement.js';

const compared = await compareAll(Infinity);
const wrong = disagreements(compared);
const unexpected = wrong.filter(({ rule, name }) => !Object.hasOwn(EXPECTED, `${rule}: ${name}`));
const stale = Object.keys(EXPECTED).filter((key) => !wrong.some(({ rule, name }) => `${rule}: ${name}` === key));
for (const one of unexpected) console.log(JSON.stringify(one));
for (const key of stale) console.log(`agrees by now: ${key}`);
console.log(`${compared.length} cases, ${unexpected.length} judged otherwise without a reason`);
if (unexpected.length + stale.length > 0) process.exitCode = 1;
