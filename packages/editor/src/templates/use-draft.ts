import type { Template } from '@signalbox/engine/templates/contract';
import { type TemplateContent, templateContentSchema } from '@signalbox/nodes/templates/template-content';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { ApiError, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { templateQuery } from '../lib/templates.ts';
import { createDraftSaver, type DraftSaver } from './draft-saver.ts';

/** Characters of a body that outlives its page: 64 KB in all, and a letter may take three bytes. */
const mostKeptAlive = 20_000;

export type Draft = {
  readonly content: TemplateContent;
  readonly edit: (content: TemplateContent) => void;
  readonly saver: DraftSaver<TemplateContent>;
  /** What somebody else made of it where that keeps an edit from being saved; null otherwise. */
  readonly theirs: Template | null;
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
};

/** A content as the editor works on it; what a later build wrote in another form is not worked on here. */
export const readContent = (content: Template['content']): TemplateContent | null =>
  templateContentSchema.safeParse(content).data ?? null;

function isTemplate(value: unknown): value is Template {
  return typeof value === 'object' && value !== null && 'revision' in value && 'content' in value;
}

/** Writes the answer to a change where every part of the screen reads it. */
export function showTemplate(template: Template): void {
  queryClient.setQueryData(templateQuery(template.id).queryKey, template);
}

/** What is being written of a template: saved by itself, and given up for what others write only where nothing of one's own is in the way. */
export function useDraft(template: Template, initial: TemplateContent): Draft {
  const [content, setContent] = useState(initial);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const made = useRef<DraftSaver<TemplateContent> | null>(null);
  made.current ??= createDraftSaver<TemplateContent>({
    revision: template.revision,
    onChange: redraw,
    save: async (value, revision) => {
      const saved = await request<Template>('PATCH', `/message-templates/${template.id}`, {
        body: { content: value },
        revision,
        // Whoever leaves the page has it saved all the same; browsers take little with them.
        keepalive: JSON.stringify(value).length < mostKeptAlive,
      });
      showTemplate(saved);
      return saved.revision;
    },
  });
  const saver = made.current;
  const edit = useCallback(
    (next: TemplateContent) => {
      setContent(next);
      saver.edit(next);
    },
    [saver],
  );
  const { revision } = template;
  useEffect(() => {
    if (revision <= saver.revision() || saver.state() !== 'saved') return;
    saver.goOnFrom(revision, { keepMine: false });
    const theirs = readContent(template.content);
    if (theirs !== null) setContent(theirs);
  }, [revision, template.content, saver]);
  useEffect(() => {
    const leave = () => void saver.flush();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [saver]);
  const error = saver.error();
  const refused = error instanceof ApiError && error.problem.status === 412 ? error.problem.current : null;
  const theirs = isTemplate(refused) ? refused : null;
  const goOn = (keepMine: boolean) => {
    if (theirs === null) return;
    saver.goOnFrom(theirs.revision, { keepMine });
    showTemplate(theirs);
    const read = readContent(theirs.content);
    if (keepMine) void saver.flush();
    else if (read !== null) setContent(read);
  };
  return { content, edit, saver, theirs, takeTheirs: () => goOn(false), keepMine: () => goOn(true) };
}
