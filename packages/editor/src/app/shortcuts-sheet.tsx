import { useAllCommands } from '../lib/commands.ts';
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
  const groups = [...new Set(commands.map((command) => command.group))];
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
                      <Kbd keys={command.keys?.[0] ?? ''} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
