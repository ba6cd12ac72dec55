/** Amazon S3 (https://docs.aws.amazon.com/AmazonS3/latest/API/Type_API_Reference.html). */
import type { Service } from '../service.js';
import { BUCKET_OPERATIONS } from './buckets.js';
import { LIST_OPERATIONS } from './lists.js';
import { OBJECT_OPERATIONS } from './objects.js';
import { S3_PROTOCOL } from './protocol.js';

export const S3: Service = {
  name: 's3',
  protocol: S3_PROTOCOL,
  operations: { ...BUCKET_OPERATIONS, ...OBJECT_OPERATIONS, ...LIST_OPERATIONS },
  takesAnonymous: true,
};
