import type { IamSource } from './encode-iam.mjs';

export function readIamSource(folder: string): IamSource & { readonly version: string };
