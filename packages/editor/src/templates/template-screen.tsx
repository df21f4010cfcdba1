import type { Template } from '@signalbox/engine/templates/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Archive, ArchiveRestore, ChevronRight, CircleAlert, Ellipsis, Pencil, Rocket } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { templateQuery } from '../lib/templates.ts';
import { t } from '../lib/translate.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { LanguageTexts } from './language-texts.tsx';
import { NameDialog } from './name-dialog.tsx';
import { PeoplePreview } from './people-preview.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { Results } from './results.tsx';
import { type Draft, readContent, showTemplate, useDraft } from './use-draft.ts';
import { Uses } from './uses.tsx';
import { VersionList } from './version-list.tsx';
import { VersionSignal } from './version-signal.tsx';

/** One template or snippet: its texts, who would get what, its versions, where it is used and what came of it. */
export function TemplateScreen() {
  const { templateId } = useParams({ from: '/frame/messages/templates/$templateId' });
  const found = useQuery(templateQuery(templateId));
  if (found.isError && problemFrom(found.error).status === 404) return <Missing />;
  const content = found.data === undefined ? null : readContent(found.data.content);
  if (found.data !== undefined && content !== null)
    return <Open key={templateId} template={found.data} initial={content} />;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('templates.title')}</ScreenTitle>} pageTitle={t('templates.title')} />
      <div className="mx-auto flex w-full max-w-6xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
        {found.isError ? (
          <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
        ) : (
          <div role="status" aria-label={t('loading')} className="flex flex-col gap-5">
            <Skeleton className="h-72" />
            <Skeleton className="h-40" />
          </div>
        )}
      </div>
    </>
  );
}

function Open({ template, initial }: { readonly template: Template; readonly initial: Draft['content'] }) {
  const draft = useDraft(template, initial);
  const { content, edit } = draft;
  return (
    <>
      <TopBar
        pageTitle={template.name}
        stacked
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/messages/templates" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('templates.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {template.name}
            </h1>
          </nav>
        }
        state={<VersionSignal template={template} />}
      >
        <Actions template={template} draft={draft} />
      </TopBar>
      <Conflict draft={draft} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid max-w-6xl gap-5 px-4 py-5 md:px-8 md:py-7 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="flex min-w-0 flex-col gap-5">
            <LanguageTexts template={template} content={content} onEdit={edit} />
            <PeoplePreview content={content} />
          </div>
          <div className="flex min-w-0 flex-col gap-5">
            {template.key === null ? null : (
              <p className="text-ink-2 text-sm">
                {t('templates.snippet_use')}{' '}
                <code className="whitespace-nowrap font-mono text-ink">{`{{ snippet.${template.key} }}`}</code>
              </p>
            )}
            <Uses template={template} />
            <VersionList template={template} />
          </div>
          {template.kind === 'snippet' ? null : (
            <div className="min-w-0 lg:col-span-2">
              <Results template={template} />
            </div>
          )}
        </div>
      </div>
    </>
  );
}

function Actions({ template, draft }: { readonly template: Template; readonly draft: Draft }) {
  const [asking, setAsking] = useState<'name' | 'publish' | null>(null);
  const { saver } = draft;
  const state = saver.state();
  const next = (template.newest ?? 0) + 1;
  const archive = useMutation({
    mutationFn: (archived: boolean) =>
      request<Template>('PATCH', `/message-templates/${template.id}`, {
        body: { archived },
        revision: saver.revision(),
      }),
    onSuccess: (saved) => {
      saver.goOnFrom(saved.revision, { keepMine: true });
      showTemplate(saved);
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      toast.success(t(saved.archived ? 'templates.archive.done' : 'templates.archive.undone', { name: saved.name }));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  /** What is open rests on what is saved: nothing of it is asked before. */
  const afterSaving = async (what: 'name' | 'publish') => {
    await saver.flush();
    if (saver.state() === 'saved') setAsking(what);
  };
  const done = (saved: Template) => {
    saver.goOnFrom(saved.revision, { keepMine: true });
    showTemplate(saved);
    setAsking(null);
  };
  return (
    <>
      <span role="status" className="text-ink-3 text-sm max-sm:sr-only">
        {t(`templates.save.${state}`)}
      </span>
      <Menu
        trigger={
          <Button kind="ghost" size="icon" aria-label={t('templates.more')}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={Pencil} onSelect={() => void afterSaving('name')}>
          {t('templates.rename')}
        </MenuItem>
        <MenuItem
          icon={template.archived ? ArchiveRestore : Archive}
          onSelect={() => archive.mutate(!template.archived)}
        >
          {t(template.archived ? 'templates.unarchive' : 'templates.archive.do')}
        </MenuItem>
      </Menu>
      <Button
        kind="primary"
        disabled={template.archived || (!template.changed && state === 'saved')}
        onClick={() => void afterSaving('publish')}
      >
        <Rocket aria-hidden />
        {t('templates.publish_n', { n: next })}
      </Button>
      {asking === 'name' ? <NameDialog template={template} onDone={done} onClose={() => setAsking(null)} /> : null}
      {asking === 'publish' ? (
        <PublishDialog template={template} onPublished={done} onClose={() => setAsking(null)} />
      ) : null}
    </>
  );
}

/** What keeps the edits from being saved, and what can be done about it. */
function Conflict({ draft }: { readonly draft: Draft }) {
  const { saver, theirs, takeTheirs, keepMine } = draft;
  if (saver.state() !== 'refused') return null;
  if (theirs === null) {
    const problem = problemFrom(saver.error());
    const [first] = problem.errors ?? [];
    return (
      <Banner urgent tone="stop" icon={CircleAlert} title={`${problem.title}.`} text={first?.message ?? problem.action}>
        <Button onClick={() => void saver.flush()}>{t('action.try_again')}</Button>
      </Banner>
    );
  }
  return (
    <Banner urgent tone="wait" icon={CircleAlert} title={t('templates.conflict')} text={t('templates.conflict.text')}>
      <Button onClick={takeTheirs}>{t('templates.conflict.theirs')}</Button>
      <Button onClick={keepMine}>{t('templates.conflict.mine')}</Button>
    </Banner>
  );
}

/** An address of a template that is not there. */
function Missing() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('templates.title')}</ScreenTitle>} pageTitle={t('templates.missing.title')} />
      <MissingState title={t('templates.missing.title')} text={t('templates.missing.text')}>
        <Button kind="primary" asChild>
          <Link to="/messages/templates">{t('templates.missing.action')}</Link>
        </Button>
      </MissingState>
    </>
  );
}
