/** What is said of parameters, vectors and templates; one function for each code. */
import type { Diagnostic } from '../../findings/index.js';

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** A parameter that a template does not have. */
export function unknownParameter(
  template: string,
  name: string,
  known: readonly string[],
  nearest?: string,
): Diagnostic {
  const help =
    nearest === undefined
      ? known.length === 0
        ? 'leave it out'
        : `the template has ${quoted(known)}`
      : `did you mean \`${nearest}\`?`;
  return {
    code: 'SCP1001',
    severity: 'error',
    message: `the template \`${template}\` has no parameter \`${name}\``,
    help,
  };
}

/** A parameter without a default that is not given. */
export function missingParameter(template: string, name: string, description: string): Diagnostic {
  return {
    code: 'SCP1002',
    severity: 'error',
    message: `the template \`${template}\` needs a value of \`${name}\``,
    help: `give \`${name}\` in the file of parameters: ${description}`,
  };
}

/** A value that a parameter does not accept. */
export function badParameter(template: string, name: string, fault: string, accepted: string): Diagnostic {
  return {
    code: 'SCP1003',
    severity: 'error',
    message: `the parameter \`${name}\` of \`${template}\` ${fault}`,
    help: `\`${name}\` is ${accepted}`,
  };
}

/**
 * A document, or a statement by itself, that is longer than a document may be.
 *
 * @param what - Such as `statement KeepTrails`.
 */
export function tooLong(template: string, what: string, characters: number, most: number): Diagnostic {
  return {
    code: 'SCP1004',
    severity: 'error',
    message: `the ${what} of \`${template}\` has ${characters} characters; a document may have ${most}`,
    help: 'give fewer or shorter values, or patterns in their place',
  };
}

/**
 * A template that is not in the library.
 *
 * @param list - The command that names them all.
 */
export function unknownTemplate(name: string, list: string, nearest?: string): Diagnostic {
  return {
    code: 'SCP1005',
    severity: 'error',
    message: `there is no policy template \`${name}\``,
    help: nearest === undefined ? `\`${list}\` names them` : `did you mean \`${nearest}\`?`,
  };
}
