/**
 * The `Transform` section.
 *
 * Follows "Transform section" and "Transform reference" of the AWS CloudFormation User Guide
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html).
 */
import { get, isList, isMap } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';

/** What the transforms of a template mean for its resolution. */
export interface Transforms {
  /** `AWS::LanguageExtensions`. */
  readonly extensions: boolean;
  /** `AWS::Serverless-2016-10-31`. */
  readonly serverless: boolean;
  /** Macros that may change the template in ways that are not seen, and where they are named. */
  readonly macros: readonly { readonly name: string; readonly path: Path }[];
}

/**
 * Transforms hosted by AWS that leave the written resources as they are.
 *
 * `AWS::SecretsManager` adds a function of AWS that rotates secrets; the others add hooks or outputs.
 */
const HARMLESS = /^AWS::(CodeDeployBlueGreen|CodeStar|ServiceCatalog|SecretsManager-\d{4}-\d{2}-\d{2})$/;

/** Reads the `Transform` section: a name, a map with `Name`, or a list of these. */
export function readTransforms(template: ValueMap): Transforms {
  const section = get(template, 'Transform') ?? [];
  const written: readonly Value[] = isList(section) ? section : [section];
  let extensions = false;
  let serverless = false;
  const macros: { name: string; path: Path }[] = [];
  written.forEach((transform, index) => {
    const named = isMap(transform) ? get(transform, 'Name') : transform;
    if (named === null || named === undefined) return;
    const name = typeof named === 'string' ? named : 'Transform';
    if (name === 'AWS::LanguageExtensions') extensions = true;
    else if (name === 'AWS::Serverless-2016-10-31') serverless = true;
    else if (!HARMLESS.test(name)) macros.push({ name, path: isList(section) ? ['Transform', index] : ['Transform'] });
  });
  return { extensions, serverless, macros };
}
