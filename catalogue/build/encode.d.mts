import type { SpecDatabase } from '@aws-cdk/service-spec-types';

/** One service as it is written. */
export interface EncodedService {
  readonly service: string;
  readonly names: readonly string[];
  readonly text: string;
}

export function encode(database: SpecDatabase): EncodedService[];
export function moduleText(
  services: readonly EncodedService[],
  info: { readonly version: string; readonly date: string },
): string;
