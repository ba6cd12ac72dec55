/** `stackade hook upload`: brings what a package consists of to the buckets, by the release role. */
import { Option, type Command } from 'commander';
import { visible } from '../../findings/index.js';
import { calling } from '../aws/connect.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readPackageFolder } from './package-folder.js';
import { openRelease, verified } from './release.js';

export interface UploadFlags {
  readonly format: 'pretty' | 'json';
}

/** Adds `upload` to `hook`. Exit code: 0 everything is there, 1 stopped half-way, 2 nothing was written. */
export function registerUpload(parent: Command): void {
  parent
    .command('upload')
    .description('brings a package to the buckets of packages, by the release role; never over what is there (AWS)')
    .argument('<folder>', 'what `stackade hook package` has written')
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'))
    .action(async (folder: string, flags: UploadFlags) => {
      process.exitCode = await runUpload(folder, flags, processTerminal());
    });
}

interface Uploaded {
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** `false`: the same content was there already. */
  readonly isNew: boolean;
}

/** @returns The exit code; what the user can mend has been told then. */
export async function runUpload(folder: string, { format }: UploadFlags, terminal: Terminal): Promise<number> {
  const done: Uploaded[] = [];
  try {
    const packaged = readPackageFolder(folder, terminal.cwd);
    const session = await openRelease(packaged);
    try {
      for (const bucket of session.buckets) {
        const { region, name, client } = bucket;
        for (const { key, sha256, content, regions } of packaged.assets) {
          if (!regions.includes(region)) continue;
          const isNew = await calling(`\`s3://${name}/${key}\` cannot be written`, () => client.create(key, content));
          // What is there counts, and not what was sent: also of an object that an earlier run has put there.
          const { versionId } = await verified(bucket, key, sha256);
          done.push({ region, bucket: name, key, versionId, isNew });
        }
      }
    } finally {
      session.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    const written = done.filter(({ isNew }) => isNew).length;
    if (written === 0) return BAD_INPUT;
    terminal.tell(`${written} objects were written before; run the command again when that is mended\n`);
    return FINDINGS;
  }
  terminal.print(format === 'json' ? `${JSON.stringify({ version: 1, objects: done }, null, 2)}\n` : asText(done));
  return CLEAN;
}

function asText(done: readonly Uploaded[]): string {
  const lines = [...new Set(done.map(({ bucket }) => bucket))].map((bucket) => {
    const here = done.filter((each) => each.bucket === bucket);
    const fresh = here.filter(({ isNew }) => isNew).length;
    return `${visible(bucket)}: ${fresh} written, ${here.length - fresh} there already, ${here.length} as packaged`;
  });
  return `${lines.join('\n')}\n`;
}
