import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceRange } from '../../../findings/index.js';
import { pointerOf, readTemplate, type Path, type TemplateSource } from '../../../template/index.js';

function source(text: string): TemplateSource {
  const { source: read } = readTemplate(text, 'template.yaml');
  if (read === null) throw new Error('the template cannot be read');
  return read;
}

/** What is written at a path, and as its key. */
function written(text: string, path: Path): [value: string | undefined, key: string | undefined] {
  const read = source(text);
  const cut = (range: SourceRange | undefined): string | undefined =>
    range === undefined ? undefined : text.slice(range.start, range.end);
  return [cut(read.rangeOf(path)), cut(read.keyRangeOf(path))];
}

describe('ranges', () => {
  it.each<[string, Path, string | undefined, string | undefined]>([
    ['a: 1\nb: [2, {c: x}]\n', [], 'a: 1\nb: [2, {c: x}]', undefined],
    ['a: 1\nb: [2, {c: x}]\n', ['a'], '1', 'a'],
    ['a: 1\nb: [2, {c: x}]\n', ['b'], '[2, {c: x}]', 'b'],
    ['a: 1\nb: [2, {c: x}]\n', ['b', 0], '2', undefined],
    ['a: 1\nb: [2, {c: x}]\n', ['b', 1], '{c: x}', undefined],
    ['a: 1\nb: [2, {c: x}]\n', ['b', 1, 'c'], 'x', 'c'],
    ['{"a": {"b": [1, "x\\n"]}}', ['a', 'b', 1], '"x\\n"', undefined],
    ['{"a": {"b": [1, "x\\n"]}}', ['a', 'b'], '[1, "x\\n"]', '"b"'],
    ['{"a": {"b": [1, "x\\n"]}}', ['a'], '{"b": [1, "x\\n"]}', '"a"'],
    ['a:\n  b: x # comment\n\n  c: y\n\nd: z\n', ['a'], 'b: x # comment\n\n  c: y', 'a'],
    ['a:\n- x\n-   y: 1\n    z: 2\n', ['a', 1], 'y: 1\n    z: 2', undefined],
    ['a:\n- x\n-   y: 1\n    z: 2\n', ['a'], '- x\n-   y: 1\n    z: 2', 'a'],
    ["\"a b\" : 'it''s'\n", ['a b'], "'it''s'", '"a b"'],
    ['a: x y\n  z\nb: 1\n', ['a'], 'x y\n  z', 'a'],
    ['a: |\n  x\n  y\n\nb: 1\n', ['a'], '|\n  x\n  y', 'a'],
    ['a:\nb: 1\n', ['a'], '', 'a'],
    ['a: 1\n', ['b'], undefined, undefined],
    ['a: 1\n', ['a', 'b'], undefined, undefined],
    ['a: [1]\n', ['a', 1], undefined, undefined],
    ['? a\n: b\n', ['a'], 'b', 'a'],
    ['a: !Ref b\n', ['a'], '!Ref b', 'a'],
    ['a: !Ref b\n', ['a', 'Ref'], 'b', '!Ref'],
    ['a: !Sub\n- x\n- {y: z}\n', ['a'], '!Sub\n- x\n- {y: z}', 'a'],
    ['a: !Sub\n- x\n- {y: z}\n', ['a', 'Fn::Sub', 1, 'y'], 'z', 'y'],
    ['a: !GetAtt Bucket.Arn\n', ['a', 'Fn::GetAtt'], 'Bucket.Arn', '!GetAtt'],
    ['a: !GetAtt Bucket.Arn\n', ['a', 'Fn::GetAtt', 0], 'Bucket', undefined],
    ['a: !GetAtt Bucket.Arn\n', ['a', 'Fn::GetAtt', 1], 'Arn', undefined],
    ['a: !GetAtt "A.A.A"\n', ['a', 'Fn::GetAtt', 1], 'A.A', undefined],
    ['a: !GetAtt [Bucket, Arn]\n', ['a', 'Fn::GetAtt', 1], 'Arn', undefined],
    ['a: &x {b: c}\nd: *x\n', ['d', 'b'], 'c', 'b'],
    ['a: &x {b: c}\nd: *x\n', ['d'], '&x {b: c}', 'd'],
    ['a: &x {b: c}\nd: {<<: *x, e: f}\n', ['d', 'b'], 'c', 'b'],
    ['a: &x {b: c}\nd: {<<: *x, b: g}\n', ['d', 'b'], 'g', 'b'],
    ['a: !!str 5\n', ['a'], '!!str 5', 'a'],
    ['\ufeffa: é😀\nb: "😀"\n', ['b'], '"😀"', 'b'],
    ['a: 1\r\nb:\r\n  - x\r\n', ['b', 0], 'x', undefined],
    ['"5": [x]\n', ['5', '0'], 'x', undefined],
    ['"5": [x]\n', [5, 0], 'x', undefined],
  ])('in %j at %j', (text, path, value, key) => {
    expect(written(text, path)).toStrictEqual([value, key]);
  });
});

describe('locationOf', () => {
  const text = readFileSync(join(__dirname, 'fixtures', 'service.yaml'), 'utf8');
  const read = source(text);

  it('counts lines and columns from 1', () => {
    expect(read.locationOf(['Resources', 'Table', 'Type'])).toStrictEqual({
      file: 'template.yaml',
      line: 31,
      column: 11,
      endLine: 31,
      endColumn: 31,
      pointer: '/Resources/Table/Type',
    });
    expect(read.locationOf(['Resources', 'Table', 'Type'], 'key')).toMatchObject({ line: 31, column: 5, endColumn: 9 });
  });

  it('falls back to the nearest ancestor that is written', () => {
    expect(read.locationOf(['Resources', 'Table', 'Properties', 'Missing', 'Deep'], 'key')).toMatchObject({
      line: 33,
      column: 5,
      endColumn: 15,
      pointer: '/Resources/Table/Properties',
    });
    expect(read.locationOf(['Nowhere'])).toMatchObject({ line: 3, column: 1, pointer: '' });
  });

  it('has no key for elements of lists: it gives the element', () => {
    expect(read.locationOf(['Resources', 'Policy', 'Properties', 'Roles', 0], 'key')).toMatchObject({
      line: 75,
      column: 16,
    });
  });
});

describe('pointerOf', () => {
  it('escapes as RFC 6901 says', () => {
    expect(pointerOf([])).toBe('');
    expect(pointerOf(['a/b', 'm~n', 0, ''])).toBe('/a~1b/m~0n/0/');
  });
});
