/**
 * A private hook type as `cfn submit --dry-run` packs it: schema, settings of the project, code. CloudFormation CLI User
 * Guide, "submit"; AWS CloudFormation Hooks User Guide, "Schema syntax reference for CloudFormation Hooks".
 */
import { unzipSync } from 'fflate';
import type { JsonMap } from '../../template/building/index.js';
import type { HookTarget } from '../templates/deployment.js';

export interface PrivateHookPackage {
  readonly content: Uint8Array;
  readonly typeName: string;
  readonly targets: readonly HookTarget[];
  /** What its handlers may do, sorted. */
  readonly actions: readonly string[];
  /** Settings of the hook's own. */
  readonly properties: JsonMap;
}

const TYPE_NAME = /^[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$/;

/** @returns The package, or what is wrong with it: the end of a sentence that begins with its name. */
export function readPrivatePackage(
  content: Uint8Array,
  properties: JsonMap,
): PrivateHookPackage | { readonly problem: string } {
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(content, { filter: ({ name }) => name === 'schema.json' || name === '.rpdk-config' });
  } catch {
    return { problem: 'is no zip archive' };
  }
  const [schema, config] = [jsonOf(files['schema.json']), jsonOf(files['.rpdk-config'])];
  if (schema === null || config === null) {
    return { problem: 'holds no `schema.json` and `.rpdk-config`; make it with `cfn submit --dry-run`' };
  }
  if (config['artifact_type'] !== 'HOOK') return { problem: 'is no package of a hook' };
  const { language } = config;
  if (typeof language !== 'string' || !/^(?:java|python)/i.test(language)) {
    return {
      problem: `has a handler in \`${String(language)}\`; the CloudFormation CLI supports Java and Python for hooks, for other languages write a Lambda Hook`,
    };
  }
  const { typeName, handlers } = schema;
  if (typeof typeName !== 'string' || !TYPE_NAME.test(typeName)) return { problem: 'has no type name in its schema' };
  const all = Object.values(isMap(handlers) ? handlers : {}).filter(isMap);
  const names = all.flatMap((handler) => texts(handler['targetNames']));
  if (names.length === 0) return { problem: 'has a schema without handlers, so that the hook would never run' };
  const isTemplate = (name: string): boolean => name === 'STACK' || name === 'CHANGE_SET';
  const targets: readonly HookTarget[] = [
    ...(names.some((name) => !isTemplate(name)) ? (['RESOURCE', 'CLOUD_CONTROL'] as const) : []),
    ...(names.includes('STACK') ? (['STACK'] as const) : []),
    ...(names.includes('CHANGE_SET') ? (['CHANGE_SET'] as const) : []),
  ];
  const actions = [...new Set(all.flatMap((handler) => texts(handler['permissions'])))].sort();
  return { content, typeName, targets, actions, properties };
}

type Read = Readonly<Record<string, unknown>>;

function jsonOf(bytes: Uint8Array | undefined): Read | null {
  if (bytes === undefined) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isMap(value) ? value : null;
  } catch {
    return null;
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function isMap(value: unknown): value is Read {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
