import { writtenLinks } from '@signalbox/nodes/text/links';
import { createOutgoingClient, OutgoingError } from '../http/outgoing.ts';
import type { CampaignCheck } from './contract.ts';
import type { CampaignMessage } from './message.ts';

export type LinkState = CampaignCheck['links'][number];

/** Links of a message that are asked for. */
const mostAsked = 5;
const timeoutMs = 4_000;

/** What a template makes of its variables is known of each person alone. */
const isFixed = (target: string): boolean => !/%7B|\{|%7D|\}/i.test(target);

/** The links that a message's own text holds; those of a template are checked where it is written. */
export function linksOf(message: CampaignMessage | null): string[] {
  if (message === null || !('written' in message.sought)) return [];
  return [...new Set(writtenLinks(message.sought.written.text).map(({ target }) => target))];
}

/** Asks for each link as anybody would, at addresses of the internet alone; what was found is a hint and keeps nothing from going out. */
export async function checkLinks(targets: readonly string[]): Promise<LinkState[]> {
  if (targets.length === 0) return [];
  const http = createOutgoingClient({ publicOnly: true, connections: 1 });
  try {
    return await Promise.all(
      targets.map(async (target, index): Promise<LinkState> => {
        if (!isFixed(target) || index >= mostAsked) return { target, state: 'not_asked' };
        try {
          const { status } = await http.request({ method: 'GET', url: target, timeoutMs });
          const isBroken = status === 404 || status === 410 || status >= 500;
          return { target, state: isBroken ? 'broken' : target.startsWith('https:') ? 'fine' : 'insecure' };
        } catch (error) {
          if (!(error instanceof OutgoingError)) throw error;
          return { target, state: 'unreachable' };
        }
      }),
    );
  } finally {
    await http.close();
  }
}
