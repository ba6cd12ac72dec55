/**
 * The policy bundle of a hook: everything that it decides by, as data. Lines of canonical JSON (keys in order, no blanks):
 * the first says what there is, each further one is a rule file or the schema of a type, so that a hook reads those that an
 * event asks for. It holds no code: rules written in TypeScript are named, and their code is that of the handler.
 */
import { createHash } from 'node:crypto';
import type { Severity } from '../../findings/index.js';
import type { RuleFile } from '../../guard/index.js';
import type { ParameterValue, RuleInfo, WaiverFile } from '../../rules/index.js';
import type { Gate } from '../gate/index.js';
import type { AccountPlace, HookBundle } from '../lambda/index.js';
import { BundleError, canonicalJson } from './shape.js';
import { writeTree } from './tree.js';

/** The form of bundles that this version writes, and the only one that it reads. */
export const BUNDLE_FORMAT = 1;

/** What a bundle is made of: what a hook decides by, but for the part that is code. */
export type BundleParts = Omit<HookBundle, 'compileGlob'>;

/** A bundle as bytes. */
export interface PackedBundle {
  /** To be kept as UTF-8, as it is. */
  readonly text: string;
  /** SHA-256 of the text's UTF-8 in hexadecimal digits. */
  readonly digest: string;
  readonly format: typeof BUNDLE_FORMAT;
  /** Ids of its rules, in order of their files. */
  readonly rules: readonly string[];
  /** Types that the gate approves, sorted; `null` without a gate. */
  readonly types: readonly string[] | null;
}

/** The first line. Numbers of `infos` and `lines` count from 0. */
export interface BundleHead {
  readonly format: typeof BUNDLE_FORMAT;
  /** How many lines follow. */
  readonly lines: number;
  /** What is said of rules, each once. */
  readonly infos: readonly RuleInfo[];
  /** Ids of all rules in order, as numbers of `infos`. */
  readonly rules: readonly number[];
  readonly files: readonly PackedFile[];
  readonly code: readonly PackedCode[];
  readonly ruleParameters: Readonly<Record<string, ParameterValue>>;
  readonly wholeTemplate: readonly string[];
  readonly gate: PackedGate | null;
  readonly waivers: WaiverFile;
  readonly accounts: Readonly<Record<string, AccountPlace>>;
  readonly failOn: Severity;
  readonly notEvaluated: HookBundle['notEvaluated'];
}

/** A Guard file; its line is a {@link PackedText}. */
export interface PackedFile {
  readonly file: string;
  readonly line: number;
  /** Guard name → number of what is said of the rule. */
  readonly rules: readonly (readonly [string, number])[];
  readonly needs?: readonly (readonly string[])[];
}

export interface PackedText {
  readonly text: string;
  readonly tree: RuleFile;
}

/** A rule whose code the handler has. */
export interface PackedCode {
  readonly info: number;
  readonly types: readonly string[];
}

export interface PackedGate {
  /** Type → line with its schema, overlays applied. */
  readonly schemas: Readonly<Record<string, number>>;
  /** What overlays say besides. */
  readonly message?: string;
  readonly legacy?: 'warn' | 'refuse';
  readonly types: Readonly<Record<string, PackedType>>;
}

export interface PackedType {
  readonly message?: string;
  readonly forbid?: true;
  readonly delete?: 'refuse';
}

/**
 * Packs what a hook decides by. The same parts give the same bytes.
 *
 * @throws BundleError when a part cannot be used: a schema of the gate that cannot be read, a value that JSON cannot keep.
 */
export function packBundle(parts: BundleParts): PackedBundle {
  const infos = new Infos();
  const lines: string[] = [];
  const add = (line: string): number => lines.push(line) - 1;
  const files = parts.rules.files.map(({ source, tree }): PackedFile => {
    const { file, text, rules, needs } = source;
    const line = add(`{"text":${JSON.stringify(text)},"tree":${writeTree(tree)}}`);
    const named = [...rules].map(([name, info]): [string, number] => [name, infos.of(info)]);
    return { file, line, rules: named, ...(needs !== undefined && { needs }) };
  });
  const gate = parts.gate === null ? null : packGate(parts.gate, add);
  const head: BundleHead = {
    format: BUNDLE_FORMAT,
    files,
    code: parts.rules.code.map(({ info, types }) => ({ info: infos.of(info), types })),
    rules: parts.rules.rules.map((info) => infos.of(info)),
    infos: infos.all,
    ruleParameters: parts.ruleParameters,
    wholeTemplate: [...parts.wholeTemplate].sort(),
    gate,
    waivers: parts.waivers,
    accounts: Object.fromEntries(parts.accounts),
    failOn: parts.failOn,
    notEvaluated: parts.notEvaluated,
    lines: lines.length,
  };
  const text = `${[canonicalJson(head), ...lines].join('\n')}\n`;
  return {
    text,
    digest: digestOf(text),
    format: BUNDLE_FORMAT,
    rules: parts.rules.rules.map(({ id }) => id),
    types: gate === null ? null : Object.keys(gate.schemas).sort(),
  };
}

/** SHA-256 of a bundle's text, as {@link PackedBundle} has it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Everything that is said of rules, each once. */
class Infos {
  readonly all: RuleInfo[] = [];
  private readonly known = new Map<string, number>();

  of(info: RuleInfo): number {
    const key = canonicalJson(info);
    let number = this.known.get(key);
    if (number === undefined) this.known.set(key, (number = this.all.push(info) - 1));
    return number;
  }
}

/** Overlays are applied here, so that a hook has nothing to work out; what is left of them is what is no schema. */
function packGate(gate: Gate, add: (line: string) => number): PackedGate {
  const schemas = gate.approvedTypes().map((type): [string, number] => {
    const schema = gate.schemaOf(type);
    if (schema === null) throw new BundleError(`the approved schema of \`${type}\` cannot be used`);
    return [type, add(canonicalJson(schema))];
  });
  const contents = gate.overlays.map(({ content }) => content);
  const message = contents.map((content) => content.message).findLast((each) => each !== undefined);
  const legacy = contents.map((content) => content.legacy).findLast((each) => each !== undefined);
  const types = new Map<string, PackedType>();
  for (const [type, part] of contents.flatMap((content) => Object.entries(content.types ?? {}))) {
    const more: PackedType = {
      ...types.get(type),
      ...(part.message !== undefined && { message: part.message }),
      ...(part.forbid === true && { forbid: true }),
      ...(part.delete !== undefined && { delete: part.delete }),
    };
    if (Object.keys(more).length > 0) types.set(type, more);
  }
  return {
    schemas: Object.fromEntries(schemas),
    types: Object.fromEntries(types),
    ...(message !== undefined && { message }),
    ...(legacy !== undefined && { legacy }),
  };
}
