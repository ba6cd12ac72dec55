/**
 * Controls of the layers `scan` and `attest` that no check looks at, with the reason. A control of layer `attest` is
 * answered by a statement in the file of attestations.
 */
export const UNCHECKED_CONTROLS: Readonly<Record<string, string>> = {
  'BND-CDK-02': 'It stands in cdk.json and in the lock file of a repository: attest it.',
  'COST-SCAN-01': 'What queries read is in the history of the query service, which the scan does not read: attest it.',
  'COST-SHOW-01': 'Reports and their readers are outside of the accounts: attest it.',
  'DATA-CAT-01':
    'Which stores are governed, and what the catalogue says of their meaning and lineage, no property of a resource tells.',
  'DATA-ERASE-01': 'A deletion path is tested, not read: attest it.',
  'DATA-LF-12': 'Which columns hold sensitive data is found by jobs in the data, not in the configuration.',
  'DATA-LF-13': 'It takes queries of each persona, with the answers wanted: attest it.',
  'DET-ANOM-01': 'It takes the events of the trails; `stackade iam replay` reads them.',
  'DET-GD-03': 'Coverage is told by GuardDuty for each cluster and instance, which Cloud Control does not show.',
  'DET-RESP-01': 'The order of a response is rehearsed, not read: attest it.',
  'HOOK-SHIFT-01': 'Checks in editors and before merges are in repositories and pipelines: attest it.',
  'IAM-GRANT-01': 'Grants with reason, approver and expiry are records outside of the accounts: attest it.',
  'IAM-ROLE-03': 'Which roles are data roles of which class only the organization knows: attest it.',
  'LOG-CT-03': 'The history of grants and approvals that belongs to a record is outside of the trails: attest it.',
  'LOG-HOST-01': 'The configuration of agents is on the hosts.',
  'LOG-ISO-01': 'Which account is there for analysis, and who reads through shares, no resource of one account tells.',
  'LOG-QUERY-01': 'Whether partitions are loaded, and queries run, shows only in the query service.',
  'LOG-QUERY-02': 'It takes the access logs of the buckets.',
  'LOG-SECRET-01': 'It takes the content of the logs and of the code that writes them: attest it.',
  'ORG-AI-01': 'Which models are approved, and who checks their output, only the organization knows: attest it.',
  'ORG-CODE-01': 'Reviews are in the repository and its host: attest it.',
  'ORG-MAP-01': 'Obligations and reviews are documents: attest it.',
  'PIPE-CA-01': 'Pinned versions are in repositories: attest it. Rules check what templates say of it.',
  'PIPE-DEP-01': 'How a deployment went is not in the configuration: attest it. Rules check what templates say of it.',
  'PIPE-REPO-01': 'Branches and reviewers are in the repository and its host: attest it.',
  'SEC-CODE-01': 'It takes the content of repositories and documents: attest it.',
  'SES-REV-05': 'A rehearsal is an act; `stackade revoke` writes its evidence.',
  'TAG-OBJ-01': 'It takes the tags of objects and the code of the jobs that write them: attest it.',
  'TAG-REPORT-01':
    'The findings of TAG-REQ-01 list the resources by account; spend without tags is in the reports of AWS Billing.',
  'TEN-DB-02': 'Row-level security is inside of the databases, for which the scan has no credentials.',
  'TEN-ID-01': 'It is in the code that reads claims: attest it. Rules check what templates say of it.',
  'TEN-SILO-01': 'How tenants are kept apart is a decision on record: attest it.',
  'TEN-TEST-01': 'Vectors are tests in a repository: attest it.',
  'TEN-VIEW-01': 'What a viewer sees is decided inside of the product: attest it.',
  'TLS-AGENT-01': 'Agents run outside of AWS: attest it.',
};
