import type { Ports } from '@signalbox/nodes/define/ports';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { type Asked, findTexts } from '../../versions/find-texts.ts';
import { defineEffect } from './define-effect.ts';

/** Texts of templates and snippets, as they stand when the step is made. Nothing is written. */
export const templates = defineEffect<Ports['templates']>(({ tx, workspaceId }) => {
  const texts = createBatchLoader((asked: readonly Asked[]) => findTexts({ tx, workspaceId }, asked));
  return { bind: () => ({ find: (sought, language) => texts.load({ sought, language }) }), reads: [texts] };
});
