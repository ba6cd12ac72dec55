/** JSON data, as the templates that Stackade writes consist of it, with the intrinsics that they use. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = Readonly<Record<string, Json>>;

/** The last part of the stack's ARN, which no other stack has, not even one that is made again under the same name. */
const STACK_UUID: JsonMap = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
const SHORT_STACK_UUID: JsonMap = { 'Fn::Select': [0, { 'Fn::Split': ['-', STACK_UUID] }] };

/**
 * `${StackUuid}` and `${ShortStackUuid}` (eight characters) in it belong into names of what stays when its stack goes: a
 * fixed name would keep the stack from ever being made again in the same account.
 */
export function sub(text: string): JsonMap {
  const own: JsonMap = {
    ...(text.includes('${StackUuid}') && { StackUuid: STACK_UUID }),
    ...(text.includes('${ShortStackUuid}') && { ShortStackUuid: SHORT_STACK_UUID }),
  };
  return { 'Fn::Sub': Object.keys(own).length === 0 ? text : [text, own] };
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
