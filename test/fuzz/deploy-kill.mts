/**
 * `kill -9` at every call of `stackade deploy apply`: a process of its own against a sandbox is killed when the sandbox has
 * answered its n-th call, for every n; then another goes on with `--resume`. What is there afterwards has to be what a run
 * leaves that nobody killed.
 *
 *     npm run build && npm run fuzz -- deploy-kill [--from 1] [--to N] [--step 1]
 *
 * Exits 1 with the first call after which the two differ.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import { stackSetsClient } from '../../stacksets/index.js';
import { DECLARATION_TEXT, organizationOf, ORGANIZATION_TEXT, TEMPLATE_TEXT } from '../stacksets/scenario.js';

const { values } = parseArgs({
  options: { from: { type: 'string' }, to: { type: 'string' }, step: { type: 'string' } },
});
/** The hooks, behind a rollout that they depend on. */
const ROLLOUTS = `${DECLARATION_TEXT.replace('    rings:', '    dependsOn: [base]\n    rings:')}  base:
    template: base.yaml
    rings: { canary: { targets: [/Sandbox] }, production: { targets: [/Workloads] } }
`;
const BASE = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }\n';

// The script is bundled into node_modules/.cache/stackade.
const command = fileURLToPath(new URL('../../../dist/bin/main.js', import.meta.url));

interface Left {
  readonly calls: number;
  readonly wasKilled: boolean;
  readonly state: unknown;
}

/** A whole rollout. @param killedAt - The call behind which the first process is killed; 0 for none. */
async function rollOut(killedAt: number): Promise<Left> {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-kill-'));
  let calls = 0;
  let watch = (): void => undefined;
  const sandbox = await startSandbox({
    organization: seedOrganization(organizationOf(), Date.now()),
    log: () => {
      calls += 1;
      watch();
    },
  });
  try {
    const files = {
      ...{ 'org.yaml': ORGANIZATION_TEXT, 'rollouts.yaml': ROLLOUTS },
      ...{ 'hooks.yaml': TEMPLATE_TEXT, 'base.yaml': BASE },
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const client = await stackSetsClient({
      region: 'eu-central-1',
      callAs: 'SELF',
      endpoint: sandbox.url,
      credentials: sandbox.credentials('111111111111'),
    });
    await client.activateOrganizationsAccess();
    const { accessKeyId, secretAccessKey } = sandbox.credentials('222222222222');
    const apply = (kill: boolean): Promise<number | null> => {
      const child = spawn(process.execPath, [command, 'deploy', 'apply', '--resume', '--config', 'org.yaml'], {
        cwd: folder,
        stdio: 'ignore',
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          AWS_ENDPOINT_URL: sandbox.url,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
        },
      });
      calls = 0;
      watch = () => {
        if (kill && calls === killedAt) child.kill('SIGKILL');
      };
      return new Promise((resolve) => child.on('close', resolve));
    };
    const first = await apply(killedAt > 0);
    const made = calls;
    const second = first === 0 ? 0 : await apply(false);
    if (second !== 0) throw new Error(`killed behind call ${killedAt}: the second run ended with ${String(second)}`);
    const state = [];
    for (const name of [...(await client.listStackSets())].sort()) {
      const set = (await client.describeStackSet(name))!;
      const instances = await client.listInstances(name);
      const operations = await client.listOperations(name);
      state.push({
        name,
        template: set.template,
        parameters: set.parameters,
        tags: set.tags,
        // ARNs of stack sets are made by chance.
        autoDeployment: {
          ...set.autoDeployment,
          dependsOn: set.autoDeployment.dependsOn.map((arn) => arn.replace(/:[^:]*$/, '')),
        },
        targets: await client.listAutoDeploymentTargets(name),
        instances: instances.map(({ account, region, status, detail }) => [account, region, status, detail]).sort(),
        // Ids are made of what operations do, and how often that was tried: none is begun twice.
        operations: operations
          .map(({ id, action, status }) => [
            set.autoDeployment.dependsOn.length > 0 && action === 'UPDATE' ? 'of ARNs' : id,
            action,
            status,
          ])
          .sort(),
      });
    }
    client.close();
    return { calls: made, wasKilled: first === null, state };
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const whole = await rollOut(0);
const to = Math.min(Number(values.to ?? whole.calls), whole.calls);
const step = Number(values.step ?? 1);
console.log(`${whole.calls} calls; killed behind each from ${values.from ?? 1} to ${to}, every ${step}`);
let killed = 0;
for (let nth = Number(values.from ?? 1); nth <= to; nth += step) {
  const { wasKilled, state } = await rollOut(nth);
  if (wasKilled) killed += 1;
  if (isDeepStrictEqual(state, whole.state)) continue;
  console.error(`killed behind call ${nth}, it ends otherwise:\n${JSON.stringify(state, null, 2)}`);
  process.exit(1);
}
console.log(`killed ${killed} times; each ended as the run that nobody killed`);
