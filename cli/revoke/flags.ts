/** Options of `stackade revoke`. */
import type { LockFlags } from '../scp/lock.js';

export interface RevokeFlags extends LockFlags {
  readonly user?: readonly string[];
  readonly identityCenterUser?: readonly string[];
  readonly iamUserId?: readonly string[];
  readonly role?: readonly string[];
  readonly before?: string;
  readonly schedule?: boolean;
  readonly expires?: string;
  readonly breakGlass?: readonly string[];
  readonly cleanUp?: boolean;
  readonly plan?: boolean;
  readonly apply?: boolean;
  readonly aws?: boolean;
  readonly organizationOnly?: boolean;
  readonly callerContext?: readonly string[];
  readonly config?: string;
  readonly managementAccount?: string;
  readonly exports?: string;
  readonly current?: readonly string[];
  readonly slots?: string;
  readonly iam?: readonly string[];
  readonly trail?: readonly string[];
  readonly operator?: string;
  readonly at?: string;
  readonly out?: string;
  readonly format: string;
  readonly outputFile?: string;
}
