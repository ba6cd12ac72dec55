/** Rule files and data files, read and put together: what the three commands share. */
import { renderDiagnostics } from '../../findings/index.js';
import {
  compileRegex,
  compileRules,
  EvaluationError,
  loadData,
  loadTestData,
  mergeInputParameters,
  openDocument,
  parseRules,
  type Document,
  type Evaluation,
  type FailedCheck,
  type Locate,
  type ParsedRules,
  type Place,
  type Program,
} from '../../guard/index.js';
import { isList, isMap, type Value } from '../../template/index.js';
import { GuardCommandError } from './files.js';

/** A text with the name that reports give it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A data document ready for rules. */
export interface Data {
  readonly name: string;
  readonly text: string;
  readonly value: Value;
  readonly locate: Locate;
}

const checkRegex = (pattern: string): string | null => {
  const result = compileRegex(pattern);
  return result.ok ? null : result.message;
};

/** Parses a rule file, its regular expressions included. */
export function parseRuleFile({ name, text }: NamedText): ParsedRules {
  return parseRules(text, name, { checkRegex });
}

/** What is wrong with a rule file, for standard error. */
export function ruleFileProblems({ name, text }: NamedText, parsed: ParsedRules): string {
  const problems = renderDiagnostics(parsed.diagnostics, { color: false, sources: new Map([[name, text]]) });
  return `Parsing error handling rule file = ${name}, Error =\n${problems}`;
}

/** Compiles a rule file; `null` for one without rules, which has nothing to say of any document. */
export function compileRuleFile(source: NamedText, parsed: ParsedRules): Program | null {
  const { tree } = parsed;
  if (tree === null || tree.lets.length + tree.rules.length + tree.parameterizedRules.length === 0) return null;
  return compileRules(tree, { file: source.name, text: source.text, loadText: loadTestData });
}

/** Reads a data document. @throws GuardCommandError when it cannot be read. */
export function readData({ name, text }: NamedText): Data {
  const loaded = loadData(text, name);
  if (!loaded.ok) throw new GuardCommandError(`Parser Error when parsing \`${loaded.message}\``);
  const { value } = loaded;
  return { name, text, value, locate: remembered((path, key) => loaded.locate(path, key)) };
}

/** Asks for each place once: many rules fail at the same values. */
function remembered(locate: Locate): Locate {
  const values = new Map<string, Place>();
  return (path, key) => {
    if (key !== undefined) return locate(path, key);
    let place = values.get(path);
    if (place === undefined) values.set(path, (place = locate(path)));
    return place;
  };
}

/** Parameter documents and a data document as one. @throws EvaluationError when they do not go together. */
export function withParameters(parameters: readonly Data[], data: Data): Data {
  if (parameters.length === 0) return data;
  const value = mergeInputParameters(
    parameters.map((each) => each.value),
    data.value,
  );
  const sources = [...parameters, data];
  if (isList(value)) {
    const elements = sources.flatMap(({ value: list, locate }) =>
      isList(list) ? list.map((_element, index) => ({ index, locate })) : [],
    );
    const locate = Object.assign((path: string, key?: string) => sources[0]!.locate(path, key), { elements });
    return { name: data.name, text: data.text, value, locate };
  }
  const locate: Locate = (path, key) => {
    const first = path === '' ? key : path.split('/')[1]!;
    const owner = sources.find((each) => first !== undefined && isMap(each.value) && Object.hasOwn(each.value, first));
    return (owner ?? sources[0]!).locate(path, key);
  };
  return { name: data.name, text: data.text, value, locate };
}

/** What a rule file says of a document, failures explained. */
export interface Checked extends Evaluation {
  readonly failures: readonly FailedCheck[];
}

/** Evaluates rule files on one document. */
export class Checker {
  private readonly document: Document;

  constructor(private readonly data: Data) {
    this.document = openDocument(data.value);
  }

  /** @throws GuardCommandError when the evaluation ends with an error. */
  check(program: Program): Checked {
    const { document, data } = this;
    return guarded(() => {
      const { status, rules } = program.evaluate(document);
      const failures: FailedCheck[] = [];
      if (status === 'FAIL') {
        for (let index = 0; index < rules.length; index++) {
          if (rules[index]!.status === 'FAIL') failures.push(...program.explain(document, index, data.locate));
        }
      }
      return { status, rules, failures };
    });
  }
}

/** Errors of an evaluation are about the user's rules and data. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof EvaluationError) throw new GuardCommandError(error.message);
    throw error;
  }
}
