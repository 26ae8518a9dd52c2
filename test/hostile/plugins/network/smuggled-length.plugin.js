// Tries: Smuggles a second request behind a wrong length.
// Must: REQUEST_REFUSED, PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`, {
      headers: { 'content-length': '3', 'transfer-encoding': 'chunked' },
    });
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
