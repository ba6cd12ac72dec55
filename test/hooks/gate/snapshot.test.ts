/** Snapshots: the same bytes each time, pinned by digests; what has changed since; lists and schemas for others. */
import { resourceType, resourceTypeNames } from '../../../catalogue/index.js';
import type { Property, ResourceType } from '../../../catalogue/index.js';
import {
  buildGate,
  CATALOGUE_SOURCE,
  catalogueSet,
  diffSchemas,
  editorSchema,
  fixedSet,
  Gate,
  generateSchema,
  MANIFEST_NAME,
  readManifest,
  reviewOverlay,
  schemaFaults,
  snapshotFiles,
  snapshotSet,
  typeList,
} from '../../../hooks/gate/index.js';
import type { OverlayContent, RestrictedSchema } from '../../../hooks/gate/index.js';
import { readTemplate } from '../../../template/index.js';
import { ajvOf, create, CONTEXT, gateOf, made, overlay, schemaOf, told } from './support.js';

const TYPES = ['AWS::S3::Bucket', 'AWS::SNS::Topic'];

function opened(files: ReadonlyMap<string, string>): ReturnType<typeof snapshotSet> {
  const read = readManifest(files.get(MANIFEST_NAME)!);
  if ('problem' in read) throw new Error(read.problem);
  return snapshotSet(read.manifest, (file) => {
    const text = files.get(file);
    return text === undefined ? { problem: 'it is not there' } : { text };
  });
}

describe('a snapshot', () => {
  const files = snapshotFiles(TYPES);

  it('has the same bytes each time, whatever the order of the types', () => {
    expect([...snapshotFiles([...TYPES].reverse())]).toStrictEqual([...files]);
    expect([...files.keys()]).toStrictEqual(['AWS-S3-Bucket.json', 'AWS-SNS-Topic.json', MANIFEST_NAME]);
  });

  it('keeps the types that are not renewed', () => {
    const read = readManifest(files.get(MANIFEST_NAME)!);
    if ('problem' in read) throw new Error(read.problem);
    const more = readManifest(snapshotFiles(['AWS::SQS::Queue'], read.manifest).get(MANIFEST_NAME)!);
    if ('problem' in more) throw new Error(more.problem);
    expect(Object.keys(more.manifest.types)).toStrictEqual([...TYPES, 'AWS::SQS::Queue']);
  });

  it('approves by files that are as they were written, and by no others', () => {
    const decide = (changed: ReadonlyMap<string, string>): readonly string[] =>
      told(create(new Gate(opened(changed), []), 'AWS::SNS::Topic', { TopicName: 'x' }));
    expect(decide(files)).toStrictEqual(['PASS']);
    const text = files.get('AWS-SNS-Topic.json')!;
    expect(decide(new Map([...files, ['AWS-SNS-Topic.json', `${text} `]]))[1]).toContain('its digest differs');
    expect(decide(new Map([...files].filter(([name]) => name !== 'AWS-SNS-Topic.json')))[1]).toContain(
      'it is not there',
    );
  });

  it.each([
    ['', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    ['{"format":2}', 'its format is 2, and only 1 is known'],
    ['{"format":1}', 'its `source` has no database, version and date'],
    ['{"format":1,"source":{"database":"a","version":"1","date":"2026-11-21"}}', 'its `types` are no map'],
    [
      '{"format":1,"source":{"database":"a","version":"1","date":"2026-11-21"},"types":{"A":{"file":"../x.json","sha256":""}}}',
      'the entry of `A` has no file and digest',
    ],
  ])('is none when its list is %s', (text, problem) => {
    expect(readManifest(text)).toStrictEqual({ problem });
  });
});

it.each<[string, unknown, string]>([
  [
    'an open object',
    { ...made({}), additionalProperties: true },
    'the object is open: `additionalProperties` is not `false`',
  ],
  [
    'an object inside that is open',
    made({ A: { type: 'object' } }),
    'the object is open: `additionalProperties` is not `false`',
  ],
  [
    'an open branch',
    made({ A: { anyOf: [{ type: 'string' }, {}] } }),
    'it accepts anything: no type, reference or choice is given',
  ],
  [
    'a map that nobody opened',
    made({ A: { type: 'object', additionalProperties: { type: 'string' } } }),
    'the object is open: `additionalProperties` is not `false`',
  ],
  [
    'a keyword that would be passed over',
    made({ A: { type: 'string', format: 'arn' } as never }),
    'the gate does not know the keyword `format` here',
  ],
  [
    'names by pattern',
    made({}, { patternProperties: {} } as never),
    'the gate does not know the keyword `patternProperties` here',
  ],
  ['another type', { ...made({}), typeName: 'Test::Other::Thing' }, '`typeName` is not `Test::Made::Thing`'],
  [
    'a reference to nothing',
    made({ A: { $ref: '#/definitions/Nothing' } }),
    'there is no definition `#/definitions/Nothing`',
  ],
  [
    'references in a circle',
    made({}, { definitions: { A: { $ref: '#/definitions/A' } } }),
    'its references lead in a circle',
  ],
  [
    'a placeholder nobody fills',
    made({ A: { type: 'string', pattern: '^<account>$' } }),
    'there is no placeholder `<account>`; there are accountId, region, partition, orgId, ouId, stackName',
  ],
  ['a pattern that is not bound', made({ A: { type: 'string', pattern: 'x' } }), 'it is not bound by `^` and `$`'],
  ['a limit that is no number', made({ A: { type: 'string', maxLength: '5' as never } }), 'it is no number'],
  ['an empty list of values', made({ A: { type: 'string', enum: [] } }), 'it is no list of texts, numbers or Booleans'],
  ['no object', null, 'a schema is an object'],
])('a schema with %s is not closed', (_name, schema, message) => {
  expect(schemaFaults(schema, 'Test::Made::Thing').map((fault) => fault.message)).toContain(message);
});

describe('what AWS adds', () => {
  const topic = resourceType('AWS::SNS::Topic')!;
  const property = (name: string): Property => ({
    name,
    type: { kind: 'string' },
    required: false,
    replacement: 'never',
    deprecated: false,
  });
  const grown: ResourceType = {
    ...topic,
    properties: new Map([
      ...[...topic.properties].map(([name, each]): [string, Property] => [
        name,
        name === 'Subscription' ? withMore(each) : each,
      ]),
      ['Brand', property('Brand')],
      ['Fifo', { ...property('Fifo'), type: { kind: 'string', values: ['on', 'off'] } }],
    ]),
  };
  const before = {
    ...topic,
    properties: new Map([
      ...topic.properties,
      ['Fifo', { ...property('Fifo'), type: { kind: 'string', values: ['on'] } as const }],
    ]),
  };
  const [older, newer] = [generateSchema(before, CATALOGUE_SOURCE), generateSchema(grown, CATALOGUE_SOURCE)] as const;

  function withMore(each: Property): Property {
    if (each.type.kind !== 'list' || each.type.element.kind !== 'object') {
      throw new Error('Subscription is no list of objects');
    }
    const properties = new Map([...each.type.element.properties, ['Brand', property('Brand')]]);
    return { ...each, type: { kind: 'list', element: { kind: 'object', properties } } };
  }

  it('is refused by a snapshot from before, and approved by a newer one', () => {
    const values = [
      { Brand: 'x' },
      { Fifo: 'off' },
      { Subscription: [{ Endpoint: 'a', Protocol: 'sqs', Brand: 'x' }] },
    ];
    const decide = (schema: RestrictedSchema): readonly string[] =>
      values.map((value) => create(new Gate(fixedSet([schema]), []), topic.name, value).status);
    expect(decide(older)).toStrictEqual(['FAIL', 'FAIL', 'FAIL']);
    expect(decide(newer)).toStrictEqual(['PASS', 'PASS', 'PASS']);
  });

  it('is what a comparison tells', () => {
    const told = (one: RestrictedSchema, other: RestrictedSchema): readonly string[] =>
      diffSchemas(fixedSet([one]), fixedSet([other])).changes.map(
        ({ path, kind, change, detail, widens }) =>
          `${widens ? '+' : ' '} /${path.join('/')} ${kind} ${change} ${detail}`,
      );
    expect(told(older, newer)).toStrictEqual([
      '+ /Brand property added string',
      '+ /Fifo value added off',
      '+ /Subscription/*/Brand property added string',
    ]);
    expect(told(newer, older)).toStrictEqual([
      '  /Brand property removed string',
      '  /Fifo value removed off',
      '  /Subscription/*/Brand property removed string',
    ]);
    expect(told(newer, newer)).toStrictEqual([]);
    expect(diffSchemas(fixedSet([]), fixedSet([older])).changes).toMatchObject([
      { kind: 'type', change: 'added', widens: true },
    ]);
  });

  it('stays refused under the overlay for a review', () => {
    const text = reviewOverlay(diffSchemas(fixedSet([older]), fixedSet([newer]), 'every'));
    const { source } = readTemplate(text, 'review.yaml');
    const content = source!.value as unknown as OverlayContent;
    const { gate, diagnostics } = buildGate(fixedSet([newer]), [{ content, source: source! }]);
    expect(diagnostics).toStrictEqual([]);
    expect(
      diffSchemas(fixedSet([older]), fixedSet([gate!.schemaOf(topic.name)!])).changes.filter(({ widens }) => widens),
    ).toStrictEqual([]);
  });

  it('is refused with its type where it cannot be named', () => {
    const holds = (more: object): RestrictedSchema =>
      made(
        { A: { $ref: '#/definitions/A' } },
        {
          definitions: {
            A: { type: 'object', additionalProperties: false, properties: { A: { $ref: '#/definitions/A' }, ...more } },
          },
        },
      );
    const diff = diffSchemas(fixedSet([holds({})]), fixedSet([holds({ New: { type: 'string' } })]), 'every');
    expect([...diff.unnameable]).toStrictEqual(['Test::Made::Thing']);
    expect(reviewOverlay(diff)).toContain('forbid: true');
  });

  it('loosens a limit in a way that is told, and that a review keeps', () => {
    const limited = (limits: object): RestrictedSchema =>
      made({ Name: { type: 'string', ...limits }, List: { type: 'array', items: { type: 'string' } } });
    const before = { pattern: '^a+$', minLength: 3, maxLength: 5 };
    const told = (after: object): readonly string[] =>
      diffSchemas(fixedSet([limited(before)]), fixedSet([limited(after)])).changes.map(
        ({ kind, change, detail, widens }) => `${widens ? '+' : ' '} ${kind} ${change}: ${detail}`,
      );
    expect(told(before)).toStrictEqual([]);
    expect(told({ ...before, maxLength: 6 })).toStrictEqual(['+ limit changed: maxLength 5 → 6']);
    expect(told({ ...before, maxLength: 4 })).toStrictEqual(['  limit changed: maxLength 5 → 4']);
    expect(told({ ...before, minLength: 2 })).toStrictEqual(['+ limit changed: minLength 3 → 2']);
    expect(told({ ...before, minLength: 4 })).toStrictEqual(['  limit changed: minLength 3 → 4']);
    expect(told({ ...before, pattern: '^[ab]+$' })).toStrictEqual(['+ limit changed: pattern ^a+$ → ^[ab]+$']);
    expect(told({ pattern: '^a+$', maxLength: 5 })).toStrictEqual(['+ limit removed: minLength 3']);
    const [bound, free] = [limited(before), limited({})];
    expect(diffSchemas(fixedSet([free]), fixedSet([bound])).changes.map(({ widens }) => widens)).toStrictEqual([
      false,
      false,
      false,
    ]);
    const { source } = readTemplate(reviewOverlay(diffSchemas(fixedSet([bound]), fixedSet([free]), 'every')), 'r.yaml');
    const { gate, diagnostics } = buildGate(fixedSet([free]), [
      { content: source!.value as unknown as OverlayContent, source: source! },
    ]);
    expect(diagnostics).toStrictEqual([]);
    for (const [name, status] of [
      ['aaaa', 'PASS'],
      ['aa', 'FAIL'],
      ['aaaaaa', 'FAIL'],
      ['aaab', 'FAIL'],
    ]) {
      expect([name, create(gate!, free.typeName, { Name: name! }).status]).toStrictEqual([name, status]);
    }
  });

  it('is refused where joined limits have changed, which an overlay cannot say', () => {
    const joined = (pattern: string): RestrictedSchema =>
      made({ Name: { type: 'string', pattern: '^a', allOf: [{ pattern }] } });
    const diff = diffSchemas(fixedSet([joined('b$')]), fixedSet([joined('c$')]), 'every');
    expect(diff.changes).toMatchObject([{ kind: 'limit', widens: true }]);
    expect(reviewOverlay(diff)).toMatch(/forbid:\n +- "\/Name"/);
  });

  it('loosens a requirement or a shape in a way that is told', () => {
    const one = made({ A: { type: 'string' }, B: { not: {}, 'x-free-form': 'json' } }, { required: ['A'] });
    const other = made({ A: { type: 'string' }, B: { type: 'string' } });
    const diff = diffSchemas(fixedSet([one]), fixedSet([other]), 'every');
    expect(diff.changes.map(({ kind, widens }) => [kind, widens])).toStrictEqual([
      ['free-form', true],
      ['required', true],
    ]);
    const { source } = readTemplate(reviewOverlay(diff), 'review.yaml');
    const { gate } = buildGate(fixedSet([other]), [
      { content: source!.value as unknown as OverlayContent, source: source! },
    ]);
    expect(create(gate!, other.typeName, {}).status).toBe('FAIL');
    expect(create(gate!, other.typeName, { A: 'x', B: 'y' }).status).toBe('FAIL');
    expect(create(gate!, other.typeName, { A: 'x' }).status).toBe('PASS');
  });
});

it('lists every type of the catalogue as approved or forbidden, once', () => {
  const gate = gateOf(TYPES, overlay({ 'AWS::SNS::Topic': { forbid: true } }));
  const { approved, forbidden } = typeList(gate);
  expect(approved).toStrictEqual(['AWS::S3::Bucket']);
  expect(forbidden).toContain('AWS::SNS::*');
  expect(forbidden).toContain('AWS::S3::AccessPoint');
  expect(forbidden).not.toContain('AWS::S3::*');
  const covered = (type: string): boolean =>
    forbidden.some((each) => each === type || (each.endsWith('::*') && type.startsWith(each.slice(0, -1))));
  expect(resourceTypeNames().filter((type) => covered(type) === approved.includes(type))).toStrictEqual([]);
});

it('marks in an editor what the gate refuses, and nothing that it accepts', () => {
  const gate = gateOf(
    ['AWS::S3::Bucket', 'AWS::Lambda::Function'],
    overlay({
      'AWS::S3::Bucket': { constrain: [{ path: '/BucketName', pattern: '<accountId>-[a-z]+' }] },
      'AWS::Lambda::Function': { allow: ['/Environment/Variables'] },
    }),
  );
  const validate = ajvOf(editorSchema(gate));
  const template = (properties: object, type = 'AWS::S3::Bucket'): object => ({
    Resources: { A: { Type: type, Properties: properties } },
  });
  for (const [accepted, document] of [
    [true, template({ BucketName: '111122223333-orders', VersioningConfiguration: { Status: 'Enabled' } })],
    [true, template({ BucketName: { 'Fn::Sub': 'x' }, Tags: { Ref: 'Tags' } })],
    [
      true,
      template(
        { Code: { ZipFile: 'x' }, Role: 'r', Timeout: '3', Environment: { Variables: { A: 1 } } },
        'AWS::Lambda::Function',
      ),
    ],
    [false, template({ BucketName: 'orders' })],
    [false, template({ NewFeature: true })],
    [false, template({ VersioningConfiguration: { Status: 'Perhaps' } })],
    [false, template({ VersioningConfiguration: { Status: 'Enabled', More: 1 } })],
    [false, template({}, 'AWS::SQS::Queue')],
  ] as const) {
    expect([document, validate(document)]).toStrictEqual([document, accepted]);
  }
  expect(schemaOf('AWS::S3::Bucket').definitions).not.toStrictEqual({});
  expect(catalogueSet(['AWS::S3::Bucket']).load('AWS::SQS::Queue')).toBeUndefined();
  expect(gate.decide({ type: 'AWS::S3::Bucket', action: 'CREATE', properties: {} }, CONTEXT).status).toBe('PASS');
});
