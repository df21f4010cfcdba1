import { z } from 'zod';

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export type SuiteCounts = {
  readonly passed: number;
  /** What did not pass, by name: failed tests, files that could not be loaded, tests that were skipped. */
  readonly failed: readonly string[];
};

/**
 * Counts a suite from vitest's JSON report. A skipped test counts as failed: there are none. A suite that ended badly with every
 * test green (an error outside of tests, a crash) has one failure more, and so has one in which no test ran.
 *
 * @param report the text of the report, or null where vitest wrote none.
 */
export function countSuite(name: string, report: string | null, exitCode: number): SuiteCounts {
  const parsed = report === null ? null : reportSchema.safeParse(parseJson(report)).data;
  if (parsed === null || parsed === undefined)
    return { passed: 0, failed: [`${name}: no report (exit code ${exitCode})`] };
  const failed: string[] = [];
  let passed = 0;
  for (const file of parsed.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else failed.push(`${file.name}: ${test.fullName}${test.status === 'failed' ? '' : ` (${test.status})`}`);
    }
    const red = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !red) failed.push(`${file.name}: ${file.message.split('\n')[0] ?? 'failed'}`);
    if (file.assertionResults.length === 0 && file.status !== 'failed') failed.push(`${file.name}: no test in it`);
  }
  if (passed + failed.length === 0) failed.push(`${name}: no test ran`);
  else if (exitCode !== 0 && failed.length === 0)
    failed.push(`${name}: ended with exit code ${exitCode} though every test passed`);
  return { passed, failed };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
