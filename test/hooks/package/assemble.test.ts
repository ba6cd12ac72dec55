/** Packages: the same input gives the same bytes, and what they hold is what was put in. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { packBundle } from '../../../hooks/bundle/index.js';
import type { BundleParts } from '../../../hooks/bundle/index.js';
import {
  assemblePackage,
  digestOf,
  exportGuardHook,
  PACKAGE_LIST,
  readPrivatePackage,
  zipFiles,
} from '../../../hooks/package/index.js';
import type { HookPackage, PackageInput } from '../../../hooks/package/index.js';
import { buildBundle, defaultParameters, guardName, NO_WAIVERS } from '../../../rules/index.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { templateOf } from '../../scp/library.js';
import { DEPLOYMENT } from './support.js';

afterEach(removeFolders);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('archives', () => {
  const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9]{1,8})?$/), fc.uint8Array({ maxLength: 200 }), {
    maxKeys: 8,
  });

  it('hold what was put in, in any order, and have the same bytes', () => {
    fc.assert(
      fc.property(files, (given) => {
        const archive = zipFiles(new Map(Object.entries(given)));
        expect(archive).toStrictEqual(zipFiles(new Map(Object.entries(given).reverse())));
        expect(unzipSync(archive)).toEqual(Object.fromEntries(Object.entries(given)));
      }),
      { numRuns: 30 },
    );
  });

  it('tell one time and one set of permissions, wherever they are made', () => {
    const archive = Buffer.from(
      zipFiles(
        new Map([
          ['b', bytes('b')],
          ['a', bytes('a')],
        ]),
      ),
    );
    // APPNOTE.TXT 4.3.12: central directory header; time and date at 12, external attributes at 38.
    const headers = [archive.indexOf('PK\u0001\u0002'), archive.lastIndexOf('PK\u0001\u0002')];
    for (const at of headers) {
      expect([archive.readUInt16LE(at + 12), archive.readUInt16LE(at + 14)]).toStrictEqual([12 << 11, (1 << 5) | 1]);
      expect(archive.readUInt32LE(at + 38) >>> 16).toBe(0o100644);
    }
    expect(headers.map((at) => String.fromCharCode(archive[at + 46]!))).toStrictEqual(['a', 'b']);
  });

  it('are read by another program', () => {
    const folder = folderOf({});
    const path = join(folder, 'a.zip');
    writeFileSync(path, zipFiles(new Map([['handler.mjs', bytes('export const handler = 1;\n')]])));
    const script =
      'import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print(z.read("handler.mjs").decode(),end="")';
    const { stdout, error } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
    // Where there is no Python, the reader of the library above has to do.
    if (error === undefined) expect(stdout).toBe('export const handler = 1;\n');
  });
});

const RULE = `rule ID when Resources.*[ Type == 'AWS::S3::Bucket' ] !empty {
  Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.BucketName exists
}
`;

function partsOf(rule: string, severity: 'error' | 'warning' = 'error'): BundleParts {
  const name = guardName('s3-bucket-named');
  const info = { id: 's3-bucket-named', title: 'Named', severity, controls: [], help: '', docs: '' };
  const source = {
    file: 'rules/s3/s3-bucket-named.guard',
    text: rule.replace('ID', name),
    rules: new Map([[name, info]]),
  };
  return {
    rules: buildBundle([source]).bundle!,
    ruleParameters: defaultParameters(),
    wholeTemplate: new Set(),
    gate: null,
    waivers: NO_WAIVERS,
    accounts: new Map(),
    failOn: 'error',
    notEvaluated: 'block',
  };
}

function inputOf(rule = RULE, change: Partial<PackageInput> = {}): PackageInput {
  const parts = partsOf(rule);
  return {
    deployment: DEPLOYMENT,
    handler: new Map([
      ['handler.mjs', bytes('handler')],
      ['s3.mjs', bytes('s3')],
    ]),
    configRule: bytes('config rule'),
    bundle: packBundle(parts),
    publicKey: null,
    livePolicies: false,
    guard: exportGuardHook(parts),
    privateHook: null,
    protection: templateOf('protect-hooks'),
    ...change,
  };
}

function made(input: PackageInput): HookPackage {
  const result = assemblePackage(input);
  if ('diagnostics' in result) throw new Error(result.diagnostics[0]!.message);
  return result.package;
}

const contentOf = ({ files }: HookPackage, path: string): string => {
  const file = files.find((one) => one.path === path)!;
  return typeof file.content === 'string' ? file.content : new TextDecoder().decode(file.content);
};
const keys = ({ assets }: HookPackage, folder: string): readonly string[] =>
  assets.map(({ key }) => key).filter((key) => key.startsWith(`${folder}/`));

describe('a package', () => {
  it('has the same bytes each time it is made', () => {
    expect(made(inputOf())).toStrictEqual(made(inputOf()));
  });

  it('has another name when one character of one rule is another one, and so have its templates', () => {
    const [before, after] = [made(inputOf()), made(inputOf(RULE.replace('BucketName', 'BucketNamf')))];
    for (const folder of ['hooks', 'guard', 'templates']) {
      expect(keys(after, folder)).not.toStrictEqual(keys(before, folder));
    }
    expect(contentOf(after, 'templates/stack-sets.json')).not.toBe(contentOf(before, 'templates/stack-sets.json'));
    // The function of the Config rule has no rules in it.
    const kept = keys(before, 'hooks').filter((key) => keys(after, 'hooks').includes(key));
    expect(kept).toHaveLength(1);
    const version = (one: HookPackage): string =>
      /"Version[0-9a-f]{12}"/.exec(contentOf(one, 'templates/member-general.json'))![0];
    expect(version(after)).not.toBe(version(before));
  });

  it('names every asset by the hash of its content', () => {
    const one = made(inputOf());
    for (const { key, sha256, bytes: size } of one.assets) {
      const file = one.files.find(({ path }) => path === `assets/${key}`)!;
      const content = typeof file.content === 'string' ? bytes(file.content) : file.content;
      expect([digestOf(content), content.length]).toStrictEqual([sha256, size]);
      expect(key).toMatch(new RegExp(`^(hooks|guard|templates)/${sha256}\\.(zip|json)$`));
    }
    const list = JSON.parse(contentOf(one, PACKAGE_LIST)) as { files: readonly string[] };
    expect(list.files).toStrictEqual(one.files.map(({ path }) => path).sort());
  });

  it('holds the function, and the bundle that it decides by', () => {
    const input = inputOf();
    const one = made(input);
    const key = (
      JSON.parse(contentOf(one, 'templates/member-general.json')) as {
        Resources: { Function: { Properties: { Code: { S3Key: string }; Environment: object } } };
      }
    ).Resources.Function.Properties;
    expect(key.Environment).toStrictEqual({ Variables: { STACKADE_BUNDLE_DIGEST: input.bundle.digest } });
    const archive = unzipSync(one.files.find(({ path }) => path === `assets/${key.Code.S3Key}`)!.content as Uint8Array);
    expect(Object.keys(archive)).toStrictEqual(['bundle.jsonl', 'handler.mjs', 'manifest.json', 's3.mjs']);
    expect(new TextDecoder().decode(archive['bundle.jsonl'])).toBe(input.bundle.text);
    const manifest = JSON.parse(new TextDecoder().decode(archive['manifest.json'])) as { bundle: object };
    expect(manifest.bundle).toMatchObject({ sha256: input.bundle.digest, rules: ['s3-bucket-named'] });
  });

  it('lets hooks look for policies in the bucket, and asks for a signature when there is a key', () => {
    const input = inputOf(RULE, { livePolicies: true, publicKey: 'PEM' });
    const one = made(input);
    const text = contentOf(one, 'templates/member-general.json');
    expect(text).toContain('"STACKADE_MANIFEST_KEY": "policies/current.json"');
    expect(text).not.toContain('STACKADE_BUNDLE_DIGEST');
    expect(contentOf(one, `assets/bundles/${input.bundle.digest}.jsonl`)).toBe(input.bundle.text);
    const archives = one.files
      .filter(({ path }) => path.endsWith('.zip'))
      .map(({ content }) => unzipSync(content as Uint8Array));
    expect(archives.filter((archive) => 'bundle.pem' in archive)).toHaveLength(1);
  });

  it('has the policy of the library, with the names of this deployment', () => {
    const other = { ...DEPLOYMENT, prefix: 'acme-', releaseRole: 'acme-release' };
    const text = contentOf(made(inputOf(RULE, { deployment: other })), 'policies/protect-hooks.json');
    expect(text).toContain('arn:*:cloudformation:*:*:stack/StackSet-acme-*/*');
    expect(text).toContain('"arn:aws:iam::555555555555:role/acme-release"');
    expect(text).not.toContain('stackade');
    expect(text.length).toBeLessThanOrEqual(10_240);
  });
});

describe('a hook type of somebody’s own', () => {
  const zip = (config: object, schema: object): Uint8Array =>
    zipSync({
      '.rpdk-config': bytes(JSON.stringify(config)),
      'schema.json': bytes(JSON.stringify(schema)),
      'ResourceProvider.zip': bytes('code'),
    });
  const config = { artifact_type: 'HOOK', typeName: 'Example::Hooks::Buckets', language: 'python39' };
  const schema = {
    typeName: 'Example::Hooks::Buckets',
    handlers: {
      preCreate: { targetNames: ['AWS::S3::Bucket'], permissions: ['s3:GetBucketTagging'] },
      preUpdate: { targetNames: ['STACK'], permissions: [] },
    },
  };

  it('goes into the package as it is, with targets and rights of its schema', () => {
    const content = zip(config, schema);
    const privateHook = readPrivatePackage(content, { Mode: 'strict' });
    if ('problem' in privateHook) throw new Error(privateHook.problem);
    const one = made(inputOf(RULE, { privateHook }));
    const { Resources } = JSON.parse(contentOf(one, 'templates/private-hook.json')) as {
      Resources: Readonly<Record<string, { Properties: Readonly<Record<string, unknown>> }>>;
    };
    expect(Resources['HookVersion']!.Properties['SchemaHandlerPackage']).toStrictEqual({
      'Fn::Sub': `s3://stackade-assets-555555555555-\${AWS::Region}/hooks/${digestOf(content)}.zip`,
    });
    const text = Resources['HookTypeConfig']!.Properties['Configuration'] as string;
    expect(JSON.parse(text)).toStrictEqual({
      CloudFormationConfiguration: {
        HookConfiguration: {
          HookInvocationStatus: 'ENABLED',
          TargetOperations: ['RESOURCE', 'CLOUD_CONTROL', 'STACK'],
          FailureMode: 'FAIL',
          Properties: { Mode: 'strict' },
        },
      },
    });
    expect(JSON.stringify(Resources['ExecutionRole'])).toContain('"Action":["s3:GetBucketTagging"]');
  });

  it.each<readonly [string, Uint8Array, RegExp]>([
    ['no archive', bytes('PK'), /^is no zip archive$/],
    ['an archive of something else', zipSync({ a: bytes('a') }), /^holds no `schema.json` and `.rpdk-config`/],
    ['a resource type', zip({ ...config, artifact_type: 'RESOURCE' }, schema), /^is no package of a hook$/],
    [
      'TypeScript',
      zip({ ...config, language: 'typescript' }, schema),
      /^has a handler in `typescript`; .* Java and Python/,
    ],
    ['a schema without name', zip(config, { ...schema, typeName: 'x' }), /^has no type name/],
    ['a schema without handlers', zip(config, { ...schema, handlers: {} }), /^has a schema without handlers/],
  ])('%s is refused', (_, content, problem) => {
    expect(readPrivatePackage(content, {})).toStrictEqual({ problem: expect.stringMatching(problem) as string });
  });
});
