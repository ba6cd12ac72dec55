import { loadLibrary } from '../../../cli/library.js';
import { check, folderOf, removeFolders } from './support.js';
import type { ListedRule } from '../../../cli/check/list-rules.js';
import type { CheckFlags } from '../../../cli/check/settings.js';

afterEach(removeFolders);

async function listed(flags: Partial<CheckFlags>): Promise<readonly ListedRule[]> {
  const folder = folderOf({ 'own.guard': 'rule MINE { a exists }\n' });
  const { exitCode, stdout, stderr } = await check(folder, [], { listRules: true, ...flags });
  expect([exitCode, stderr]).toStrictEqual([0, '']);
  const list = JSON.parse(stdout) as { rules: readonly ListedRule[] };
  expect(Object.keys(list)).toStrictEqual(['rules']);
  return list.rules;
}

it('lists every rule, each with what is known of it', async () => {
  const rules = await listed({});
  expect(rules.length).toBeGreaterThan(70);
  expect(rules.find(({ id }) => id === 's3-bucket-kms-bucket-key')).toStrictEqual({
    id: 's3-bucket-kms-bucket-key',
    title: 'S3 bucket with SSE-KMS uses a bucket key',
    severity: 'info',
    kind: 'guard',
    controls: ['ENC-S3-03'],
    packs: ['encryption'],
    resourceTypes: ['AWS::S3::Bucket'],
  });
  const ids = rules.map(({ id }) => id);
  expect(ids).toStrictEqual([...ids].sort());
  expect(new Set(rules.flatMap(({ packs }) => packs))).toStrictEqual(new Set(loadLibrary().packs.map(({ id }) => id)));
});

it('lists those of named packs, and your own', async () => {
  const rules = await listed({ pack: ['tagging'], rules: ['own.guard'] });
  expect(rules.every(({ id, packs }) => id === 'MINE' || packs.includes('tagging'))).toBe(true);
  expect(rules.find(({ id }) => id === 'MINE')).toStrictEqual({
    id: 'MINE',
    title: 'MINE holds',
    severity: 'error',
    kind: 'guard',
    controls: [],
    packs: [],
    resourceTypes: [],
  });
});

it('prints lines for people', async () => {
  const { stdout } = await check(folderOf({}), [], { listRules: true, format: 'pretty', pack: ['tagging'] });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.every((line) => /^[a-z0-9-]+ +(error|warning|info) +.+ \(.*tagging\)$/.test(line))).toBe(true);
});
