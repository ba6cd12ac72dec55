/**
 * The state machine of a distributed scan, in the Amazon States Language: begin, a Distributed Map over the batches, put
 * together. AWS Step Functions Developer Guide, "Using Map state in Distributed mode for large-scale parallel workloads",
 * "Handling errors in Step Functions workflows".
 */
import type { JsonMap } from '../../template/building/index.js';

export interface MachineOptions {
  /** ARNs of the functions; texts with `${…}` for CloudFormation to fill. */
  readonly begin: string;
  readonly worker: string;
  readonly merge: string;
  readonly bucket: string;
  readonly partition: string;
  /** Batches at one time. */
  readonly maxConcurrency: number;
  /** Percentage of batches that may fail before the run is given up. */
  readonly toleratedFailurePercentage: number;
}

/** Errors of Lambda itself and of the network: worth another attempt. Lambda Developer Guide, "Handling Lambda errors". */
const TRANSIENT = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

const retryTransient: JsonMap = {
  ErrorEquals: TRANSIENT,
  IntervalSeconds: 2,
  MaxAttempts: 8,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
};

/** A batch that ran out of time goes on at once: each attempt finishes parts, so that their number is bounded. */
const retryUnfinished: JsonMap = {
  ErrorEquals: ['UnfinishedBatch'],
  IntervalSeconds: 1,
  MaxAttempts: 50,
  BackoffRate: 1,
};

/** Whatever else: a function that was stopped, out of memory, or refused by a service for long. */
const retryRest: JsonMap = {
  ErrorEquals: ['States.TaskFailed', 'States.Timeout'],
  IntervalSeconds: 30,
  MaxAttempts: 3,
  BackoffRate: 2,
  MaxDelaySeconds: 600,
  JitterStrategy: 'FULL',
};

/** Lambda stops a function after 15 minutes; a task that lasts longer has lost its answer. */
const TASK_SECONDS = 960;

/** @returns The definition. */
export function stateMachine(options: MachineOptions): JsonMap {
  const { begin, worker, merge, bucket, partition, maxConcurrency, toleratedFailurePercentage } = options;
  const invoke = (fn: string, payload: JsonMap, retry: readonly JsonMap[]): JsonMap => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: fn, Payload: payload },
    TimeoutSeconds: TASK_SECONDS,
    Retry: retry,
  });
  return {
    Comment: 'Scans an organization: one call of a function for each batch of accounts and Regions.',
    StartAt: 'Begin',
    TimeoutSeconds: 86_400,
    States: {
      Begin: {
        ...invoke(begin, { step: 'begin', 'run.$': '$$.Execution.Name' }, [retryTransient, retryRest]),
        OutputPath: '$.Payload',
        Next: 'Scan',
      },
      Scan: {
        Type: 'Map',
        Label: 'Scan',
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:getObject`,
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { Bucket: bucket, 'Key.$': '$.batches' },
        },
        ItemSelector: { step: 'batch', 'run.$': '$.run', 'batch.$': '$$.Map.Item.Value' },
        MaxConcurrency: maxConcurrency,
        ToleratedFailurePercentage: toleratedFailurePercentage,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Batch',
          States: {
            Batch: {
              Type: 'Task',
              Resource: `arn:${partition}:states:::lambda:invoke`,
              Parameters: { FunctionName: worker, 'Payload.$': '$' },
              OutputPath: '$.Payload',
              TimeoutSeconds: TASK_SECONDS,
              Retry: [retryTransient, retryUnfinished, retryRest],
              End: true,
            },
          },
        },
        ResultWriter: {
          Resource: `arn:${partition}:states:::s3:putObject`,
          Parameters: { Bucket: bucket, Prefix: 'map-runs' },
        },
        // The answers of the batches stay in the bucket; what comes next needs the name of the run.
        ResultPath: null,
        Next: 'Merge',
      },
      Merge: {
        ...invoke(merge, { step: 'merge', 'run.$': '$.run' }, [retryTransient, retryRest]),
        OutputPath: '$.Payload',
        End: true,
      },
    },
  };
}
