/** The same reading done by a general YAML library, slowly and by other means, to compare with. */
import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, Scalar, type Node, type Pair } from 'yaml';
import { KEY_ORDER, type Path, type Value } from '../../../template/index.js';
// The meaning of scalars and tags is tested elsewhere; here it is the structure that counts.
import { CLOUDFORMATION_DIALECT } from '../../../template/read/cloudformation.js';

/** One value as the library places it. */
export interface Placed {
  readonly path: Path;
  readonly start: number;
  /** `null` for collections in block style, which libraries end in different places. */
  readonly end: number | null;
  readonly keyRange: readonly [number, number] | null;
}

/** The value and the places of all its parts; `null` when the library finds a fault in the text. */
export function readGenerally(text: string): { value: Value; places: readonly Placed[] } | null {
  const document = parseDocument(text, { schema: 'failsafe', merge: false, logLevel: 'silent', uniqueKeys: false });
  if (document.errors.length > 0 || document.contents === null) return null;
  const places: Placed[] = [];
  const walk = (node: Node | null, path: Path, keyRange: Placed['keyRange'], at: number): Value => {
    if (node === null) {
      places.push({ path, start: at, end: at, keyRange });
      return null;
    }
    if (isAlias(node)) return walk(node.resolve(document) ?? null, path, null, at);
    const range = node.range!;
    const tag = node.tag?.startsWith('!') ? decodeURIComponent(node.tag) : undefined;
    const key =
      tag === undefined ? undefined : tag === '!Ref' || tag === '!Condition' ? tag.slice(1) : `Fn::${tag.slice(1)}`;
    const inner = key === undefined ? path : [...path, key];
    const own = key === undefined ? keyRange : null;
    if (isScalar(node)) {
      const source = textOf(node);
      const plain = node.type === Scalar.PLAIN;
      const empty = range[0] === range[1] && plain;
      if (key === undefined) {
        places.push({ path, start: range[0], end: range[1], keyRange: own });
        if (node.tag !== undefined) return CLOUDFORMATION_DIALECT.tagged(node.tag, source, plain) ?? null;
        return empty ? null : plain ? CLOUDFORMATION_DIALECT.plain(source)! : source;
      }
      if (key === 'Fn::GetAtt') return { [key]: source.split(/\.(.*)/s).slice(0, 2) };
      places.push({ path: inner, start: range[0], end: range[1], keyRange: null });
      return { [key]: source };
    }
    const flow = isMap(node) || isSeq(node) ? node.flow === true : false;
    places.push({ path: inner, start: range[0], end: flow ? range[1] : null, keyRange: own });
    let value: Value;
    if (isSeq(node)) {
      value = node.items.map((item, index) =>
        walk(isPair(item) ? null : (item as Node), [...inner, index], null, range[0]),
      );
    } else if (isMap(node)) {
      const entries: [string, Value][] = [];
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        const name = textOf(pair.key);
        const keyAt = pair.key.range!;
        entries.push([name, walk(pair.value, [...inner, name], [keyAt[0], keyAt[1]], keyAt[1] + 1)]);
      }
      value = { ...Object.fromEntries(entries), [KEY_ORDER]: [...new Set(entries.map(([name]) => name))] };
    } else {
      value = null;
    }
    return key === undefined ? value : { [key]: value };
  };
  const value = walk(document.contents, [], null, 0);
  return { value, places };
}

/** The characters of a scalar; the schema leaves all of them texts, but for empty ones. */
function textOf(node: Node): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}
