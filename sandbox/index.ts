/**
 * An embedded organization: a server on the loopback interface that speaks the wire protocols of AWS, so that SDKs and
 * commands can be tried, and tested, without an account. docs/sandbox.md says what it does not emulate.
 */
export { startSandbox } from './server.js';
export type { LogEntry, Sandbox, SandboxOptions } from './server.js';
export { StateFileError } from './keeper.js';
export { seedOrganization } from './seed.js';
export { Faults } from './faults.js';
export type { Fault } from './faults.js';
export type { Caller, Session } from './callers.js';
export type { AccessKey, Credentials, SandboxState } from './state.js';
export type { OrganizationData } from './organizations/data.js';
export { deploymentFaultsOf } from './cloudformation/stack-sets/faults.js';
export type { DeploymentFault, DeploymentFaults } from './cloudformation/stack-sets/faults.js';
export { seedAnalyzer, seedFindings } from './access-analyzer/seed.js';
export type { SeededAnalyzer, SeededFinding } from './access-analyzer/seed.js';
export { seedResource } from './cloud-control/seed.js';
export type { SeededResource } from './cloud-control/seed.js';
