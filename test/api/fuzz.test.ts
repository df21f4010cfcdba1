import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { type FuzzReport, runFuzz } from './fuzz-run.ts';
import { createFuzzWorld } from './fuzz-world.ts';
import { createJudge } from './judge.ts';
import { operationsOf } from './operations.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const requestsEach = Number(process.env.FUZZ_REQUESTS ?? 100);

let api: ApiHarness;
let world: Awaited<ReturnType<typeof createFuzzWorld>>;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
  world = await createFuzzWorld(api);
});
afterAll(() => api.close());

let report: FuzzReport = { observed: [], complaints: [], unreached: [] };

describe(`the API under ${requestsEach} requests an operation (FUZZ_SEED=${seed})`, () => {
  test('answers nothing but what its document says, and every documented success', { timeout: 600_000 }, async () => {
    const document = api.api?.document();
    report = await runFuzz(api, document, world, { seed, requestsEach });
    expect(report.complaints).toEqual([]);
    expect(report.unreached).toEqual([]);
    expect(report.observed.length).toBeGreaterThanOrEqual(operationsOf(document).length * requestsEach);
  });

  for (const status of [500, 503, 418, 299]) {
    test(`turns red for a planted ${status}`, async () => {
      const only = ['GET /v1/flows', 'POST /v1/contacts'];
      let calls = 0;
      const planted: Pick<ApiHarness, 'call' | 'token'> = {
        token: api.token,
        call: async (...request) => {
          calls += 1;
          const answer = await api.call(...request);
          return calls === 7 ? { ...answer, status } : answer;
        },
      };
      const { complaints } = await runFuzz(planted, api.api?.document(), world, { seed, requestsEach: 5, only });
      expect(complaints).toHaveLength(1);
      expect(complaints[0]).toMatch(new RegExp(`^POST /v1/contacts answered ${status}`));
      expect((await runFuzz(api, api.api?.document(), world, { seed, requestsEach: 5, only })).complaints).toEqual([]);
    });
  }

  test('turns red for a document that hides a status, or tells another shape', () => {
    const paths = z.record(
      z.string(),
      z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) })),
    );
    const hidden = structuredClone(api.api?.document());
    const operations = paths.parse(hidden?.paths);
    delete operations['/v1/flows/{flow_id}']?.get?.responses['404'];
    const blind = createJudge({ ...hidden, paths: operations });
    expect(report.observed.some((one) => blind.complaint(one) !== null)).toBe(true);

    const other: unknown = JSON.parse(
      JSON.stringify(api.api?.document()).replaceAll(
        '"engagement_score":{"type":["number","null"]}',
        '"engagement_score":{"type":"string"}',
      ),
    );
    const judge = createJudge(other);
    expect(report.observed.some((one) => judge.complaint(one) !== null)).toBe(true);
    expect(createJudge(api.api?.document()).unreached(new Set())).not.toEqual([]);
  });
});
