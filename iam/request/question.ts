/**
 * Questions to the evaluator: a request with its policies, one JSON document each, or many as lines of one file with sets
 * of policies that are defined once and named afterwards.
 */
import { get, isMap, keysOf, readJsonSource } from '../../template/index.js';
import type { TemplateSource, Value, ValueMap } from '../../template/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { compilePolicies, evaluate } from '../evaluate/index.js';
import type { CompiledSet, EvaluateOptions, Evaluation } from '../evaluate/index.js';
import type { Request } from '../model.js';
import { checkRequest, contextIsFine, namesAreFine } from './check.js';
import { malformed, policySet, shown, type RequestProblem } from './problems.js';
import { readPolicies, readRequest } from './read.js';
import { Shapes } from './shape.js';

/** What became of a question. */
export type Reply =
  | { readonly kind: 'answer'; readonly name: string | null; readonly evaluation: Evaluation }
  /** The line defines a set of policies, or is blank. */
  | { readonly kind: 'silent' }
  /** Diagnostics have places in the question's text. */
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] };

const SILENT: Reply = { kind: 'silent' };
const QUESTION_KEYS = ['name', 'request', 'policies'];
const DEFINITION_KEYS = ['policySet', 'policies'];

/** How many texts of policies are kept compiled. */
const MOST_KEPT = 1_024;

/**
 * Answers questions one after the other.
 *
 * Most lines of a large file repeat: their policies are the same text as those of an earlier line. Such a text is read
 * and compiled once and found again by comparing texts. Every doubt (white space in unusual places, a key that may stand
 * twice, anything not of the expected form) leads to the thorough reader, which also writes the messages.
 */
export class Questions {
  private readonly named = new Map<string, CompiledSet>();
  /** Sets whose definition was refused, so that its users need not be told that there is none. */
  private readonly faulty = new Set<string>();
  private readonly byText = new Map<string, CompiledSet>();
  /** Of lines that the quick way has read in full. */
  private readonly shapes = new Shapes();

  constructor(private readonly options: EvaluateOptions = {}) {}

  /**
   * @param text - One JSON document: a question, or the definition of a set of policies.
   * @param file - Its name, for places.
   */
  take(text: string, file: string): Reply {
    return this.quickly(text) ?? this.thoroughly(text, file);
  }

  /** @returns `undefined` where the thorough reader is needed. */
  private quickly(text: string): Reply | undefined {
    const end = text.length - 1;
    if (text.charCodeAt(end) !== CLOSE_BRACE) return undefined;
    // Policies that end the text as a map leave two braces there.
    if (text.charCodeAt(end - 1) !== CLOSE_BRACE) return this.answerQuickly(text, undefined);
    const key = text.indexOf(POLICIES_KEY);
    const start = key + POLICIES_KEY.length;
    const opening = text.charCodeAt(start) === SPACE ? text.charCodeAt(start + 1) : text.charCodeAt(start);
    if (key < 0 || opening !== OPEN_BRACE) return this.answerQuickly(text, undefined);
    const set = this.byText.get(text.slice(start, end));
    // With the policies known to be one whole value, the rest is a document of its own.
    return set === undefined ? undefined : this.answerQuickly(`${text.slice(0, start)}null}`, set);
  }

  private answerQuickly(text: string, inline: CompiledSet | undefined): Reply | undefined {
    const known = this.shapes.read(text);
    if (known !== undefined) {
      const { name, request, policies, isContextFine } = known;
      const set = this.quickSet(policies, inline);
      const isFine = isContextFine ? namesAreFine(request) : checkRequest(request).length === 0;
      return set !== undefined && isFine ? this.decide(name, request, set) : undefined;
    }
    const value = parsePlainly(text);
    if (value === undefined) return undefined;
    const { name = null, request, policies } = value;
    let keys = 0;
    let length = BRACES - COMMA;
    for (const key in value) {
      if (key !== 'name' && key !== 'request' && key !== 'policies') return undefined;
      keys++;
      length += key.length + AROUND_KEY;
    }
    if (name !== null && typeof name !== 'string') return undefined;
    if ('name' in value) length += lengthOf(name);
    if ('policies' in value) length += lengthOf(policies as string | null);
    const set = this.quickSet(policies, inline);
    if (set === undefined) return undefined;
    const asked = plainRequest(request);
    if (asked === undefined) return undefined;
    // A text that is no longer than what was read from it needs has no room for a key that stands twice.
    if (length + asked.length !== text.length && keys + asked.keys !== countKeys(text)) return undefined;
    if (checkRequest(asked.request).length > 0) return undefined;
    this.shapes.learn(text, value, contextIsFine(asked.request));
    return this.decide(name, asked.request, set);
  }

  /** @param inline - The set that stood where `policies` is null now. */
  private quickSet(policies: unknown, inline: CompiledSet | undefined): CompiledSet | undefined {
    if (inline !== undefined) return policies === null ? inline : undefined;
    return typeof policies === 'string' ? this.named.get(policies) : undefined;
  }

  private decide(name: string | null, request: Request, set: CompiledSet): Reply {
    return { kind: 'answer', name, evaluation: evaluate(set, request, this.options) };
  }

  private thoroughly(text: string, file: string): Reply {
    if (/^\ufeff?\s*$/.test(text)) return SILENT;
    const { source, diagnostics } = readJsonSource(text, file);
    if (source === null) return { kind: 'refused', diagnostics };
    const { value } = source;
    if (!isMap(value)) {
      const form = 'write `{"request": {…}, "policies": {…}}`';
      return refused([malformed([], 'the question is no map', form)], source);
    }
    return Object.hasOwn(value, 'policySet') ? this.define(value, source) : this.answer(value, source);
  }

  private define(value: ValueMap, source: TemplateSource): Reply {
    const problems = unknownKeys(value, DEFINITION_KEYS);
    const name = get(value, 'policySet');
    if (typeof name !== 'string') {
      problems.push(malformed(['policySet'], 'the name of the set is no text', 'name it with a text'));
      return refused(problems, source);
    }
    if (this.named.has(name) || this.faulty.has(name)) {
      const help = 'give one of them another name: a set is defined once';
      problems.push(policySet(['policySet'], `the set of policies ${shown(name)} is defined twice`, help));
      return refused(problems, source);
    }
    const policies = readPolicies(get(value, 'policies'));
    problems.push(...below('policies', policies.problems, value));
    if (policies.value === undefined || problems.length > 0) {
      this.faulty.add(name);
      return refused(problems, source);
    }
    this.named.set(name, compilePolicies(policies.value));
    return SILENT;
  }

  private answer(value: ValueMap, source: TemplateSource): Reply {
    const problems = unknownKeys(value, QUESTION_KEYS);
    const name = get(value, 'name') ?? null;
    if (name !== null && typeof name !== 'string') {
      problems.push(malformed(['name'], 'the name of the question is no text', 'write it as a text, or leave it out'));
    }
    const request = readRequest(get(value, 'request'));
    problems.push(...below('request', request.problems, value));
    const set = this.setOf(get(value, 'policies'), value, source, problems);
    if (problems.length > 0 || request.value === undefined || set === undefined) return refused(problems, source);
    const evaluation = evaluate(set, request.value, this.options);
    return { kind: 'answer', name: typeof name === 'string' ? name : null, evaluation };
  }

  private setOf(
    value: Value | undefined,
    question: ValueMap,
    source: TemplateSource,
    problems: RequestProblem[],
  ): CompiledSet | undefined {
    if (typeof value === 'string') {
      const set = this.named.get(value);
      if (set !== undefined) return set;
      const why = this.faulty.has(value) ? 'was refused where it is defined' : 'is not defined';
      const help = 'define it on an earlier line: `{"policySet": NAME, "policies": {…}}`';
      problems.push(policySet(['policies'], `the set of policies ${shown(value)} ${why}`, help));
      return undefined;
    }
    const policies = readPolicies(value);
    problems.push(...below('policies', policies.problems, question));
    if (policies.value === undefined) return undefined;
    const set = compilePolicies(policies.value);
    this.keep(source.text, set);
    return set;
  }

  /** Keeps a set under the text of its policies, when they end the question as {@link quickly} expects. */
  private keep(text: string, set: CompiledSet): void {
    const end = text.length - 1;
    const start = text.indexOf(POLICIES_KEY) + POLICIES_KEY.length;
    if (start < POLICIES_KEY.length || text.charCodeAt(end) !== CLOSE_BRACE) return;
    const policies = text.slice(start, end);
    // Only what is a whole value may be looked for by its text.
    const head = parsePlainly(`${text.slice(0, start)}null}`);
    if (head?.['policies'] !== null || parsePlainly(policies) === undefined) return;
    if (this.byText.size >= MOST_KEPT) this.byText.clear();
    this.byText.set(policies, set);
  }
}

const POLICIES_KEY = '"policies":';
const SPACE = 32;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function parsePlainly(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const QUOTES = 2;
const COMMA = 1;
/** Quotes, a colon, and a comma for the next key. */
const AROUND_KEY = QUOTES + 1 + COMMA;
const BRACES = 2;
const NULL = 4;

/** The least length of a value as JSON: what is escaped takes more. */
function lengthOf(value: string | null): number {
  return value === null ? NULL : value.length + QUOTES;
}

function lengthOfList(values: readonly string[]): number {
  let length = BRACES + Math.max(values.length - 1, 0) * COMMA;
  for (const value of values) length += lengthOf(value);
  return length;
}

interface PlainRequest {
  readonly request: Request;
  /** How many keys its maps have. */
  readonly keys: number;
  /** The least length of its JSON. */
  readonly length: number;
}

/** A request of the usual form as it is; `undefined` for any other form. */
function plainRequest(value: unknown): PlainRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const request = value as Record<string, unknown>;
  const { principal, sessionIssuer, action, resource, resourceAccount, context, absent } = request;
  let keys = 0;
  let length = BRACES - COMMA;
  for (const key in request) {
    if (!PLAIN_KEYS.has(key)) return undefined;
    keys++;
    length += key.length + AROUND_KEY;
  }
  const isPlain =
    typeof principal === 'string' &&
    typeof action === 'string' &&
    typeof resource === 'string' &&
    (sessionIssuer === undefined || typeof sessionIssuer === 'string') &&
    (resourceAccount === undefined || typeof resourceAccount === 'string') &&
    typeof context === 'object' &&
    context !== null &&
    !Array.isArray(context) &&
    (absent === undefined || (Array.isArray(absent) && absent.every((each) => typeof each === 'string')));
  if (!isPlain) return undefined;
  length += lengthOf(principal) + lengthOf(action) + lengthOf(resource);
  if (sessionIssuer !== undefined) length += lengthOf(sessionIssuer);
  if (resourceAccount !== undefined) length += lengthOf(resourceAccount);
  if (absent !== undefined) length += lengthOfList(absent);
  let inContext = 0;
  for (const key in context) {
    const given = (context as Record<string, unknown>)[key];
    if (typeof given === 'string') length += lengthOf(given);
    else if (isTexts(given)) length += lengthOfList(given);
    else return undefined;
    length += key.length + AROUND_KEY;
    inContext++;
  }
  length += BRACES - (inContext > 0 ? COMMA : 0);
  return { request: value as Request, keys: keys + inContext, length };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const PLAIN_KEYS: ReadonlySet<string> = new Set([
  'principal',
  'sessionIssuer',
  'action',
  'resource',
  'resourceAccount',
  'context',
  'absent',
]);

/**
 * The number of keys in a JSON text: as many as the parsed value has, unless one stands twice. Counts too many when a
 * text in it looks like a key, and gives up where white space stands before colons, so that no doubt counts as none.
 */
function countKeys(text: string): number {
  if (text.includes(' :') || text.includes('\t') || text.includes('\r') || text.includes('\n')) return NaN;
  let count = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) count++;
  return count;
}

function unknownKeys(map: ValueMap, known: readonly string[]): RequestProblem[] {
  return keysOf(map)
    .filter((key) => !known.includes(key))
    .map((key) => malformed([key], `there is no field ${shown(key)}`, `use only ${known.join(', ')}`));
}

/** Problems of a part as problems of the whole; a part that is missing is told at the whole. */
function below(key: string, problems: readonly RequestProblem[], map: ValueMap): RequestProblem[] {
  const start = Object.hasOwn(map, key) ? [key] : [];
  return problems.map((problem) => ({ ...problem, path: [...start, ...problem.path] }));
}

function refused(problems: readonly RequestProblem[], source: TemplateSource): Reply {
  const diagnostics = problems.map(({ code, message, help, path }): Diagnostic => {
    const location = source.rangeOf(path) ?? source.rangeOf([]);
    return { code, severity: 'error', message, help, ...(location === undefined ? {} : { location }) };
  });
  return { kind: 'refused', diagnostics };
}
