import { Agent, request } from 'undici';
import { percentile, printFigures } from './support/figures.ts';
import { startStack, waitFor } from './support/stack.ts';

const agentOfPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

/**
 * What a short link costs whoever follows it: links of a hundred thousand, each followed once with its click written behind, beside a
 * route of the same process that does nothing, turn about.
 *
 * @param options `samples` (5,000), `quick` for a look.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const samples = Number(options.get('samples') ?? (options.has('quick') ? 500 : 5_000));
  const stack = await startStack({ roles: ['api,worker'] });
  const agent = new Agent({ connections: 1, keepAliveTimeout: 30_000 });
  try {
    const { owner, workspaceId } = stack;
    await stack.addContacts(1_000);
    await owner.query(
      `INSERT INTO links (workspace_id, code, message_id, contact_id, target, created_at, expires_at)
       SELECT $1, lpad(i::text, 9, '0'), md5(i::text)::uuid, md5((1 + i % 1000)::text || 'benchmark')::uuid, 'https://example.com/sale?i=' || i, now(), now() + interval '1 year'
       FROM generate_series(1, 100000) i`,
      [workspaceId],
    );
    await owner.query('VACUUM ANALYZE links');
    const timed = async (path: string, status: number): Promise<number> => {
      const began = performance.now();
      const answer = await request(stack.apiUrl + path, { dispatcher: agent, headers: { 'user-agent': agentOfPhone } });
      await answer.body.dump();
      if (answer.statusCode !== status) throw new Error(`${path} was answered ${answer.statusCode}.`);
      return performance.now() - began;
    };
    const pathOf = (index: number): string => `/l/${String(index).padStart(9, '0')}`;
    const warm = 200;
    for (let index = 1; index <= warm; index += 1) {
      await timed('/healthz', 200);
      await timed(pathOf(index), 302);
    }
    const bare: number[] = [];
    const links: number[] = [];
    const statements = await stack.statements();
    for (let index = 1; index <= samples; index += 1) {
      bare.push(await timed('/healthz', 200));
      links.push(await timed(pathOf(warm + index), 302));
    }
    const counted = async (): Promise<boolean> =>
      Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM link_clicks')).rows[0]?.n) === warm + samples;
    await waitFor('the clicks to be written', counted, 30_000, 200);
    const each = ((await stack.statements()) - statements) / samples;
    const at = (values: readonly number[], share: number): string => `${percentile(values, share).toFixed(2)} ms`;
    printFigures({
      samples,
      'bare route p50': at(bare, 0.5),
      'bare route p99': at(bare, 0.99),
      'redirect p50': at(links, 0.5),
      'redirect p99': at(links, 0.99),
      'of our time p50': `${(percentile(links, 0.5) - percentile(bare, 0.5)).toFixed(2)} ms`,
      'statements for each, with its click': each.toFixed(1),
      'clicks lost': 0,
    });
  } finally {
    await agent.close();
    await stack.close();
  }
}
