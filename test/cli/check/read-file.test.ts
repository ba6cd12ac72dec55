import { execFileSync, spawn } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { looksLikeTemplate, MAX_BYTES, readFileText } from '../../../cli/check/read-file.js';
import { folderOf, removeFolders } from './support.js';

afterEach(removeFolders);

it('reads a text as it stands, byte order mark and line ends included', () => {
  const text = '\ufeffé: 1\r\nb: "\u{1f600}"\n';
  expect(readFileText(join(folderOf({ 'a.yaml': text }), 'a.yaml'), 'a.yaml')).toStrictEqual({
    text,
    diagnostic: null,
  });
});

it('reads an empty file, and one that is longer than a chunk', () => {
  const long = 'x'.repeat(3_000_000);
  const folder = folderOf({ empty: '', long });
  expect(readFileText(join(folder, 'empty'), 'empty').text).toBe('');
  expect(readFileText(join(folder, 'long'), 'long').text).toBe(long);
});

it.each([
  ['missing', 'CLI1001 `name` cannot be read: it does not exist'],
  ['.', 'CLI1001 `name` cannot be read: it is a folder'],
  ['binary', 'TPL1009 the file is binary: it holds NUL bytes'],
  ['latin1', 'TPL1009 the file is binary, or its encoding is not UTF-8'],
])('refuses %s', (path, expected) => {
  const folder = folderOf({ binary: new Uint8Array([1, 0, 2]), latin1: new Uint8Array([0xe9]) });
  const { text, diagnostic } = readFileText(join(folder, path), 'name');
  expect([text, `${diagnostic!.code} ${diagnostic!.message}`]).toStrictEqual([null, expected]);
});

it('does not read what is too large, and yet sees whether it holds a template', () => {
  const folder = folderOf({ 'a.json': '{"a": 1', 'b.json': '{"Resources": {' });
  for (const name of ['a.json', 'b.json']) truncateSync(join(folder, name), MAX_BYTES + 1);
  const [a, b] = ['a.json', 'b.json'].map((name) => readFileText(join(folder, name), name));
  expect(a).toMatchObject({ text: null, looksLikeTemplate: false, diagnostic: { code: 'CLI1002' } });
  expect(a!.diagnostic!.message).toBe('`a.json` is not read: it has 50 MiB, more than 50 MiB');
  expect(b).toMatchObject({ text: null, looksLikeTemplate: true });
});

it('sees a mark that lies across two chunks', () => {
  const folder = folderOf({});
  for (let before = (1 << 20) - 30; before < (1 << 20) + 5; before += 1) {
    const path = join(folder, 'a.yaml');
    writeFileSync(path, `${' '.repeat(before)}AWSTemplateFormatVersion${' '.repeat(50)}`);
    expect(readFileText(path, 'a.yaml', 1_000)).toMatchObject({ text: null, looksLikeTemplate: true });
  }
});

it('reads a pipe to its end, and stops where it is too long', () => {
  const folder = folderOf({});
  const [short, long] = [join(folder, 'short'), join(folder, 'long')];
  execFileSync('mkfifo', [short, long]);
  const commands = [`printf 'a: 1' > ${short}`, `head -c 2000000 /dev/zero > ${long}`];
  const writers = commands.map((command) => spawn('sh', ['-c', command], { stdio: 'ignore' }));
  try {
    expect(readFileText(short, 'short').text).toBe('a: 1');
    expect(readFileText(long, 'long', 1 << 20).diagnostic?.message).toBe('`long` is not read: it is larger than 1 MiB');
  } finally {
    for (const writer of writers) writer.kill();
  }
});

it.each([
  ['Resources: {', true],
  ['{"Resources" : [', true],
  ["'Resources': [", true],
  ['AWSTemplateFormatVersion', true],
  ['A\0W\0S\0T\0e\0m\0p\0l\0a\0t\0e\0F\0o\0r\0m\0a\0t\0V\0e\0r\0s\0i\0o\0n\0', true],
  ['MyResources: {', false],
  ['resources: {', false],
  ['a.Resources: {', false],
  ['Resources of the team', false],
])('%j looks like a template: %s', (text, looks) => {
  expect(looksLikeTemplate(text)).toBe(looks);
});
