/**
 * The elements of a page as an HTML parser sees them, as far as the page uses HTML: tags with quoted attributes, text,
 * and the raw text of `script` and `style` ("Tokenization", HTML Standard, WHATWG).
 */
export interface Outline {
  /** Start and end tags with the names of their attributes, such as `a class href` and `/a`. */
  readonly elements: readonly string[];
  /** Raw text of scripts by their ids. */
  readonly texts: ReadonlyMap<string, string>;
  readonly script: string;
  readonly style: string;
  readonly policy: string;
}

const TAG = /<(\/?)([a-zA-Z][^\s/>]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/y;

/** @throws Error when a `<` starts something else than a tag. */
export function outline(page: string): Outline {
  const elements: string[] = [];
  const texts = new Map<string, string>();
  let [script, style, policy] = ['', '', ''];
  let at = page.indexOf('>') + 1;
  for (;;) {
    at = page.indexOf('<', at);
    if (at < 0) break;
    TAG.lastIndex = at;
    const match = TAG.exec(page);
    if (match === null) throw new Error(`no tag at ${at}: ${page.slice(at, at + 60)}`);
    const [, end, name, attributes] = match as unknown as [string, string, string, string];
    const names = [...attributes.matchAll(/\s+([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(
      ([, key, value]) => [key!, value] as const,
    );
    elements.push([end + name.toLowerCase(), ...names.map(([key]) => key)].join(' '));
    if (attributes.includes('Content-Security-Policy')) policy = names.find(([key]) => key === 'content')![1]!;
    at = TAG.lastIndex;
    if (end === '' && (name === 'script' || name === 'style')) {
      const close = page.slice(at).search(new RegExp(`</${name}[\\s/>]`, 'i'));
      const raw = page.slice(at, at + close);
      const id = names.find(([key]) => key === 'id')?.[1];
      if (id !== undefined) texts.set(id, raw);
      else if (name === 'script') script = raw;
      else style = raw;
      at += close;
    }
  }
  return { elements, texts, script, style, policy };
}
