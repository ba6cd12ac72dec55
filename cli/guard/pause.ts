/** Waits a moment without giving up the thread: for descriptors that are not ready to be read or written. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
