/** JSON data, as the templates that Stackade writes consist of it, with the intrinsics that they use. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = Readonly<Record<string, Json>>;

export function sub(text: string): JsonMap {
  return { 'Fn::Sub': text };
}

export function ref(name: string): JsonMap {
  return { Ref: name };
}

export function arnOf(logicalId: string): JsonMap {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] };
}

/** A template as text: JSON, which is YAML as well, with the keys in the order in which they were written. */
export function printTemplate(template: JsonMap): string {
  return `${JSON.stringify(template, null, 2)}\n`;
}
