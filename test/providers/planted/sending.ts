import type { OutgoingClient } from '@signalbox/engine/http/outgoing';
import { outcomeOfFailure, parseJson } from '@signalbox/engine/providers/outcomes';
import type { Connection, SendOutcome } from '@signalbox/engine/providers/provider';
import { z } from 'zod';

const takenSchema = z.object({ ids: z.tuple([z.string()], z.string()) });
const refusedSchema = z.object({ refused: z.enum(['invalid_number', 'funds']) });

/** How the made-up providers send: `room` characters of our reference fit. */
export function sender(http: OutgoingClient, baseUrl: string, room: number): Connection['send'] {
  return async ({ from, to, body, reference }, timeoutMs) => {
    try {
      const answer = await http.request({
        method: 'POST',
        url: `${baseUrl}/texts`,
        body: JSON.stringify({ from, to, text: body, ref: reference.slice(-room) }),
        timeoutMs,
      });
      return outcomeOf(answer.status, parseJson(answer.text));
    } catch (error) {
      return outcomeOfFailure(error);
    }
  };
}

function outcomeOf(status: number, json: unknown): SendOutcome {
  const taken = takenSchema.safeParse(json);
  if (status === 200 && taken.success) {
    const [providerId, ...partIds] = taken.data.ids;
    return { kind: 'accepted', providerId, partIds };
  }
  const refused = refusedSchema.safeParse(json);
  if (!refused.success) return { kind: 'ambiguous', code: `http_${status}` };
  return { kind: 'refused', errorClass: refused.data.refused, code: refused.data.refused, retryAfterMs: null };
}

/** The provider's own view of something, as JSON. @throws Error where it cannot be had. */
export async function ask(http: OutgoingClient, url: string, timeoutMs: number): Promise<unknown> {
  const answer = await http.request({ method: 'GET', url, timeoutMs, whole: true });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return JSON.parse(answer.text);
}
