/** Roles that IAM Roles Anywhere takes for holders of certificates: the trust anchor must be named. */
import { scanTemplate, supposedOf } from '../../../analyzers/policies/index.js';
import type { Zone } from '../../../analyzers/policies/index.js';
import { readTemplate } from '../../../template/index.js';

const zone: Zone = { organization: 'o-ourown1234', accounts: new Set(['111122223333']), trusted: new Set() };
const ANCHOR = 'arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/7c5e1b9a-1111-4222-8333-123456789012';

/** `LINE SEVERITY` of findings on access from outside, and how many policies were left open. */
function scan(condition: string, principal = 'rolesanywhere.amazonaws.com'): readonly [readonly string[], number] {
  const text = `Parameters:
  Given: { Type: String }
Resources:
  Anchor:
    Type: AWS::RolesAnywhere::TrustAnchor
    Properties: { Name: corp, Source: { SourceType: AWS_ACM_PCA, SourceData: { AcmPcaArn: !Ref Given } } }
  Machine:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { Service: ${principal} }
            Action: [sts:AssumeRole, sts:TagSession, sts:SetSourceIdentity]
            ${condition}
`;
  const { source } = readTemplate(text, 't.yaml');
  const { findings, notEvaluated } = scanTemplate(source!, supposedOf(source!), { zone });
  const own = findings.filter(({ ruleId }) => ruleId === 'policy-no-external-access');
  const open = notEvaluated.filter(({ ruleId }) => ruleId === 'policy-no-external-access');
  return [own.map(({ location, severity }) => `${location.line} ${severity}`), open.length];
}

it.each([
  ['no condition', ''],
  ['the subject of the certificate', 'Condition: { StringEquals: { aws:PrincipalTag/x509Subject/CN: build } }'],
  ['the account', "Condition: { StringEquals: { aws:SourceAccount: '111122223333' } }"],
  ['any anchor', "Condition: { ArnLike: { aws:SourceArn: 'arn:aws:rolesanywhere:*:111122223333:trust-anchor/*' } }"],
  ['an anchor where there is one', `Condition: { ArnEqualsIfExists: { aws:SourceArn: 'arn:*:*:*:*:*' } }`],
  ['anything but an anchor', `Condition: { ArnNotEquals: { aws:SourceArn: '${ANCHOR}' } }`],
])('%s lets in whoever has a certificate', (_, condition) => {
  const [found, open] = scan(condition);
  expect(found).toContain('14 warning');
  expect(open).toBe(0);
});

it.each([
  ['an anchor', `Condition: { ArnEquals: { aws:SourceArn: '${ANCHOR}' } }`],
  ['an anchor, as text', `Condition: { StringEquals: { 'AWS:sourceArn': ['${ANCHOR}'] } }`],
  ['an anchor of the template', 'Condition: { ArnEquals: { aws:SourceArn: !GetAtt Anchor.TrustAnchorArn } }'],
])('%s that is named lets in nobody else', (_, condition) => {
  expect(scan(condition)[0]).toStrictEqual([]);
});

it('another service needs no anchor', () => {
  expect(scan('', 'ec2.amazonaws.com')[0]).toStrictEqual([]);
});
