import { existsSync } from 'node:fs';

/*
 * Plain JavaScript for any Node: it speaks before the pinned Node, which reads TypeScript, is known to run at all.
 */

/**
 * What the checks look at, so that they can be told apart from this machine.
 * @typedef {{ readonly platform: string, readonly arch: string, readonly musl: boolean }} PlatformFacts
 */

/**
 * Why nothing can run here, and what the person at the terminal can do.
 * @typedef {{ readonly problem: string, readonly remedy: string }} Refusal
 */

/** The version of Node that everything is written for. */
export const pinnedMajor = 24;

/** True on a Linux whose C library is musl: Node then reports no glibc. */
function isMusl() {
  if (process.platform !== 'linux') return false;
  if (existsSync('/etc/alpine-release')) return true;
  const report = process.report.getReport();
  const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  return typeof header === 'object' && header !== null && !('glibcVersionRuntime' in header);
}

/**
 * This machine.
 * @returns {PlatformFacts}
 */
export function platformFacts() {
  return { platform: process.platform, arch: process.arch, musl: isMusl() };
}

/**
 * Why a machine cannot run the parts; null where it can.
 * @param {PlatformFacts} facts
 * @returns {Refusal | null}
 */
export function refusePlatform({ platform, arch, musl }) {
  if (platform === 'win32') {
    return {
      problem: 'Signalbox does not run on Windows itself.',
      remedy: 'Install WSL2 ("wsl --install"), open its Linux terminal, and run the same command there.',
    };
  }
  if (musl) {
    return {
      problem: 'This is a musl Linux (such as Alpine), for which the Temporal SDK has no build.',
      remedy: 'Use a glibc distribution such as Debian or Ubuntu; in a container, an image such as "node:24-bookworm".',
    };
  }
  const known = (platform === 'linux' || platform === 'darwin') && (arch === 'x64' || arch === 'arm64');
  if (known) return null;
  return {
    problem: `The Temporal SDK and PostgreSQL have no build for ${platform} on ${arch}.`,
    remedy: 'Use Linux (glibc) or macOS, on x64 or arm64.',
  };
}

/**
 * Which Node runs a script: this one, or the pinned one where this one is older or newer.
 * @param {{ readonly version: string, readonly pinned: string | null }} found `pinned` is its path, null where it is not installed.
 * @returns {{ readonly run: 'here' } | { readonly run: string } | Refusal}
 */
export function chooseNode({ version, pinned }) {
  const major = Number(version.split('.')[0]);
  if (major === pinnedMajor) return { run: 'here' };
  if (pinned !== null) return { run: pinned };
  if (major > pinnedMajor) return { run: 'here' };
  return {
    problem: `This runs on Node ${version}, and the pinned Node ${pinnedMajor} was not found under node_modules.`,
    remedy: 'Run "npx pnpm install", then the same command again.',
  };
}
