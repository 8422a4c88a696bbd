// How many servers keep waits short: Erlang's C formula, and a simulation that it is checked against.

/** Share of arrivals that wait longer than `patience` seconds: Poisson arrivals, exponential service, `servers` at once. */
export function shareWaiting({ rate, seconds, servers, patience }) {
  const load = rate * seconds;
  if (load >= servers) return 1;
  // Erlang B by recursion, which stays in range for thousands of servers.
  let blocked = 1;
  for (let count = 1; count <= servers; count += 1) blocked = (load * blocked) / (count + load * blocked);
  const waits = blocked / (1 - (load / servers) * (1 - blocked));
  return waits * Math.exp((-(servers - load) / seconds) * patience);
}

/** Fewest servers with which at most `share` of arrivals wait longer than `patience`, none busier than `busiest` of the time. */
export function serversFor({ rate, seconds, patience, share = 0.05, busiest = 0.8 }) {
  if (rate * seconds === 0) return 0;
  let servers = Math.max(1, Math.ceil((rate * seconds) / busiest));
  while (shareWaiting({ rate, seconds, servers, patience }) > share) servers += 1;
  return servers;
}

/** The same share by playing `arrivals` events; `random` yields numbers from 0 to 1. */
export function simulatedShare({ rate, seconds, servers, patience }, arrivals, random) {
  const exponential = (mean) => -Math.log(1 - random()) * mean;
  const free = new Array(servers).fill(0);
  let now = 0;
  let late = 0;
  for (let event = 0; event < arrivals; event += 1) {
    now += exponential(1 / rate);
    const next = free.indexOf(Math.min(...free));
    const begins = Math.max(now, free[next]);
    if (begins - now > patience) late += 1;
    free[next] = begins + exponential(seconds);
  }
  return late / arrivals;
}
