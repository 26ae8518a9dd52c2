// Tries: Has a server that it may reach send it on to one that it may not.
// Must: done
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET"]}]}
// Says: got 302 and 0 bytes
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/redirect`);
    return { outcome: 'delivered', note: `got ${response.status} and ${(await response.text()).length} bytes` };
  },
};
