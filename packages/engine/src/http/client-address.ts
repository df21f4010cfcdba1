import type { IncomingMessage } from 'node:http';

/**
 * The address that a request comes from.
 *
 * @param trustedProxies how many servers of ours stand in front: each appends whom it was asked by to X-Forwarded-For, and what stands
 * before those entries anybody may have written.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const entries = (typeof header === 'string' ? header : (header ?? []).join(','))
    .split(',')
    .map((each) => each.trim());
  return entries.at(-trustedProxies) || direct;
}
