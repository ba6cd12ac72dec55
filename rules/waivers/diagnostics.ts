/** What Stackade says of a waiver file, of its waivers and of suppressions in templates. Each code has one function. */
import type { Diagnostic, Severity, SourceRange } from '../../findings/index.js';
import type { Target, Waiver } from './model.js';

function diagnostic(
  code: string,
  severity: Severity,
  message: string,
  help: string,
  location: SourceRange,
  label?: { readonly range: SourceRange; readonly text: string },
): Diagnostic {
  return { code, severity, message, help, location, ...(label && { labels: [label] }) };
}

/** Codes whose severity depends on the run. */
export const UNUSED = 'WVR2002';
export const UNDECIDED = 'WVR2004';

const nameOf = ({ kind, id }: Target): string => `${kind} \`${id}\``;

export function unknownTarget(
  kind: string,
  id: string,
  nearest: string | undefined,
  location: SourceRange,
  other = '',
): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`? `;
  return diagnostic(
    'WVR1001',
    'error',
    `there is no ${kind} \`${id}\``,
    `${guess}${other}\`stackade check --list-rules\` lists rules and their controls`,
    location,
  );
}

export function badDate(text: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'WVR1002',
    'error',
    `\`${text}\` is no date`,
    'write year, month and day, such as 2027-01-31; the waiver applies up to the end of that day, in UTC',
    location,
  );
}

export function contradiction(message: string, help: string, location: SourceRange, other: SourceRange): Diagnostic {
  return diagnostic('WVR1003', 'error', message, help, location, { range: other, text: 'the other one' });
}

export function noSingleTarget(both: boolean, location: SourceRange): Diagnostic {
  return diagnostic(
    'WVR1004',
    'error',
    both ? 'a waiver names both a rule and a control' : 'a waiver names neither a rule nor a control',
    'give each waiver one `rule` or one `control`',
    location,
  );
}

export function expired({ target, expires, range }: Waiver, hit: boolean): Diagnostic {
  return diagnostic(
    'WVR2001',
    'warning',
    `the waiver of ${nameOf(target)} expired on ${expires}`,
    hit
      ? 'mend what it covered, or have the waiver renewed; its findings count again'
      : 'take it out: nothing that it covered is left here',
    range,
  );
}

export function unused({ target, range }: Waiver, why: string): Diagnostic {
  return diagnostic(
    UNUSED,
    'warning',
    `the waiver of ${nameOf(target)} covers nothing: ${why}`,
    'take it out when what it covered is mended, or set its scope right',
    range,
  );
}

export function tooBroad({ target, range }: Waiver, why: string): Diagnostic {
  return diagnostic(
    'WVR2003',
    'warning',
    `the waiver of ${nameOf(target)} is too broad: ${why}`,
    'narrow its scope to the logical ids, files or accounts that were looked at when it was granted',
    range,
  );
}

export function undecidedScope({ target, range }: Waiver, why: string, help: string): Diagnostic {
  return diagnostic(
    UNDECIDED,
    'warning',
    `the waiver of ${nameOf(target)} does not apply because its scope cannot be decided: ${why}`,
    help,
    range,
  );
}

export function neverWaivable({ target, range }: Waiver, never: Target): Diagnostic {
  const whole = target.kind === never.kind && target.id === never.id;
  return diagnostic(
    'WVR2005',
    'error',
    whole
      ? `the waiver of ${nameOf(target)} does not apply: \`${never.id}\` is never waivable`
      : `the waiver of ${nameOf(target)} does not apply to what ${nameOf(never)} reports, which is never waivable`,
    'mend what is reported; whoever owns the waiver file can take the name out of `neverWaivable`',
    range,
  );
}

export function refusedSuppression(tool: string, name: string, why: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'WVR3001',
    'warning',
    `the template suppresses \`${name}\` in the way of ${tool}, which does not count: ${why}`,
    'mend what is reported, or ask for a waiver',
    location,
  );
}

export function idleSuppression(tool: string, name: string, location: SourceRange): Diagnostic {
  return diagnostic(
    'WVR3002',
    'info',
    `the template suppresses \`${name}\` in the way of ${tool}; nothing that is reported here has this name`,
    'nothing to do for this report; take it out when the other tool no longer needs it',
    location,
  );
}
