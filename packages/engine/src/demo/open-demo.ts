import { type DemoAccounts, syncDemoAccounts } from './carrier-account.ts';
import { type Seed, seedDemo } from './seed.ts';

/**
 * Gets demo mode ready at a start: accounts point at the carrier as it runs now, and a new workspace is filled with samples.
 * What goes wrong is logged and told, and the start goes on without: nothing else needs the samples, and the next start
 * tries again.
 */
export async function openDemo(
  deps: DemoAccounts & Pick<Seed, 'demo' | 'providers'> & { readonly warn: (text: string) => void },
  what: {
    readonly workspaces: readonly string[];
    /** Absent where samples are not wanted. */
    readonly seed?: { readonly workspaceId: string; readonly url: string };
  },
): Promise<void> {
  const { engine, demo, providers } = deps;
  try {
    for (const id of what.workspaces) await syncDemoAccounts(deps, demo, id);
    if (what.seed !== undefined) await seedDemo({ engine, demo, providers, ...what.seed });
  } catch (error) {
    engine.log.error({ err: error }, 'the demo could not be made ready');
    deps.warn('The sample data is not complete. Everything else works, and the next start tries again.');
  }
}
