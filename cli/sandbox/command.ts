/** `stackade sandbox start`: an embedded organization on a port of this machine. */
import { isIP } from 'node:net';
import { Option, type Command } from 'commander';
import { visible } from '../../findings/index.js';
import { readOrganization } from '../../organization/index.js';
import type { Organization } from '../../organization/index.js';
import { seedOrganization, startSandbox, StateFileError } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { readOrganizationFile } from '../org/command.js';
import { processTerminal, type Terminal } from '../terminal.js';

interface Flags {
  readonly port: string;
  readonly seed?: string;
  readonly account?: string;
  readonly throttle?: boolean;
  readonly directory?: string;
  readonly sourceIp?: string;
  readonly verbose?: boolean;
  readonly format: string;
}

/** What is there without a seed: a management account and one member account. */
const SMALL = `version: 1
organization: { managementAccount: '111111111111', homeRegion: us-east-1 }
root:
  accounts: [{ id: '111111111111', name: management }]
  units:
    - { name: Workloads, accounts: [{ id: '222222222222', name: workload }] }
`;

/** Adds `stackade sandbox`. Exit code: 0 when it was stopped, 2 for bad input or a port that is taken. */
export function registerSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('an embedded organization that answers AWS SDKs and CLIs')
    .command('start')
    .description(
      'serves AWS Organizations, IAM, STS, S3 and CloudFormation on the loopback interface until it is stopped',
    )
    .option('--port <number>', 'port to listen on; 0 for one that is free', '0')
    .option('--seed <file>', 'description of the organization to begin with (org.yaml)')
    .option('--account <id>', 'whose administrator the printed credentials are (default: the management account)')
    .option('--directory <folder>', 'keep the state there, and go on from it')
    .option('--source-ip <address>', 'what aws:SourceIp tells of requests (default: 127.0.0.1)')
    .option('--throttle', 'take no more calls a second than AWS does')
    .option('--verbose', 'tell each call')
    .addOption(
      new Option('--format <format>', 'how to print endpoint and credentials')
        .choices(['shell', 'json'])
        .default('shell'),
    )
    .action(async (flags: Flags) => {
      process.exitCode = await runStart(flags, processTerminal());
    });
}

/** Serves until the process is asked to stop. @returns The exit code. */
export async function runStart(flags: Flags, terminal: Terminal): Promise<number> {
  try {
    const organization = flags.seed === undefined ? small() : readOrganizationFile(flags.seed, terminal);
    const sandbox = await start(organization, flags, terminal);
    try {
      terminal.print(connection(sandbox, flags, organization));
      terminal.tell('stop it with Ctrl+C; nothing is kept then\n');
      await untilStopped();
      return CLEAN;
    } finally {
      await sandbox.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function small(): Organization {
  const { organization } = readOrganization(SMALL, 'small organization');
  if (organization === null) throw new Error('the small organization has a fault');
  return organization;
}

async function start(organization: Organization, flags: Flags, terminal: Terminal): Promise<Sandbox> {
  const port = Number(flags.port);
  if (flags.port.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InputError([badOption('--port', `\`${flags.port}\` is no port`, 'a number from 0 to 65535')]);
  }
  if (flags.sourceIp !== undefined && isIP(flags.sourceIp) === 0) {
    throw new InputError([badOption('--source-ip', `\`${flags.sourceIp}\` is no address`, 'such as 192.0.2.1')]);
  }
  try {
    return await startSandbox({
      organization: seedOrganization(organization, Date.now()),
      port,
      throttle: flags.throttle === true,
      ...(flags.directory !== undefined && { directory: flags.directory }),
      ...(flags.sourceIp !== undefined && { sourceIp: flags.sourceIp }),
      ...(flags.verbose === true && {
        log: ({ operation, account, result }) => {
          terminal.tell(visible(`${account ?? 'nobody'} ${operation}: ${result}`) + '\n');
        },
      }),
    });
  } catch (error) {
    if (error instanceof StateFileError) {
      throw new InputError([badOption('--directory', error.message, 'one folder holds one sandbox')]);
    }
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'listen' && flags.directory !== undefined && code !== undefined) {
      const message = `\`${flags.directory}\` cannot be used: ${code}`;
      throw new InputError([badOption('--directory', message, 'name a folder that can be written')]);
    }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used' : 'is taken';
    throw new InputError([badOption('--port', `the port ${port} ${why}`, 'name another, or leave --port out')]);
  }
}

function connection(
  sandbox: Sandbox,
  { account, format }: Flags,
  { managementAccount, homeRegion }: Organization,
): string {
  const id = account ?? managementAccount;
  if (!sandbox.state.organization.accounts.has(id)) {
    throw new InputError([badOption('--account', `the organization has no account \`${id}\``, 'name one of the seed')]);
  }
  const { accessKeyId, secretAccessKey } = sandbox.credentials(id);
  const variables = {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // Where `stackade` has the organization's stack sets as well.
    AWS_REGION: homeRegion,
    AWS_DEFAULT_REGION: homeRegion,
  };
  if (format === 'json') return `${JSON.stringify(variables)}\n`;
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  return `${[...lines, 'unset AWS_SESSION_TOKEN AWS_PROFILE'].join('\n')}\n`;
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}
