/** The function of the Config rule as Lambda runs it: settings from the environment, calls to CloudFormation and Config. */
import {
  BatchDescribeTypeConfigurationsCommand,
  CloudFormationClient,
  DescribeTypeCommand,
} from '@aws-sdk/client-cloudformation';
import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import type { Expectation, HookState } from './judge.js';
import { evaluateHooks } from './rule.js';

const cloudFormation = new CloudFormationClient({});
const config = new ConfigServiceClient({});

/** The entry that Lambda calls. @throws Error when AWS Config does not take the evaluation. */
export async function handler(event: unknown): Promise<void> {
  const expectation = JSON.parse(process.env['EXPECTED'] ?? '') as Expectation;
  const evaluation = await evaluateHooks(event, expectation, { describeHook });
  if (evaluation === null) return;
  const { FailedEvaluations } = await config.send(
    new PutEvaluationsCommand({
      ResultToken: evaluation.resultToken,
      Evaluations: [
        {
          ComplianceResourceType: 'AWS::::Account',
          ComplianceResourceId: evaluation.accountId,
          ComplianceType: evaluation.compliance,
          Annotation: evaluation.annotation,
          OrderingTimestamp: new Date(evaluation.orderedAt),
        },
      ],
    }),
  );
  if ((FailedEvaluations?.length ?? 0) > 0) throw new Error('AWS Config did not take the evaluation');
}

/**
 * AWS CloudFormation API Reference, "DescribeType" and "BatchDescribeTypeConfigurations".
 *
 * @throws What the calls answer, but for a type that does not exist.
 */
async function describeHook(typeName: string): Promise<HookState | null> {
  const type = await orNull(cloudFormation.send(new DescribeTypeCommand({ Type: 'HOOK', TypeName: typeName })));
  if (type === null) return null;
  const identifier = { Type: 'HOOK', TypeName: typeName, TypeConfigurationAlias: 'default' } as const;
  const answer = await orNull(
    cloudFormation.send(new BatchDescribeTypeConfigurationsCommand({ TypeConfigurationIdentifiers: [identifier] })),
  );
  const [failure] = answer?.Errors ?? [];
  if (failure !== undefined) throw new Error(failure.ErrorMessage ?? failure.ErrorCode ?? 'its settings are not told');
  return {
    isActivated: type.IsActivated === true,
    isDeprecated: type.DeprecatedStatus === 'DEPRECATED',
    configuration: answer?.TypeConfigurations?.[0]?.Configuration ?? null,
  };
}

async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /^(?:TypeNotFound|TypeConfigurationNotFound)Exception$/.test(error.name)) return null;
    throw error;
  }
}
