import pg from 'pg';

/**
 * The ownership invariant of the protocol: each live enrollment is exactly one of ready in an open or unstarted run, asleep in an
 * open run, parked on an unsettled message, parked on an event and/or a due time, held by a pause. Returns those that are not.
 */
export async function strandedEnrollments(
  ownerUrl: string,
): Promise<Array<{ id: string; state: number; owners: number }>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const result = await client.query<{ id: string; state: number; owners: number }>(`
      SELECT * FROM (
        SELECT e.id, e.state,
          (e.state = 1 AND r.id IS NOT NULL AND r.state IN (1, 2))::int
          + (e.state = 2 AND r.id IS NOT NULL AND r.state = 2 AND e.due_at IS NOT NULL)::int
          + (e.state = 3 AND e.waiting_message_id IS NOT NULL AND e.waiting_event IS NULL AND e.due_at IS NULL
             AND (q.message_id IS NOT NULL OR s.message_id IS NOT NULL))::int
          + (e.state = 3 AND e.waiting_message_id IS NULL AND (e.waiting_event IS NOT NULL OR e.due_at IS NOT NULL))::int
          + (e.state = 4 AND e.run_id IS NULL AND f.state = 'paused')::int AS owners
        FROM enrollments e
        JOIN flows f ON f.workspace_id = e.workspace_id AND f.id = e.flow_id
        LEFT JOIN runs r ON r.workspace_id = e.workspace_id AND r.id = e.run_id
        LEFT JOIN message_queue q ON q.workspace_id = e.workspace_id AND q.message_id = e.waiting_message_id
        LEFT JOIN settlements s ON s.workspace_id = e.workspace_id AND s.message_id = e.waiting_message_id
      ) AS owned WHERE owners <> 1`);
    return result.rows;
  } finally {
    await client.end();
  }
}
