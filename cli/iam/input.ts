/** Reads the files that the `iam` commands are given: policies and other JSON. */
import type { Diagnostic } from '../../findings/index.js';
import { readPolicy } from '../../iam/index.js';
import type { Policy, PolicyKind, PolicySource } from '../../iam/index.js';
import { readJsonSource } from '../../template/index.js';
import type { TemplateSource } from '../../template/index.js';
import { readFileText, STDIN } from '../check/read-file.js';
import { InputError } from '../input-error.js';

/** The name of standard input in messages. */
const STDIN_NAME = '<stdin>';

/** The text of a file and its name in messages. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a file as text.
 *
 * @param path - `-` for standard input.
 * @throws InputError when it cannot be read, is too large or is not UTF-8.
 */
export function readText(path: string): NamedText {
  const name = path === STDIN ? STDIN_NAME : path;
  const { text, diagnostic } = readFileText(path, name);
  if (diagnostic !== null) throw new InputError([diagnostic]);
  return { name, text };
}

/** Reads a JSON file with places. @throws InputError when it is not JSON. */
export function readJsonFile(path: string): TemplateSource {
  const { name, text } = readText(path);
  const { source, diagnostics } = readJsonSource(text, name);
  if (source === null) throw new InputError(diagnostics, new Map([[name, text]]));
  return source;
}

/** A policy that has a meaning, with what AWS would say of it besides. */
export interface PolicyFile extends PolicySource {
  readonly policy: Policy;
  readonly name: string;
  readonly text: string;
  /** Reasons for which AWS would refuse to save it although its meaning is clear. */
  readonly warnings: readonly Diagnostic[];
}

/** Reads a policy document. @throws InputError with every fatal problem when it has no meaning. */
export function readPolicyFile(path: string, kind: PolicyKind): PolicyFile {
  const { name, text } = readText(path);
  const read = readPolicy(text, kind, name);
  const { policy } = read;
  if (policy === undefined) {
    throw new InputError(
      read.diagnostics.filter(({ severity }) => severity === 'error'),
      new Map([[name, text]]),
    );
  }
  return { ...read, policy, name, text, warnings: read.diagnostics };
}
