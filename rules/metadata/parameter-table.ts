/** The parameters of the rules, with the values that hold where an organization chooses none. */
import { PARAMETERS_A_TO_L } from './parameters-a-l.js';
import { PARAMETERS_M_TO_Z } from './parameters-m-z.js';
import type { ParameterDefinition } from './parameters.js';

/** All parameters, by name. */
export const PARAMETERS: Readonly<Record<string, ParameterDefinition>> = { ...PARAMETERS_A_TO_L, ...PARAMETERS_M_TO_Z };
