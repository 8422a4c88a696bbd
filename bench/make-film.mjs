/** Orders a film and waits for it; resolves with the milliseconds from the order to its end and the seconds of its stages. */
export async function makeFilm(api, order) {
  const started = performance.now();
  let film = await api.json('/v1/videos', { method: 'POST', body: JSON.stringify(order), headers: { 'content-type': 'application/json' } });
  while (film.status !== 'completed') {
    if (film.status === 'failed') throw new Error(`the film failed: ${film.error.message}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    film = await api.json(`/v1/videos/${film.id}`);
  }
  return { totalMs: performance.now() - started, stages: film.stage_durations ?? {} };
}
