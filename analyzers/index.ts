/**
 * Analyzers: policies found in templates, what a change broadens, and the scan of an organization. Parts that take time
 * to load have faces of their own.
 */
export type {
  AccountRef,
  ControlResult,
  Reach,
  Scan,
  ScanChanges,
  ScanFinding,
  ScanSource,
  ScanUnit,
  UnitFailure,
} from './scan/model.js';
