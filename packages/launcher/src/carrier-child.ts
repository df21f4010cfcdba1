import { join } from 'node:path';
import { z } from 'zod';
import { type ChildRegistry, type RunningChild, startChild } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { findFreePort, requirePort } from './ports.ts';

const readySchema = z.object({ ready: z.literal(true), url: z.url() });

export interface CarrierChild {
  readonly child: RunningChild;
  /** Its base address on loopback. */
  readonly url: string;
}

/**
 * Starts the demo carrier as a process of its own. It speaks to us by its address alone.
 * @param port `preferred` is taken when free, so that the address stays the same from start to start; `required` or none.
 * @throws LocalSetupError `port_taken` where the required one is not free, `child_ended` where it ends at once.
 */
export async function startCarrierProcess(options: {
  readonly root: string;
  readonly port: { readonly preferred: number } | { readonly required: number };
  readonly ledgerFile: string;
  readonly children: ChildRegistry;
  readonly log: (line: string) => void;
}): Promise<CarrierChild> {
  const port =
    'required' in options.port
      ? await requirePort(options.port.required)
      : await requirePort(options.port.preferred).catch(() => findFreePort());
  const ready = Promise.withResolvers<string>();
  const script = join(options.root, 'packages/demo-carrier/src/main.ts');
  const child = await startChild({
    name: 'demo carrier',
    command: process.execPath,
    args: [script, '--port', String(port), '--ledger', options.ledgerFile],
    cwd: options.root,
    ipc: true,
    children: options.children,
    onLine: (line, stream) => {
      options.log(line);
      if (stream !== 'stdout' || !line.startsWith('{')) return;
      const parsed = readySchema.safeParse(JSON.parse(line));
      if (parsed.success) ready.resolve(parsed.data.url);
    },
  });
  void child.exited.then(({ code, signal }) => {
    const how = signal ?? `exit code ${code}`;
    ready.reject(new LocalSetupError(setupProblems.childEnded('demo carrier', how, child.lastLines().slice(-12))));
  });
  return { child, url: await ready.promise };
}
