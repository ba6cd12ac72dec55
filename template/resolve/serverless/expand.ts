/**
 * AWS SAM: the plain resources that SAM resources stand for, as far as rules look at policies, encryption, transport,
 * logging and tags.
 *
 * Follows "Generated CloudFormation resources for AWS SAM" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
 * The plain resources stand beside the SAM resource. One that in deployment has the SAM resource's own logical ID has the
 * key `LogicalId::Kind`, which no written resource can have.
 */
import { get, isMap } from '../../values.js';
import type { ValueMap } from '../../values.js';
import type { Located, Origins } from '../origins.js';
import type { Declared } from '../sections.js';
import { httpApiResources, restApiResources } from './api.js';
import { connectorResources, embeddedConnectors, hasConnectors } from './connectors.js';
import { functionResources } from './function.js';
import { withGlobals } from './globals.js';
import { applicationResources, layerResources, stateMachineResources, tableResources } from './others.js';
import { withTagsOf } from './propagate.js';
import { ServerlessResource } from './resource.js';

const CONVERTERS: ReadonlyMap<string, (sam: ServerlessResource) => readonly Declared[]> = new Map([
  ['AWS::Serverless::Api', restApiResources],
  ['AWS::Serverless::Application', applicationResources],
  ['AWS::Serverless::Function', functionResources],
  ['AWS::Serverless::HttpApi', httpApiResources],
  ['AWS::Serverless::LayerVersion', layerResources],
  ['AWS::Serverless::SimpleTable', tableResources],
  ['AWS::Serverless::StateMachine', stateMachineResources],
]);

/** The APIs that SAM makes for functions whose events name none: event type, name of the event's API, logical ID, type. */
const IMPLICIT_APIS = [
  ['Api', 'RestApiId', 'ServerlessRestApi', 'AWS::Serverless::Api'],
  ['HttpApi', 'ApiId', 'ServerlessHttpApi', 'AWS::Serverless::HttpApi'],
] as const;

/** What a template declares, SAM resources with what they inherit, and the plain resources that they stand for. */
export function expandServerless(
  origins: Origins,
  template: ValueMap,
  declared: readonly Declared[],
): readonly Declared[] {
  const globals = get(template, 'Globals');
  const inherited: Located | undefined = isMap(globals) ? { node: globals, path: ['Globals'] } : undefined;
  const result: Declared[] = [];
  const made: Declared[] = [];
  const functions: ServerlessResource[] = [];
  const types = new Map(declared.map(({ key, node }) => [key, isMap(node) ? get(node, 'Type') : undefined]));
  const typeOf = (id: string): string | undefined => {
    const type = types.get(id);
    return typeof type === 'string' ? type : undefined;
  };
  for (const one of declared) {
    const type = isMap(one.node) ? get(one.node, 'Type') : undefined;
    if (typeof type !== 'string' || !type.startsWith('AWS::Serverless::')) {
      result.push(one);
      if (hasConnectors(one.node)) {
        const resource = { node: one.node, path: one.path };
        made.push(...embeddedConnectors(new ServerlessResource(origins, one.key, resource, resource), typeOf));
      }
      continue;
    }
    const sam = serverlessResource(origins, inherited, type, one);
    result.push(sam.resource.node === one.node ? one : { ...one, node: sam.resource.node });
    if (type === 'AWS::Serverless::Function') functions.push(sam);
    made.push(...(CONVERTERS.get(type)?.(sam) ?? []), ...embeddedConnectors(sam, typeOf));
    if (type === 'AWS::Serverless::Connector') made.push(...connectorResources(sam, typeOf));
  }
  const written = new Set(declared.map(({ key }) => key));
  for (const implicit of implicitApis(origins, inherited, functions)) made.push(...implicit);
  return [...result, ...made.filter(({ key }) => !written.has(key))];
}

function serverlessResource(
  origins: Origins,
  inherited: Located | undefined,
  type: string,
  { key, node, path }: Declared,
): ServerlessResource {
  const resource = { node, path };
  const own = origins.child(resource, 'Properties') ?? { node: {}, path };
  const merged = withGlobals(origins, inherited, type, own);
  if (merged === undefined) return new ServerlessResource(origins, key, resource, own);
  const entries = new Map(origins.entries(resource)).set('Properties', merged);
  return new ServerlessResource(origins, key, origins.map(path, entries), merged);
}

/** The APIs of events that name none, each written where the first such event is. */
function* implicitApis(
  origins: Origins,
  inherited: Located | undefined,
  functions: readonly ServerlessResource[],
): Generator<readonly Declared[]> {
  for (const [eventType, reference, id, type] of IMPLICIT_APIS) {
    const asking = functions.flatMap((sam) => {
      const events = origins.entries(sam.property('Events') ?? sam.constant({})).map(([, one]) => one);
      const event = events.find(
        (one) => origins.child(one, 'Type')?.node === eventType && !names(origins, one, reference),
      );
      return event === undefined ? [] : [{ sam, event }];
    });
    const [first] = asking;
    if (first === undefined) continue;
    const { event } = first;
    const empty = { node: {}, path: event.path };
    const properties = withTagsOf(
      origins,
      withGlobals(origins, inherited, type, empty) ?? empty,
      asking.map(({ sam }) => sam),
    );
    const stage = { node: 'Prod', path: event.path };
    const complete =
      type === 'AWS::Serverless::Api'
        ? origins.map(event.path, [...origins.entries(properties), ['StageName', stage]])
        : properties;
    const sam = new ServerlessResource(origins, id, { node: {}, path: event.path }, complete);
    yield CONVERTERS.get(type)!(sam);
  }
}

function names(origins: Origins, event: Located, reference: string): boolean {
  const properties = origins.child(event, 'Properties');
  return properties !== undefined && origins.child(properties, reference) !== undefined;
}
