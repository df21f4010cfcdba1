import { checks, runChecks } from './checks.ts';

/** `pnpm check [name …]`: everything that is not a test. */
const only = process.argv.slice(2);
const unknown = only.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. There are: ${checks.map((check) => check.name).join(', ')}.`);
  process.exitCode = 2;
} else {
  const results = await runChecks(only);
  if (results.length === 0 || results.some((result) => result.problems.length > 0)) process.exitCode = 1;
}
