import type { Flow } from '@signalbox/engine/flows/contract';
import { EllipsisVertical, HandCoins, Link2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { actionsOf } from '../flow-model/flow-actions.ts';
import { t } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { lookOf } from './action-look.ts';
import { FlowLinksDialog } from './flow-links.tsx';

const FlowReturnDialog = lazy(() =>
  import('./flow-return.tsx').then((module) => ({ default: module.FlowReturnDialog })),
);

/** Everything that can be done with the flow as a whole, besides publishing it. */
export function FlowMenu({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const actions = actionsOf(flow);
  const [links, setLinks] = useState(false);
  const [asksReturn, setAsksReturn] = useState(false);
  const sends = flow.live_version !== null;
  if (actions.length === 0 && !sends) return null;
  return (
    <>
      <Menu trigger={<IconButton icon={EllipsisVertical} label={t('flow.menu')} />}>
        {sends ? (
          <MenuItem icon={Link2} onSelect={() => setLinks(true)}>
            {t('flow_links.title')}
          </MenuItem>
        ) : null}
        {sends ? (
          <MenuItem icon={HandCoins} onSelect={() => setAsksReturn(true)}>
            {t('return.title')}
          </MenuItem>
        ) : null}
        {actions.map((action) => {
          const { label, icon, danger } = lookOf(action, flow);
          return (
            <MenuItem key={action} icon={icon} danger={danger} onSelect={() => ui.getState().set({ asking: action })}>
              {t(label)}
            </MenuItem>
          );
        })}
      </Menu>
      {links ? <FlowLinksDialog flow={flow} onClose={() => setLinks(false)} /> : null}
      {asksReturn ? (
        <Suspense fallback={null}>
          <FlowReturnDialog flow={flow} onClose={() => setAsksReturn(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
