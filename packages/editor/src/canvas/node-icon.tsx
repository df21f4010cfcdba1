import { nodeIcons } from 'virtual:node-icons';
import type { NodeGroup } from '@signalbox/nodes/define/define-node';
import { Box } from 'lucide-react';
import { cn } from '../lib/cn.ts';

/** A node's icon on a tint of its group. */
export function NodeIcon({
  icon,
  group,
  className,
}: {
  readonly icon: string;
  readonly group: NodeGroup;
  readonly className?: string;
}) {
  const Icon = nodeIcons[icon] ?? Box;
  return (
    <span
      aria-hidden
      className={cn('grid size-7 shrink-0 place-items-center rounded-[8px]', className)}
      style={{ background: `var(--g-${group}-soft)`, color: `var(--g-${group})` }}
    >
      <Icon className="size-4" strokeWidth={2} />
    </span>
  );
}
