/** What the lint library says and is not so, by what the template shows. */
import { Float, get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import type { LintDiagnostic } from './protocol.js';

/** Names that a template with AWS SAM may refer to although it does not write them. */
const IMPLICIT = /^(Serverless(Rest|Http)Api|ServerlessDeploymentApplication$|CodeDeployServiceRole$)/;

/** What the library puts in the place of the account and the Region when nobody gives them. */
const MADE_UP = new Set(['123456789012', 'us-east-1']);

/**
 * Whether a diagnostic is a false alarm.
 *
 * @param template - The template as written.
 */
export function isFalseAlarm(diagnostic: LintDiagnostic, template: Value): boolean {
  switch (diagnostic.ruleId) {
    case 'E3676':
      // The library does not see a certificate that it cannot resolve.
      return hasCertificates(diagnostic, template);
    case 'E3050':
      // The library takes `Fn::GetAtt` of the ARN for a `Ref`, and then asks for what is written.
      return !refersByName(diagnostic, template);
    case 'E3687':
      // The library does not see a port that it cannot resolve.
      return hasPorts(diagnostic, template);
    case 'F1012':
      return isMadeUpMapping(diagnostic.message, template);
    case 'F6101':
    case 'F1010':
    case 'F1018':
    case 'F1020':
      return isMadeBySam(diagnostic.message, template);
    default:
      return false;
  }
}

function hasCertificates({ entity }: LintDiagnostic, template: Value): boolean {
  const resource = isMap(template) && entity ? member(get(template, 'Resources'), entity.logicalId) : undefined;
  const certificates = member(member(resource, 'Properties'), 'Certificates');
  return isMap(certificates) || (isList(certificates) && certificates.length > 0);
}

/** Whether a rule of a security group has all properties that a diagnostic misses. */
function hasPorts({ entity, propertyPath = '', message }: LintDiagnostic, template: Value): boolean {
  const names = [...(/^\[([^\]]*)\] are required/.exec(message)?.[1] ?? '').matchAll(/'([A-Za-z]+)'/g)].map(
    ([, name]) => name!,
  );
  const resource = isMap(template) && entity ? member(get(template, 'Resources'), entity.logicalId) : undefined;
  let rule = member(resource, 'Properties');
  for (const word of propertyPath.split('.').filter((each) => each !== '' && each !== 'Properties')) {
    rule = rule !== undefined && isList(rule) ? rule[Number(word)] : member(rule, word);
  }
  return names.length > 0 && names.every((name) => isOpen(member(rule, name)));
}

/** Whether there is a value: another one than a removed one, or a choice between them. */
function isOpen(value: Value | undefined): boolean {
  if (value === undefined || !isMap(value)) return value !== undefined && value !== null;
  const name = get(value, 'Ref');
  return name !== undefined ? name !== 'AWS::NoValue' : !Object.hasOwn(value, 'Fn::If');
}

/** Whether the role that a diagnostic names stands as `Ref` in the resource; `true` where that cannot be seen. */
function refersByName({ entity, message }: LintDiagnostic, template: Value): boolean {
  const role = /^Ref to IAM role '([^']+)'/.exec(message)?.[1];
  if (role === undefined || !isMap(template) || entity === undefined) return true;
  const resource = member(get(template, 'Resources'), entity.logicalId);
  return resource === undefined || hasRef(resource, role);
}

function hasRef(value: Value, name: string): boolean {
  if (isList(value)) return value.some((item) => hasRef(item, name));
  if (!isMap(value)) return false;
  return keysOf(value).some((key) => (key === 'Ref' && value[key] === name) || hasRef(value[key]!, name));
}

/** Whether a mapping that is missing has the name of an account or a Region that nobody has given. */
function isMadeUpMapping(message: string, template: Value): boolean {
  const name = /^Fn::FindInMap references non-existent mapping '([^']*)'$/.exec(message)?.[1];
  return name !== undefined && MADE_UP.has(name) && !jsonOf(template).includes(`"Fn::FindInMap":["${name}"`);
}

/** SAM makes resources whose names begin with those of its own, and attributes such as `Function.Alias`. */
function isMadeBySam(message: string, template: Value): boolean {
  const name =
    /'(?:\$\{)?([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}?' (?:does not reference|is not one of|references a resource that)/.exec(
      message,
    )?.[1];
  if (name === undefined || !isMap(template) || !usesSam(get(template, 'Transform'))) return false;
  if (IMPLICIT.test(name)) return true;
  const resources = get(template, 'Resources');
  if (!isMap(resources)) return false;
  return keysOf(resources).some((id) => {
    const type = member(resources[id], 'Type');
    return typeof type === 'string' && type.startsWith('AWS::Serverless::') && name.startsWith(id);
  });
}

/**
 * Whether the library stopped at a loop with several identifiers, which it does not know
 * (https://github.com/aws-cloudformation/cfn-lint/pull/4285). Loops that are wrong are told by the template's own diagnostics.
 */
export function stoppedAtLoop({ ruleId, message }: LintDiagnostic, template: Value): boolean {
  return ruleId === 'E0001' && message.endsWith('Fn::ForEach identifier must be a string') && hasWideLoop(template);
}

function hasWideLoop(value: Value): boolean {
  if (isList(value)) return value.some(hasWideLoop);
  if (!isMap(value)) return false;
  return keysOf(value).some((key) => {
    const loop = value[key]!;
    const named = key.startsWith('Fn::ForEach::') && isList(loop) ? loop[0] : undefined;
    return (isList(named) && named.length > 1) || hasWideLoop(loop);
  });
}

/** A value as JSON; numbers as near as JavaScript's are. */
export function jsonOf(value: Value): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? Number(part) : part instanceof Float ? part.value : part,
  );
}

/**
 * The template without what makes the library refuse it although CloudFormation takes it, or `undefined` where it is
 * right to refuse it. The library cannot expand a function whose deployment preference is off, which needs no alias
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-deploymentpreference.html).
 */
export function withoutRefused(diagnostics: readonly LintDiagnostic[], template: Value): Value | undefined {
  const refused = diagnostics.some(
    ({ ruleId, message }) => ruleId === 'E0001' && message.includes("'DeploymentPreference' requires AutoPublishAlias"),
  );
  const resources = isMap(template) ? get(template, 'Resources') : undefined;
  if (!refused || !isMap(template) || resources === undefined || !isMap(resources)) return undefined;
  const kept = keysOf(resources).map((id): [string, Value] => {
    const resource = resources[id]!;
    const properties = member(resource, 'Properties');
    const enabled = member(member(properties, 'DeploymentPreference'), 'Enabled');
    const off = (enabled === false || enabled === 'false') && member(properties, 'AutoPublishAlias') === undefined;
    if (!off || !isMap(resource) || properties === undefined || !isMap(properties)) return [id, resource];
    const names = keysOf(properties).filter((name) => name !== 'DeploymentPreference');
    const others = Object.fromEntries(names.map((name) => [name, properties[name]!]));
    return [id, { ...resource, Properties: others }];
  });
  const changed = kept.some(([id, resource]) => resource !== resources[id]);
  return changed ? { ...template, Resources: Object.fromEntries(kept) } : undefined;
}

function usesSam(transform: Value | undefined): boolean {
  const named = isList(transform) ? transform : [transform];
  return named.some((one) => typeof one === 'string' && one.startsWith('AWS::Serverless-'));
}

function member(value: Value | undefined, key: string): Value | undefined {
  return isMap(value) ? get(value, key) : undefined;
}
