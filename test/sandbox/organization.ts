/** An organization to fill a sandbox with. */
import { readOrganization } from '../../organization/index.js';
import type { Organization } from '../../organization/index.js';
import { seedOrganization } from '../../sandbox/index.js';
import type { OrganizationData } from '../../sandbox/index.js';

export const ORGANIZATION_TEXT = `version: 1
organization:
  id: o-exampleorgid
  managementAccount: '111111111111'
  homeRegion: us-east-1
  delegatedAdministrators:
    guardduty.amazonaws.com: ['222222222222']
root:
  id: r-ab12
  accounts:
    - { id: '111111111111', name: management }
  units:
    - name: Sandbox
      id: ou-ab12-11111111
      accounts:
        - { id: '333333333333', name: playground }
    - name: Security
      accounts:
        - { id: '222222222222', name: audit }
    - name: Workloads
      units:
        - name: Production
          accounts:
            - { id: '444444444444', name: shop }
            - { id: '555555555555', name: billing }
`;

export function organization(): Organization {
  const { organization: read, diagnostics } = readOrganization(ORGANIZATION_TEXT, 'org.yaml');
  if (read === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return read;
}

/** 2026-11-21T10:00:00Z */
export const CREATED_AT = Date.UTC(2026, 10, 21, 10);

export function seeded(enabledPolicyTypes?: readonly string[]): OrganizationData {
  return seedOrganization(organization(), CREATED_AT, enabledPolicyTypes);
}
