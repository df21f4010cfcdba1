import type { EventTypeDescription } from '@signalbox/engine/integrations/contract';
import { tOpen, tr } from '../lib/translate.ts';

/** Types of events by what they are about, to be ticked one by one or all together. */
export function EventChoice({
  id,
  types,
  chosen,
  onChange,
}: {
  readonly id: string;
  readonly types: readonly EventTypeDescription[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}) {
  const groups = Map.groupBy(types, ({ type }) => type.split('.')[0] ?? type);
  const set = (changed: readonly string[], on: boolean) =>
    onChange(on ? [...new Set([...chosen, ...changed])] : chosen.filter((type) => !changed.includes(type)));
  return (
    <div id={id} className="gap-x-6 sm:columns-2">
      {[...groups].map(([noun, group]) => {
        const names = group.map(({ type }) => type);
        const ticked = names.filter((type) => chosen.includes(type)).length;
        const title = tOpen(`webhooks.about.${noun}`, noun);
        return (
          <fieldset key={noun} aria-label={title} className="mb-4 min-w-0 break-inside-avoid">
            <label className="flex min-h-7 cursor-pointer items-center gap-2.5 font-medium text-sm max-md:min-h-11">
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-action"
                checked={ticked === names.length}
                ref={(box) => {
                  if (box !== null) box.indeterminate = ticked > 0 && ticked < names.length;
                }}
                onChange={(event) => set(names, event.target.checked)}
              />
              {title}
            </label>
            <div className="mt-0.5 flex flex-col pl-6.5">
              {group.map(({ type, title: words }) => (
                <label
                  key={type}
                  className="flex min-h-7 cursor-pointer items-start gap-2.5 py-1 text-sm max-md:min-h-11 max-md:items-center"
                >
                  <input
                    type="checkbox"
                    className="mt-0.5 size-4 shrink-0 accent-action max-md:mt-0"
                    checked={chosen.includes(type)}
                    onChange={(event) => set([type], event.target.checked)}
                  />
                  <span className="min-w-0">
                    {tr(words)} <code className="block text-ink-3 text-xs">{type}</code>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        );
      })}
    </div>
  );
}
