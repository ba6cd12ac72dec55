/** What a scan asks of AWS Organizations besides the tree and its policies. */
import type { Pace } from './pace.js';

export interface OrganizationExtrasClient {
  /** Service principals with trusted access. */
  trustedServices(): Promise<readonly string[]>;
  /** Tags of an account. */
  accountTags(account: string): Promise<Readonly<Record<string, string>>>;
  close(): void;
}

/** Makes a client; the endpoint of AWS Organizations is in one Region of each partition. */
export async function organizationExtrasClient(pace: Pace, region = 'us-east-1'): Promise<OrganizationExtrasClient> {
  const sdk = await import('@aws-sdk/client-organizations');
  const client = new sdk.OrganizationsClient({ region, maxAttempts: 1 });
  return {
    async trustedServices() {
      const found: string[] = [];
      let NextToken: string | undefined;
      do {
        const input = { NextToken };
        const page = await pace.run('organizations', () =>
          client.send(new sdk.ListAWSServiceAccessForOrganizationCommand(input)),
        );
        found.push(...(page.EnabledServicePrincipals ?? []).flatMap(({ ServicePrincipal }) => ServicePrincipal ?? []));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return found.sort();
    },
    async accountTags(account) {
      const tags: Record<string, string> = {};
      let NextToken: string | undefined;
      do {
        const input = { ResourceId: account, NextToken };
        const page = await pace.run('organizations', () => client.send(new sdk.ListTagsForResourceCommand(input)));
        for (const { Key, Value } of page.Tags ?? []) if (Key !== undefined) tags[Key] = Value ?? '';
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return tags;
    },
    close: () => {
      client.destroy();
    },
  };
}
