import { withRoom } from '../../../cli/lint/roomy.js';

interface Engine {
  Instance: unknown;
  Module: new (bytes: Uint8Array) => object;
}
type Instance = new (module: object) => { readonly exports: Record<string, unknown> };

const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

/** What was asked of allocators. */
const calls: (readonly number[])[] = [];
const fake = (exports: Record<string, unknown>): Instance =>
  class {
    readonly exports = exports;
  };

/** What `load` sees while the engine is one that makes instances with these exports. */
function load(exports: Record<string, unknown>, work: (Maker: Instance) => unknown): unknown {
  const before = engine.Instance;
  const Maker = fake(exports);
  engine.Instance = Maker;
  calls.length = 0;
  try {
    const result = withRoom(2, () => work(engine.Instance as Instance));
    expect(engine.Instance).toBe(Maker);
    return result;
  } finally {
    engine.Instance = before;
  }
}

const note =
  (result: number) =>
  (...values: readonly number[]): number => {
    calls.push(values);
    return result;
  };

it('takes memory of each module and puts it aside', () => {
  const exports = { __wbindgen_malloc: note(64), __wbindgen_free: note(0) };
  const instance = load(exports, (Maker) => new Maker({}));
  expect(instance).toMatchObject({ exports });
  expect(calls).toStrictEqual([
    [2 * 1024 * 1024, 1],
    [64, 2 * 1024 * 1024, 1],
  ]);
});

it('puts nothing aside that it did not get', () => {
  load({ __wbindgen_malloc: note(0), __wbindgen_free: note(0) }, (Maker) => new Maker({}));
  expect(calls).toHaveLength(1);
});

it('leaves other modules alone', () => {
  expect(load({ __wbindgen_malloc: note(64) }, (Maker) => new Maker({}).exports)).toHaveProperty('__wbindgen_malloc');
  expect(calls).toStrictEqual([]);
});

it('leaves the engine as it was, also when the library does not load', () => {
  const before = engine.Instance;
  expect(() =>
    withRoom(1, () => {
      throw new Error('no such file');
    }),
  ).toThrow('no such file');
  expect(engine.Instance).toBe(before);
});

it('lets real modules run', () => {
  // (module (func (export "f") (result i32) i32.const 7))
  const bytes = Uint8Array.from(
    Buffer.from('0061736d010000000105016000017f03020100070501016600000a0601040041070b', 'hex'),
  );
  const instance = withRoom(1, () => new (engine.Instance as Instance)(new engine.Module(bytes)));
  expect((instance.exports['f'] as () => number)()).toBe(7);
});
