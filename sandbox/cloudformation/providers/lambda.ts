/** Functions of AWS Lambda as resources: their code is read when they are made, as Lambda does. */
import { createHash } from 'node:crypto';
import { RequestError, ServiceError } from '../../errors.js';
import { readObject } from '../../s3/objects.js';
import { textOf } from '../json.js';
import type { Json } from '../json.js';
import type { ResourceData } from '../data.js';
import { functionsAt } from '../hooks/functions.js';
import { RECORDS } from '../records.js';
import { ResourceFailure } from '../surroundings.js';
import type { Made, PresentCall, Provider, ResourceCall } from '../surroundings.js';

const DEFAULT_TIMEOUT = 3;

function codeOf({ call, resource }: ResourceCall): Uint8Array | string {
  const code = (resource.properties['Code'] ?? {}) as Json;
  if (typeof code['ZipFile'] === 'string') return code['ZipFile'];
  const { S3Bucket: bucket, S3Key: key, S3ObjectVersion: version } = code;
  if (typeof bucket !== 'string' || typeof key !== 'string') return '';
  try {
    return readObject(call, bucket, key, typeof version === 'string' ? version : undefined);
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof RequestError)) throw error;
    const name = error instanceof ServiceError ? error.code : 'AccessDenied';
    throw new ResourceFailure(
      `Resource handler returned message: "Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${error.message} (Service: Lambda, Status Code: 400)"`,
    );
  }
}

function store(asked: ResourceCall, made: Made): Made {
  const { call, stack, resource } = asked;
  const { properties } = resource;
  const environment = ((properties['Environment'] as Json | undefined)?.['Variables'] ?? {}) as Json;
  const variables = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
  const code = codeOf(asked);
  const handler = textOf(properties['Handler']);
  functionsAt(call.state, stack.account, stack.region).set(made.physicalId, {
    arn: made.attributes['Arn']!,
    name: made.physicalId,
    handler,
    runtime: textOf(properties['Runtime']),
    roleArn: textOf(properties['Role']),
    timeout: Number(properties['Timeout'] ?? DEFAULT_TIMEOUT),
    environment: variables,
    code,
    revision: createHash('sha256')
      .update(code)
      .update(JSON.stringify([handler, variables]))
      .digest('hex'),
  });
  return made;
}

const FUNCTION: Provider = {
  create(asked: ResourceCall): Made {
    const { call, resource } = asked;
    const roleArn = textOf(resource.properties['Role']);
    call.authorize('iam:PassRole', roleArn, { context: { 'iam:PassedToService': 'lambda.amazonaws.com' } });
    const made = RECORDS.create(asked) as Made;
    try {
      return store(asked, made);
    } catch (error) {
      void RECORDS.delete(asked, recordOf(asked, made));
      throw error;
    }
  },
  update(asked: ResourceCall, current: ResourceData): Made {
    return store(asked, RECORDS.update(asked, current) as Made);
  },
  delete(asked: PresentCall, current: ResourceData): void {
    const { call, stack } = asked;
    void RECORDS.delete(asked, current);
    functionsAt(call.state, stack.account, stack.region).delete(current.physicalId ?? '');
  },
};

function recordOf({ resource }: ResourceCall, { physicalId, attributes }: Made): ResourceData {
  const { logicalId, type, properties, deletionPolicy } = resource;
  const status = 'CREATE_FAILED';
  return {
    logicalId,
    type,
    physicalId,
    attributes,
    properties,
    status,
    reason: undefined,
    updatedAt: 0,
    deletionPolicy,
  };
}

export const LAMBDA_PROVIDERS: ReadonlyMap<string, Provider> = new Map([['AWS::Lambda::Function', FUNCTION]]);
