/**
 * What AWS says of resource types in one account and Region: DescribeType of the CloudFormation registry
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeType.html, read 2026-11-21). Types that the
 * account has activated or registered are told of as those of AWS are.
 */
export interface DescribedType {
  readonly name: string;
  /** The schema of the type, JSON. */
  readonly schema: string;
}

export interface TypesReader {
  /** The Region that is asked. */
  readonly region: string;
  /** @throws the errors of the SDK, whose `name` is the one of AWS. */
  describe(name: string): Promise<DescribedType>;
  /** Closes its connections. */
  close(): void;
}

export interface TypesClientOptions {
  /** `@default` what the environment and the configuration of AWS say. */
  readonly region?: string;
  /** Tries of a call that is throttled or fails on its way. `@default` 8 */
  readonly maxAttempts?: number;
}

/** Makes a client. The SDK is loaded now, because it takes time that other commands do not have. */
export async function typesClient({ region, maxAttempts = 8 }: TypesClientOptions = {}): Promise<TypesReader> {
  const sdk = await import('@aws-sdk/client-cloudformation');
  const client = new sdk.CloudFormationClient({
    retryMode: 'adaptive',
    maxAttempts,
    ...(region !== undefined && { region }),
  });
  return {
    region: await client.config.region(),
    async describe(name) {
      const { Schema } = await client.send(new sdk.DescribeTypeCommand({ Type: 'RESOURCE', TypeName: name }));
      return { name, schema: Schema ?? '' };
    },
    close: () => {
      client.destroy();
    },
  };
}
