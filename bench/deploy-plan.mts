/** `stackade deploy plan` and `deploy status` for a large organization: whole processes against a sandbox that has it all. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { readOrganization } from '../organization/index.js';
import { seedOrganization, startSandbox } from '../sandbox/index.js';
import { repositoryRoot } from '../test/support/repository.js';
import { run } from './processes.mjs';
import type { Row } from './report.mjs';

const ACCOUNTS = 3_000;
const UNITS = 30;
const REGIONS = ['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-3'];
const MANAGEMENT = '111111111111';

function description(): string {
  const units = Array.from({ length: UNITS }, (_, unit) => {
    const accounts = Array.from({ length: ACCOUNTS / UNITS }, (__, index) => {
      const number = unit * (ACCOUNTS / UNITS) + index;
      return `{ id: '${200_000_000_000 + number}', name: a${number} }`;
    });
    return `{ name: Unit${unit}, id: ou-ab12-unit${String(unit).padStart(4, '0')}, accounts: [${accounts.join(', ')}] }`;
  });
  return `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '${MANAGEMENT}'
  homeRegion: ${REGIONS[0]}
  governedRegions: [${REGIONS.join(', ')}]
root:
  id: r-ab12
  accounts: [{ id: '${MANAGEMENT}', name: management }]
  units: [{ name: Workloads, id: ou-ab12-workload, units: [${units.join(', ')}] }]
`;
}

const ROLLOUTS = `version: 1
rollouts:
  topic:
    template: topic.yaml
    parameters: { Name: one }
    rings: { all: { targets: [/Workloads] } }
    preferences: { maxConcurrent: 100%, concurrency: soft }
`;
const TEMPLATE = `Parameters: { Name: { Type: String } }
Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } } }
`;

/** Rows about plans. */
export async function deployPlans(): Promise<Row[]> {
  const { organization } = readOrganization(description(), 'org.yaml');
  if (organization === null) throw new Error('the description is not well formed');
  const folder = mkdtempSync(join(tmpdir(), 'stackade-bench-'));
  const sandbox = await startSandbox({ organization: seedOrganization(organization, Date.now()) });
  const by = new CloudFormation({
    endpoint: sandbox.url,
    region: REGIONS[0]!,
    credentials: sandbox.credentials(MANAGEMENT),
  });
  try {
    for (const [name, text] of [
      ['org.yaml', description()],
      ['rollouts.yaml', ROLLOUTS],
      ['topic.yaml', TEMPLATE],
    ] as const) {
      writeFileSync(join(folder, name), text);
    }
    await by.activateOrganizationsAccess({});
    const { accessKeyId, secretAccessKey } = sandbox.credentials(MANAGEMENT);
    const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');
    const keys = `AWS_ENDPOINT_URL=${sandbox.url} AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
    const deploy = (args: string): ReturnType<typeof run> => {
      const script = `cd '${folder}' && exec env ${keys} '${process.execPath}' '${main}' deploy ${args} --config org.yaml`;
      return run('sh', ['-c', script], join(folder, 'output'));
    };
    const size = `${ACCOUNTS} accounts in ${UNITS} units × ${REGIONS.length} Regions`;
    const row = async (what: string, args: string, goal: string, wanted: number): Promise<Row> => {
      const { exitCode, seconds, peakMegabytes = 0 } = await deploy(args);
      if (exitCode !== wanted) throw new Error(`deploy ${args} ended with ${String(exitCode)}`);
      return { what, size, result: `**${seconds.toFixed(1)} s**, ${peakMegabytes.toFixed(0)} MB at most`, goal };
    };
    const GOAL = 'under 10 s, under 300 MB';
    const rows = [await row('`deploy plan` of a rollout that is not there yet, process and sandbox', 'plan', GOAL, 1)];
    const { exitCode } = await deploy('apply');
    if (exitCode !== 0) throw new Error(`the rollout ended with ${String(exitCode)}`);
    rows.push(
      await row('`deploy plan` of a rollout that is in force everywhere', 'plan', GOAL, 0),
      await row('`deploy status` of the same', 'status', '–', 0),
    );
    return rows;
  } finally {
    by.destroy();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
