/**
 * What outputs must have.
 *
 * Follows "Outputs section" of the AWS CloudFormation User Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html): `Value` is required,
 * and an `Export` takes the `Name` under which other stacks import the value.
 */
import { get, isMap } from '../values.js';
import type { Value } from '../values.js';
import { badOutput } from './diagnostics.js';
import type { PathDiagnostic } from './diagnostics.js';
import type { Declared } from './sections.js';

/** What is wrong with the form of outputs; null is told elsewhere, and what a macro makes is not seen. */
export function checkOutputs(outputs: readonly Declared[]): readonly PathDiagnostic[] {
  return outputs.flatMap(({ key, node, path }) => {
    // A loop that cannot be expanded is told elsewhere.
    if (key.startsWith('Fn::') || node === null || hidesMore(node)) return [];
    if (!isMap(node)) return [{ ...badOutput(key, 'is no map', 'write `Value` below it'), path }];
    const exported = get(node, 'Export') ?? null;
    const found: PathDiagnostic[] = [];
    if (get(node, 'Value') === undefined) {
      found.push({ ...badOutput(key, 'has no `Value`', 'add the `Value` that the output gives'), path });
    }
    const isNamed = exported === null || hidesMore(exported) || (isMap(exported) && Object.hasOwn(exported, 'Name'));
    if (!isNamed) {
      const problem = badOutput(
        key,
        'has an `Export` without `Name`',
        'give the export a `Name`, or take `Export` out',
      );
      found.push({ ...problem, path: [...path, 'Export'] });
    }
    return found;
  });
}

function hidesMore(node: Value): boolean {
  return isMap(node) && Object.hasOwn(node, 'Fn::Transform');
}
