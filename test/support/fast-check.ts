/**
 * fast-check as suites get it (jest.config.mjs puts it in place of the package): every run draws the same cases, so that a
 * commit is either good or not. `STACKADE_SEED=42` draws others; hunts (`npm run fuzz`) have seeds of their own.
 */
import * as fastCheck from '../../node_modules/fast-check/lib/cjs/fast-check.js';

fastCheck.configureGlobal({ seed: Number(process.env['STACKADE_SEED'] ?? 20_261_121) });

export default fastCheck;
