export * from './values.js';
export * from './unknown.js';
export * from './read/read-template.js';
export { ReadError, markYaml, readYaml } from './read/yaml/index.js';
export type { Dialect, EntryMark, Mark } from './read/yaml/index.js';
