/** Reading the XML of requests: elements and text. Attributes, comments and the declaration are passed over. */

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What is no XML of the kind that clients send. */
export class XmlError extends Error {}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/y;
const DEEPEST = 32;

/** @throws XmlError when it is not well-formed, or has more than the elements above. */
export function readXml(source: string): XmlElement {
  const root: { name: string; children: XmlElement[]; text: string } = { name: '', children: [], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) throw new XmlError('The XML you provided was not well-formed.');
    const [, end, start, , isEmpty, text] = match;
    const top = open.at(-1)!;
    if (text !== undefined) top.text += decoded(text);
    else if (start !== undefined) {
      const element = { name: start.replace(/^[^:]*:/, ''), children: [], text: '' };
      top.children.push(element);
      if (isEmpty === '') open.push(element);
      if (open.length > DEEPEST) throw new XmlError('The XML is nested too deeply.');
    } else if (end !== undefined) {
      if (open.length < 2 || top.name !== end.replace(/^[^:]*:/, '')) {
        throw new XmlError('The XML you provided was not well-formed.');
      }
      open.pop();
    }
  }
  const [only, ...others] = root.children;
  if (open.length > 1 || only === undefined || others.length > 0 || root.text.trim() !== '') {
    throw new XmlError('The XML you provided was not well-formed.');
  }
  return only;
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (_, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? '';
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** The elements of a name right below. */
export function childrenOf({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter((each) => each.name === name);
}

/** Text of the first element at the end of a way of names; `undefined` when there is none. */
export function textAt(element: XmlElement, ...names: readonly string[]): string | undefined {
  let at: XmlElement | undefined = element;
  for (const name of names) at = at?.children.find((each) => each.name === name);
  return at?.text.trim();
}
