/** Our own controls, changed behind our back: the scan says what is otherwise than declared, and when it appeared. */
import { CloudFormationClient, SetTypeConfigurationCommand } from '@aws-sdk/client-cloudformation';
import {
  CreatePolicyVersionCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { DetachPolicyCommand, OrganizationsClient, UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import type { Scan } from '../../../analyzers/scan/index.js';
import { runApply as runDeploy } from '../../../cli/deploy/apply.js';
import { runEnable } from '../../../cli/deploy/enable.js';
import { runApply as runPolicies } from '../../../cli/scp/apply.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { runInProcess, runScan, scanOf } from '../../support/scan-command.js';
import {
  GOVERNANCE,
  HOME,
  MANAGEMENT,
  scanEnvironment,
  scanOrganizationText,
  startScanSandbox,
  type ScanSandbox,
} from '../../support/scan-organization.js';

const [FIRST, SECOND] = ['333333333331', '333333333332'] as const;
const MEMBERS = [FIRST, SECOND];
const deny = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] });

const FILES = {
  'org.yaml': scanOrganizationText(MEMBERS).replace(
    '  id: r-ab12\n',
    '  id: r-ab12\n  policies: { scp: [{ file: root.json, name: base }] }\n',
  ),
  'root.json': deny('organizations:LeaveOrganization'),
  'rollouts.yaml': `version: 1
rollouts:
  guard:
    template: guard.yaml
    capabilities: [CAPABILITY_NAMED_IAM]
    parameters: { Home: ${HOME} }
    hook: { type: 'Stackade::Policy::Check', mode: FailureMode }
    preferences: { regions: sequential }
    rings: { all: { targets: [/Workloads] } }
    waves: [{ ring: all, parameters: { FailureMode: FAIL } }]
`,
  'guard.yaml': `Parameters:
  Home: { Type: String }
  FailureMode: { Type: String, AllowedValues: [WARN, FAIL] }
Conditions:
  AtHome: !Equals [!Ref AWS::Region, !Ref Home]
Resources:
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Condition: AtHome
    Properties:
      ManagedPolicyName: tenant-boundary
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: ['s3:GetObject'], Resource: !Sub 'arn:aws:s3:::data-\${AWS::AccountId}/*' }
  Tenant:
    Type: AWS::IAM::Role
    Condition: AtHome
    Properties:
      RoleName: tenant
      PermissionsBoundary: !Ref Boundary
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: 'sts:AssumeRole' }
  Hook:
    Type: AWS::CloudFormation::LambdaHook
    Properties:
      Alias: Stackade::Policy::Check
      LambdaFunction: !Sub 'arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:check'
      ExecutionRole: !Sub 'arn:aws:iam::\${AWS::AccountId}:role/hook'
      TargetOperations: [RESOURCE]
      TargetFilters: { TargetNames: ['AWS::SQS::Queue'] }
      HookStatus: ENABLED
      FailureMode: !Ref FailureMode
`,
};

let scanned: ScanSandbox;
let folder: string;

beforeAll(async () => {
  scanned = await startScanSandbox(MEMBERS);
  folder = folderOf(FILES);
});

afterAll(async () => {
  await scanned.sandbox.close();
  removeFolders();
});

const environment = (account: string): Record<string, string> => scanEnvironment(scanned, folder, account);
const of = (
  account: string,
): { region: string; endpoint: string; credentials: ReturnType<ScanSandbox['sandbox']['credentials']> } => ({
  region: HOME,
  endpoint: scanned.sandbox.url,
  credentials: scanned.sandbox.credentials(account),
});

it('finds nothing in what was just brought, and each change of it', async () => {
  const config = 'org.yaml';
  const enabled = await runInProcess(folder, environment(MANAGEMENT), (terminal) => runEnable({ config }, terminal));
  expect(enabled.exitCode).toBe(0);
  const policies = await runInProcess(folder, environment(MANAGEMENT), (terminal) =>
    runPolicies({ config, set: 'guardrails', format: 'pretty', pause: '0' }, terminal),
  );
  expect(policies.exitCode).toBe(0);
  const deployed = await runInProcess(folder, environment(GOVERNANCE), (terminal) =>
    runDeploy({ config, format: 'pretty' }, terminal),
  );
  expect(deployed.exitCode).toBe(0);
  const controls = ['ORG-SCP-02', 'HOOK-PROT-01', 'BND-ROLE-01', 'ROLL-SS-04'];
  const own = (ran: Awaited<ReturnType<typeof runScan>>): readonly string[] =>
    scanOf(ran)
      .findings.filter(({ checkId }) => checkId.startsWith('own-'))
      .map(({ checkId, account, region, message }) => `${checkId} ${account.id} ${region}: ${message}`);
  const before = await runScan(folder, environment(GOVERNANCE), { controls });
  expect(own(before)).toStrictEqual([]);
  expect(scanOf(before).units.filter(({ failures }) => failures.length > 0)).toStrictEqual([]);

  const { organization } = scanned.sandbox.state;
  const [id] = [...organization.policies].find(([, { awsManaged }]) => !awsManaged)!;
  const organizations = new OrganizationsClient({ ...of(MANAGEMENT), region: 'us-east-1' });
  await organizations.send(new UpdatePolicyCommand({ PolicyId: id, Content: deny('account:CloseAccount') }));
  const iam = new IAMClient(of(FIRST));
  await iam.send(
    new CreatePolicyVersionCommand({
      PolicyArn: `arn:aws:iam::${FIRST}:policy/tenant-boundary`,
      PolicyDocument: deny('s3:PutObject').replace('Deny', 'Allow'),
      SetAsDefault: true,
    }),
  );
  await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'tenant' }));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'tenant', PolicyName: 'more', PolicyDocument: deny('s3:*') }));
  const cloudformation = new CloudFormationClient(of(SECOND));
  // It does not say that the hook is enabled, and so it is not.
  const configuration = { FailureMode: 'WARN', TargetOperations: ['RESOURCE'] };
  await cloudformation.send(
    new SetTypeConfigurationCommand({
      Type: 'HOOK',
      TypeName: 'Stackade::Policy::Check',
      Configuration: JSON.stringify({ CloudFormationConfiguration: { HookConfiguration: configuration } }),
    }),
  );
  const changed = await runScan(folder, environment(GOVERNANCE), { controls, previous: 'latest' });
  const [boundary, hook] = [`own-boundary-unchanged ${FIRST} global`, `own-hook-in-force ${SECOND} ${HOME}`];
  const text = `own-policy-unchanged ${MANAGEMENT} global: the text of the policy \`stackade-root-1\` is not the declared one`;
  const found = [
    `${boundary}: the policy \`tenant-boundary\` does not say what it should (stack set stackade-guard-all)`,
    `${boundary}: the boundary of the role is missing and not arn:aws:iam::${FIRST}:policy/tenant-boundary (stack set stackade-guard-all)`,
    `${boundary}: the inline policy \`more\` is not declared (stack set stackade-guard-all)`,
    `${hook}: FailureMode of the hook Stackade::Policy::Check is WARN and not FAIL (stack set stackade-guard-all)`,
    `${hook}: HookStatus of the hook Stackade::Policy::Check is DISABLED and not ENABLED (stack set stackade-guard-all)`,
    text,
  ];
  expect([changed.exitCode, own(changed)]).toStrictEqual([1, found]);
  const ownPrints = ({ findings }: Scan): readonly string[] =>
    findings.flatMap(({ checkId, fingerprint }) => (checkId.startsWith('own-') ? [fingerprint] : [])).sort();
  expect(scanOf(changed).changes).toMatchObject({
    appeared: expect.arrayContaining(ownPrints(scanOf(changed))) as unknown,
  });
  await organizations.send(new DetachPolicyCommand({ PolicyId: id, TargetId: 'r-ab12' }));
  const detached = await runScan(folder, environment(GOVERNANCE), { controls, previous: 'latest' });
  expect(own(detached)).toStrictEqual([
    ...found,
    `own-policy-unchanged ${MANAGEMENT} global: the policy \`stackade-root-1\` is not attached to /`,
  ]);
  // What was found before is no news.
  const news = ownPrints(scanOf(detached)).filter((print) => !ownPrints(scanOf(changed)).includes(print));
  expect(scanOf(detached).changes).toMatchObject({ appeared: news, gone: [] });
});
