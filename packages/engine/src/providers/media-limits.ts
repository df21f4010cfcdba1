import type { MediaLimits } from '@signalbox/nodes/gate/define-rule';
import { providers } from './catalogue.gen.ts';

const limits: ReadonlyMap<string, MediaLimits> = new Map(
  providers.flatMap((provider) =>
    provider.limits.media === undefined ? [] : [[provider.type, provider.limits.media]],
  ),
);

/** What a provider takes of files with one message; null where it takes none, and for one that this build does not have. */
export const mediaLimitsOf = (provider: string): MediaLimits | null => limits.get(provider) ?? null;
