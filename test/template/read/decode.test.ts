import { decodeUtf8 } from '../../../template/index.js';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('decodeUtf8', () => {
  it('gives the characters, a byte order mark included', () => {
    expect(decodeUtf8(bytes('a: é😀'), 'f')).toStrictEqual({ text: 'a: é😀', diagnostic: null });
    expect(decodeUtf8(bytes([0xef, 0xbb, 0xbf], 'a'), 'f')).toStrictEqual({ text: '\ufeffa', diagnostic: null });
    expect(decodeUtf8(bytes(), 'f')).toStrictEqual({ text: '', diagnostic: null });
  });

  it.each([
    ['NUL bytes', bytes('a: ', [0], 'b'), 'the file is binary: it holds NUL bytes'],
    ['a picture', bytes([0x89], 'PNG\r\n', [0x1a, 0x0a]), 'the file is binary, or its encoding is not UTF-8'],
    ['half a character', bytes('a: ', [0xc3]), 'the file is binary, or its encoding is not UTF-8'],
    ['a surrogate', bytes('a: ', [0xed, 0xa0, 0x80]), 'the file is binary, or its encoding is not UTF-8'],
    ['UTF-16', bytes([0xff, 0xfe, 0x61, 0]), 'the file is UTF-16, not UTF-8'],
    ['UTF-16 the other way', bytes([0xfe, 0xff, 0, 0x61]), 'the file is UTF-16, not UTF-8'],
  ])('refuses %s', (_, content, message) => {
    const { text, diagnostic } = decodeUtf8(content, 'f.yaml');
    expect(text).toBeNull();
    expect(diagnostic).toMatchObject({ code: 'TPL1009', severity: 'error', message, location: { file: 'f.yaml' } });
  });
});
