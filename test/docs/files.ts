/** The Markdown files of the checkout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';
import { readPage, type Page } from './markdown.js';

export const root = repositoryRoot();

/** Paths of the Markdown files below a folder of the checkout, relative to the checkout. */
export function markdownBelow(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** A page by its path relative to the checkout. */
export function pageAt(path: string): Page {
  return readPage(readFileSync(join(root, path), 'utf8'));
}
