import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { z } from 'zod';

const fileSchema = z.object({
  screen: z.object({
    path: z.string(),
    label: z.string(),
    place: z.union([
      z.object({ rail: z.number() }).transform(({ rail }) => ({ rail, under: null })),
      z.object({ under: z.string() }).transform(({ under }) => ({ rail: null, under })),
    ]),
    id: z.string(),
  }),
});

/** A screen as it is registered. It has a place in the rail or lies under one that has. */
export type RegisteredScreen = z.output<typeof fileSchema>['screen'];

/** The screens that are no single thing, by the files that register them: first those of the rail, from the top. */
export async function wholeScreens(): Promise<readonly RegisteredScreen[]> {
  const files = globSync('packages/editor/src/*/*.screen.{ts,tsx}', { cwd: repositoryRoot });
  const read = files.map(
    async (file) => fileSchema.parse(await import(pathToFileURL(join(repositoryRoot, file)).href)).screen,
  );
  return (await Promise.all(read))
    .filter(({ path }) => !path.includes('$'))
    .sort((a, b) => (a.place.rail ?? Infinity) - (b.place.rail ?? Infinity) || (a.path < b.path ? -1 : 1));
}
