/**
 * Keeps the state of a sandbox in a folder: one file, replaced as a whole, so that a process that dies leaves the old or
 * the new state and nothing between.
 */
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxState } from './state.js';

const FILE = 'sandbox-state.json';
const VERSION = 1;

/** What the folder keeps is not the state of a sandbox. */
export class StateFileError extends Error {}

export class Keeper {
  private readonly file: string;
  private writing: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  /** @throws the error of the system when the folder cannot be made. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.file = join(directory, FILE);
  }

  /** What was kept; `null` in a new folder. @throws StateFileError when the file is no state of a sandbox. */
  read(): SandboxState | null {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    const broken = (what: string): StateFileError =>
      new StateFileError(`${this.file} ${what}; take another folder, or remove the file to begin anew`);
    let kept: { readonly version?: unknown; readonly state?: SandboxState } | null;
    try {
      kept = JSON.parse(text, revived) as typeof kept;
    } catch {
      throw broken('is no JSON');
    }
    if (typeof kept !== 'object' || kept?.version !== VERSION) throw broken('is not of this version of the sandbox');
    const { state } = kept;
    const isWhole =
      state?.accessKeys instanceof Map &&
      state.parts instanceof Map &&
      (state.organization as { readonly accounts?: unknown } | undefined)?.accounts instanceof Map;
    if (!isWhole) throw broken('is not the state of a sandbox');
    return state;
  }

  /** Ends when what the state is now is on disk. Calls that come while it is written share the next writing. */
  write(state: SandboxState): Promise<void> {
    if (this.writing === null) {
      this.writing = this.replace(state).finally(() => {
        this.writing = null;
      });
      return this.writing;
    }
    this.next ??= this.writing
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.write(state);
      });
    return this.next;
  }

  private async replace(state: SandboxState): Promise<void> {
    const text = JSON.stringify({ version: VERSION, state }, written);
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      // Secrets of access keys are in it.
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      renameSync(temporary, this.file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }
}

/** JSON has no maps, sets and bytes; they are written as maps of one key. */
function written(this: unknown, key: string, value: unknown): unknown {
  // Buffers turn themselves into something else before they come here.
  const own = (this as Readonly<Record<string, unknown>>)[key];
  if (own instanceof Uint8Array) return { $bytes: Buffer.from(own).toString('base64') };
  if (value instanceof Map) return { $map: [...value] };
  if (value instanceof Set) return { $set: [...value] };
  return value;
}

function revived(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length !== 1) return value;
  const { $map, $set, $bytes } = value as { $map?: unknown; $set?: unknown; $bytes?: unknown };
  if (Array.isArray($map)) return new Map($map as [unknown, unknown][]);
  if (Array.isArray($set)) return new Set($set);
  return typeof $bytes === 'string' ? Buffer.from($bytes, 'base64') : value;
}
