// Tries: Asks an endpoint that reflects the secret.
// Must: SECRET_REFLECTED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET","POST"]},{"host":"evil.example","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/echo`, { credential: 'apiToken' });
    return { outcome: 'delivered', note: `got ${await response.text()} ${JSON.stringify([...response.headers])}` };
  },
};
