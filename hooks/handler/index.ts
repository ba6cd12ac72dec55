/** The function of a Lambda Hook: what it makes of its environment, how it keeps its bundle, and one invocation. */
export { readAddress } from './address.js';
export type { PayloadAddress } from './address.js';
export { HandlerFault } from './faults.js';
export { BundleKeeper } from './keeper.js';
export type { FetchedObject, KeeperIo, KeptBundle, ObjectStore, WantedObject } from './keeper.js';
export { makeHandler } from './run.js';
export type { BundleSource, HandlerIo, InvocationContext } from './run.js';
export { readHandlerSettings } from './settings.js';
export type { BundlePlace, Environment, HandlerSettings } from './settings.js';
