import { existsSync } from 'node:fs';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

/** What the checks look at, so that they can be told apart from this machine. */
export interface PlatformFacts {
  readonly platform: NodeJS.Platform;
  readonly musl: boolean;
}

/** True on a Linux whose C library is musl: Node then reports no glibc. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  if (existsSync('/etc/alpine-release')) return true;
  const report: unknown = process.report.getReport();
  const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  return typeof header === 'object' && header !== null && !('glibcVersionRuntime' in header);
}

/** This machine. */
export function platformFacts(): PlatformFacts {
  return { platform: process.platform, musl: isMusl() };
}

/**
 * Refuses the systems on which the parts cannot run at all.
 * @throws LocalSetupError `windows` or `alpine`.
 */
export function requirePlatform(facts: PlatformFacts = platformFacts()): void {
  if (facts.platform === 'win32') throw new LocalSetupError(setupProblems.windows());
  if (facts.musl) throw new LocalSetupError(setupProblems.alpine());
}
