/** What Stackade says of the files of a scan. Each code has one function that builds it. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';

/** What is told of an archive rule. */
interface ToldRule {
  readonly name: string;
  readonly owner: string;
  readonly expires: string | null;
  readonly range: SourceRange;
}

/** A file of archive rules has a fault. */
export function badArchive(message: string, help: string, location: SourceRange): Diagnostic {
  return { code: 'SCN1001', severity: 'error', message, help, location };
}

/** An archive rule has expired. */
export function expiredRule({ name, expires, owner, range }: ToldRule): Diagnostic {
  return {
    code: 'SCN2001',
    severity: 'warning',
    message: `the archive rule \`${name}\` expired on ${expires ?? ''} and archives nothing`,
    help: `mend what it covered, or ask ${owner} to have it renewed`,
    location: range,
  };
}

/** An archive rule in force fits no finding. */
export function unusedRule({ name, range }: ToldRule): Diagnostic {
  return {
    code: 'SCN2002',
    severity: 'warning',
    message: `the archive rule \`${name}\` fits no finding`,
    help: 'take it out when what it covered is mended, or set its filter right',
    location: range,
  };
}
