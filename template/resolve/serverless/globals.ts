/**
 * The `Globals` section: properties that resources of a kind inherit.
 *
 * Follows "Globals section of the AWS SAM template" of the AWS SAM Developer Guide
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html):
 * maps are merged, lists are additive with the global items first, anything else of the resource replaces the global
 * value. A function call is taken as one value.
 */
import { isList, isMap } from '../../values.js';
import { callOf } from '../intrinsics.js';
import type { Located, Origins } from '../origins.js';

/** The key under `Globals` for each type that has one. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ['AWS::Serverless::Api', 'Api'],
  ['AWS::Serverless::CapacityProvider', 'CapacityProvider'],
  ['AWS::Serverless::Function', 'Function'],
  ['AWS::Serverless::HttpApi', 'HttpApi'],
  ['AWS::Serverless::LayerVersion', 'LayerVersion'],
  ['AWS::Serverless::SimpleTable', 'SimpleTable'],
  ['AWS::Serverless::StateMachine', 'StateMachine'],
]);

/** The properties of a resource with what its kind inherits; `undefined` when it inherits nothing. */
export function withGlobals(
  origins: Origins,
  globals: Located | undefined,
  type: string,
  properties: Located,
): Located | undefined {
  const section = SECTIONS.get(type);
  const inherited = globals && section !== undefined ? origins.child(globals, section) : undefined;
  return inherited && isMap(inherited.node) ? merged(origins, inherited, properties) : undefined;
}

function merged(origins: Origins, inherited: Located, own: Located): Located {
  if (isList(inherited.node) && isList(own.node)) {
    return origins.list(own.path, [...origins.items(inherited), ...origins.items(own)]);
  }
  if (!isOrdinaryMap(inherited) || !isOrdinaryMap(own)) return own;
  const entries = new Map(origins.entries(inherited));
  for (const [key, value] of origins.entries(own)) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? value : merged(origins, before, value));
  }
  return origins.map(own.path, entries);
}

function isOrdinaryMap({ node }: Located): boolean {
  return isMap(node) && callOf(node) === undefined;
}
