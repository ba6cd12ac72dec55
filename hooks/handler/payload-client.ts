/** Fetches payloads: one request, no redirects, no proxy, a limit on bytes and time. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PayloadAddress } from './address.js';
import { HandlerFault } from './faults.js';

/**
 * Two templates of 1 MB, the most that CloudFormation takes, are at most 4 MB as texts of JSON with their quotes escaped; the
 * rest is for the values of the 500 resources that a change set may have. A payload of 10 MB decides within the time.
 */
export const MAX_PAYLOAD = 10 * 1024 * 1024;
const ATTEMPTS = 3;
const RETRIED = new Set([500, 502, 503, 504]);

/** A failure after which another attempt may help. */
class Passing extends HandlerFault {}

/**
 * The text behind an address.
 *
 * @param timeout - Milliseconds for all attempts together.
 * @throws HandlerFault with what is wrong and what to do; never with the address.
 */
export async function fetchPayload(address: PayloadAddress, timeout: number): Promise<string> {
  const signal = AbortSignal.timeout(Math.max(1, Math.round(timeout)));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(address, signal, timeout);
    } catch (error) {
      if (!(error instanceof Passing) || attempt === ATTEMPTS || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    }
  }
}

// Agents of their own: a proxy of the environment would see what the templates hold.
const agents = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

function fetchOnce(
  { protocol, hostname, port, path }: PayloadAddress,
  signal: AbortSignal,
  timeout: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      reject(error instanceof HandlerFault ? error : failureOf(error, signal, timeout));
    };
    const send = protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      path,
      ...(port !== '' && { port }),
      agent: agents[protocol],
      headers: { 'accept-encoding': 'identity' },
      signal,
    };
    send(options, (response) => {
      read(response).then(resolve, failed);
    })
      // Whoever changes the protocol gives no response and no error: the connection would just end.
      .on('upgrade', ({ statusCode }, socket) => {
        socket.destroy();
        failed(new HandlerFault('payload', notFetched(statusCode)));
      })
      .on('error', failed)
      .end();
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = response;
  const refuse = (message: string): never => {
    response.destroy();
    throw new HandlerFault('payload', message);
  };
  if (RETRIED.has(statusCode)) {
    response.destroy();
    throw new Passing(
      'payload',
      `the payload of the event could not be fetched: Amazon S3 answered ${statusCode}; try again`,
    );
  }
  if (statusCode >= 300 && statusCode < 400) {
    refuse(`the address of the payload leads elsewhere (status ${statusCode}), and redirects are not followed`);
  }
  if (statusCode === 403) {
    refuse(
      'the payload of the event could not be fetched: its address is not valid any more, or the network of the function has an endpoint policy that denies it (status 403); start the operation again',
    );
  }
  if (statusCode !== 200) refuse(notFetched(statusCode));
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') refuse(`the payload of the event is encoded as \`${encoding.slice(0, 20)}\``);
  if (Number(headers['content-length'] ?? 0) > MAX_PAYLOAD) refuse(TOO_LARGE);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_PAYLOAD) refuse(TOO_LARGE);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return refuse('the payload of the event is not UTF-8');
  }
}

const notFetched = (status = 0): string => `the payload of the event could not be fetched: status ${status}`;

const TOO_LARGE = `the payload of the event has more than ${MAX_PAYLOAD / 1024 / 1024} MB; split the stack`;

function failureOf(error: Error, signal: AbortSignal, timeout: number): HandlerFault {
  if (signal.aborted) {
    const seconds = Math.round(timeout / 1_000);
    return new HandlerFault(
      'payload',
      `the payload of the event did not come within ${seconds} s; a function in a VPC needs a way to Amazon S3`,
    );
  }
  const { code = error.name } = error as NodeJS.ErrnoException;
  return new Passing(
    'payload',
    `the payload of the event could not be fetched (${code}); a function in a VPC needs a way to Amazon S3`,
  );
}
