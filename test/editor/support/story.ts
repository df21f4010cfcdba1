import { beforeEach, onTestFailed } from 'vitest';

/**
 * Tests that go on where the one before them ended are one story. Once one of them has failed, the later ones fail at once and say where
 * the story ended, instead of waiting for what can no longer come. What is returned is called wherever the story's tests stand: in each
 * `describe` of it, or at the top of a file.
 */
export function oneStory(): () => void {
  let end: string | null = null;
  return () => {
    beforeEach(({ task }) => {
      if (end !== null) throw new Error(`The story ended at “${end}”.`);
      onTestFailed(() => {
        end ??= task.name;
      });
    });
  };
}
