/** Refusals, as AWS words them. A protocol prints them in its own form. */

/** An answer that is an error of a service. */
export class ServiceError extends Error {
  /**
   * @param code - Name of the error as the service's model has it, such as `PolicyNotFoundException`.
   * @param fields - Members of the error beside its message, such as `Reason`.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/**
 * Faults of a request before any service sees it, and denials; services name them differently
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
 */
export type RequestFault =
  | 'missingToken'
  | 'incompleteSignature'
  | 'unknownKey'
  | 'badSignature'
  | 'skewedClock'
  | 'expiredToken'
  | 'accessDenied'
  | 'unknownOperation'
  | 'throttled';

export class RequestError extends Error {
  constructor(
    readonly fault: RequestFault,
    message: string,
  ) {
    super(message);
  }
}
