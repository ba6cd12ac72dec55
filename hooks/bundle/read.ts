/** Reads a policy bundle. Whatever is not as this version writes it gives no bundle, and so a hook that refuses. */
import { BundleFile, compileGlob, isDate } from '../../rules/index.js';
import type {
  CodeRule,
  GuardRuleSource,
  ParameterValue,
  RuleInfo,
  Target,
  Waiver,
  WaiverFile,
} from '../../rules/index.js';
import { CODE_RULE_IDS, codeRule } from '../../rules/code/index.js';
import { readJsonSource } from '../../template/index.js';
import { Gate, readRestrictedSchema } from '../gate/index.js';
import type { LoadedSchema, Overlay } from '../gate/index.js';
import type { AccountPlace, HookBundle } from '../lambda/index.js';
import { BUNDLE_FORMAT, digestOf } from './pack.js';
import type { BundleHead, PackedCode, PackedFile, PackedGate, PackedText, PackedType } from './pack.js';
import {
  BundleError,
  count,
  flag,
  list,
  mapOf,
  matching,
  object,
  oneOf,
  pair,
  parseJson,
  refuse,
  text,
} from './shape.js';
import type { Reader } from './shape.js';
import { readTree } from './tree.js';

/**
 * Reads a bundle that {@link packBundle} made. Rule files and schemas are read when an event asks for them; one that cannot
 * be read then throws, and the hook refuses.
 *
 * @param written - The text.
 * @param options - `digest`: what the SHA-256 of the text has to be.
 * @throws BundleError with what is wrong and what to do.
 */
export function readBundle(written: string, options: { readonly digest?: string } = {}): HookBundle {
  const { digest } = options;
  if (digest !== undefined && digestOf(written) !== digest) {
    throw new BundleError(
      `the bundle is not the one that was published: its SHA-256 is ${digestOf(written)}, and ${digest} is expected`,
    );
  }
  if (!written.endsWith('\n')) throw new BundleError('the bundle is cut off: its last line has no end');
  const lines = written.split('\n');
  lines.pop();
  const value = parseJson(lines.shift() ?? '', 'the first line of the bundle');
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (format !== BUNDLE_FORMAT) {
    throw new BundleError(
      `the bundle has the format ${format === undefined ? 'of nothing' : JSON.stringify(format)}, and this handler reads ${BUNDLE_FORMAT} only; publish the handler and the bundle of one version of Stackade`,
    );
  }
  const head = readHead(value, '');
  if (lines.length !== head.lines) {
    throw new BundleError(`the bundle has ${lines.length} lines after the first, and ${head.lines} are told of`);
  }
  return open(head, new Lines(lines));
}

/** The lines after the first. Each belongs to one thing. */
class Lines {
  private readonly taken = new Set<number>();

  constructor(private readonly lines: readonly string[]) {}

  take(number: number, what: string): string {
    const line = this.lines[number];
    if (line === undefined || this.taken.has(number)) throw new BundleError(`${what} has no line of its own`);
    this.taken.add(number);
    return line;
  }

  allTaken(): void {
    if (this.taken.size !== this.lines.length) throw new BundleError('the bundle has lines that belong to nothing');
  }
}

function open(head: BundleHead, lines: Lines): HookBundle {
  const { infos, wholeTemplate, failOn, notEvaluated, ruleParameters, waivers } = head;
  const info = (number: number): RuleInfo => infos[number] ?? refuse('', `tells of no rule ${number}`);
  const files = head.files.map((file) => openFile(file, info, lines));
  const code = head.code.map((rule) => openCode(rule, info));
  const gate = head.gate === null ? null : openGate(head.gate, lines);
  lines.allTaken();
  return {
    rules: { files, code, rules: head.rules.map(info) },
    ruleParameters,
    wholeTemplate: new Set(wholeTemplate),
    gate,
    waivers,
    compileGlob,
    accounts: new Map(Object.entries(head.accounts)),
    failOn,
    notEvaluated,
  };
}

function openFile(
  { file, line, rules, needs }: PackedFile,
  info: (number: number) => RuleInfo,
  lines: Lines,
): BundleFile {
  const json = lines.take(line, file);
  let packed: PackedText | undefined;
  const unpacked = (): PackedText => (packed ??= readText(parseJson(json, file), file));
  const source: GuardRuleSource = {
    file,
    get text() {
      return unpacked().text;
    },
    rules: new Map(rules.map(([name, number]) => [name, info(number)])),
    ...(needs !== undefined && { needs }),
  };
  return new BundleFile(source, () => unpacked().tree);
}

function openCode({ info: number, types }: PackedCode, info: (number: number) => RuleInfo): CodeRule {
  const known = info(number);
  if (!CODE_RULE_IDS.includes(known.id)) {
    throw new BundleError(
      `this handler has no code for the rule \`${known.id}\`; publish the handler and the bundle of one version of Stackade`,
    );
  }
  return codeRule(known, types);
}

function openGate({ schemas, message, legacy, types }: PackedGate, lines: Lines): Gate {
  const texts = new Map(Object.entries(schemas).map(([type, line]) => [type, lines.take(line, type)]));
  const loaded = new Map<string, LoadedSchema>();
  const load = (type: string): LoadedSchema | undefined => {
    const json = texts.get(type);
    if (json === undefined) return undefined;
    let known = loaded.get(type);
    if (known === undefined) loaded.set(type, (known = readRestrictedSchema(json, type)));
    return known;
  };
  const overlay: Overlay = {
    content: {
      version: 1,
      types,
      ...(message !== undefined && { message }),
      ...(legacy !== undefined && { legacy }),
    },
    source: readJsonSource('{}', 'bundle').source!,
  };
  return new Gate({ types: [...texts.keys()].sort(), load }, [overlay]);
}

const readText: Reader<PackedText> = object<PackedText>({ text, tree: readTree });

const parameters: Reader<ParameterValue> = (value, at) => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  return Array.isArray(value) ? list(parameters)(value, at) : mapOf(parameters)(value, at);
};

const severity = oneOf('error', 'warning', 'info');
const targets: Reader<readonly Target[]> = list(object<Target>({ kind: oneOf('rule', 'control'), id: text }));
const patterns = list(text);
const day: Reader<string> = (value, at) =>
  typeof value === 'string' && isDate(value) ? value : refuse(at, 'is no day');
const waiver = object<Waiver>({
  target: object<Target>({ kind: oneOf('rule', 'control'), id: text }),
  scope: object<Waiver['scope']>(
    {},
    {
      file: patterns,
      logicalId: patterns,
      resourceType: patterns,
      account: patterns,
      ou: patterns,
      tag: mapOf(patterns),
    },
  ),
  reason: text,
  owner: text,
  ticket: text,
  expires: day,
  range: object<Waiver['range']>({ file: text, start: count, end: count }),
});
const account = matching(/^[0-9]{12}$/, 'account id of 12 digits');
const places = mapOf(object<AccountPlace>({}, { orgId: text, ouId: text, ouPath: text }));

const readHead: Reader<BundleHead> = object<BundleHead>({
  format: oneOf(BUNDLE_FORMAT),
  lines: count,
  infos: list(
    object<RuleInfo>(
      { id: text, title: text, severity, controls: list(text), help: text, docs: text },
      { secret: flag, written: flag },
    ),
  ),
  rules: list(count),
  files: list(
    object<PackedFile>({ file: text, line: count, rules: list(pair(text, count)) }, { needs: list(list(text)) }),
  ),
  code: list(object<PackedCode>({ info: count, types: list(text) })),
  ruleParameters: mapOf(parameters),
  wholeTemplate: list(text),
  gate: (value, at) => (value === null ? null : readGate(value, at)),
  waivers: object<WaiverFile>({
    waivers: list(waiver),
    neverWaivable: targets,
    developerSuppressions: (value, at) => (typeof value === 'boolean' ? value : targets(value, at)),
  }),
  accounts: (value, at) => {
    const read = places(value, at);
    for (const id of Object.keys(read)) account(id, `${at}/${id}`);
    return read;
  },
  failOn: severity,
  notEvaluated: oneOf('block', 'warn'),
});
const readGate: Reader<PackedGate> = object<PackedGate>(
  {
    schemas: mapOf(count),
    types: mapOf(object<PackedType>({}, { message: text, forbid: oneOf(true), delete: oneOf('refuse') })),
  },
  { message: text, legacy: oneOf('warn', 'refuse') },
);
