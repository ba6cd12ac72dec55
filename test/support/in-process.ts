/** Commands in this process, against a sandbox. */
import type { Terminal } from '../../cli/terminal.js';
import type { Sandbox } from '../../sandbox/index.js';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a function of the command. @param cwd - The folder of the terminal; that of the process stays. */
export async function runAt(
  cwd: string,
  command: (terminal: Terminal) => number | Promise<number>,
  env: Readonly<Record<string, string>> = { NO_COLOR: '1' },
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const terminal: Terminal = {
    cwd,
    env,
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: (text) => (stdout += text),
    tell: (text) => (stderr += text),
  };
  const exitCode = await command(terminal);
  return { exitCode, stdout, stderr };
}

/**
 * Runs a command as if it were a process of its own. The variables of the process are those given while it runs, since the
 * SDK reads them there, and so is its folder, which the reader of descriptions goes by.
 */
export async function runInProcess(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  command: (terminal: Terminal) => number | Promise<number>,
): Promise<Ran> {
  const before = { env: process.env, cwd: process.cwd() };
  process.env = { PATH: before.env['PATH'], ...environment };
  process.chdir(cwd);
  try {
    return await runAt(cwd, command);
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
  }
}

/** Variables by which the SDK calls a sandbox with the credentials of an account. */
export function variablesOf(sandbox: Sandbox, account: string): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = sandbox.credentials(account);
  return {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
