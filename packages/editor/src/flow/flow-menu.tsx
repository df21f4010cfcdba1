import type { Flow } from '@signalbox/engine/flows/contract';
import { EllipsisVertical } from 'lucide-react';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { actionsOf } from '../flow-model/flow-actions.ts';
import { t } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { lookOf } from './action-look.ts';

/** Everything that can be done with the flow as a whole, besides publishing it. */
export function FlowMenu({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const actions = actionsOf(flow);
  if (actions.length === 0) return null;
  return (
    <Menu trigger={<IconButton icon={EllipsisVertical} label={t('flow.menu')} />}>
      {actions.map((action) => {
        const { label, icon, danger } = lookOf(action, flow);
        return (
          <MenuItem key={action} icon={icon} danger={danger} onSelect={() => ui.getState().set({ asking: action })}>
            {t(label)}
          </MenuItem>
        );
      })}
    </Menu>
  );
}
