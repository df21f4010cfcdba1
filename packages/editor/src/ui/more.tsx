import { t } from '../lib/translate.ts';
import { Button } from './button.tsx';

/** Asks for the next page of a list, where there is one. */
export function More({
  list,
  size,
  className,
}: {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly size?: 'sm';
  readonly className: string;
}) {
  if (!list.hasNextPage) return null;
  return (
    <div className={className}>
      <Button
        {...(size === undefined ? {} : { size })}
        disabled={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        {t('action.more')}
      </Button>
    </div>
  );
}
