/**
 * What people attach: policies with the purposes of the examples of AWS, written anew. Each names the collection whose
 * examples serve that purpose; statements and lists are our own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../../../iam/index.js';
import type { Policy } from '../../../iam/index.js';
import { repositoryRoot } from '../../support/repository.js';

export interface PublishedPolicy {
  readonly name: string;
  readonly kind: 'scp' | 'rcp';
  readonly source: string;
  readonly document: Parameters<typeof parsePolicy>[0];
}

const file = join(repositoryRoot(), 'test', 'scp', 'published', 'policies.json');

export const PUBLISHED = (JSON.parse(readFileSync(file, 'utf8')) as { readonly policies: readonly PublishedPolicy[] })
  .policies;

/** @throws Error when it has no meaning. */
export function readPublished({ name, document, kind }: PublishedPolicy): Policy {
  const { policy, problems } = parsePolicy(document, kind);
  if (policy === undefined || problems.length > 0) throw new Error(`${name}: ${problems[0]?.message ?? ''}`);
  return policy;
}
