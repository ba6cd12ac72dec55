/** What the lint library says and is not so, by what the template shows. */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import type { LintDiagnostic } from './protocol.js';

/** Names that a template with AWS SAM may refer to although it does not write them. */
const IMPLICIT_API = /^Serverless(Rest|Http)Api/;

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

/** SAM makes resources whose names begin with those of its own, and attributes such as `Function.Alias`. */
function isMadeBySam(message: string, template: Value): boolean {
  const name = /'(?:\$\{)?([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}?' (?:does not reference|is not one of)/.exec(
    message,
  )?.[1];
  if (name === undefined || !isMap(template) || !usesSam(get(template, 'Transform'))) return false;
  if (IMPLICIT_API.test(name)) return true;
  const resources = get(template, 'Resources');
  if (!isMap(resources)) return false;
  return keysOf(resources).some((id) => {
    const type = member(resources[id], 'Type');
    return typeof type === 'string' && type.startsWith('AWS::Serverless::') && name.startsWith(id);
  });
}

function usesSam(transform: Value | undefined): boolean {
  const named = isList(transform) ? transform : [transform];
  return named.some((one) => typeof one === 'string' && one.startsWith('AWS::Serverless-'));
}

function member(value: Value | undefined, key: string): Value | undefined {
  return isMap(value) ? get(value, key) : undefined;
}
