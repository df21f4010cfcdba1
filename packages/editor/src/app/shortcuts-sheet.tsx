import { type AppCommand, orderedGroups, useAllCommands } from '../lib/commands.ts';
import { isSingleKey } from '../lib/keys.ts';
import { singleKeys } from '../lib/settings.ts';
import { t } from '../lib/translate.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

/** Every shortcut that works on this screen, from the command registry. */
export function ShortcutsSheet({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const commands = useAllCommands().filter((command) => command.keys !== undefined);
  const groups = orderedGroups(commands);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('commands.shortcuts')} width="max-w-3xl">
      <div className="gap-8 sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-6 break-inside-avoid">
            <h3 className="mb-2 text-ink-3 text-sm">{group}</h3>
            <dl className="divide-y divide-line">
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id} className="flex items-center justify-between gap-4 py-1.5">
                    <dt>{command.label}</dt>
                    <dd>
                      <Keys command={command} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <SingleKeys />
    </Dialog>
  );
}

/** The keys of a command that work now. */
function Keys({ command }: { readonly command: AppCommand }) {
  const off = singleKeys.use() === 'off';
  const keys = command.keys?.find((binding) => !off || !isSingleKey(binding));
  return keys === undefined ? (
    <span className="text-ink-3 text-sm">{t('shortcuts.turned_off')}</span>
  ) : (
    <Kbd keys={keys} />
  );
}

/** Turns shortcuts of one key off, for people who speak to their computer or touch keys by accident. */
function SingleKeys() {
  const value = singleKeys.use();
  return (
    <label className="flex cursor-pointer gap-3 border-line border-t py-4">
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-action"
        checked={value === 'on'}
        onChange={(event) => singleKeys.set(event.target.checked ? 'on' : 'off')}
        aria-describedby="single-keys-help"
      />
      <span>
        <span className="font-medium">{t('shortcuts.single_keys')}</span>
        <span id="single-keys-help" className="block text-ink-2 text-sm">
          {t('shortcuts.single_keys.help')}
        </span>
      </span>
    </label>
  );
}
