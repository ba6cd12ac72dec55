/** `org compare` in this process, against a sandbox of AWS Organizations. */
import { join } from 'node:path';
import { runCompare } from '../../cli/org/command.js';
import { seedOrganization, startSandbox } from '../../sandbox/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { organization, ORGANIZATION_TEXT } from '../sandbox/organization.js';
import { folderOf, removeFolders } from './check/support.js';

let sandbox: Sandbox;
const environment = { ...process.env };

beforeEach(async () => {
  sandbox = await startSandbox({ organization: seedOrganization(organization(), Date.now()) });
});

afterEach(async () => {
  process.env = { ...environment };
  await sandbox.close();
  removeFolders();
});

async function compare(text: string, json = false): Promise<{ code: number; out: string; err: string }> {
  const folder = folderOf({ 'org.yaml': text });
  const { accessKeyId, secretAccessKey } = sandbox.credentials('111111111111');
  process.env = {
    ...environment,
    HOME: folder,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  let [out, err] = ['', ''];
  const code = await runCompare(
    join(folder, 'org.yaml'),
    { json },
    {
      cwd: folder,
      env: { NO_COLOR: '1' },
      stdout: { isTTY: false, columns: undefined },
      stderr: { isTTY: false },
      print: (printed) => (out += printed),
      tell: (told) => (err += told),
    },
  );
  return { code, out, err };
}

it('finds what the description says', async () => {
  expect(await compare(ORGANIZATION_TEXT)).toStrictEqual({
    code: 0,
    out: 'The organization is as described.\n',
    err: '',
  });
});

it('tells what lies between them', async () => {
  const text = ORGANIZATION_TEXT.replace('  units:\n', '  units:\n    - name: Added\n');
  const { code, out } = await compare(text);
  expect(code).toBe(1);
  expect(out).toMatch(/^1\. .*Added/);
  const json = await compare(text, true);
  expect(JSON.parse(json.out)).toMatchObject({ version: 1, steps: [{}], problems: [] });
});

it('says what AWS said when it cannot be read', async () => {
  sandbox.faults.add({
    operation: 'ListRoots',
    nth: 1,
    kind: { code: 'AccessDeniedException', message: "You don't have permissions to access this resource." },
  });
  const { code, out, err } = await compare(ORGANIZATION_TEXT);
  expect([code, out]).toStrictEqual([2, '']);
  expect(err).toContain('error[AWS1002]: the organization cannot be read');
});
