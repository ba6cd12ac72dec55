/**
 * What the parser says of a policy document. The codes are those of Access Analyzer's policy validation where it has one
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html).
 */
import type { Path } from '../../template/index.js';

/** One fault of a document. */
export interface PolicyProblem {
  /** Such as `MISSING_EFFECT`. */
  readonly code: string;
  /** What is wrong: one sentence, lower case, no full stop, the reader's own text in backticks. */
  readonly message: string;
  /** The next step, as an instruction. */
  readonly help: string;
  /** The way from the document's root to the value at fault; for something missing, to what lacks it. */
  readonly path: Path;
  /**
   * Whether the document has no meaning because of it. Other faults are those for which AWS refuses to save the
   * document although its meaning is clear, such as a Sid with a space.
   */
  readonly fatal: boolean;
}

/** Collects the problems of one document. */
export class Problems {
  readonly list: PolicyProblem[] = [];

  /** A fault that leaves the document without a meaning. @returns `null`, which readers pass on for what they could not read. */
  fatal(code: string, path: Path, message: string, help: string): null {
    this.list.push({ code, message, help, path, fatal: true });
    return null;
  }

  /** A fault that leaves the meaning clear. */
  refused(code: string, path: Path, message: string, help: string): void {
    this.list.push({ code, message, help, path, fatal: false });
  }
}

const SHOWN = 80;

/** A value of the document as a message shows it: its JSON, cut when it is long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : json(value);
  return text.length <= SHOWN ? `\`${text}\`` : `\`${text.slice(0, SHOWN)}…\``;
}

/** JSON of a value; its kind where the value is nested too deep to write out. */
function json(value: unknown): string {
  try {
    return JSON.stringify(value, plain);
  } catch (error) {
    if (error instanceof RangeError) return kindOf(value);
    throw error;
  }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** The kind of a value in JSON's words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'boolean':
      return 'a boolean';
    case 'object':
      return 'a map';
    default:
      return 'a number';
  }
}
