/** Drift of stack sets (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-drift.html). */
import { ServiceError } from '../../errors.js';
import { driftOf } from '../drift.js';
import type { CfnCall, Engine, Output } from '../engine.js';
import { page, text, texts } from '../input.js';
import { date } from '../shapes.js';
import { namedOperation, namedSet, refuseUnlessAdministrator } from './access.js';
import { keyOf } from './data.js';
import { enqueue, operationId } from './instances.js';
import type { Operations } from './operations.js';

export function detectStackSetDrift(operations: Operations, call: CfnCall): Output {
  const set = namedSet(call);
  refuseUnlessAdministrator(call);
  const id = operationId(set, call);
  const chosen = [...set.instances.values()].filter(({ stackId }) => stackId !== undefined);
  enqueue(operations, call, set, { id, action: 'DETECT_DRIFT', targets: undefined, chosen });
  return { OperationId: id };
}

export function listStackInstanceResourceDrifts(engine: Engine, call: CfnCall): Output {
  const set = namedSet(call);
  const { id } = namedOperation(call, set);
  const account = text(call.input, 'StackInstanceAccount');
  const region = text(call.input, 'StackInstanceRegion');
  const wanted = texts(call.input, 'StackInstanceResourceDriftStatuses');
  const instance = set.instances.get(keyOf(account, region));
  const stack = instance && engine.places.at(account, region).stacks.get(instance.stackId ?? '');
  if (instance === undefined || stack === undefined) {
    const message = `Stack instance for account ${account} and region ${region} does not exist in stack set ${set.id}`;
    throw new ServiceError('StackInstanceNotFoundException', message, 404);
  }
  const drifts = driftOf(call.by.state, stack).filter(({ status }) => wanted.length === 0 || wanted.includes(status));
  const what = JSON.stringify(['ListStackInstanceResourceDrifts', set.id, id, account, region, wanted]);
  const { items, ...rest } = page(call.input, what, drifts);
  return {
    Summaries: items.map(({ resource, status, differences }) => ({
      StackId: stack.id,
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId,
      ResourceType: resource.type,
      StackResourceDriftStatus: status,
      Timestamp: date(instance.drift?.at ?? call.by.now),
      PropertyDifferences: differences.map(({ path, expected, actual, type }) => ({
        ...{ PropertyPath: path, ExpectedValue: expected, ActualValue: actual, DifferenceType: type },
      })),
    })),
    ...rest,
  };
}
