/** Cells of comma-separated values that a spreadsheet would take for formulas. */
import { csvRow } from '../../../analyzers/report/index.js';
import { csvRows } from './csv-reader.js';

it.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r\n=1',
  ' +1',
  '\u00a0-1',
  '\u3000@x',
  '\uff1d1',
  '\uff0b1',
  '=1,"2"',
])('an apostrophe stands before %j', (text) => {
  expect(csvRows(csvRow(['a', text, 'b']))).toStrictEqual([['a', `'${text}`, 'b']]);
});

it.each(['', 'a=1', 'arn:aws:s3:::b', '1-1', 'a,b', 'a"b', ' a ', 'a\nb'])('%j stays as it is', (text) => {
  expect(csvRows(csvRow([text, 'b']))).toStrictEqual([[text, 'b']]);
});
