/** The services of the sandbox. S3 takes what no other claims, so it is the last. */
import { ACCESS_ANALYZER } from './access-analyzer/service.js';
import { CLOUD_CONTROL } from './cloud-control/service.js';
import { CLOUDFORMATION } from './cloudformation/service.js';
import { CONFIG_SERVICE } from './config/service.js';
import { IAM_SERVICE } from './iam/service.js';
import { ORGANIZATIONS } from './organizations/service.js';
import { S3 } from './s3/service.js';
import type { Service } from './service.js';
import { STS } from './sts/service.js';

export const SERVICES: readonly Service[] = [
  ORGANIZATIONS,
  STS,
  IAM_SERVICE,
  CLOUDFORMATION,
  CLOUD_CONTROL,
  CONFIG_SERVICE,
  ACCESS_ANALYZER,
  S3,
];
