/** The library of the schema lint, `@aws/cloudformation-validate`. */
import { createRequire } from 'node:module';
import type { Engine, EngineConfig } from '@aws/cloudformation-validate';
import { withRoom } from './roomy.js';

/** Megabytes: what the library takes to start, and some for a template. */
const ROOM = 320;

/**
 * Loads the library, nine megabytes of WebAssembly, and starts it.
 *
 * @throws Error when the package is not there or does not start.
 */
export function createEngine(): Engine {
  const load = createRequire(import.meta.url);
  // The package is CommonJS and reads its WebAssembly when it is loaded.
  const { CelEngine } = withRoom(
    ROOM,
    () => load('@aws/cloudformation-validate') as { readonly CelEngine: new (config?: EngineConfig) => Engine },
  );
  return new CelEngine();
}
