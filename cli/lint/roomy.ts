/**
 * Room for a library in WebAssembly before it asks for it. Its memory grows by pieces of 64 KB, and each time V8 counts
 * the whole memory as new and collects garbage: hundreds of times while the library starts, which takes longer than all
 * that it does.
 */

/** What modules of wasm-bindgen export for those who hand them data. */
interface Allocator {
  readonly __wbindgen_malloc?: unknown;
  readonly __wbindgen_free?: unknown;
}

/** The part of WebAssembly's interface that is looked into. Node's types do not have it. */
interface Engine {
  Instance: new (module: unknown, imports?: unknown) => { readonly exports: object };
}

const MEGABYTE = 1024 * 1024;

/**
 * Loads a library, and lets each WebAssembly module that it makes meanwhile take memory at once and put it aside. Modules
 * without an allocator of wasm-bindgen are left as they are. Memory that nobody writes to costs nothing.
 *
 * @param megabytes - How much each module takes.
 * @returns What `load` returns.
 */
export function withRoom<T>(megabytes: number, load: () => T): T {
  const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  const { Instance } = engine;
  const Roomy = class extends Instance {
    constructor(...all: ConstructorParameters<typeof Instance>) {
      super(...all);
      const { __wbindgen_malloc: take, __wbindgen_free: give } = this.exports as Allocator;
      if (typeof take !== 'function' || typeof give !== 'function') return;
      const size = megabytes * MEGABYTE;
      const place = (take as (size: number, alignment: number) => number)(size, 1);
      if (place !== 0) (give as (place: number, size: number, alignment: number) => void)(place, size, 1);
    }
  };
  engine.Instance = Roomy;
  try {
    return load();
  } finally {
    engine.Instance = Instance;
  }
}
