export { FUNCTION_NAMES, callFunction, checkCall } from './functions.js';
export type { Argument, FunctionResult, TextLoader } from './functions.js';
