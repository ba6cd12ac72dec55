/** What the gate says of its own input: overlays and snapshots. Each code has one function that builds it. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';

function say(
  code: string,
  message: string,
  help: string,
  location?: SourceRange,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { code, severity, message, help, ...(location !== undefined && { location }) };
}

export function unknownGateType(type: string, nearest: string | undefined, location: SourceRange): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`? `;
  const help = `${guess}An overlay speaks of types of the snapshot; \`gate build --types\` adds one, \`schema\` describes one of your own`;
  return say('GAT2001', `the snapshot has no type \`${type}\``, help, location);
}

export function unknownPath(
  type: string,
  path: string,
  reason: string,
  nearest: string | undefined,
  location: SourceRange,
): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`? `;
  const help = `${guess}\`gate build\` writes the properties of the type into its schema`;
  return say('GAT2001', `\`${path}\` leads nowhere in \`${type}\`: ${reason}`, help, location);
}

export function unsuitable(path: string, reason: string, location: SourceRange): Diagnostic {
  const help =
    'texts take pattern, minLength and maxLength, numbers minimum and maximum, lists minItems, maxItems and uniqueItems';
  return say('GAT2002', `\`${path}\` cannot be limited so: ${reason}`, help, location);
}

export function unusablePattern(reason: string, nearest: string | undefined, location: SourceRange): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`<${nearest}>\`? `;
  const help = `${guess}A pattern is about the whole value, with groups \`(?:…)\`, classes \`[…]\` and placeholders such as \`<accountId>\``;
  return say('GAT2002', reason, help, location);
}

export function widens(path: string, reason: string, nearest: string | undefined, location: SourceRange): Diagnostic {
  const guess = nearest === undefined ? '' : `did you mean \`${nearest}\`? `;
  return say(
    'GAT2002',
    `\`${path}\` would accept more than the snapshot: ${reason}`,
    `${guess}An overlay narrows what the snapshot has`,
    location,
  );
}

export function notClosed(path: string, reason: string, location: SourceRange): Diagnostic {
  const help = 'write `additionalProperties: false` at every object, and a type, reference or choice everywhere else';
  return say('GAT2003', `the schema at \`${path}\` is not closed: ${reason}`, help, location);
}

export function unusableSchema(type: string, problem: string): Diagnostic {
  const help = 'take the snapshot anew with `stackade gate build`; what you want to change belongs into an overlay';
  return say('GAT2004', `the approved schema of \`${type}\` cannot be used: ${problem}`, help);
}

export function unusableSnapshot(path: string, problem: string): Diagnostic {
  const help = 'name the folder that `stackade gate build --out` wrote';
  return say('GAT2004', `\`${path}\` is no snapshot: ${problem}`, help);
}

export function needless(path: string, location: SourceRange): Diagnostic {
  return say(
    'GAT2005',
    `\`${path}\` needs nobody to allow it: the snapshot approves it`,
    'take the line out',
    location,
    'warning',
  );
}

export function nothingLeft(type: string, name: string, location: SourceRange): Diagnostic {
  const help = `leave \`${name}\` in, or forbid the whole type`;
  return say(
    'GAT2002',
    `nothing of \`${type}\` can be deployed: \`${name}\` is required and not approved`,
    help,
    location,
  );
}
