// Tries: Writes the secret’s name where its value should stand: in path, query, body and headers.
// Must: done
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET","POST"]},{"host":"evil.example","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    for (const name of ['{{apiToken}}', '${apiToken}', '{apiToken}', '%apiToken%']) {
      await fetch(`${configuration.site}/${encodeURIComponent(name)}?t=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'x-token': name },
        body: JSON.stringify({ token: name }),
      });
    }
    return { outcome: 'delivered' };
  },
};
