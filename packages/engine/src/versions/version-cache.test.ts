import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { describe, expect, it } from 'vitest';
import { isReadable, toVersion } from './version-cache.ts';

const nodes = new Map(catalogue.map((node) => [node.type, node]));
const step = (rank: number, type: string, config: Record<string, unknown>) => ({
  rank,
  id: `s${rank}`,
  type,
  version: 1,
  config,
  outlets: [],
  listens: false,
});
const later = step(1, 'of-another-build', {});
const of = (first: ReturnType<typeof step>) =>
  toVersion({ id: 'v', flowId: 'f', number: 1 }, { salt: 'flow', steps: [later, first] }, nodes);

describe('a version with a step that this build cannot run', () => {
  it('says all the same whether its people come by a campaign', () => {
    expect(of(step(0, 'campaign', {})).isCampaign).toBe(true);
    const version = of(step(0, 'keyword', { keywords: ['JOIN'] }));
    expect(version.isCampaign).toBe(false);
    expect(version.steps.map(isReadable)).toEqual([false, true]);
  });
});
