/** Changes of the tree, by the AWS SDK. */
import * as sdk from '@aws-sdk/client-organizations';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { startSandbox } from '../../../sandbox/index.js';
import type { Sandbox } from '../../../sandbox/index.js';
import { Clients, outcome } from '../clients.js';
import { seeded } from '../organization.js';
import { departures } from '../schema.js';

export function organizationsSuite(): void {
  let sandbox: Sandbox;
  const clients = new Clients(() => sandbox);

  beforeEach(async () => {
    sandbox = await startSandbox({ organization: seeded() });
  });

  afterEach(async () => {
    clients.close();
    await sandbox.close();
  });

  it('makes and moves accounts, and the policies of the new place hold', async () => {
    const client = clients.organizations(sandbox.credentials('111111111111'));
    const RootId = 'r-ab12';
    const { OrganizationalUnit } = await client.send(
      new sdk.CreateOrganizationalUnitCommand({ ParentId: RootId, Name: 'New' }),
    );
    const unit = OrganizationalUnit!.Id!;
    expect(
      await outcome(client.send(new sdk.CreateOrganizationalUnitCommand({ ParentId: RootId, Name: 'New' }))),
    ).toMatch(/^DuplicateOrganizationalUnitException/);
    const Content = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}';
    const { Policy } = await client.send(
      new sdk.CreatePolicyCommand({ Name: 'no-s3', Description: '', Content, Type: 'SERVICE_CONTROL_POLICY' }),
    );
    await client.send(new sdk.AttachPolicyCommand({ PolicyId: Policy!.PolicySummary!.Id!, TargetId: unit }));
    const { CreateAccountStatus } = await client.send(
      new sdk.CreateAccountCommand({ AccountName: 'fresh', Email: 'fresh@example.com' }),
    );
    expect(
      departures(sdk.CreateAccountStatus$ as never, {
        ...CreateAccountStatus,
        RequestedTimestamp: 1,
        CompletedTimestamp: 1,
      }),
    ).toStrictEqual([]);
    const AccountId = CreateAccountStatus!.AccountId!;
    const again = await client.send(new sdk.CreateAccountCommand({ AccountName: 'fresh', Email: 'fresh@example.com' }));
    expect(again.CreateAccountStatus).toMatchObject({ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' });
    const buckets = (): Promise<string> =>
      outcome(clients.s3(sandbox.credentials(AccountId)).send(new ListBucketsCommand({})));
    expect(await buckets()).toBe('ok');
    const move = new sdk.MoveAccountCommand({ AccountId, SourceParentId: RootId, DestinationParentId: unit });
    await client.send(move);
    expect(await buckets()).toMatch(/explicit deny in a service control policy/);
    expect(await outcome(client.send(move))).toMatch(/^SourceParentNotFoundException/);
    expect(await outcome(client.send(new sdk.DeleteOrganizationalUnitCommand({ OrganizationalUnitId: unit })))).toMatch(
      /^OrganizationalUnitNotEmptyException/,
    );
    const session = await clients.session(
      sandbox.credentials('111111111111'),
      `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
    );
    await client.send(new sdk.CloseAccountCommand({ AccountId }));
    expect(await outcome(clients.s3(session).send(new ListBucketsCommand({})))).toMatch(/^InvalidAccessKeyId/);
  });

  it('keeps delegated administrators and trusted access', async () => {
    const client = clients.organizations(sandbox.credentials('111111111111'));
    const ServicePrincipal = 'member.org.stacksets.cloudformation.amazonaws.com';
    await client.send(new sdk.EnableAWSServiceAccessCommand({ ServicePrincipal }));
    const { EnabledServicePrincipals } = await client.send(new sdk.ListAWSServiceAccessForOrganizationCommand({}));
    // A service whose administrator the description names is trusted from the start.
    expect(EnabledServicePrincipals).toMatchObject([
      { ServicePrincipal: 'guardduty.amazonaws.com' },
      { ServicePrincipal },
    ]);
    await client.send(new sdk.DisableAWSServiceAccessCommand({ ServicePrincipal }));
    const AccountId = '333333333333';
    const member = clients.organizations(sandbox.credentials(AccountId));
    expect(await outcome(member.send(new sdk.ListAccountsCommand({})))).toMatch(/^AccessDeniedException/);
    expect(await outcome(member.send(new sdk.CloseAccountCommand({ AccountId: '555555555555' })))).toMatch(
      /^AccessDenied/,
    );
    await client.send(new sdk.RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
    expect(await outcome(member.send(new sdk.ListAccountsCommand({})))).toBe('ok');
    expect(await outcome(member.send(new sdk.CloseAccountCommand({ AccountId: '555555555555' })))).toMatch(
      /^AccessDenied/,
    );
    await client.send(new sdk.DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
    expect(await outcome(member.send(new sdk.ListAccountsCommand({})))).toMatch(/^AccessDeniedException/);
  });
}
