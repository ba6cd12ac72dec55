/** Tests run from TypeScript source, transformed file by file; end-to-end tests start the built command in dist/. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        // In files of their own, which are read only when something fails.
        sourceMaps: true,
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^fast-check$': '<rootDir>/test/support/fast-check.ts' },
  // One more than the processors that it is made for: suites wait for servers and processes.
  maxWorkers: 3,
  // Suites start hundreds of processes, which takes longer the more memory the process that starts them has.
  workerIdleMemoryLimit: '400MB',
  // Some tests run the reference executable on hundreds of files; machines of CI are slow.
  testTimeout: 60_000,
};
