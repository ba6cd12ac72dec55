/** What commands that call AWS have in common: one connection, which is closed, and faults that the user can mend are told. */
import { connect, type AwsConnection } from '../aws/connect.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import type { Terminal } from '../terminal.js';

/** Does a command. @returns Its exit code, or that of bad input when it throws an InputError, which is told. */
export async function attempt(terminal: Terminal, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/** Does something with a connection to AWS, and closes it. @throws InputError when there are no credentials, and what it throws. */
export async function connected<T>(work: (connection: AwsConnection) => Promise<T>): Promise<T> {
  const connection = await connect();
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
