/** A fault around the decision. Its message goes into the answer and the log, so it holds no value of an event. */
export class HandlerFault extends Error {
  override readonly name = 'HandlerFault';

  /** @param message - What is wrong and what to do, as a sentence without full stop. */
  constructor(
    readonly part: 'settings' | 'bundle' | 'payload' | 'time',
    message: string,
  ) {
    super(message);
  }
}
