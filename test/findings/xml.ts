/** A small, strict reader of XML 1.0 for tests: it throws on anything that is not well formed. */

/** What was in the document. */
export interface XmlSummary {
  readonly names: ReadonlySet<string>;
  readonly attributes: (name: string) => readonly Readonly<Record<string, string>>[];
}

/** Char of XML 1.0 (section 2.2). */
const CHARS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const TOKEN = /<\?xml [^<>]*\?>|<(\/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITY = /&(?:amp|lt|gt|quot|apos);/g;

/** Reads a document. @throws Error naming what is not well formed. */
export function parseXml(xml: string): XmlSummary {
  if (!CHARS.test(xml)) throw new Error('a character that XML forbids');
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  let at = 0;
  while (at < xml.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(xml);
    if (!match) throw new Error(`not well formed at ${xml.slice(at, at + 60)}`);
    at = TOKEN.lastIndex;
    const [, closing, name, attributes = '', empty, text] = match;
    if (text !== undefined) {
      decode(text);
      if (open.length === 0 && text.trim() !== '') throw new Error('text outside the root');
    } else if (name !== undefined && closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else if (name !== undefined) {
      if (open.length === 0 && found.length > 0) throw new Error('two roots');
      found.push({ name, attributes: parseAttributes(attributes) });
      if (empty === '') open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} left open`);
  return {
    names: new Set(found.map(({ name }) => name)),
    attributes: (name) => found.filter((element) => element.name === name).map((element) => element.attributes),
  };
}

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([A-Za-z]+)="([^"]*)"/g)) {
    if (Object.hasOwn(attributes, name!)) throw new Error(`attribute ${name!} twice`);
    attributes[name!] = decode(value!);
  }
  return attributes;
}

function decode(text: string): string {
  if (text.replace(ENTITY, '').includes('&') || text.includes('>')) throw new Error(`stray markup in ${text}`);
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
