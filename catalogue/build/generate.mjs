/**
 * `npm run catalogue`: writes catalogue/generated/resource-types.ts from the installed @aws-cdk/aws-service-spec.
 * The date changes only when the data does.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { encode, moduleText } from './encode.mjs';

const target = new URL('../generated/resource-types.ts', import.meta.url);
const { version } = createRequire(import.meta.url)('@aws-cdk/aws-service-spec/package.json');
const services = encode(loadAwsServiceSpecSync());

let before = '';
try {
  before = readFileSync(target, 'utf8');
} catch {
  // The first run finds no file.
}
const oldDate = /date: '(\d{4}-\d{2}-\d{2})'/.exec(before)?.[1] ?? '';
const today = new Date().toISOString().slice(0, 10);
const unchanged = before === moduleText(services, { version, date: oldDate });
const text = unchanged ? before : moduleText(services, { version, date: today });
writeFileSync(target, text);
const count = services.reduce((sum, { names }) => sum + names.length, 0);
console.log(
  `${count} resource types of ${services.length} services, ${Buffer.byteLength(text)} bytes${unchanged ? ', unchanged' : ''}`,
);
