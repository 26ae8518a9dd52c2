// Tries: Has the secret sent to another port of the right host.
// Must: PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET","POST"]},{"host":"evil.example","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch('http://api.lab.example:1/', { credential: 'apiToken' });
    return { outcome: 'delivered', note: `got ${await response.text()} ${JSON.stringify([...response.headers])}` };
  },
};
