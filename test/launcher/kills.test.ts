import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalProduct, startProduct } from '../editor/support/product.ts';
import { until } from '../support/harness.ts';
import { killWhilePeopleMove, parts, shortLeases } from './kill-parts.ts';

const seed = Number(process.env['KILL_SEED'] ?? 20_261_125);

let product: LocalProduct;
beforeAll(async () => {
  product = await startProduct({ settings: shortLeases });
}, 120_000);
afterAll(() => product.close(), 60_000);

describe('a part of a local start that ends', () => {
  test(`each alone, then all at once, while people move: nothing is lost or doubled (seed ${seed})`, async () => {
    await killWhilePeopleMove(product, [...parts.map((part) => [part]), parts], {
      seed,
      people: 4,
      firstPhone: 2_025_550_160,
    });
    const said = product.run.lines.join('\n');
    for (const name of ['engine', 'Temporal server', 'database', 'demo carrier']) {
      expect(said).toContain(`The ${name} ended unexpectedly (SIGKILL). Starting it again.`);
      expect(said).toContain(`The ${name} is running again.`);
    }
  }, 180_000);

  test('one that ends five times within a minute is given up, with the reason, and everything is stopped', async () => {
    let over = false;
    void product.run.ended.then(() => {
      over = true;
    });
    const killed = new Set<number>();
    // Its ends of the test above count while they are younger than a minute.
    while (!over && killed.size < 5) {
      const pid = await until('another carrier', () => {
        const child = product.children().find(({ name, pid }) => name === 'demo carrier' && !killed.has(pid));
        return over ? 0 : child?.pid;
      });
      if (pid === 0) break;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    expect(await product.run.ended).toBe(1);
    expect(product.run.lines.join('\n')).toMatch(
      /The demo carrier ended 5 times in a short time, the last time with: .*SIGKILL/,
    );
    expect(product.children()).toEqual([]);
  }, 90_000);
});
