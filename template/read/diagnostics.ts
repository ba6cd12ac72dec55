/** What the reader says of a template that it cannot read. Each code has one function that builds it. */
import type { Diagnostic, SourceRange } from '../../findings/index.js';

function error(
  code: string,
  message: string,
  help: string,
  location: SourceRange,
  labels?: Diagnostic['labels'],
): Diagnostic {
  return { code, severity: 'error', message, help, location, ...(labels === undefined ? {} : { labels }) };
}

/** The text is neither YAML nor JSON. */
export function syntaxError(message: string, location: SourceRange): Diagnostic {
  return error('TPL1001', message, 'mend the syntax of the file at this place', location);
}

/** A key stands in its map a second time. */
export function duplicateKey(key: string, location: SourceRange, first: SourceRange): Diagnostic {
  return error(
    'TPL1002',
    `the key \`${key}\` stands in the map twice, and only one of the two values would count`,
    'remove or rename one of the two',
    location,
    [{ range: first, text: 'first written here' }],
  );
}

/** A file holds a second document. */
export function severalDocuments(location: SourceRange): Diagnostic {
  return error(
    'TPL1003',
    'the file holds more than one document, and a template is one',
    'put what follows `---` into a file of its own',
    location,
  );
}

/** An alias names no anchor that was defined before it. */
export function unknownAnchor(message: string, location: SourceRange): Diagnostic {
  return error('TPL1004', message, 'define the anchor with `&` before the first alias that uses it', location);
}

/** Aliases multiply the document beyond measure. */
export function tooManyValues(message: string, location: SourceRange): Diagnostic {
  return error('TPL1005', message, 'use fewer aliases of large values', location);
}

/** Lists and maps stand in each other too deep. */
export function tooDeep(message: string, location: SourceRange): Diagnostic {
  return error(
    'TPL1006',
    message,
    'nothing that AWS reads is that deep; look for brackets that are not closed',
    location,
  );
}

/** A key is a list or a map. */
export function keyNotText(location: SourceRange): Diagnostic {
  return error('TPL1007', 'a key of a map is a list or a map', 'write the key as text', location);
}

/** The file is empty or holds comments only. */
export function emptyTemplate(location: SourceRange): Diagnostic {
  return error('TPL1008', 'the file holds no document', 'write what it is for into it, or leave it out', location);
}

/** The file is no text. */
export function notText(message: string, location: SourceRange): Diagnostic {
  return error('TPL1009', message, 'save the file as UTF-8 text, or leave it out', location);
}
