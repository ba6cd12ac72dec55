/** A sandbox with AWS CloudFormation, by the AWS SDK; every answer is held to the schemas that ship inside the SDK. */
import * as sdk from '@aws-sdk/client-cloudformation';
import { readOrganization } from '../../../organization/index.js';
import type { Call } from '../../../sandbox/call.js';
import { CLOUDFORMATION } from '../../../sandbox/cloudformation/service.js';
import { ServiceError } from '../../../sandbox/errors.js';
import { seedOrganization, startSandbox } from '../../../sandbox/index.js';
import type { Sandbox } from '../../../sandbox/index.js';
import type { Operation } from '../../../sandbox/service.js';
import { departures } from '../schema.js';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

export const MANAGEMENT = '111111111111';
export const DELEGATE = '222222222222';
export const ROOT = 'r-ab12';
export const APPS = 'ou-ab12-apps0000';
export const SHOP = 'ou-ab12-shop0000';
export const LABS = 'ou-ab12-labs0000';
export const HOME = 'eu-central-1';
export const OTHER = 'eu-west-1';

const ORGANIZATION = `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '${MANAGEMENT}'
  homeRegion: ${HOME}
  delegatedAdministrators:
    member.org.stacksets.cloudformation.amazonaws.com: ['${DELEGATE}']
root:
  id: ${ROOT}
  accounts:
    - { id: '${MANAGEMENT}', name: management }
  units:
    - name: Security
      accounts:
        - { id: '${DELEGATE}', name: governance }
    - name: Apps
      id: ${APPS}
      accounts:
        - { id: '300000000001', name: one }
        - { id: '300000000002', name: two }
        - { id: '300000000003', name: three }
      units:
        - name: Shop
          id: ${SHOP}
          accounts:
            - { id: '300000000004', name: four }
    - name: Labs
      id: ${LABS}
      accounts:
        - { id: '400000000001', name: lab }
`;

const ERRORS: ReadonlySet<string> = new Set(
  Object.values(sdk as unknown as Readonly<Record<string, unknown>>).flatMap((schema) => {
    const traits = Array.isArray(schema) && schema[0] === -3 ? (schema[3] as Readonly<Record<string, unknown>>) : {};
    const query = Object.values(traits).find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
    return query === undefined ? [] : [String(query[0])];
  }),
);

/** Texts of times become numbers, as schemas know times. */
function timed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
    typeof each === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(each) ? Date.parse(each) : each,
  );
}

let last: Call;

/** The call that came last. */
export function lastCall(): Call {
  return last;
}

/** What answers had that schemas do not allow. */
const found: string[] = [];

function watched(name: string, run: Operation): Operation {
  const schema = (sdk as unknown as Readonly<Record<string, readonly unknown[]>>)[`${name}$`];
  if (schema === undefined) throw new Error(`the SDK has no operation ${name}`);
  return async (call, input) => {
    last = call;
    try {
      const output = await run(call, input);
      found.push(
        ...departures((schema[5] as () => never)(), timed(output ?? {})).map((departure) => `${name}: ${departure}`),
      );
      return output;
    } catch (error) {
      const isKnown = !(error instanceof ServiceError) || error.code === 'ValidationError' || ERRORS.has(error.code);
      if (!isKnown) found.push(`${name}: the error ${error.code}`);
      throw error;
    }
  };
}

const operations = CLOUDFORMATION.operations as Record<string, Operation>;
for (const [name, run] of Object.entries(operations)) operations[name] = watched(name, run);

let sandbox: Sandbox;
const clients: sdk.CloudFormation[] = [];

/** Starts a sandbox before each test of a file. */
export function useSandbox(): void {
  beforeEach(async () => {
    const { organization } = readOrganization(ORGANIZATION, 'org.yaml');
    sandbox = await startSandbox({ organization: seedOrganization(organization!, Date.UTC(2026, 10, 21)) });
  });

  afterEach(async () => {
    for (const each of clients.splice(0)) each.destroy();
    await sandbox.close();
    expect(found.splice(0)).toStrictEqual([]);
  });
}

export function running(): Sandbox {
  return sandbox;
}

export function client(account: string = MANAGEMENT, region: string = HOME): sdk.CloudFormation {
  const credentials = sandbox.credentials(account);
  const made = new sdk.CloudFormation({ endpoint: sandbox.url, region, credentials, maxAttempts: 1 });
  clients.push(made);
  return made;
}

/** Name and message of the error of a call. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no refusal',
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
  );
}

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4));

/** Asks until an answer is there that does; every answer on the way is collected. */
export async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<readonly T[]> {
  const answers: T[] = [];
  for (let round = 0; round < 2000; round += 1) {
    const answer = await ask();
    answers.push(answer);
    if (isDone(answer)) return answers;
    await wait();
  }
  throw new Error(`nothing came of it: ${JSON.stringify(answers.at(-1))}`);
}

/** A stack when nothing goes on in it. */
export async function settled(by: sdk.CloudFormation, name: string): Promise<sdk.Stack> {
  const answers = await until(
    async () => (await by.describeStacks({ StackName: name })).Stacks![0]!,
    ({ StackStatus }) => !StackStatus!.endsWith('_IN_PROGRESS'),
  );
  return answers.at(-1)!;
}

/** Events of a stack, the oldest first: what, status, reason. */
export async function told(by: sdk.CloudFormation, name: string): Promise<readonly string[]> {
  const { StackEvents = [] } = await by.describeStackEvents({ StackName: name });
  return StackEvents.reverse().map((event) =>
    [
      event.LogicalResourceId,
      event.HookStatus ?? event.ResourceStatus,
      event.HookStatus === undefined ? event.ResourceStatusReason : event.HookStatusReason,
    ]
      .filter((each) => each !== undefined)
      .join(' '),
  );
}

/** An operation of a stack set when it has ended, with the statuses that were seen. */
export async function ended(
  by: sdk.CloudFormation,
  StackSetName: string,
  OperationId: string | undefined,
  CallAs?: sdk.CallAs,
): Promise<{ readonly operation: sdk.StackSetOperation; readonly seen: readonly (string | undefined)[] }> {
  const answers = await until(
    async () => (await by.describeStackSetOperation({ StackSetName, OperationId, CallAs })).StackSetOperation!,
    ({ Status }) => Status !== 'RUNNING' && Status !== 'QUEUED' && Status !== 'STOPPING',
  );
  return { operation: answers.at(-1)!, seen: [...new Set(answers.map(({ Status }) => Status))] };
}
