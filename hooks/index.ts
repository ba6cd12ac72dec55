/** What runs inside CloudFormation, and before it in the same way: the feature gate. */
export * from './gate/index.js';
