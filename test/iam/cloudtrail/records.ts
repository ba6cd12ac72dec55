/** Records in the shapes that CloudTrail writes, cut to what matters; accounts and ids are AWS's examples. */
import type { Value } from '../../../template/index.js';

export type Loose = Record<string, Value>;

const ATTRIBUTES = { creationDate: '2026-11-20T08:00:00Z', mfaAuthenticated: 'false' };

export const ROLE_SESSION: Loose = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLEEXAMPLE01:alice',
  arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/alice',
  accountId: '111122223333',
  accessKeyId: 'ASIAEXAMPLEEXAMPLE01',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEEXAMPLE01',
      arn: 'arn:aws:iam::111122223333:role/team/Deploy',
      accountId: '111122223333',
      userName: 'Deploy',
    },
    attributes: ATTRIBUTES,
    sourceIdentity: 'alice',
  },
};

export const USER: Loose = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEEXAMPLE01',
  arn: 'arn:aws:iam::111122223333:user/people/bob',
  accountId: '111122223333',
  accessKeyId: 'AKIAEXAMPLEEXAMPLE01',
  userName: 'bob',
};

/** A record of a call; `over` replaces members. */
export function record(eventSource: string, eventName: string, requestParameters: Value, over: Loose = {}): Loose {
  return {
    eventVersion: '1.11',
    eventTime: '2026-11-21T10:00:00Z',
    eventID: '00000000-0000-4000-8000-000000000001',
    eventType: 'AwsApiCall',
    eventSource,
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.9',
    userAgent: 'aws-cli/2',
    requestParameters,
    responseElements: null,
    recipientAccountId: '111122223333',
    userIdentity: ROLE_SESSION,
    tlsDetails: { tlsVersion: 'TLSv1.3' },
    ...over,
  };
}
