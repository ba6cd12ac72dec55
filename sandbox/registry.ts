/** The services of the sandbox. */
import { ORGANIZATIONS } from './organizations/service.js';
import type { Service } from './service.js';
import { STS } from './sts/service.js';

export const SERVICES: readonly Service[] = [ORGANIZATIONS, STS];
