/**
 * Prices of what a distributed scan uses, with where and when they were read. AWS publishes them without a version.
 */

export interface Price {
  readonly price: number;
  readonly unit: string;
  readonly source: string;
}

export const PRICES = {
  read: '2026-11-21',
  region: 'us-east-1',
  currency: 'USD',
  prices: {
    stateTransition: {
      price: 2.5e-5,
      unit: 'state transition of a standard workflow',
      source: 'https://aws.amazon.com/step-functions/pricing/',
    },
    lambdaRequest: {
      price: 2e-7,
      unit: 'request',
      source: 'https://aws.amazon.com/lambda/pricing/',
    },
    lambdaGbSecond: {
      price: 1.33334e-5,
      unit: 'GB-second on arm64, first tier',
      source: 'https://aws.amazon.com/lambda/pricing/',
    },
    s3Put: {
      price: 5e-6,
      unit: 'PUT or LIST request, S3 Standard',
      source: 'https://aws.amazon.com/s3/pricing/',
    },
    s3Get: {
      price: 4e-7,
      unit: 'GET request, S3 Standard',
      source: 'https://aws.amazon.com/s3/pricing/',
    },
    s3GbMonth: {
      price: 0.023,
      unit: 'GB-month, S3 Standard',
      source: 'https://aws.amazon.com/s3/pricing/',
    },
    kmsRequest: {
      price: 3e-6,
      unit: 'request for a symmetric key',
      source: 'https://aws.amazon.com/kms/pricing/',
    },
    logsGb: {
      price: 0.5,
      unit: 'GB taken in by CloudWatch Logs, standard class',
      source: 'https://aws.amazon.com/cloudwatch/pricing/',
    },
  },
  notPriced: [
    'Analyzers of unused and internal access, which IAM Access Analyzer charges by what they look at, whether anybody scans or not.',
    'Taxes, free tiers, discounts, and other Regions, whose prices differ.',
    'What accounts pay for the calls themselves: IAM, Cloud Control and Access Analyzer charge nothing for reading.',
  ],
  uncertain: [
    'AWS changes prices without a version; compare with the pages before you budget.',
    'Prices of AWS KMS and CloudWatch Logs were not read again on that day.',
    'How long a part takes hangs on how many roles, resources and findings an account has, and on how fast its services answer.',
    'How many sessions a second AWS STS hands out to one account is not published as a number for each account.',
  ],
} as const;
