import { useLayoutEffect, useMemo, useRef } from 'react';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { t } from '../lib/translate.ts';

/** The phone's entry in the palette, on every screen that has one beside it under one name; null where there is no phone. */
export function usePhoneCommand(toggle: (() => void) | null): void {
  const latest = useRef(toggle);
  useLayoutEffect(() => {
    latest.current = toggle;
  });
  const offered = toggle !== null;
  const commands = useMemo(
    (): AppCommand[] =>
      offered
        ? [
            {
              id: 'phone.toggle',
              label: t('commands.phone'),
              group: t('commands.group.view'),
              words: t('commands.phone.words'),
              run: () => latest.current?.(),
            },
          ]
        : [],
    [offered],
  );
  useCommands(commands);
}
