import { Rows2, Rows3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { density } from '../lib/settings.ts';
import { t } from '../lib/translate.ts';
import { IconButton } from './icon-button.tsx';

type ListCardProps = {
  readonly label: string;
  /** The heads of the columns, in the look of a row; they stay in sight while the list moves. */
  readonly heads: ReactNode;
  readonly children: ReactNode;
};

/** A list of rows on a card. Rows take less room with `group-data-[density=compact]/list:`. */
export function ListCard({ label, heads, children }: ListCardProps) {
  return (
    <div
      data-density={density.use()}
      className="group/list overflow-clip rounded-lg border border-line bg-surface shadow-card"
    >
      <div
        aria-hidden
        className="sticky top-0 z-10 flex items-center gap-x-4 border-line border-b bg-surface px-4 py-2 font-medium text-ink-3 text-xs max-md:hidden"
      >
        {heads}
      </div>
      <ul aria-label={label} className="divide-y divide-line">
        {children}
      </ul>
    </div>
  );
}

/** Chooses how much room rows take, on every list. */
export function DensitySwitch() {
  const compact = density.use() === 'compact';
  return (
    <IconButton
      icon={compact ? Rows2 : Rows3}
      label={t('list.compact')}
      aria-pressed={compact}
      className="max-md:hidden"
      onClick={() => density.set(compact ? 'roomy' : 'compact')}
    />
  );
}
