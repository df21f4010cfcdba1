import type { OutgoingRequest } from '@signalbox/engine/http/outgoing';
import type { OutboundSms } from '@signalbox/engine/providers/provider';
import { telstra } from '@signalbox/engine/providers/telstra';
import { type Answering, connectStubbed, type StubbedAnswer } from './stub-client.ts';

/** A Telstra that answers what a test says, and what is asked of it. */

export const credentials = { client_id: 'a-client', client_secret: 'the-secret-of-the-client' };
export const ours = '+61401234567';
export const theirs = '+61476543210';
export const attempt = '00000000-0000-7000-8000-00000000000a';
export const id = '1520b774-46b0-4415-a05f-7bcb1c032c59';
export const message: OutboundSms = {
  from: ours,
  to: theirs,
  body: 'Hello',
  media: [],
  reference: attempt,
  callbackUrl: 'https://signalbox.example.com/status?attempt=1',
};

const isToken = ({ url }: OutgoingRequest) => url.endsWith('/v2/oauth/token');

/** The answer to a request for a token. */
export const token = (value = 't1', expires_in: unknown = '3599'): StubbedAnswer => ({
  status: 200,
  body: { access_token: value, token_type: 'Bearer', expires_in },
});

/** The answer to a send. */
export const created: StubbedAnswer = { status: 201, body: { messageId: id, status: 'queued' } };

/** A connection to an API that answers so, after it gave a token. */
export function connected(
  answer: Answering,
  given: Answering = () => token(),
  more: Readonly<Record<string, string>> = {},
) {
  const answering: Answering = (request) => (isToken(request) ? given(request) : answer(request));
  const { connection, requests } = connectStubbed(telstra, { ...credentials, ...more }, answering);
  const asked = () => requests.filter((request) => !isToken(request));
  const tokens = () => requests.filter(isToken);
  return { connection, asked, tokens };
}
