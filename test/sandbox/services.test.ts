/** Services of the sandbox by clients of the AWS SDK, in one file: loading the SDK takes longer than the tests. */
import { accessAnalyzerSuite } from './suites/access-analyzer.js';
import { cloudControlSuite } from './suites/cloud-control.js';
import { configSuite } from './suites/config.js';
import { iamSuite } from './suites/iam.js';
import { organizationsSuite } from './suites/organizations.js';
import { s3Suite } from './suites/s3.js';
import { stsSuite } from './suites/sts.js';

describe('IAM', iamSuite);
describe('Organizations', organizationsSuite);
describe('STS', stsSuite);
describe('S3', s3Suite);
describe('IAM Access Analyzer', accessAnalyzerSuite);
describe('Cloud Control API', cloudControlSuite);
describe('AWS Config', configSuite);
