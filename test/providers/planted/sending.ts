import type { OutgoingClient } from '@signalbox/engine/http/outgoing';
import { checkBalance, microUnits, outcomeOfSend, parseJson } from '@signalbox/engine/providers/outcomes';
import type { Connection, SendOutcome } from '@signalbox/engine/providers/provider';
import { z } from 'zod';

const takenSchema = z.object({ ids: z.tuple([z.string()], z.string()) });
const refusedSchema = z.object({ refused: z.enum(['invalid_number', 'funds', 'auth']) });

/** How the made-up providers send, as `user`: `room` characters of our reference fit. */
export function sender(http: OutgoingClient, baseUrl: string, user: string, room: number): Connection['send'] {
  return ({ from, to, body, reference }, timeoutMs) =>
    outcomeOfSend(
      () =>
        http.request({
          method: 'POST',
          url: `${baseUrl}/texts?${new URLSearchParams({ user })}`,
          body: JSON.stringify({ from, to, text: body, ref: reference.slice(-room) }),
          timeoutMs,
        }),
      ({ status, text }) => outcomeOf(status, parseJson(text)),
    );
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

const balanceSchema = z.object({ left: z.string() });

/** What the made-up providers say is left in an account. */
export function checker(http: OutgoingClient, baseUrl: string, user: string): Connection['check'] {
  return (timeoutMs) =>
    checkBalance(
      () => http.request({ method: 'GET', url: `${baseUrl}/left?${new URLSearchParams({ user })}`, timeoutMs }),
      (text) => ({ microUnits: microUnits(balanceSchema.parse(JSON.parse(text)).left), currency: null }),
    );
}

/** The provider's own view of something, as JSON. @throws Error where it cannot be had. */
export async function ask(http: OutgoingClient, url: string, timeoutMs: number): Promise<unknown> {
  const answer = await http.request({ method: 'GET', url, timeoutMs });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return JSON.parse(answer.text);
}
