/** What the lint says of rules and tests. Each code has one function that builds it. */
import type { Diagnostic, Severity, SourceRange } from '../../findings/index.js';

function diagnostic(
  code: string,
  severity: Severity,
  message: string,
  help: string,
  location: SourceRange,
): Diagnostic {
  return { code, severity, message, help, location };
}

export function undefinedName(kind: string, name: string, nearest: string | undefined, at: SourceRange): Diagnostic {
  const guess = nearest === undefined ? `define it, or correct the name` : `did you mean \`${nearest}\`?`;
  return diagnostic('GRD5001', 'error', `the ${kind} \`${name}\` is not defined`, guess, at);
}

export function unusedName(kind: string, name: string, at: SourceRange): Diagnostic {
  return diagnostic('GRD5002', 'warning', `the ${kind} \`${name}\` is never used`, 'use it or take it out', at);
}

export function duplicateName(kind: string, name: string, at: SourceRange): Diagnostic {
  return diagnostic(
    'GRD5003',
    'warning',
    `the ${kind} \`${name}\` is defined twice`,
    'give each its own name: a reader, or a reference to it, sees only one of the two',
    at,
  );
}

export function cannotFail(why: string, at: SourceRange): Diagnostic {
  return diagnostic('GRD5004', 'warning', `the clause cannot fail: ${why}`, 'take it out, or write what was meant', at);
}

export function cannotPass(why: string, at: SourceRange): Diagnostic {
  return diagnostic('GRD5005', 'warning', `the clause cannot pass: ${why}`, 'take it out, or write what was meant', at);
}

export function neverHolds(what: string, why: string, at: SourceRange): Diagnostic {
  return diagnostic(
    'GRD5006',
    'warning',
    `${what}: ${why}`,
    'mend the condition; as it is, nothing behind it is ever looked at',
    at,
  );
}

export function unknownType(name: string, nearest: string | undefined, at: SourceRange): Diagnostic {
  return diagnostic(
    'GRD5007',
    'warning',
    `there is no resource type \`${name}\``,
    nearest === undefined ? 'correct the name; a private type is not known here' : `did you mean \`${nearest}\`?`,
    at,
  );
}

export function unknownProperty(path: string, types: readonly string[], at: SourceRange): Diagnostic {
  const shown = types.length > 3 ? `${types.slice(0, 3).join(', ')} and ${types.length - 3} more` : types.join(', ');
  return diagnostic('GRD5008', 'warning', `\`${path}\` is no property of ${shown}`, 'correct the path', at);
}

export function idleBranch(why: string, at: SourceRange): Diagnostic {
  return diagnostic('GRD5009', 'warning', `the branch behind \`or\` changes nothing: ${why}`, 'take it out', at);
}

export function idlePattern(pattern: string, everything: boolean, at: SourceRange): Diagnostic {
  return diagnostic(
    'GRD5010',
    'warning',
    `the pattern \`/${pattern}/\` matches ${everything ? 'every text' : 'no text'}`,
    everything ? 'write `is_string`, or anchor the pattern with `^` and `$`' : 'correct the pattern',
    at,
  );
}

export function untested(rule: string, missing: readonly string[], at: SourceRange): Diagnostic {
  return diagnostic(
    'GRD5011',
    'warning',
    `no test expects ${missing.join(' or ')} of rule \`${rule}\``,
    'add a case for each: a rule that was never seen to fail may prove nothing',
    at,
  );
}

export function idleExpectation(message: string, help: string, at: SourceRange): Diagnostic {
  return diagnostic('GRD5012', 'error', message, help, at);
}
