/** AWS Security Token Service: who calls (https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html). */
import type { Call } from './call.js';
import type { Form, XmlValue } from './protocols/query.js';

type Operation = (call: Call, form: Form) => Readonly<Record<string, XmlValue>> | null;

export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

export const STS_OPERATIONS: Readonly<Record<string, Operation>> = {
  GetCallerIdentity: ({ identity }) => ({
    UserId: identity.userId,
    Account: identity.account,
    Arn: identity.arn,
  }),
};
