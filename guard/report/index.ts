export { failureDetails, hasResources, summaryTable, type ConsoleInput } from './console.js';
export { resultSentences } from './sentences.js';
export {
  combinedStatus,
  compareText,
  fileReport,
  reportValue,
  type FileReport,
  type RuleFileOutcome,
} from './file-report.js';
export { printJson, UnprintableError } from './json.js';
export { junitFailure, printJunit, type JunitCase, type JunitSuite } from './junit.js';
export { SarifLog } from './sarif.js';
export {
  compareExpectations,
  testCaseText,
  testResultSuite,
  testResultValue,
  type TestCaseResult,
  type TestFileResult,
} from './test-report.js';
export { printYaml } from './yaml.js';
export { outcomeTree } from './outcome-tree.js';
export { reportElementJson } from './report-json.js';
