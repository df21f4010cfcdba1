import { createServer } from 'node:http';

/** Takes receipts and answers them with nothing: what the bare loop's StatusCallback points to. Prints its address when ready. */
const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.writeHead(204);
    response.end();
  });
});
server.listen(0, '127.0.0.1', 1_024, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` }));
});
process.once('SIGTERM', () => process.exit(0));
