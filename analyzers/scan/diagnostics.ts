/** What Stackade says of the files of a scan. Each code has one function that builds it. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import type { ArchiveRule } from './archive.js';

/** A file of archive rules has a fault. */
export function badArchive(message: string, help: string, location: SourceRange): Diagnostic {
  return { code: 'SCN1001', severity: 'error', message, help, location };
}

/** An archive rule has expired. */
export function expiredRule({ name, expires, owner, range }: ArchiveRule): Diagnostic {
  return {
    code: 'SCN2001',
    severity: 'warning',
    message: `the archive rule \`${name}\` expired on ${expires ?? ''} and archives nothing`,
    help: `mend what it covered, or ask ${owner} to have it renewed`,
    location: range,
  };
}

/** An archive rule in force fits no finding. */
export function unusedRule({ name, range }: ArchiveRule): Diagnostic {
  return {
    code: 'SCN2002',
    severity: 'warning',
    message: `the archive rule \`${name}\` fits no finding`,
    help: 'take it out when what it covered is mended, or set its filter right',
    location: range,
  };
}
