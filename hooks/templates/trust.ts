/** Who takes on the roles of hooks and functions, and which calls are theirs. */
import { ref, sub } from '../../template/building/index.js';
import type { JsonMap } from '../../template/building/index.js';

/**
 * Lambda takes on the role. A role can be handed to a function of its own account only, by who may pass it, and Lambda does
 * not document source keys for this call; {@link byFunction} holds what the role may do to the one function instead.
 */
export const TRUSTS_LAMBDA: JsonMap = {
  Sid: 'Functions',
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
};

/**
 * Condition: the call comes out of this function. AWS Lambda Developer Guide, "Working with Lambda execution environment
 * credentials" (`lambda:SourceFunctionArn`).
 */
export function byFunction(functionName: string): JsonMap {
  const arn = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionName}`;
  return { ArnLike: { 'lambda:SourceFunctionArn': [sub(arn), sub(`${arn}:*`)] } };
}

/** Hooks of this account and Region take on the role; the service acts for every customer of AWS. */
export function trustsHooks(...services: readonly string[]): JsonMap {
  return {
    Sid: 'HooksOfThisAccount',
    Effect: 'Allow',
    Principal: { Service: ['hooks.cloudformation.amazonaws.com', ...services] },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
      ArnLike: {
        'aws:SourceArn': sub('arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:type/hook/*'),
      },
    },
  };
}
