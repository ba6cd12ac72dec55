/** AWS Identity and Access Management (https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html). */
import { queryProtocol } from '../protocols/query.js';
import type { Service } from '../service.js';
import { ENTITY_OPERATIONS } from './entities.js';
import { POLICY_OPERATIONS } from './policies.js';
import { REPORT_OPERATIONS } from './reports.js';
import { ROLE_OPERATIONS } from './roles.js';
import { USER_OPERATIONS } from './users.js';

export const IAM_SERVICE: Service = {
  name: 'iam',
  protocol: queryProtocol('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'),
  operations: {
    ...ENTITY_OPERATIONS,
    ...USER_OPERATIONS,
    ...ROLE_OPERATIONS,
    ...POLICY_OPERATIONS,
    ...REPORT_OPERATIONS,
  },
};
