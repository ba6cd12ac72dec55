/** Parameters of templates, and which values CloudFormation takes for them. */
import { validationError } from './input.js';

export interface ParameterDeclaration {
  readonly name: string;
  readonly type: string;
  readonly default: string | undefined;
  readonly description: string | undefined;
  readonly noEcho: boolean;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly constraint: string | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

/** @throws ServiceError when a value is none for a parameter. */
export function checkValue(parameter: ParameterDeclaration, value: string): void {
  const { name, type, constraint } = parameter;
  const refuseWith = (message: string): never => {
    throw validationError(
      constraint === undefined ? message : `Parameter ${name} failed to satisfy constraint: ${constraint}`,
    );
  };
  const isListType = type === 'CommaDelimitedList' || type.startsWith('List<');
  const items = isListType ? value.split(',').map((item) => item.trim()) : [value];
  for (const item of items) {
    if (/Number>?$/.test(type) && (item.trim() === '' || Number.isNaN(Number(item)))) {
      refuseWith(`Parameter validation failed: parameter value ${item} for parameter name ${name} is not a number`);
    }
    if (parameter.allowedValues?.includes(item) === false) {
      refuseWith(`Parameter '${name}' must be one of AllowedValues`);
    }
    if (parameter.allowedPattern !== undefined && !matches(parameter.allowedPattern, item)) {
      refuseWith(`Parameter ${name} failed to satisfy constraint: must match pattern ${parameter.allowedPattern}`);
    }
    if (parameter.least !== undefined && item.length < parameter.least) {
      refuseWith(`Parameter '${name}' must contain at least ${parameter.least} characters`);
    }
    if (parameter.most !== undefined && item.length > parameter.most) {
      refuseWith(`Parameter '${name}' must contain at most ${parameter.most} characters`);
    }
    if (parameter.minimum !== undefined && Number(item) < parameter.minimum) {
      refuseWith(`Parameter '${name}' must be a number not less than ${parameter.minimum}`);
    }
    if (parameter.maximum !== undefined && Number(item) > parameter.maximum) {
      refuseWith(`Parameter '${name}' must be a number not greater than ${parameter.maximum}`);
    }
  }
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    throw validationError(`Template validation error: the pattern ${pattern} is no regular expression.`);
  }
}
