/** What the command says of its input. Each code has one function that builds it. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';

function error(code: string, message: string, help?: string, location?: SourceRange): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(help === undefined ? {} : { help }),
    ...(location === undefined ? {} : { location }),
  };
}

const start = (file: string): SourceRange => ({ file, start: 0, end: 0 });

/** Why the system refused, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  EEXIST: 'there is a file of this name',
};

/** The reason of a failed call to the file system. */
export function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? code ?? message;
}

export function unreadable(path: string, cause: unknown): Diagnostic {
  return error('CLI1001', `\`${path}\` cannot be read: ${reasonOf(cause)}`, 'check the path and its permissions');
}

const MEBIBYTE = 1024 * 1024;

export function tooLarge(path: string, limitBytes: number, sizeBytes?: number): Diagnostic {
  const size =
    sizeBytes === undefined ? 'it is larger than' : `it has ${Math.round(sizeBytes / MEBIBYTE)} MiB, more than`;
  return error(
    'CLI1002',
    `\`${path}\` is not read: ${size} ${limitBytes / MEBIBYTE} MiB`,
    'CloudFormation takes templates up to 1 MB; leave this file out',
  );
}

export function noTemplate(path: string): Diagnostic {
  return error(
    'CLI1003',
    `\`${path}\` is no template: it has no \`Resources\` map`,
    'name only templates; in a folder, files without `Resources` are skipped',
  );
}

export function nothingChecked(paths: readonly string[]): Diagnostic {
  const where = paths.map((path) => `\`${path}\``).join(', ');
  return error(
    'CLI1004',
    `nothing was checked: no template in ${where}`,
    'name a template, or a folder with .yaml, .yml, .json or .template files; --list-skipped names what was skipped',
  );
}

export function reservedKey(path: string, key: string, location: SourceRange | undefined): Diagnostic {
  return error(
    'CLI1005',
    `the template has the key \`${key}\`, below which the rules read their parameters`,
    'take the key out of the template; CloudFormation refuses it as well',
    location ?? start(path),
  );
}

export function notRegular(path: string): Diagnostic {
  return error('CLI1006', `\`${path}\` is neither a file nor a folder`, 'move it out of the folder, or exclude it');
}

export function unknownType(type: string, nearest: string | undefined): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`? `;
  return error(
    'CLI1007',
    `there is no resource type \`${type}\``,
    `${guess}Correct the type; one that is newer than this version belongs into \`knownTypes\` of stackade.yaml`,
  );
}

export function untyped(logicalId: string): Diagnostic {
  return error(
    'CLI1008',
    `the resource \`${logicalId}\` has no type`,
    'give the resource its `Type`, as in `Type: AWS::SQS::Queue`; no rule looks at a resource without one',
  );
}

export function unknownPack(name: string, known: readonly string[], nearest: string | undefined): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`? `;
  return error('CLI2001', `there is no pack \`${name}\``, `${guess}There are ${known.join(', ')}`);
}

export function brokenPack(pack: string, rule: string): Diagnostic {
  return error(
    'CLI2008',
    `the pack \`${pack}\` names the rule \`${rule}\`, which the rule library does not have`,
    `install Stackade again; in a clone, correct rules/packs/${pack}.json and run \`npm run build\``,
  );
}

export function badOption(option: string, message: string, help?: string): Diagnostic {
  return error('CLI2002', `${option}: ${message}`, help);
}

export function unwritable(path: string, cause: unknown): Diagnostic {
  const reason = typeof cause === 'string' ? cause : reasonOf(cause);
  // A file that does not exist can be written; its folder is what is missing.
  const missing = (cause as Partial<NodeJS.ErrnoException>).code === 'ENOENT';
  return missing
    ? error('CLI2004', `\`${path}\` cannot be written: its folder does not exist`, 'make the folder first')
    : error('CLI2004', `\`${path}\` cannot be written: ${reason}`, 'name another place, or make this one writable');
}

export function unwritableOutput(cause: unknown): Diagnostic {
  const message = `\`standard output\` cannot be written: ${reasonOf(cause)}`;
  return error('CLI2004', message, 'make room, or write to a file elsewhere with --output-file');
}

export function noRules(where: string): Diagnostic {
  return error(
    'CLI2005',
    `there is no rule to check with: ${where}`,
    'name a pack, or files or folders with .guard or .ruleset files; put what is to be checked before --rules',
  );
}

/** Most names that a help line lists beside its guess. */
const MAX_LISTED = 20;

export function unknownKey(
  what: string,
  allowed: readonly string[],
  nearest: string | undefined,
  location: SourceRange,
): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`?`;
  // Beside a guess nobody reads a long list.
  const all = guess !== '' && allowed.length > MAX_LISTED ? '' : `There are ${allowed.join(', ')}`;
  return error('CLI2101', what, [guess, all].filter((part) => part !== '').join(' '), location);
}

export function badSetting(key: string, message: string, location: SourceRange, help?: string): Diagnostic {
  return error('CLI2102', key === '' ? message : `\`${key}\` ${message}`, help, location);
}

export function badParameterFile(message: string, location: SourceRange): Diagnostic {
  return error(
    'CLI2103',
    message,
    'write `{"Name": "value"}`, `{"Parameters": {"Name": "value"}}`, or a list of `{"ParameterKey": "Name", "ParameterValue": "value"}`',
    location,
  );
}
