/** Requests of Cloud Control API, by account and Region: plain data. */
import { Part } from '../state.js';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

export interface RequestData {
  readonly token: string;
  readonly hooksToken: string;
  readonly operation: Operation;
  readonly type: string;
  readonly clientToken: string | undefined;
  /** The input as text, to tell a repeated request from another with the same client token. */
  readonly input: string;
  readonly createdAt: number;
  identifier: string | undefined;
  status: 'PENDING' | 'IN_PROGRESS' | 'SUCCESS' | 'FAILED' | 'CANCEL_COMPLETE';
  errorCode: string | undefined;
  message: string | undefined;
  model: string | undefined;
  updatedAt: number;
}

/** Whether reading a type takes the rights of its handlers, as with AWS. */
export const HANDLER_RIGHTS = new Part('cloud-control-rights', () => ({ areAsked: false }));

/** By token, oldest first. */
export const REQUESTS = new Part('cloud-control', () => ({ requests: new Map<string, RequestData>() }));
