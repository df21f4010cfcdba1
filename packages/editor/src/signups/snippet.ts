const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

/** What is pasted into a page of a website, so that it shows the form in a frame. */
export function snippetOf({ url, title }: { readonly url: string; readonly title: string }): string {
  const name = title.replaceAll(/[&"<>]/g, (letter) => escaped[letter] ?? '');
  return `<iframe src="${url}?frame=1" title="${name}" style="width:100%;max-width:30rem;height:46rem;border:0" referrerpolicy="origin"></iframe>`;
}
