const weekMs = 7 * 86_400_000;

/** A campaign of a demo workspace that goes out a week from now, to whoever of the sample people agreed to offers. */
export function sampleCampaign(listId: string, now: Date) {
  const date = new Date(now.getTime() + weekMs).toISOString().slice(0, 10);
  return {
    name: 'Sample: holiday offer',
    audience: { include: [{ kind: 'list', list_id: listId }], exclude: [] },
    schedule: { kind: 'local', date, time: '10:00' },
    message: {
      text: "{{ contact.first_name | default: 'Hello' }}, our holiday offer begins today: https://example.com/sale Reply STOP to end.",
      purpose: 'marketing',
      shorten_links: true,
    },
  };
}
