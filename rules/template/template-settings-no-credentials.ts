/**
 * template-settings-no-credentials: no credential is written out in the user data of instances, the credentials of
 * AppFlow profiles, the configurations of EMR clusters, and the properties of Glue connections.
 */
import { isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { credentialInScript, isCredential } from '../code/credentials.js';
import type { ResourceUnder, View } from '../code/view.js';

/** The properties that hold settings, by type. */
const SETTINGS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'AWS::AppFlow::ConnectorProfile': [['ConnectorProfileConfig', 'ConnectorProfileCredentials']],
  'AWS::EMR::Cluster': [['Configurations'], ['BootstrapActions'], ['Steps']],
  'AWS::Glue::Connection': [['ConnectionInput', 'ConnectionProperties']],
};
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['UserData'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateData', 'UserData'],
};

export function check(view: View): void {
  for (const resource of view.everything) {
    const before = view.verdicts.length;
    const places = SETTINGS[resource.type] ?? [];
    const script = SCRIPTS[resource.type];
    for (const place of places) walk(view, resource, place, '', at(resource.properties, place));
    if (script !== undefined) checkScript(view, resource, script, at(resource.properties, script));
    const isThere = [...places, ...(script === undefined ? [] : [script])].some(
      (place) => at(resource.properties, place) !== undefined,
    );
    if (isThere && view.verdicts.length === before) view.pass(resource);
  }
}

function at(value: Value | undefined, path: readonly string[]): Value | undefined {
  let current = value;
  for (const step of path) current = isMap(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  return current;
}

/** Looks at every text below a value, with the key that it stands under. */
function walk(view: View, resource: ResourceUnder, path: Path, name: string, value: Value | undefined): void {
  if (value === undefined) return;
  const text = view.text(value);
  if (text !== undefined) {
    const unknown = view.unknownsIn(text);
    const made = unknown.filter(({ kind }) => kind === 'macro' || kind === 'invalid');
    // What a reference gives stands nowhere in the template; what a macro makes may be anything.
    if (made.length > 0) view.open(resource, placeOf(resource, path), made);
    else if (unknown.length === 0 && isCredential(name, text)) tell(view, resource, path, `\`${name}\``);
    return;
  }
  if (isList(value)) {
    value.forEach((one, index) => {
      walk(view, resource, [...path, index], name, one);
    });
  } else if (isMap(value)) for (const key of keysOf(value)) walk(view, resource, [...path, key], key, value[key]);
}

/** User data is text in base64, or what gives it; the parts that are written are looked at one by one. */
function checkScript(view: View, resource: ResourceUnder, path: Path, value: Value | undefined): void {
  const found = textsIn(value)
    .map(decoded)
    .map(credentialInScript)
    .find((name) => name !== undefined);
  if (found !== undefined) tell(view, resource, path, found);
}

function textsIn(value: Value | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isMap(value) ? keysOf(value).flatMap((key) => textsIn(value[key])) : [];
}

function decoded(text: string): string {
  if (!/^[A-Za-z0-9+/\s]{8,}={0,2}\s*$/.test(text)) return text;
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return text;
  }
}

function tell(view: View, resource: ResourceUnder, path: Path, name: string): void {
  const message = `a credential is written out: the value of ${name}`;
  view.fail(resource, { path: placeOf(resource, path), message, subject: path.join('/') });
}

function placeOf({ key }: ResourceUnder, path: Path): Path {
  return ['Resources', key, 'Properties', ...path];
}
