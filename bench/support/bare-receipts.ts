import { createServer } from 'node:http';
import pg from 'pg';
import { signature } from './signed-form.ts';

/**
 * The floor for receipts: verifies the signature of each, inserts one row, and answers after its commit. Receipts that come together are
 * committed together. Prints its address when ready.
 */
const authToken = process.env['AUTH_TOKEN'] ?? '';
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 4 });
await pool.query(
  'CREATE TABLE IF NOT EXISTS bare_receipts (id text, status text, at timestamptz NOT NULL DEFAULT now())',
);

type Waiting = { readonly id: string; readonly status: string; readonly done: () => void };
let waiting: Waiting[] = [];
let committing = 0;

async function commit(): Promise<void> {
  while (waiting.length > 0 && committing < 4) {
    const group = waiting;
    waiting = [];
    committing += 1;
    await pool.query('INSERT INTO bare_receipts (id, status) SELECT * FROM unnest($1::text[], $2::text[])', [
      group.map(({ id }) => id),
      group.map(({ status }) => status),
    ]);
    committing -= 1;
    for (const { done } of group) done();
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    const url = `http://${request.headers.host ?? ''}${request.url ?? ''}`;
    if (signature(authToken, url, params) !== request.headers['x-twilio-signature']) {
      response.writeHead(403).end();
      return;
    }
    waiting.push({
      id: params['MessageSid'] ?? '',
      status: params['MessageStatus'] ?? '',
      done: () => response.writeHead(204).end(),
    });
    void commit();
  });
});
server.listen(0, '127.0.0.1', 1_024, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` }));
});
process.once('SIGTERM', () => process.exit(0));
