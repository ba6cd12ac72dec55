/** Resources of a type that does not exist, or of none: no rule looks at them, so a typing error would pass every check. */
import { nearestName, resourceTypeNames } from '../../catalogue/index.js';
import { fromDiagnostic } from '../../findings/index.js';
import type { Finding } from '../../findings/index.js';
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, TemplateSource, Value } from '../../template/index.js';
import { unknownType, untyped } from './diagnostics.js';

/**
 * Types that CloudFormation or its transforms take and that have no resource schema: the SAM resource types of the
 * AWS SAM Developer Guide ("AWS SAM resources and properties"), and the metadata that the CDK adds to each stack.
 */
const WITHOUT_SCHEMA: readonly string[] = [
  'AWS::CDK::Metadata',
  'AWS::Serverless::CapacityProvider',
  'AWS::Serverless::Connector',
  'AWS::Serverless::GraphQLApi',
  'AWS::Serverless::WebSocketApi',
];

/**
 * Names that others give: `Custom::Name`, types of third parties (`Organization::Service::Resource`) and modules
 * (`…::MODULE`), after "AWS CloudFormation custom resources" and "CloudFormation registry". The namespace of AWS is
 * nobody else's, in any case of its letters.
 */
const OF_OTHERS = /^(?:custom::[\w@-]+(?:::[\w@-]+)*|(?!aws::)\w+::\w+::\w+|\w+::\w+::\w+::module)$/i;

let known: ReadonlySet<string> | undefined;

function knownNames(): ReadonlySet<string> {
  return (known ??= new Set([...resourceTypeNames(), ...WITHOUT_SCHEMA]));
}

/**
 * @param document - The template with its functions resolved, in which loops are written out.
 * @param allowed - Types that the configuration knows besides.
 * @returns One finding for each resource whose type does not exist; one for all that a loop makes of one text.
 */
export function unknownTypes(
  source: TemplateSource,
  document: Value,
  allowed: ReadonlySet<string>,
): readonly Finding[] {
  const written = resourcesIn(source.value);
  const seen = new Set(written.map(({ logicalId }) => logicalId));
  const inLoops = new Set(written.filter(({ path }) => path.length > 2).map(({ type }) => type));
  // What is written counts first: resolving leaves out resources that never exist, whose types CloudFormation looks at too.
  const made = resourcesIn(document).filter(({ logicalId, type }) => !seen.has(logicalId) && !inLoops.has(type));
  return [...written, ...made]
    .filter(
      ({ type }) => !type.includes('${') && !knownNames().has(type) && !OF_OTHERS.test(type) && !allowed.has(type),
    )
    .map(({ logicalId, type, path }) => {
      const location = { ...source.locationOf([...path, 'Type']), file: source.file };
      return fromDiagnostic(unknownType(type, nearestName(type, knownNames())), () => location, {
        location,
        resource: { logicalId, type },
        title: 'Resource types exist',
      });
    });
}

/**
 * @returns One finding for each resource that is no map or has no `Type`, as it is written. A macro may give resources
 *   their types, so that templates with one are left alone.
 */
export function untypedResources(source: TemplateSource): readonly Finding[] {
  const transforms = isMap(source.value) ? get(source.value, 'Transform') : undefined;
  const named = transforms === undefined || isList(transforms) ? (transforms ?? []) : [transforms];
  if (named.some((one) => typeof one !== 'string' || !one.startsWith('AWS::'))) return [];
  const resources = isMap(source.value) ? get(source.value, 'Resources') : undefined;
  if (resources === undefined || !isMap(resources)) return [];
  return keysOf(resources).flatMap((logicalId) => {
    const resource = resources[logicalId]!;
    if (logicalId.startsWith('Fn::') || hasType(resource)) return [];
    const location = { ...source.locationOf(['Resources', logicalId], 'key'), file: source.file };
    return [
      fromDiagnostic(untyped(logicalId), () => location, {
        location,
        resource: { logicalId, type: '' },
        title: 'Resources have a type',
      }),
    ];
  });
}

/** A function that gives the type is told elsewhere, and what is included may bring it. */
function hasType(resource: Value): boolean {
  if (!isMap(resource)) return false;
  const type = get(resource, 'Type');
  return (
    typeof type === 'string' || (type !== undefined && isMap(type)) || get(resource, 'Fn::Transform') !== undefined
  );
}

/** The schema lint's words on a type that it does not know, and on a resource without one. */
const LINT = { code: 'F3006', type: /'([^']+)'/, untyped: 'E3001' };

/** Findings without those of the schema lint on types that are told already, or that the configuration knows. */
export function withoutTypes(
  findings: readonly Finding[],
  told: readonly Finding[],
  allowed: ReadonlySet<string>,
): readonly Finding[] {
  const types = new Set([...told.map(({ resource }) => resource?.type), ...allowed]);
  const without = new Set(told.flatMap(({ resource }) => (resource?.type === '' ? [resource.logicalId] : [])));
  return findings.filter(({ ruleId, message, resource }) => {
    if (ruleId === LINT.untyped) return !without.has(resource?.logicalId ?? '');
    return ruleId !== LINT.code || !types.has(LINT.type.exec(message)?.[1]);
  });
}

interface Typed {
  readonly logicalId: string;
  readonly type: string;
  readonly path: Path;
}

/** The resources of a template that have a type, among them those in the body of a loop, as they are written. */
function resourcesIn(template: Value): readonly Typed[] {
  const found: Typed[] = [];
  const visit = (resources: Value | undefined, path: Path): void => {
    if (!isMap(resources)) return;
    for (const logicalId of keysOf(resources)) {
      const resource = resources[logicalId]!;
      const type = isMap(resource) ? get(resource, 'Type') : undefined;
      if (typeof type === 'string') found.push({ logicalId, type, path: [...path, logicalId] });
      if (isList(resource)) visit(resource[2], [...path, logicalId, 2]);
    }
  };
  visit(isMap(template) ? get(template, 'Resources') : undefined, ['Resources']);
  return found;
}
