/** Schemas of resource types from AWS: asked for one after the other, and all of them before anything is written. */
import { describedSchema, fixedSet } from '../../hooks/gate/index.js';
import type { LeftOut, RestrictedSchema, SchemaSet } from '../../hooks/gate/index.js';
import { awsDiagnostic } from '../aws/errors.js';
import { refused } from '../aws/diagnostics.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import type { TypesReader } from './types-client.js';

/** What schemas note of where they come from. */
export const FROM_AWS = 'CloudFormation registry';

/** Whether AWS gave the schema of a type. */
export function isFromAws(set: SchemaSet, type: string): boolean {
  const loaded = set.load(type);
  return loaded !== undefined && 'schema' in loaded && loaded.schema['x-source'].database === FROM_AWS;
}

export interface DescribedTypes {
  readonly set: SchemaSet;
  readonly region: string;
  /** What AWS says and the schemas do not hold, by type. */
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>;
}

/**
 * Asks AWS for the schemas of types.
 *
 * @throws InputError with the first call that fails, or with every schema that cannot be used.
 */
export async function describeTypes(
  types: readonly string[],
  connect: () => Promise<TypesReader>,
): Promise<DescribedTypes> {
  const client = await connected(connect);
  try {
    // The date of the snapshot; a schema of AWS has none.
    const date = new Date().toISOString().slice(0, 10);
    const source = { database: FROM_AWS, version: client.region, date };
    const schemas: RestrictedSchema[] = [];
    const leftOut = new Map<string, readonly LeftOut[]>();
    const problems: string[] = [];
    for (const type of types) {
      const described = describedSchema(type, await schemaOf(client, type), source);
      if ('problem' in described) problems.push(`the type \`${type}\` cannot be taken over: ${described.problem}`);
      else {
        schemas.push(described.schema);
        leftOut.set(type, described.leftOut);
      }
    }
    if (problems.length > 0) throw new InputError(problems.map((text) => badOption('--types', text, LEAVE_OUT)));
    return { set: fixedSet(schemas), region: client.region, leftOut };
  } finally {
    client.close();
  }
}

const LEAVE_OUT = 'leave the type out, or describe it in an overlay with `schema`';

async function connected(connect: () => Promise<TypesReader>): Promise<TypesReader> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof Error && /region is missing/i.test(error.message)) {
      throw new InputError([
        badOption('--online', 'asks AWS in a Region, and none is known', 'give --region, or set AWS_REGION'),
      ]);
    }
    throw error;
  }
}

/** By the name of the error: what mends it. */
const REMEDIES: Readonly<Record<string, string>> = {
  AccessDenied: 'give the caller the right cloudformation:DescribeType',
  AccessDeniedException: 'give the caller the right cloudformation:DescribeType',
  Throttling: 'wait a minute, or name fewer types at a time; what the folder holds stays as it was',
  ThrottlingException: 'wait a minute, or name fewer types at a time; what the folder holds stays as it was',
  TypeNotFoundException:
    'check the name and the Region; a private or third-party type has to be registered or activated in the account',
};

async function schemaOf(client: TypesReader, type: string): Promise<string> {
  try {
    return (await client.describe(type)).schema;
  } catch (error) {
    const doing = `the type \`${type}\` cannot be read in ${client.region}`;
    const known = error instanceof Error && Object.hasOwn(REMEDIES, error.name) ? REMEDIES[error.name] : undefined;
    const diagnostic =
      known === undefined || !(error instanceof Error)
        ? awsDiagnostic(error, doing)
        : refused(doing, `${error.name}: ${error.message.split('\n', 1)[0]!}`, known);
    if (diagnostic === null) throw error;
    throw new InputError([diagnostic]);
  }
}
