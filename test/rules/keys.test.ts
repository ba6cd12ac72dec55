/** The rules about users of keys read every type that names a key and takes tags. */
import { keyUsingTypes } from '../../rules/code/keys.js';
import { codeLibrary } from './library.js';

const types = keyUsingTypes();

it.each(['kms-key-one-application-and-stage', 'kms-key-one-data-class', 'kms-key-one-data-type'])(
  '%s reads the types of the catalogue that name a key',
  (id) => {
    expect(codeLibrary.find((rule) => rule.id === id)!.metadata.resourceTypes).toStrictEqual(types);
  },
);

it('knows types whose key lies deep, and none without a key', () => {
  expect(types).toEqual(expect.arrayContaining(['AWS::S3::Bucket', 'AWS::MSK::Cluster', 'AWS::KMS::Alias']));
  expect(types).not.toContain('AWS::EC2::VPC');
  expect(types).not.toContain('AWS::KMS::Grant');
});
