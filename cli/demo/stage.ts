/** Where the demo plays: a sandbox, a folder, the built command as a process of its own, and clients of AWS. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { visibleLines } from '../../findings/index.js';
import { readOrganization } from '../../organization/index.js';
import { seedOrganization, startSandbox, type Sandbox } from '../../sandbox/index.js';
import type { Terminal } from '../terminal.js';
import { FILES, REGION } from './organization.js';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Something went another way than the story says. */
export class StoryError extends Error {}

/** What a command gave. */
export interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Stage {
  private constructor(
    readonly sandbox: Sandbox,
    readonly folder: string,
    private readonly main: string,
    private readonly terminal: Terminal,
  ) {}

  /** @param main - The file of the built command. */
  static async open(main: string, terminal: Terminal): Promise<Stage> {
    const { organization } = readOrganization(FILES['seed.yaml'] ?? '', 'seed.yaml');
    if (organization === null) throw new Error('the description of the demo has a fault');
    const folder = mkdtempSync(join(tmpdir(), 'stackade-demo-'));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    const sandbox = await startSandbox({ organization: seedOrganization(organization, Date.now()) });
    return new Stage(sandbox, folder, main, terminal);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Prints a heading. */
  chapter(title: string): void {
    this.terminal.print(`\n== ${title}\n`);
  }

  /** Prints what somebody does and what came of it. */
  say(text: string): void {
    for (const line of visibleLines(text)) this.terminal.print(`   ${line}\n`);
  }

  /** @throws StoryError when something is not as the story says. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) throw new StoryError(otherwise);
  }

  /** Settings of a client of the SDK. */
  client(keys: Keys, region = REGION): { region: string; endpoint: string; credentials: Keys; maxAttempts: number } {
    return { region, endpoint: this.sandbox.url, credentials: keys, maxAttempts: 3 };
  }

  /**
   * Runs `stackade` in the folder and shows the command.
   *
   * @throws StoryError when it does not end with `wanted`.
   */
  async stackade(keys: Keys, args: readonly string[], wanted = 0): Promise<Done> {
    this.terminal.print(`   $ stackade ${args.join(' ')}\n`);
    const { PATH, HOME } = process.env;
    const env = {
      PATH,
      HOME,
      NO_COLOR: '1',
      AWS_ENDPOINT_URL: this.sandbox.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
    };
    const child = spawn(process.execPath, [this.main, ...args], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    this.expect(code === wanted, `\`stackade ${args.join(' ')}\` ended with ${String(code)}:\n${stdout}${stderr}`);
    return { code, stdout, stderr };
  }
}
