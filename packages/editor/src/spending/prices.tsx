import type { Price } from '@signalbox/engine/pricing/contract';
import { csvRecords } from '@signalbox/nodes/text/csv';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { type Page, problemFrom, query, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { readAmount, shownAmount } from '../lib/micro-units.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { providersQuery } from '../people/providers.ts';
import { Button } from '../ui/button.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';

const pricesQuery = infiniteQueryOptions({
  queryKey: ['prices'],
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) =>
    request<Page<Price>>('GET', `/prices${query({ cursor: pageParam, limit: 100 })}`, { signal }),
  getNextPageParam: (last) => last.next_cursor,
});

type Given = { readonly provider: string; readonly prefix: string; readonly micro_units: string };

const again = () => {
  void queryClient.invalidateQueries({ queryKey: ['prices'] });
  void queryClient.invalidateQueries({ queryKey: ['spending'] });
};

/** What segments cost: a table that people edit, and paste a list into. */
export function Prices() {
  const prices = useInfiniteQuery(pricesQuery);
  const providers = useQuery(providersQuery);
  const workspace = useQuery(workspaceQuery);
  const rows = prices.data?.pages.flatMap(({ data }) => data) ?? [];
  const currency = workspace.data?.currency ?? '';
  const titleOf = (type: string) => providers.data?.find((provider) => provider.type === type)?.title ?? type;
  const remove = useMutation({
    mutationFn: (price: Price) => request<void>('DELETE', `/prices/${price.id}`),
    onSuccess: (_, price) => {
      again();
      toast(t('prices.removed', { provider: titleOf(price.provider), prefix: price.prefix }), {
        action: {
          label: t('action.undo'),
          onClick: () => {
            const { provider, prefix, micro_units } = price;
            void request('POST', '/prices', { body: { prices: [{ provider, prefix, micro_units }] } }).then(again);
          },
        },
      });
    },
  });
  return (
    <Section title={t('prices.title')} text={t('prices.text')}>
      {prices.isPending ? <Skeleton className="h-24" /> : null}
      {prices.isError ? <ErrorState problem={problemFrom(prices.error)} onRetry={() => void prices.refetch()} /> : null}
      {prices.isSuccess && rows.length === 0 ? <p className="mb-4 text-ink-2 text-sm">{t('prices.none')}</p> : null}
      {rows.length === 0 ? null : (
        <ul aria-label={t('prices.title')} className="mb-4 divide-y divide-line rounded-md border border-line">
          {rows.map((price) => (
            <li key={price.id} className="flex min-h-10 items-center gap-3 py-1 pr-1.5 pl-3 text-sm">
              <span className="min-w-0 flex-1 truncate font-medium">{titleOf(price.provider)}</span>
              <bdi className="num w-20 font-mono">{price.prefix}</bdi>
              <span className="num w-28 text-right">{shownAmount(price.micro_units, price.currency)}</span>
              <IconButton
                icon={Trash2}
                size="icon-sm"
                label={t('prices.remove', { provider: titleOf(price.provider), prefix: price.prefix })}
                onClick={() => remove.mutate(price)}
              />
            </li>
          ))}
        </ul>
      )}
      {prices.hasNextPage ? (
        <Button className="mb-4" onClick={() => void prices.fetchNextPage()}>
          {t('action.more')}
        </Button>
      ) : null}
      <AddPrice
        currency={currency}
        providers={(providers.data ?? []).map(({ type, title }) => ({ value: type, label: title }))}
      />
      <PastePrices
        types={
          new Map(
            (providers.data ?? []).flatMap(({ type, title }) => [
              [type, type],
              [title.toLowerCase(), type],
            ]),
          )
        }
      />
    </Section>
  );
}

function AddPrice({
  currency,
  providers,
}: {
  readonly currency: string;
  readonly providers: ReadonlyArray<{ readonly value: string; readonly label: string }>;
}) {
  const blank = { provider: '', prefix: '+', amount: '' };
  const [values, setValues] = useState(blank);
  const provider = values.provider === '' ? (providers[0]?.value ?? '') : values.provider;
  const add = useMutation({
    mutationFn: () =>
      request('POST', '/prices', {
        body: {
          prices: [{ provider, prefix: values.prefix.trim(), micro_units: readAmount(values.amount) ?? '' }],
        },
      }),
    onSuccess: () => {
      again();
      setValues({ ...blank, provider });
      toast.success(t('prices.saved', { n: 1 }));
    },
  });
  const problem = add.isError ? problemFrom(add.error) : null;
  const fields = ['provider', 'prefix', 'micro_units'].map((name) => `prices.0.${name}`);
  const above = formNote(problem, fields, { title: '', action: '' });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <FormProblem note={above} />
      <div className="grid items-start gap-3 sm:grid-cols-[1fr_7rem_8rem_auto]">
        <Field id="price-provider" label={t('prices.provider')} notes={fieldNotes(problem, 'prices.0.provider')}>
          <Select
            id="price-provider"
            label={t('prices.provider')}
            value={provider}
            choices={providers}
            onChange={(next) => setValues({ ...values, provider: next })}
          />
        </Field>
        <Field id="price-prefix" label={t('prices.prefix')} notes={fieldNotes(problem, 'prices.0.prefix')}>
          <Input
            id="price-prefix"
            className="font-mono"
            value={values.prefix}
            maxLength={16}
            autoComplete="off"
            aria-describedby="price-prefix-problems"
            onChange={(event) => setValues({ ...values, prefix: event.target.value })}
          />
        </Field>
        <Field
          id="price-amount"
          label={t('prices.amount', { currency })}
          notes={fieldNotes(problem, 'prices.0.micro_units')}
        >
          <Input
            id="price-amount"
            className="num"
            inputMode="decimal"
            value={values.amount}
            autoComplete="off"
            placeholder="0.0075"
            aria-describedby="price-amount-problems"
            onChange={(event) => setValues({ ...values, amount: event.target.value })}
          />
        </Field>
        <Button type="submit" className="sm:mt-6" disabled={add.isPending || provider === ''}>
          {t('prices.save')}
        </Button>
      </div>
    </form>
  );
}

/** Reads lines of provider, prefix and price; what does not fit is told by its line. */
function readPrices(
  text: string,
  types: ReadonlyMap<string, string>,
): { readonly prices: Given[]; readonly wrong: number[] } {
  const prices: Given[] = [];
  const wrong: number[] = [];
  for (const { row, fields } of csvRecords(text)) {
    const [provider = '', prefix = '', amount = ''] = (fields ?? []).map((cell) => cell.trim());
    if (provider === '' && prefix === '') continue;
    // A first line of headings.
    if (row === 1 && !/\d/.test(prefix) && prefix !== '+') continue;
    const type = types.get(provider.toLowerCase());
    const units = readAmount(amount.replace(/[^\d.,]/g, ''));
    const start = /^\d/.test(prefix) ? `+${prefix}` : prefix;
    if (type === undefined || units === null || !/^\d+$/.test(units) || !/^\+\d{0,15}$/.test(start)) wrong.push(row);
    else prices.push({ provider: type, prefix: start, micro_units: units });
  }
  return { prices, wrong };
}

/** A list from a spreadsheet: a line a price. */
function PastePrices({ types }: { readonly types: ReadonlyMap<string, string> }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<readonly number[]>([]);
  const paste = useMutation({
    mutationFn: async () => {
      const read = readPrices(text, types);
      setWrong(read.wrong);
      for (let at = 0; at < read.prices.length; at += 1_000)
        await request('POST', '/prices', { body: { prices: read.prices.slice(at, at + 1_000) } });
      return read;
    },
    onSuccess: ({ prices, wrong: bad }) => {
      again();
      if (prices.length > 0) toast.success(t('prices.saved', { n: prices.length }));
      if (bad.length === 0) setText('');
    },
  });
  const problem = paste.isError ? problemFrom(paste.error) : null;
  return (
    <details className="mt-4">
      <summary className="cursor-pointer font-medium text-action text-sm">{t('prices.paste')}</summary>
      <div className="mt-3 flex flex-col gap-3">
        <Field
          id="price-list"
          label={t('prices.paste.label')}
          help={t('prices.paste.help')}
          notes={[
            ...(problem === null
              ? []
              : [{ severity: 'error' as const, title: `${problem.title}.`, action: problem.action }]),
            ...(wrong.length === 0
              ? []
              : [
                  {
                    severity: 'error' as const,
                    title: t('prices.paste.wrong', { n: wrong.length, lines: wrong.slice(0, 10).join(', ') }),
                    action: '',
                  },
                ]),
          ]}
        >
          <Textarea
            id="price-list"
            rows={5}
            className="font-mono text-sm"
            spellCheck={false}
            value={text}
            placeholder={t('prices.paste.hint')}
            aria-describedby="price-list-help price-list-problems"
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <Button className="self-start" disabled={text.trim() === '' || paste.isPending} onClick={() => paste.mutate()}>
          {t('prices.paste.import')}
        </Button>
      </div>
    </details>
  );
}
