import { expect, test } from 'vitest';
import { countSuite } from './vitest-report.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'Cannot find module x\nat y',
  assertionResults: tests.map((outcome, index) => ({ fullName: `test ${index}`, status: outcome })),
});
const report = (...files: object[]): string => JSON.stringify({ testResults: files });

test('counts what passed', () => {
  expect(countSuite('main', report(file('passed', 'passed', 'passed')), 0)).toEqual({ passed: 2, failed: [] });
});

test('a failed test is named', () => {
  expect(countSuite('main', report(file('failed', 'passed', 'failed')), 1)).toEqual({
    passed: 1,
    failed: ['a.test.ts: test 1'],
  });
});

test('a skipped test is a failure', () => {
  expect(countSuite('main', report(file('passed', 'passed', 'skipped')), 0)).toEqual({
    passed: 1,
    failed: ['a.test.ts: test 1 (skipped)'],
  });
});

test('a file that cannot be loaded is a failure', () => {
  expect(countSuite('main', report(file('failed')), 1)).toEqual({
    passed: 0,
    failed: ['a.test.ts: Cannot find module x'],
  });
});

test('an error outside of tests is a failure', () => {
  expect(countSuite('main', report(file('passed', 'passed')), 1).failed).toHaveLength(1);
});

test('no report, a torn report and no test are failures', () => {
  expect(countSuite('main', null, 0).failed).toHaveLength(1);
  expect(countSuite('main', '{"testResults": [', 0).failed).toHaveLength(1);
  expect(countSuite('main', report(), 0).failed).toEqual(['main: no test ran']);
});
