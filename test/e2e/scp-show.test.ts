/** `stackade scp list` and `scp show` as they are run: policies and settings, values that are refused, names that are not there. */
import { folderOf, removeFolders } from '../cli/check/support.js';
import { stackade, type Ran } from './check/support.js';

afterEach(removeFolders);

const FILES = {
  'tags.yaml': 'requiredTags: [{ key: Stage, values: [dev, prod] }]\n',
  'state.yaml': 'snapshotPublicAccess: blocked\n',
  'types.yaml': "governedTypes: ['AWS::S3::Bucket', 'AWS::Nowhere::Thing']\n",
  'governed.yaml': "governedTypes: ['AWS::S3::BucketPolicy']\ndeploymentRoles: []\n",
};
const scp = (...args: readonly string[]): Ran => stackade(['scp', ...args], { cwd: folderOf(FILES) });

it('lists policies and settings with their kinds', () => {
  const { exitCode, stdout } = scp('list', '--format', 'json');
  const { templates } = JSON.parse(stdout) as { readonly templates: readonly { name: string; kind: string }[] };
  const kinds = Object.fromEntries(templates.map(({ name, kind }) => [name, kind]));
  expect(exitCode).toBe(0);
  expect(kinds).toMatchObject({
    'only-through-cloudformation': 'scp',
    'tls-only': 'rcp',
    'required-tags-reported': 'tag',
    'ec2-account-settings': 'ec2',
    'ai-services-opt-out': 'ai-opt-out',
  });
});

it('makes the document of a setting, and refuses a value at its place', () => {
  const made = scp('show', 'required-tags-reported', '--parameters', 'tags.yaml');
  const { tags } = JSON.parse(made.stdout) as { readonly tags: Readonly<Record<string, object>> };
  expect([made.exitCode, tags['stage']]).toMatchObject([0, { tag_key: { '@@assign': 'Stage' } }]);
  const refused = scp('show', 'ec2-account-settings', '--parameters', 'state.yaml');
  expect([refused.exitCode, refused.stdout]).toStrictEqual([2, '']);
  expect(refused.stderr).toContain('state.yaml:1:1');
});

it('makes a policy of types, and refuses a type of which no action is known', () => {
  const made = scp('show', 'only-through-cloudformation', '--parameters', 'governed.yaml');
  expect(made.exitCode).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({
    Statement: [{ Sid: 'OnlyByCloudFormation', Action: ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy'] }],
  });
  const refused = scp('show', 'only-through-cloudformation', '--parameters', 'types.yaml');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('`AWS::Nowhere::Thing`');
});

it('says of a setting that it has no claims to verify', () => {
  const { exitCode, stderr } = scp('verify', 'required-tags-reported');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('stackade scp show required-tags-reported');
});
