import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { createFuzzWorld } from './fuzz-world.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
});
afterAll(() => api.close());

/** The commands of the API page, as somebody copies them out of the browser. */
async function commands(): Promise<{ readonly setUp: string; readonly examples: readonly string[] }> {
  const { body } = await api.call('GET', '/api/docs');
  const blocks = [
    ...z
      .string()
      .parse(body)
      .matchAll(/<pre>([^<]*)<\/pre>/g),
  ].map((match) =>
    (match[1] ?? '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
  const [setUp, ...others] = blocks.filter((block) => /^(export|curl) /.test(block));
  return { setUp: setUp ?? '', examples: others };
}

function shell(script: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], { env: { PATH: process.env.PATH } }, (_error, stdout) => resolve(stdout));
  });
}

describe('the examples of the API page', () => {
  test('every one runs as it stands and is understood', async () => {
    const world = await createFuzzWorld(api);
    await world.directed['DELETE /v1/prices/{price_id}']?.();
    const people = await api.addContacts(1);
    expect(people).toHaveLength(1);
    const { setUp, examples } = await commands();
    expect(setUp).toContain(`export URL=${api.url}\n`);
    expect(examples.length).toBeGreaterThan(30);
    // What the page says once, but for the command that makes a token: here there is no data folder to make one in.
    const once = setUp.replace(/^export TOKEN=.*$/m, `export TOKEN=${api.full}`);
    const set = await shell(
      `${once}\nexport -p | grep -E ' (URL|FLOW_ID|CONTACT_ID|ACCOUNT_ID|SENDER_ID|ENROLLMENT_ID|MESSAGE_ID|MEDIA_ID|HOLD_ID|RETRY_ID|LIST_ID|SEGMENT_ID|CAMPAIGN_ID|GOAL_ID|FORM_ID|POOL_ID|DELETION_ID|TEMPLATE_ID|TEST_ID|FIELD_ID|PROGRAMME_ID|SUPPRESSION_ID|NOTICE_ID|WEBHOOK_ID|DELIVERY_ID|PRICE_ID)='`,
    );
    for (const prefix of [
      'flw',
      'con',
      'acc',
      'snd',
      'enr',
      'msg',
      'med',
      'hld',
      'rty',
      'lst',
      'del',
      'seg',
      'tpl',
      'frm',
      'tst',
      'fld',
      'prg',
      'sup',
      'ntc',
      'whk',
      'dlv',
      'prc',
    ])
      expect(set).toMatch(new RegExp(`${prefix}_\\w{26}`));
    const seen: Array<readonly [string, string]> = [];
    // What removes a webhook, a list, a segment or a campaign comes last: other examples are about it.
    const removes = (example: string) => Number(/-X DELETE .*(?:WEBHOOK|LIST|SEGMENT|CAMPAIGN)_ID/.test(example));
    for (const example of examples.toSorted((a, b) => removes(a) - removes(b))) {
      // Signing out ends the token that it is sent with.
      const token = await api.token('full');
      const command = example.replace(/^curl/, `curl -s --max-time 2 -o /dev/null -w '%{http_code}'`);
      seen.push([example, await shell(`${set}\nexport TOKEN=${token} BATCH_ID=bat_${'0'.repeat(26)}\n${command}`)]);
    }
    // 409 speaks of the state that an example before left; a batch of that id does not exist.
    const refused = seen.filter(
      ([example, status]) => !/^(2\d\d|409)$/.test(status) && !(example.includes('BATCH_ID') && status === '404'),
    );
    expect(refused).toEqual([]);
  }, 90_000);
});
