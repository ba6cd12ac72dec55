/** What the templates that Stackade writes itself have in common. */
export * from './json.js';
export * from './resources.js';
export * from './buckets.js';
export { withTags } from './tags.js';
