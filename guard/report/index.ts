export { printJson, UnprintableError } from './json.js';
export { printYaml } from './yaml.js';
