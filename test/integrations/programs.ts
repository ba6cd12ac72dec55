/** Programs that scripts of the integrations start, in a folder that goes before all others in the search path. */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import type { SpawnSyncOptions } from 'node:child_process';
import { dirname, join } from 'node:path';
import { writeCommand } from '../support/quick-command.js';

export const GOOD =
  'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      KmsMasterKeyId: alias/topics\n';
export const BAD = 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n';

const made: string[] = [];

/** An empty folder; {@link removeFolders} removes it. */
export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stackade-integrations-')));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Folder with programs, and a file that lists how those of {@link Programs.recorded} were started. */
export class Programs {
  readonly bin: string;
  private readonly log: string;

  constructor(readonly folder: string) {
    this.bin = join(folder, 'bin');
    this.log = join(folder, 'started');
    mkdirSync(this.bin);
    writeFileSync(this.log, '');
  }

  write(name: string, script: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** A program that notes its arguments and then does what the script says. */
  recorded(name: string, script = ''): void {
    this.write(
      name,
      `for each in ${name} "$@"; do printf '%s\\0' "$each"; done >> '${this.log}'\nprintf '\\n' >> '${this.log}'\n${script}`,
    );
  }

  /** `node …/main.js` is the built command in a process that is there already; `node -e` is Node.js. */
  stackadeByNode(): void {
    writeCommand(join(this.bin, 'stackade'));
    this.write(
      'node',
      `[ "$1" = -e ] && exec '${process.execPath}' "$@"\nshift\nexec '${join(this.bin, 'stackade')}' "$@"`,
    );
  }

  /** How recorded programs were started: name and arguments. */
  started(): readonly (readonly string[])[] {
    const text = readFileSync(this.log, 'utf8');
    return text
      .split('\0\n')
      .slice(0, -1)
      .map((line) => line.split('\0'));
  }

  /** The variables of a process that finds the programs first. */
  env(): Readonly<Record<string, string>> {
    const { PATH = '', HOME = '' } = process.env;
    return { PATH: `${this.bin}:${PATH}`, HOME };
  }
}

/** Streams of a process as files: a command that another process runs opens them anew, which pipes do not allow. */
export function toFiles(folder: string): {
  readonly options: SpawnSyncOptions;
  readonly read: () => { readonly stdout: string; readonly stderr: string };
} {
  const [out, error] = [join(folder, 'stdout'), join(folder, 'stderr')];
  const descriptors = [openSync(out, 'a'), openSync(error, 'a')];
  return {
    options: { stdio: ['ignore', ...descriptors], timeout: 60_000 },
    read: () => {
      descriptors.forEach(closeSync);
      return { stdout: readFileSync(out, 'utf8'), stderr: readFileSync(error, 'utf8') };
    },
  };
}
