export { accountOfCaller, Replay } from './replay.js';
export type { ReplayOptions } from './replay.js';
export type { Guardrails, Levels } from './guardrails.js';
export { ReplayReport } from './report.js';
export type { ReplayedRequest, ReportData, ReplayGroup, Verdict } from './report.js';
export { RecordReader } from './records.js';
export type { Bytes } from './records.js';
export { RecordTexts } from './record-texts.js';
export { Fingerprints } from './fingerprints.js';
