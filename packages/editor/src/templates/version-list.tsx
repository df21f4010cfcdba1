import type { Template, TemplateVersion } from '@signalbox/engine/templates/contract';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { More } from '../ui/more.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ContentDiff } from './content-diff.tsx';
import { templateVersionsQuery } from './queries.ts';
import { showTemplate } from './use-draft.ts';

/** Every version with what it changed, and a way back to it. */
export function VersionList({ template }: { readonly template: Template }) {
  const versions = useInfiniteQuery(templateVersionsQuery(template.id));
  const [open, setOpen] = useState<TemplateVersion | null>(null);
  const rows = versions.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section title={t('templates.versions')} text={t('templates.versions.text')}>
      {versions.isPending ? <Skeleton className="h-20" /> : null}
      {versions.isError ? (
        <ErrorState problem={problemFrom(versions.error)} onRetry={() => void versions.refetch()} className="py-4" />
      ) : null}
      {versions.isSuccess && rows.length === 0 ? (
        <p className="text-ink-3 text-sm">{t('templates.versions.none')}</p>
      ) : null}
      {rows.length === 0 ? null : (
        <ol aria-label={t('templates.versions')} className="divide-y divide-line rounded-md border border-line">
          {rows.map((version) => (
            <li key={version.number} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 pr-2 pl-3 text-sm">
              <div className="min-w-0 flex-1 basis-32">
                <p className="flex items-baseline gap-2">
                  <span className="num font-semibold">{t('template.version_n', { n: version.number })}</span>
                  <Time at={version.published_at} className="text-ink-3 text-xs" />
                </p>
                {version.note === '' ? null : (
                  <p dir="auto" className="text-ink-2 [overflow-wrap:anywhere]">
                    {version.note}
                  </p>
                )}
              </div>
              <Button
                size="sm"
                aria-label={t('templates.look_at', { n: version.number })}
                onClick={() => setOpen(version)}
              >
                {t('templates.look')}
              </Button>
            </li>
          ))}
        </ol>
      )}
      <More list={versions} size="sm" className="pt-3 text-center" />
      {open === null ? null : (
        <VersionDialog template={template} version={open} versions={rows} onClose={() => setOpen(null)} />
      )}
    </Section>
  );
}

const present = 'present';

/** What one version changed against another, or what is written now against it, with a way to work on from it. */
function VersionDialog({
  template,
  version,
  versions,
  onClose,
}: {
  readonly template: Template;
  readonly version: TemplateVersion;
  readonly versions: readonly TemplateVersion[];
  readonly onClose: () => void;
}) {
  const others = versions.filter(({ number }) => number !== version.number);
  const earlier = others.find(({ number }) => number < version.number);
  const [against, setAgainst] = useState(earlier === undefined ? present : String(earlier.number));
  const other = others.find(({ number }) => String(number) === against);
  const restore = useMutation({
    mutationFn: () =>
      request<Template>('POST', `/message-templates/${template.id}/restore`, {
        body: { version: version.number },
        revision: template.revision,
      }),
    onSuccess: (restored) => {
      showTemplate(restored);
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      toast.success(t('templates.restored', { n: version.number }));
      onClose();
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('template.version_n', { n: version.number })}
      description={version.note === '' ? undefined : version.note}
      width="max-w-2xl"
      footer={
        <>
          <Button onClick={onClose}>{t('action.close')}</Button>
          <Button kind="primary" disabled={template.archived || restore.isPending} onClick={() => restore.mutate()}>
            {t('templates.restore_n', { n: version.number })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label={t('templates.diff.against')}
          className="w-full max-w-72"
          value={against}
          choices={[
            ...others.map(({ number }) => ({
              value: String(number),
              label: t('templates.diff.against_n', { n: number }),
            })),
            { value: present, label: t('templates.diff.against_present') },
          ]}
          onChange={setAgainst}
        />
        {against === present ? (
          <ContentDiff before={version.content} after={template.content} />
        ) : (
          <ContentDiff before={other?.content ?? null} after={version.content} />
        )}
      </div>
    </Dialog>
  );
}
