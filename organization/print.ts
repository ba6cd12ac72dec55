/** Writes an organization as org.yaml. */
import { POLICY_TYPES } from './model.js';
import type { Organization, OrganizationParameter, PolicyChoice, Target } from './model.js';
import { documentName } from './parts.js';

/**
 * Writes an organization so that `readOrganization` reads it back as it is. Comments, anchors, and whether something was
 * written flat are not kept.
 *
 * @returns YAML, which ends with a line break.
 */
export function printOrganization(organization: Organization): string {
  const { id, managementAccount, homeRegion, governedRegions, delegatedAdministrators, root } = organization;
  const services = Object.entries(delegatedAdministrators);
  const lines = [
    'version: 1',
    '',
    'organization:',
    ...(id === null ? [] : [`  id: ${id}`]),
    `  managementAccount: '${managementAccount}'`,
    `  homeRegion: ${homeRegion}`,
    `  governedRegions: ${flow(governedRegions)}`,
    ...(services.length === 0 ? [] : ['  delegatedAdministrators:']),
    ...services.map(([service, ids]) => `    ${service}: ${ids.length === 1 ? flow(ids[0]!) : flow(ids)}`),
    '',
  ];
  const content = targetLines(root);
  lines.push(...(content.length === 0 ? ['root: {}'] : ['root:', ...indented(content, '  ')]));
  return `${lines.join('\n')}\n`;
}

const indented = (lines: readonly string[], by: string): readonly string[] => lines.map((line) => `${by}${line}`);

/** The keys of a target, without its name. */
function targetLines(target: Target): readonly string[] {
  const { id, environment, parameters, fullAwsAccess, policies } = target;
  const chosen = POLICY_TYPES.filter((type) => policies[type].length > 0);
  const names = Object.keys(parameters);
  return [
    ...(id === null ? [] : [`id: ${target.kind === 'account' ? `'${id}'` : id}`]),
    ...(environment === null ? [] : [`environment: ${flow(environment)}`]),
    ...(names.length === 0 ? [] : ['parameters:']),
    ...names.map((name) => `  ${flow(name)}: ${flow(parameters[name]!)}`),
    ...(fullAwsAccess && chosen.length === 0 ? [] : ['policies:']),
    ...(fullAwsAccess ? [] : ['  fullAwsAccess: false']),
    ...chosen.flatMap((type) => [`  ${type}:`, ...policies[type].map((choice) => `    - ${printChoice(choice)}`)]),
    ...(target.kind === 'account' ? [] : [...entries('accounts', target.accounts), ...entries('units', target.units)]),
  ];
}

/** The targets of one kind: a map by name, or a list when a name stands for more than one. */
function entries(key: string, targets: readonly Target[]): readonly string[] {
  if (targets.length === 0) return [];
  const isList = new Set(targets.map(({ name }) => name)).size < targets.length;
  return [
    `${key}:`,
    ...targets.flatMap((target) => {
      const lines = targetLines(target);
      if (isList) return [`  - name: ${flow(target.name)}`, ...indented(lines, '    ')];
      const name = textOf(target.name);
      if (target.kind === 'account' && lines.length === 1) return [`  ${name}: '${target.id}'`];
      return [`  ${name}:`, ...indented(lines, '    ')];
    }),
  ];
}

function printChoice(choice: PolicyChoice): string {
  if (choice.kind === 'document') {
    const { name, file } = choice;
    return flow(name === documentName(file) ? { file } : { file, name });
  }
  const { name, parameters } = choice;
  return Object.keys(parameters).length === 0 ? flow(name) : flow({ template: name, parameters });
}

/** Words that YAML reads as something else than text. */
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

function textOf(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(text) && !RESERVED.test(text) ? text : quoted(text);
}

/** A value on one line. */
function flow(value: OrganizationParameter): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') {
    const text = String(value);
    // `1e+21` without a point is text in YAML 1.1.
    return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(flow).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, each]) => `${flowKey(key)}: ${flow(each)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

const isArray = (value: OrganizationParameter): value is readonly OrganizationParameter[] => Array.isArray(value);

/** A key of a flow map; one that is very long must be marked, so that YAML looks for its colon. */
function flowKey(key: string): string {
  const text = textOf(key);
  return text.length > 1_000 ? `? ${text}` : text;
}

/** A text in double quotes, with escapes for what YAML takes as no text. */
function quoted(text: string): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g, escape);
}
