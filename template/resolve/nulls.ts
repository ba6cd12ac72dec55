/**
 * Null in a template, which CloudFormation refuses wherever it stands.
 *
 * "[/Resources/…] 'null' values are not allowed in templates" is its answer, whatever the section or the type: a property,
 * an event pattern, a mapping, `DependsOn`, an output (https://github.com/aws-cloudformation/cfn-lint/issues/38,
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1378). What a transform takes out before
 * is not refused:
 * - AWS SAM writes the `Definition` of a state machine into a text, and takes a null property of its own resources and
 *   events for one that is not there (https://github.com/aws-cloudformation/cfn-lint/issues/1657 and `validate_properties`
 *   of the SAM translator);
 * - `Fn::ToJsonString` makes a text of its argument; elsewhere `AWS::LanguageExtensions` keeps null
 *   (https://github.com/aws-cloudformation/cfn-language-discussion/issues/100);
 * - what a macro makes is not seen.
 */
import { get, isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { callOf } from './intrinsics.js';
import { nullValue } from './diagnostics.js';
import type { PathDiagnostic } from './diagnostics.js';
import type { Transforms } from './transforms.js';

/** A value with its key in the one around it: a path of its own for each would take the square of the depth. */
interface Place {
  readonly node: Value;
  readonly key: string | number;
  readonly around: Place | null;
}

/**
 * Finds null in a template as it is written, in the order in which it is written.
 *
 * @returns One diagnostic for each; what several aliases stand for is looked at once. Cost: linear in the template.
 */
export function findNulls(template: ValueMap, transforms: Transforms): readonly PathDiagnostic[] {
  if (transforms.macros.length > 0) return [];
  const found: PathDiagnostic[] = [];
  const seen = new Set<object>();
  // A stack of our own: sections that are not resolved may be nested as deep as a program made them.
  const open: Place[] = [{ node: template, key: '', around: null }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { node } = place;
    if (node === null) {
      const path = pathOf(place);
      if (!(transforms.serverless && isTakenBySam(template, path))) found.push({ ...nullValue(path), path });
    } else if (isList(node)) {
      if (seen.has(node)) continue;
      seen.add(node);
      for (let index = node.length - 1; index >= 0; index--) push(open, node[index]!, index, place);
    } else if (isMap(node) && !seen.has(node) && !isTakenByFunction(node, transforms)) {
      seen.add(node);
      for (const key of [...keysOf(node)].reverse()) push(open, node[key]!, key, place);
    }
  }
  return found;
}

function push(open: Place[], node: Value, key: string | number, around: Place): void {
  if (node === null || typeof node === 'object') open.push({ node, key, around });
}

function pathOf(place: Place): Path {
  const path: (string | number)[] = [];
  for (let at = place; at.around !== null; at = at.around) path.push(at.key);
  return path.reverse();
}

/** Whether a function takes what stands in a map, or beside it, before CloudFormation looks at it. */
function isTakenByFunction(node: ValueMap, transforms: Transforms): boolean {
  if (Object.hasOwn(node, 'Fn::Transform')) return true;
  return transforms.extensions && callOf(node)?.name === 'Fn::ToJsonString';
}

/** Whether null stands in a text that SAM writes, or for a property that SAM leaves out. */
function isTakenBySam(template: ValueMap, path: Path): boolean {
  const [section, id, properties, name, , below] = path;
  if (section === 'Globals') return path.length === 3;
  const resources = get(template, 'Resources');
  const resource = section === 'Resources' && isMap(resources) ? get(resources, String(id)) : undefined;
  const type = isMap(resource) ? get(resource, 'Type') : undefined;
  if (typeof type !== 'string' || !type.startsWith('AWS::Serverless::') || properties !== 'Properties') return false;
  if (type === 'AWS::Serverless::StateMachine' && name === 'Definition') return true;
  return path.length === 4 || (path.length === 7 && name === 'Events' && below === 'Properties');
}
