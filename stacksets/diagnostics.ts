/** What Stackade says of rollouts. Each code has one function that builds it. */
import type { Diagnostic, SourceRange } from '../findings/index.js';

type Label = NonNullable<Diagnostic['labels']>[number];

function error(
  code: string,
  message: string,
  help: string,
  location?: SourceRange,
  labels: readonly Label[] = [],
): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    help,
    ...(location !== undefined && { location }),
    ...(labels.length > 0 && { labels }),
  };
}

const guess = (nearest: string | undefined): string => (nearest === undefined ? '' : `did you mean \`${nearest}\`? `);

/** Names in a sentence; of many, the first. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map((name) => `\`${name}\``);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/** @param expected - What it must be, such as `a list of Regions`. */
export function badValue(what: string, expected: string, location: SourceRange): Diagnostic {
  return error('STK1001', `${what} is not ${expected}`, `write ${expected}`, location);
}

export function unknownKey(
  key: string,
  where: string,
  allowed: readonly string[],
  nearest: string | undefined,
  location: SourceRange,
): Diagnostic {
  return error(
    'STK1002',
    `${where} has no key \`${key}\``,
    `${guess(nearest)}the keys here are ${listed(allowed, allowed.length)}`,
    location,
  );
}

export function missingKey(key: string, where: string, expected: string, location: SourceRange): Diagnostic {
  return error('STK1003', `${where} has no \`${key}\``, `add \`${key}\`: ${expected}`, location);
}

/** @param kind - `organizational unit`, `account` or `ring`. */
export function unknownName(
  kind: string,
  reference: string,
  nearest: string | undefined,
  how: string,
  location: SourceRange,
): Diagnostic {
  return error('STK1004', `there is no ${kind} \`${reference}\``, `${guess(nearest)}${how}`, location);
}

export function ambiguousName(
  kind: string,
  reference: string,
  choices: readonly string[],
  location: SourceRange,
): Diagnostic {
  return error(
    'STK1004',
    `\`${reference}\` can be more than one ${kind}`,
    `say which one: ${listed(choices)}`,
    location,
  );
}

/** Rings, waves and filters that do not go together. */
export function badRing(message: string, help: string, location: SourceRange): Diagnostic {
  return error('STK1005', message, help, location);
}

/** A template that service-managed stack sets do not take. */
export function badTemplate(message: string, help: string, location?: SourceRange): Diagnostic {
  return error('STK1006', message, help, location);
}

/** Parameters that the template does not have, does not take, or has no value for. */
export function badParameter(message: string, help: string, location?: SourceRange): Diagnostic {
  return error('STK1007', message, help, location);
}

/** Two things that would get the same name. */
export function nameTwice(message: string, help: string, location?: SourceRange): Diagnostic {
  return error('STK1008', message, help, location);
}
