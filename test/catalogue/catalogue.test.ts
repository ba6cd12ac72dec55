import fc from 'fast-check';
import {
  attributesOf,
  catalogueInfo,
  nearestName,
  nearestTypeName,
  propertyAt,
  type PropertyType,
  resourceType,
  resourceTypeNames,
  tagPropertyOf,
  type TagProperty,
} from '../../catalogue/index.js';

/** A type in a few characters. */
function show(type: PropertyType | undefined): string {
  if (type === undefined) return 'nothing';
  switch (type.kind) {
    case 'list':
      return `[${show(type.element)}]`;
    case 'map':
      return `{${show(type.element)}}`;
    case 'union':
      return type.types.map(show).join('|');
    case 'object':
      return `(${[...type.properties.keys()].join(' ')})`;
    case 'string':
    case 'integer':
      return type.values ? `${type.kind}<${type.values.join(' ')}>` : type.kind;
    default:
      return type.kind;
  }
}

describe('resourceType', () => {
  it('knows properties, whether they are required and what a change does', () => {
    const bucket = resourceType('AWS::S3::Bucket')!;
    expect(bucket).toMatchObject({ name: 'AWS::S3::Bucket', service: 'AWS::S3', stateful: true, transformed: false });
    expect(bucket.properties.get('BucketName')).toStrictEqual({
      name: 'BucketName',
      type: { kind: 'string' },
      required: false,
      replacement: 'always',
      deprecated: false,
    });
    expect(resourceType('AWS::SQS::QueuePolicy')!.properties.get('Queues')).toMatchObject({ required: true });
    expect(resourceType('AWS::RDS::DBInstance')!.properties.get('TdeCredentialArn')).toMatchObject({
      deprecated: true,
    });
    expect(resourceType('AWS::Serverless::Function')!.transformed).toBe(true);
  });

  it('tells Ref from the primary identifier', () => {
    expect(resourceType('AWS::SQS::Queue')!.refIdentifier).toStrictEqual(['QueueUrl']);
    const stage = resourceType('AWS::ApiGateway::Stage')!;
    expect(stage.primaryIdentifier).toStrictEqual(['RestApiId', 'StageName']);
    expect(stage.refIdentifier).toStrictEqual(['StageName']);
  });

  it('gives the same object again', () => {
    expect(resourceType('AWS::S3::Bucket')).toBe(resourceType('AWS::S3::Bucket'));
  });

  it.each([
    '',
    'AWS',
    'AWS::S3',
    'AWS::S3::bucket',
    'aws::s3::bucket',
    'AWS::S3::Bucket::X',
    'Custom::Thing',
    'AWS::S3::__proto__',
    'AWS::S3::constructor',
    '__proto__::x',
    'toString::valueOf',
  ])('knows no type %j', (name) => {
    expect(resourceType(name)).toBeUndefined();
    expect(attributesOf(name)).toBeUndefined();
    expect(tagPropertyOf(name)).toBeUndefined();
    expect(propertyAt(name, ['BucketName'])).toBeUndefined();
  });

  it('reads every type and every object to the bottom', () => {
    const seen = new Set<PropertyType>();
    const misnamed: string[] = [];
    let properties = 0;
    const visit = (type: PropertyType): void => {
      if (seen.has(type)) return;
      seen.add(type);
      if (type.kind === 'list' || type.kind === 'map') visit(type.element);
      if (type.kind === 'union') type.types.forEach(visit);
      if (type.kind === 'object') {
        for (const [name, property] of type.properties) {
          if (property.name !== name) misnamed.push(name);
          properties += 1;
          visit(property.type);
        }
      }
    };
    for (const name of resourceTypeNames()) {
      const type = resourceType(name)!;
      if (type.name !== name) misnamed.push(name);
      for (const property of type.properties.values()) visit(property.type);
      for (const attribute of type.attributes.values()) visit(attribute);
    }
    expect(misnamed).toStrictEqual([]);
    expect(resourceTypeNames().length).toBeGreaterThan(1_500);
    expect(properties).toBeGreaterThan(15_000);
  });
});

describe('propertyAt', () => {
  it.each<[string, (string | number)[], string]>([
    [
      'AWS::S3::Bucket',
      ['BucketEncryption', 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'],
      'string',
    ],
    ['AWS::S3::Bucket', ['BucketEncryption', 'ServerSideEncryptionConfiguration', '*', 'BucketKeyEnabled'], 'boolean'],
    [
      'AWS::S3::Bucket',
      ['BucketEncryption', 'ServerSideEncryptionConfiguration', '12'],
      '(BlockedEncryptionTypes BucketKeyEnabled ServerSideEncryptionByDefault)',
    ],
    ['AWS::S3::Bucket', ['VersioningConfiguration', 'Status'], 'string<Enabled Suspended>'],
    ['AWS::S3::Bucket', ['Tags'], '[(Key Value)]'],
    ['AWS::S3::Bucket', ['Tags', 0, 'Value'], 'string'],
    ['AWS::Lambda::Function', ['Environment', 'Variables', 'ANY'], 'string'],
    ['AWS::IAM::Role', ['AssumeRolePolicyDocument'], 'json|string'],
    ['AWS::IAM::Role', ['AssumeRolePolicyDocument', 'Statement', 0, 'Action'], 'json'],
    ['AWS::IAM::Role', ['Policies', 0, 'PolicyName'], 'string'],
    [
      'AWS::Logs::LogGroup',
      ['RetentionInDays'],
      'integer<1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653>',
    ],
    ['AWS::S3::Bucket', ['NoSuch'], 'nothing'],
    ['AWS::S3::Bucket', ['BucketName', 'Below'], 'nothing'],
    ['AWS::S3::Bucket', ['Tags', 'Key'], 'nothing'],
    ['AWS::S3::Bucket', ['BucketEncryption', 'ServerSideEncryptionConfiguration', -1.5, 'BucketKeyEnabled'], 'boolean'],
    ['AWS::S3::Bucket', [], 'nothing'],
    ['AWS::S3::Bucket', ['constructor'], 'nothing'],
  ])('%s %j is %s', (name, path, expected) => {
    expect(show(propertyAt(name, path)?.type)).toBe(expected);
    const type = resourceType(name)!;
    expect(show(propertyAt(type, path)?.type)).toBe(expected);
  });

  it('walks through objects that hold themselves', () => {
    const path = [
      'Statement',
      'AndStatement',
      'Statements',
      0,
      'NotStatement',
      'Statement',
      'GeoMatchStatement',
      'CountryCodes',
      0,
    ];
    expect(show(propertyAt('AWS::WAFv2::WebACL', ['Rules', 0, ...path])?.type)).toBe('string');
  });
});

describe('attributesOf', () => {
  it.each([
    ['AWS::S3::Bucket', 'Arn'],
    ['AWS::RDS::DBInstance', 'Endpoint.Address'],
    ['AWS::IAM::Role', 'RoleId'],
    ['AWS::KMS::Key', 'KeyId'],
  ])('%s has %s', (name, attribute) => {
    expect(attributesOf(name)).toContain(attribute);
    expect(attributesOf(name)).not.toContain('NoSuch');
  });
});

describe('tagPropertyOf', () => {
  it.each<[string, TagProperty | undefined]>([
    ['AWS::S3::Bucket', { name: 'Tags', shape: 'list' }],
    ['AWS::AmazonMQ::Broker', { name: 'Tags', shape: 'list' }],
    ['AWS::ApiGatewayV2::Api', { name: 'Tags', shape: 'map' }],
    ['AWS::Glue::Crawler', { name: 'Tags', shape: 'map' }],
    ['AWS::SSM::Parameter', { name: 'Tags', shape: 'map' }],
    ['AWS::AutoScaling::AutoScalingGroup', { name: 'Tags', shape: 'autoScaling' }],
    ['AWS::EC2::LaunchTemplate', { name: 'TagSpecifications', shape: 'specifications' }],
    ['AWS::Budgets::BudgetsAction', { name: 'ResourceTags', shape: 'list' }],
    ['AWS::CloudFront::AnycastIpList', { name: 'Tags', shape: 'other' }],
    ['AWS::OpsWorks::Layer', { name: 'Tags', shape: 'list' }],
    ['AWS::S3::BucketPolicy', undefined],
  ])('%s: %j', (name, expected) => {
    expect(tagPropertyOf(name)).toStrictEqual(expected);
  });

  it('names a property of the type, of the shape that it says', () => {
    const expected: Record<TagProperty['shape'], RegExp> = {
      list: /^\[\((?=[^)]*\bKey\b)(?=[^)]*\bValue\b).*\)\]$/,
      map: /^(?:\{.*\}|json)$/,
      autoScaling: /^\[\(Key PropagateAtLaunch Value\)\]$/,
      specifications: /^\[\(.*\bTags\b.*\)\]$/,
      other: /./,
    };
    const wrong = resourceTypeNames().flatMap((name) => {
      const tags = tagPropertyOf(name);
      const shown = tags && show(resourceType(name)!.properties.get(tags.name)?.type);
      return tags === undefined || expected[tags.shape].test(shown!) ? [] : [`${name}.${tags.name} ${shown!}`];
    });
    expect(wrong).toStrictEqual([]);
  });

  it('counts the types of each shape', () => {
    const counts: Partial<Record<TagProperty['shape'], number>> = {};
    for (const name of resourceTypeNames()) {
      const shape = tagPropertyOf(name)?.shape;
      if (shape !== undefined) counts[shape] = (counts[shape] ?? 0) + 1;
    }
    expect(counts).toStrictEqual({ list: 1087, map: 161, autoScaling: 1, specifications: 6, other: 2 });
  });
});

describe('misspelt names', () => {
  it.each([
    ['AWS::S3::Buckt', 'AWS::S3::Bucket'],
    ['AWS::s3::bucket', 'AWS::S3::Bucket'],
    ['AWS::DynamoDb::Table', 'AWS::DynamoDB::Table'],
    ['AWS::Lambda::Fucntion', 'AWS::Lambda::Function'],
    ['AWS::EC2::SecurityGroups', 'AWS::EC2::SecurityGroup'],
    ['AWS::S3::Bucket', undefined],
    ['Custom::Certificate', undefined],
    ['Something', undefined],
  ])('%s: %s', (written, meant) => {
    expect(nearestTypeName(written)).toBe(meant);
  });

  it('take the nearest, and of equally near ones the first', () => {
    expect(nearestName('abcdx', ['abcef', 'abcde', 'abcdy'])).toBe('abcde');
    expect(nearestName('abdc', ['abcd'])).toBe('abcd');
    expect(nearestName('', ['a', 'ab'])).toBe('a');
    expect(nearestName('x', [])).toBeUndefined();
  });

  it('agree with the recursive definition of the distance', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(word, fc.uniqueArray(word, { maxLength: 5 }), (name, candidates) => {
        const limit = Math.min(4, Math.floor(name.length / 4) + 1);
        const distances = candidates.map((candidate) => distance(name, candidate));
        const best = Math.min(...distances);
        const expected = best === 0 || best > limit ? undefined : candidates[distances.indexOf(best)];
        expect(nearestName(name, candidates)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Optimal string alignment distance, as it is defined. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return Math.min(
    distance(a.slice(0, -1), b) + 1,
    distance(a, b.slice(0, -1)) + 1,
    distance(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
    swapped ? distance(a.slice(0, -2), b.slice(0, -2)) + 1 : Infinity,
  );
}

it('says where the data comes from', () => {
  expect(catalogueInfo.package).toBe('@aws-cdk/aws-service-spec');
  expect(catalogueInfo.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(catalogueInfo.date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
});
