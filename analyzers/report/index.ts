/** The outputs of a scan. Every function is pure; the page of `scanAsHtml` needs nothing but itself. */
export { csvPieces, scanAsCsv } from './csv.js';
export { csvRow } from './csv-text.js';
export { countScan, type ScanCounts } from './counts.js';
export { jsonPieces, scanAsJson } from './json.js';
export { scanAsPretty, type ScanPrettyOptions } from './pretty.js';
export { sarifPieces, scanAsSarif } from './sarif.js';
export { scanAsHtml } from './page/scan-page.js';
export { reportAsHtml } from './page/check-page.js';
