/** From JSON data to a request and the policies that apply to it. */
import { Float, get, isList, isMap, keysOf, readJsonSource } from '../../template/index.js';
import type { Path, Value, ValueMap } from '../../template/index.js';
import type { ApplicablePolicies, Policy, PolicyKind, Request, RequestPrincipal } from '../model.js';
import { parsePolicy, type PolicyProblem } from '../parse/index.js';
import { checkRequest } from './check.js';
import { malformed, shown, type RequestProblem } from './problems.js';

const REQUEST_KEYS = ['principal', 'sessionIssuer', 'action', 'resource', 'resourceAccount', 'context', 'absent'];
const POLICY_KEYS = ['identity', 'boundary', 'session', 'scps', 'rcps', 'resource', 'vpcEndpoint'];

/** Collects problems below one value. */
class Reader {
  readonly problems: RequestProblem[] = [];

  fail(path: Path, message: string, help: string): undefined {
    this.problems.push(malformed(path, message, help));
    return undefined;
  }

  map(value: Value | undefined, path: Path, what: string, keys?: readonly string[]): ValueMap | undefined {
    if (value === undefined) {
      this.fail(path, `there is no ${what}`, `add ${what}`);
      return;
    }
    if (!isMap(value)) {
      this.fail(path, `${what} is no map`, `write ${what} as a map`);
      return;
    }
    if (keys === undefined) return value;
    for (const key of keysOf(value)) {
      if (keys.includes(key)) continue;
      const known = keys.map((each) => `\`${each}\``).join(', ');
      this.fail([...path, key], `${what} has no field ${shown(key)}`, `remove it; there are ${known}`);
    }
    return value;
  }

  text(map: ValueMap, key: string, path: Path, isOptional: boolean): string | undefined {
    const value = get(map, key);
    if (typeof value === 'string') return value;
    if (value === undefined && isOptional) return undefined;
    const what = value === undefined ? 'missing' : 'no text';
    this.fail(value === undefined ? path : [...path, key], `\`${key}\` is ${what}`, `write \`${key}\` as a text`);
    return undefined;
  }
}

/** What reading a part of the input came to. */
export interface ReadPart<T> {
  readonly value?: T;
  readonly problems: readonly RequestProblem[];
}

/**
 * Reads a request and checks it.
 *
 * @param value - `{ principal, sessionIssuer?, action, resource, resourceAccount?, context, absent? }`; booleans and
 *   integers of the context count as their text.
 * @returns The request, unless there are problems; paths lead into the value. Never throws.
 */
export function readRequest(value: Value | undefined): ReadPart<Request> {
  const reader = new Reader();
  const map = reader.map(value, [], '`request`', REQUEST_KEYS);
  if (map === undefined) return reader;
  const principal = readPrincipal(get(map, 'principal'), reader);
  const sessionIssuer = reader.text(map, 'sessionIssuer', [], true);
  const action = reader.text(map, 'action', [], false);
  const resource = reader.text(map, 'resource', [], false);
  const resourceAccount = reader.text(map, 'resourceAccount', [], true);
  const context = readContext(get(map, 'context'), reader);
  const absent = readAbsent(get(map, 'absent'), reader);
  if (principal === undefined || action === undefined || resource === undefined || reader.problems.length > 0) {
    return reader;
  }
  const request: Request = {
    principal,
    ...(sessionIssuer === undefined ? {} : { sessionIssuer }),
    action,
    resource,
    ...(resourceAccount === undefined ? {} : { resourceAccount }),
    context,
    ...(absent === undefined ? {} : { absent }),
  };
  const problems = checkRequest(request);
  return problems.length === 0 ? { value: request, problems } : { problems };
}

function readPrincipal(value: Value | undefined, reader: Reader): RequestPrincipal | undefined {
  if (typeof value === 'string') return value;
  if (isMap(value)) {
    const [key, ...more] = keysOf(value);
    const name = key === undefined ? undefined : value[key];
    if (more.length === 0 && typeof name === 'string') {
      if (key === 'service') return { service: name };
      if (key === 'federated') return { federated: name };
    }
  }
  reader.fail(
    value === undefined ? [] : ['principal'],
    value === undefined ? '`principal` is missing' : '`principal` is no principal',
    'write an ARN, `anonymous`, `{"service": "lambda.amazonaws.com"}` or `{"federated": "accounts.google.com"}`',
  );
  return undefined;
}

function scalarText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Float) return undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

function readContext(value: Value | undefined, reader: Reader): Request['context'] {
  if (value === undefined) return {};
  const map = reader.map(value, ['context'], '`context`');
  const entries: [string, string | readonly string[]][] = [];
  for (const key of map === undefined ? [] : keysOf(map)) {
    const given = map![key]!;
    const items = isList(given) ? given.map(scalarText) : scalarText(given);
    if (items === undefined || (Array.isArray(items) && items.includes(undefined))) {
      reader.fail(
        ['context', key],
        `the value of the condition key ${shown(key)} is neither a text nor a list of texts`,
        'write a text, or a list of texts for a key with several values; leave absent keys out',
      );
    } else entries.push([key, items as string | readonly string[]]);
  }
  return Object.fromEntries(entries);
}

function readAbsent(value: Value | undefined, reader: Reader): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (isList(value) && value.every((item) => typeof item === 'string')) return value;
  reader.fail(['absent'], '`absent` is no list of texts', 'list the condition keys that the request does not have');
  return undefined;
}

/**
 * Reads the policies that apply to a request.
 *
 * @param value - `{ identity, boundary, session, scps, rcps, resource, vpcEndpoint }`; a policy is a map, or its JSON as a
 *   text. What is left out does not apply; `identity` left out is empty.
 * @returns The policies, unless one has no clear meaning; paths lead into the value. Never throws.
 */
export function readPolicies(value: Value | undefined): ReadPart<ApplicablePolicies> {
  const reader = new Reader();
  const map = reader.map(value, [], '`policies`', POLICY_KEYS);
  if (map === undefined) return reader;
  const of = (key: string): Value => get(map, key) ?? null;
  const policies: ApplicablePolicies = {
    identity: readList(of('identity'), 'identity', ['identity'], reader) ?? [],
    boundary: readList(of('boundary'), 'boundary', ['boundary'], reader),
    session: readList(of('session'), 'session', ['session'], reader),
    scps: readLevels(of('scps'), 'scp', ['scps'], reader),
    rcps: readLevels(of('rcps'), 'rcp', ['rcps'], reader),
    resource: readDocument(of('resource'), 'resource', ['resource'], reader),
    vpcEndpoint: readDocument(of('vpcEndpoint'), 'vpce', ['vpcEndpoint'], reader),
  };
  return reader.problems.length > 0 ? reader : { value: policies, problems: [] };
}

function readLevels(value: Value, kind: PolicyKind, path: Path, reader: Reader): (readonly Policy[])[] | null {
  if (value === null) return null;
  if (isList(value) && value.every(isList)) {
    return value.map((level, index) => readList(level, kind, [...path, index], reader) ?? []);
  }
  reader.fail(
    path,
    `\`${String(path[0])}\` is no list of lists`,
    'write one list of policies for each level, from the root to the account, or `null` when there is no such policy',
  );
  return null;
}

function readList(value: Value, kind: PolicyKind, path: Path, reader: Reader): readonly Policy[] | null {
  if (value === null) return null;
  if (!isList(value)) {
    reader.fail(path, `\`${String(path[0])}\` is no list of policies`, 'put the policies into a list');
    return null;
  }
  return value.flatMap((document, index) => {
    const at = [...path, index];
    if (document === null) reader.fail(at, 'a policy is null', 'remove it from the list');
    return readDocument(document, kind, at, reader) ?? [];
  });
}

function readDocument(value: Value, kind: PolicyKind, path: Path, reader: Reader): Policy | null {
  if (value === null) return null;
  if (typeof value !== 'string') return keep(parsePolicy(value, kind), path, reader);
  const { source, diagnostics } = readJsonSource(value, 'policy');
  if (source !== null) return keep(parsePolicy(source.value, kind), path, reader);
  for (const { message, help = '' } of diagnostics) {
    reader.fail(path, `the text of the policy is not JSON: ${message}`, help);
  }
  return null;
}

function keep(
  { policy, problems }: { readonly policy?: Policy; readonly problems: readonly PolicyProblem[] },
  path: Path,
  reader: Reader,
): Policy | null {
  if (policy !== undefined) return policy;
  for (const { fatal, code, message, help, path: inside } of problems) {
    if (fatal) reader.problems.push({ code, message, help, path: [...path, ...inside] });
  }
  return null;
}
